package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func described() *description {
	return &description{
		Name: "north", Chain: "city-202712", GenesisTime: time.Unix(1_700_000_000, 0).UTC(),
		GenesisHash: firstHead().Hash, BlockTime: 1, GasLimit: testGasLimit, Address: "127.0.0.1:0",
		Validators: []validator{{"north", data(keyOf("north"))}},
		Peers:      []string{strings.Repeat("ab", 20) + "@192.0.2.1:26656"}, Geth: []string{},
	}
}

func write(t *testing.T, home, name string, what any) {
	t.Helper()
	text, isText := what.(string)
	if !isText {
		encoded, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDescriptionIsRead(t *testing.T) {
	home := t.TempDir()
	write(t, home, descriptionFile, described())
	found, err := readDescription(home)
	if err != nil || found.Chain != "city-202712" {
		t.Error(found, err)
	}
	first, err := found.firstBlock()
	if err != nil || len(first.Validators) != 1 || !first.GenesisTime.Equal(found.GenesisTime) {
		t.Error(first, err)
	}
}

func TestBrokenDescriptionIsRefused(t *testing.T) {
	home := t.TempDir()
	if _, err := readDescription(home); err == nil {
		t.Error("there is none")
	}
	text, _ := json.Marshal(described())
	for old, other := range map[string]string{
		`"blockTime":1`: `"blockTime":0`,
		`"name":`:       `"nam":`,
		`"gasLimit":`:   `"gasLimit":4`,
		`@192`:          `192`,
		`"0x01`:         `"0x`,
		`"geth":[]}`:    `"geth":[]}{}`,
		`"publicKey":"`: `"publicKey":"0x`,
	} {
		broken := strings.Replace(string(text), old, other, 1)
		if broken == string(text) {
			t.Fatal(old)
		}
		write(t, home, descriptionFile, broken)
		if d, err := readDescription(home); err == nil {
			t.Error(other, d)
		}
	}
	short := described()
	short.Validators[0].PublicKey = data{1}
	write(t, home, descriptionFile, short)
	if _, err := readDescription(home); err == nil {
		t.Error("a short key")
	}
}

func TestLargestBlockFitsIntoCometBFT(t *testing.T) {
	d := described()
	for limit, good := range map[uint64]bool{150_000_000: true, 200_000_000: true, 210_000_000: false} {
		d.GasLimit = limit
		if err := d.check(); (err == nil) != good {
			t.Error(limit, err)
		}
	}
}

func TestGethHasABlockBeforeItIsTaken(t *testing.T) {
	d := described()
	for _, seconds := range []int{1, 2, 5, 12, 60} {
		d.BlockTime = seconds
		if d.recommit() >= d.lead() || d.lead() >= d.rest() || d.rest() >= d.seconds() {
			t.Error(seconds, d.recommit(), d.lead(), d.rest())
		}
	}
}
