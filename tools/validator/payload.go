package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// -- The forms of the Engine API --

// Text in the Engine API has one form for each value. What has another form is refused, so a block
// has one encoding, and geth cannot read another block in it than this program does.

type quantity uint64

func (q quantity) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "0x%x", uint64(q)), nil }

func (q *quantity) UnmarshalText(text []byte) error {
	digits, found := bytes.CutPrefix(text, []byte("0x"))
	value, err := strconv.ParseUint(string(digits), 16, 64)
	if !found || err != nil || !bytes.Equal(fmt.Appendf(nil, "%x", value), digits) {
		return fmt.Errorf("%.40q is not a quantity", text)
	}
	*q = quantity(value)
	return nil
}

type data []byte

func (d data) MarshalText() ([]byte, error) {
	text := make([]byte, 2+2*len(d))
	copy(text, "0x")
	hex.Encode(text[2:], d)
	return text, nil
}

func (d *data) UnmarshalText(text []byte) error {
	digits, found := bytes.CutPrefix(text, []byte("0x"))
	value := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(value, digits); !found || err != nil {
		return fmt.Errorf("%.40q is not data", text)
	}
	*d = value
	return nil
}

func fixed(to []byte, text []byte) error {
	var value data
	if err := value.UnmarshalText(text); err != nil {
		return err
	}
	if len(value) != len(to) {
		return fmt.Errorf("%.80q is not of %d bytes", text, len(to))
	}
	copy(to, value)
	return nil
}

type hash [32]byte

func (h hash) MarshalText() ([]byte, error)     { return data(h[:]).MarshalText() }
func (h *hash) UnmarshalText(text []byte) error { return fixed(h[:], text) }
func (h hash) String() string                   { return "0x" + hex.EncodeToString(h[:]) }

type address [20]byte

func (a address) MarshalText() ([]byte, error)     { return data(a[:]).MarshalText() }
func (a *address) UnmarshalText(text []byte) error { return fixed(a[:], text) }

// -- Payloads --

// A payload is a block of transactions, as the Engine API of Cancun has it.
type payload struct {
	ParentHash    hash       `json:"parentHash"`
	FeeRecipient  address    `json:"feeRecipient"`
	StateRoot     hash       `json:"stateRoot"`
	ReceiptsRoot  hash       `json:"receiptsRoot"`
	LogsBloom     data       `json:"logsBloom"`
	PrevRandao    hash       `json:"prevRandao"`
	BlockNumber   quantity   `json:"blockNumber"`
	GasLimit      quantity   `json:"gasLimit"`
	GasUsed       quantity   `json:"gasUsed"`
	Timestamp     quantity   `json:"timestamp"`
	ExtraData     data       `json:"extraData"`
	BaseFeePerGas quantity   `json:"baseFeePerGas"`
	BlockHash     hash       `json:"blockHash"`
	Transactions  []data     `json:"transactions"`
	Withdrawals   []struct{} `json:"withdrawals"`
	BlobGasUsed   quantity   `json:"blobGasUsed"`
	ExcessBlobGas quantity   `json:"excessBlobGas"`
}

// encoded is the one encoding of a payload in a block of CometBFT.
func (p *payload) encoded() ([]byte, error) { return json.Marshal(p) }

func (p *payload) head() head { return head{p.BlockNumber, p.BlockHash, p.Timestamp} }

// decode reads a payload, which may come from anybody.
func decode(text []byte) (*payload, error) {
	p := new(payload)
	if err := json.Unmarshal(text, p); err != nil {
		return nil, fmt.Errorf("no payload: %w", err)
	}
	same, err := p.encoded()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(same, text) || p.Transactions == nil || p.Withdrawals == nil {
		return nil, errors.New("a payload in another form than its own")
	}
	return p, nil
}

// attributes are what geth must know to build the next block.
type attributes struct {
	Timestamp             quantity   `json:"timestamp"`
	PrevRandao            hash       `json:"prevRandao"`
	SuggestedFeeRecipient address    `json:"suggestedFeeRecipient"`
	Withdrawals           []struct{} `json:"withdrawals"`
	ParentBeaconBlockRoot hash       `json:"parentBeaconBlockRoot"`
}

// follow gives the attributes that the block on top of a parent must have, by the time that
// CometBFT gives it and by its proposer.
func follow(parent head, when time.Time, proposer []byte) *attributes {
	a := &attributes{
		Timestamp:   max(quantity(max(when.Unix(), 0)), parent.Timestamp+1),
		PrevRandao:  sha256.Sum256(parent.Hash[:]),
		Withdrawals: []struct{}{},
	}
	copy(a.SuggestedFeeRecipient[:], proposer)
	return a
}

// check refuses a payload that does not follow its parent as the attributes ask. What is inside it,
// geth checks.
func (p *payload) check(parent head, gasLimit uint64, wanted *attributes) error {
	switch {
	case p.ParentHash != parent.Hash:
		return fmt.Errorf("its parent is %v, and the newest block is %v", p.ParentHash, parent.Hash)
	case p.BlockNumber != parent.Number+1:
		return fmt.Errorf("its number is %d after %d", p.BlockNumber, parent.Number)
	case p.Timestamp != wanted.Timestamp:
		return fmt.Errorf("its time is %d instead of %d", p.Timestamp, wanted.Timestamp)
	case p.PrevRandao != wanted.PrevRandao:
		return errors.New("its random number is another one")
	case p.FeeRecipient != wanted.SuggestedFeeRecipient:
		return errors.New("it pays somebody else than its proposer")
	case uint64(p.GasLimit) != gasLimit:
		return fmt.Errorf("its gas limit is %d instead of %d", p.GasLimit, gasLimit)
	case p.BlobGasUsed != 0, len(p.Withdrawals) != 0:
		return errors.New("it has blobs or withdrawals")
	}
	return nil
}
