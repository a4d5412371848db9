package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func goodPayload() *payload {
	p := blockOn(firstHead(), follow(firstHead(), epoch, []byte{5}))
	p.Transactions = []data{{2, 0xf8}, {}}
	return p
}

func TestPayloadIsReadAsItIsWritten(t *testing.T) {
	text := encoded(t, goodPayload())
	found, err := decode(text)
	if err != nil || !bytes.Equal(encoded(t, found), text) {
		t.Error(err)
	}
}

func TestPayloadInAnotherFormIsRefused(t *testing.T) {
	good := string(encoded(t, goodPayload()))
	for old, other := range map[string]string{
		`"gasUsed":"0x0"`:           `"gasUsed":"0x00"`,
		`"gasUsed":"0x0",`:          ``,
		`"blobGasUsed":"0x0"`:       `"blobGasUsed":0`,
		`"excessBlobGas":"0x0"`:     `"excessBlobGas":null`,
		`"withdrawals":[]`:          `"withdrawals":null`,
		`"transactions":["0x02f8",`: `"transactions":["0x02F8",`,
		`{"parentHash"`:             `{ "parentHash"`,
		`"stateRoot"`:               `"StateRoot"`,
		`"baseFeePerGas":"0x7"`:     `"baseFeePerGas":"0x7","baseFeePerGas":"0x7"`,
		`"extraData":"0x"`:          `"extraData":""`,
		`}`:                         `,"slotNumber":"0x1"}`,
	} {
		text := strings.Replace(good, old, other, 1)
		if text == good {
			t.Fatal(old)
		}
		if _, err := decode([]byte(text)); err == nil {
			t.Error(other)
		}
	}
}

func TestTimeIsThatOfCometBFTButLaterThanTheParents(t *testing.T) {
	parent := head{5, hash{}, 2000}
	for when, wanted := range map[int64]quantity{-5: 2001, 0: 2001, 2000: 2001, 2001: 2001, 2002: 2002} {
		if got := follow(parent, time.Unix(when, 999), nil).Timestamp; got != wanted {
			t.Error(when, got)
		}
	}
}

// -- What peers send --

func FuzzPayload(f *testing.F) {
	good, _ := goodPayload().encoded()
	f.Add(good)
	f.Add([]byte(`{"parentHash":"0x"}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := decode(text)
		if err != nil {
			return
		}
		if same, err := p.encoded(); err != nil || !bytes.Equal(same, text) {
			t.Errorf("%q has two forms", text)
		}
		_ = p.check(firstHead(), testGasLimit, follow(firstHead(), epoch, nil))
	})
}

func FuzzBlockOfCometBFT(f *testing.F) {
	good, _ := goodPayload().encoded()
	wanted := adding("new")
	f.Add(good, wanted.encoded())
	f.Add(good, []byte(`{"height":-1,"key":"0x","power":9}`))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		_, changed, err := contents([][]byte{first, second})
		if err == nil && (changed == nil || !bytes.Equal(changed.encoded(), second) || changed.check() != nil) {
			t.Errorf("%q is no change", second)
		}
	})
}

func FuzzQuantity(f *testing.F) {
	f.Add("0x0")
	f.Add("0xffffffffffffffff")
	f.Add("0x10000000000000000")
	f.Fuzz(func(t *testing.T, text string) {
		var q quantity
		quoted, _ := json.Marshal(text)
		if json.Unmarshal(quoted, &q) != nil {
			return
		}
		if same, _ := q.MarshalText(); string(same) != text {
			t.Errorf("%q is read as %q", text, same)
		}
	})
}
