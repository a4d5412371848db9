package main

import "regexp"

// This file is never a part of veche-validator: tools/faults builds one with it, whose validator lies.

// lies are what is wrong in a proposal, one at each height in turn.
var lies = []struct {
	name string
	tell func(*payload)
}{
	{"state root", func(p *payload) { p.StateRoot[0] ^= 1 }},
	{"parent", func(p *payload) { p.ParentHash[0] ^= 1 }},
	{"time", func(p *payload) { p.Timestamp++ }},
	{"transactions", func(p *payload) { p.Transactions = append(p.Transactions, data("none")) }},
	{"gas used", func(p *payload) { p.GasUsed++ }},
	{"receipts root", func(p *payload) { p.ReceiptsRoot[0] ^= 1 }},
}

var rightHash = regexp.MustCompile("got ([0-9a-f]{64})")

// lie turns a block that geth has built into one that is not valid. Its hash is right, so that geth
// must look further to find what is wrong.
func (a *application) lie(made *payload) *payload {
	lied, chosen := *made, lies[int(made.BlockNumber)%len(lies)]
	chosen.tell(&lied)
	said, err := a.geth.execute(a.life, &lied)
	if err == nil && said.ValidationError != nil {
		if found := rightHash.FindStringSubmatch(*said.ValidationError); found != nil {
			_ = lied.BlockHash.UnmarshalText([]byte("0x" + found[1]))
		}
	}
	a.log("a lie is proposed for block %d: %s", made.BlockNumber, chosen.name)
	return &lied
}
