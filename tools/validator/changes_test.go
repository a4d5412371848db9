package main

import (
	"os"
	"path/filepath"
	"testing"
)

func adding(name string) change   { return change{10, data(keyOf(name)), 1} }
func removing(name string) change { return change{10, data(keyOf(name)), 0} }

func (r *trial) agreeTo(changes ...change) {
	r.agreed = func() ([]change, error) { return changes, nil }
}

func TestValidatorIsChangedInABlockOfWhoAgrees(t *testing.T) {
	r := newTrial(t)
	r.agreeTo(adding("new"))
	r.grow(t, 9)
	txs := r.proposed(t, 10, epoch)
	if len(txs) != 2 || !r.accepts(t, 10, epoch, txs...) {
		t.Fatal(txs, r.told)
	}
	made := r.finalized(t, 10, txs...)
	if len(made.ValidatorUpdates) != 1 || len(made.TxResults) != 2 {
		t.Error(made)
	}
	r.committed(t)
	r.chain.validators = setOf("north", "east", "south", "west", "new")
	if txs := r.proposed(t, 11, epoch); len(txs) != 1 {
		t.Error("it is proposed again")
	}
}

func TestChangeWithoutAgreementIsRefused(t *testing.T) {
	wanted, later := adding("new"), adding("new")
	later.Height++
	remove, none := removing("east"), removing("nobody")
	for name, agreed := range map[string][]change{
		"nothing agreed": nil, "another": {adding("other")}, "another height": {later}, "a removal": {remove},
	} {
		r := newTrial(t)
		r.grow(t, 9)
		r.agreeTo(agreed...)
		p := encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))
		if r.accepts(t, 10, epoch, p, wanted.encoded()) {
			t.Error(name)
		}
		r.agreeTo(wanted)
		if !r.accepts(t, 10, epoch, p, wanted.encoded()) || !r.accepts(t, 10, epoch, p) {
			t.Error(name, r.told)
		}
		r.agreeTo(none)
		if r.accepts(t, 10, epoch, p, none.encoded()) {
			t.Error("who is no validator was removed")
		}
	}
}

func TestChangeIsMadeInItsBlocksAlone(t *testing.T) {
	wanted := removing("east")
	for height, open := range map[int64]bool{9: false, 10: true, 29: true, 30: false} {
		r := newTrial(t)
		r.agreeTo(wanted)
		if due := r.due(height); (due != nil) != open {
			t.Error(height, due)
		}
	}
}

func TestLastValidatorStays(t *testing.T) {
	r := newTrial(t)
	r.chain.validators = setOf("north")
	r.agreeTo(removing("north"))
	if due := r.due(10); due != nil {
		t.Error(due)
	}
}

func TestNothingIsChangedIfTheFileIsBroken(t *testing.T) {
	r := newTrial(t)
	r.agreed = func() ([]change, error) { return nil, errOfTest }
	if due := r.due(10); due != nil {
		t.Error(due)
	}
	r.said(t, "no validator is changed")
}

func TestAgreementsAreWrittenAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), agreedFile)
	for _, each := range []change{adding("new"), removing("east")} {
		if err := agree(path, each); err != nil {
			t.Fatal(err)
		}
	}
	found, err := readChanges(path)
	if err != nil || len(found) != 2 || found[1].Power != 0 {
		t.Error(found, err)
	}
	if found, err := readChanges(path + "x"); found != nil || err != nil {
		t.Error("a missing file is no agreement", found, err)
	}
}

func TestBrokenAgreementsAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), agreedFile)
	for _, text := range []string{"", "{", "{}", "[1]", `[{"height":1,"key":"0x12","power":1}]`, `[{"hight":1}]`, "[]]"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readChanges(path); err == nil {
			t.Errorf("%q", text)
		}
	}
	if err := agree(path, change{}); err == nil {
		t.Error("a change of nothing")
	}
}
