package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"
)

const (
	// changeWithin is the number of blocks in which an agreed change can be made. Until more than two
	// thirds agree, each of them may cost a few seconds, so there are few.
	changeWithin   = 20
	maxChangeBytes = 1000
)

// A change adds a validator or removes one. It is made in a block that more than two thirds of the
// validators accept, and each accepts it only if its own operator has said the same.
type change struct {
	Height int64 `json:"height"` // the first block that can make it
	Key    data  `json:"key"`    // the validator's public key, 32 bytes
	Power  int64 `json:"power"`  // 1 to add, 0 to remove
}

func (c *change) String() string {
	verb := map[int64]string{0: "remove", 1: "add"}[c.Power]
	key, _ := c.Key.MarshalText()
	return fmt.Sprintf("%s %s from block %d on", verb, key, c.Height)
}

func (c *change) encoded() []byte {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and bytes
	}
	return text
}

// decodeChange reads a change, which may come from anybody.
func decodeChange(text []byte) (*change, error) {
	c := new(change)
	if len(text) > maxChangeBytes {
		return nil, errors.New("a change of a validator is too long")
	}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("no change of a validator: %w", err)
	}
	if !bytes.Equal(c.encoded(), text) {
		return nil, errors.New("a change of a validator in another form than its own")
	}
	return c, c.check()
}

func (c *change) check() error {
	if len(c.Key) != ed25519.PubKeySize || c.Height < 1 || c.Power < 0 || c.Power > 1 {
		return errors.New("a change of a validator has a wrong key, height or power")
	}
	return nil
}

func (c *change) isOpenAt(height int64) bool {
	return c.Height <= height && height < c.Height+changeWithin
}

func (c *change) same(other *change) bool { return bytes.Equal(c.encoded(), other.encoded()) }

func (c *change) update() abci.ValidatorUpdate {
	return types.TM2PB.NewValidatorUpdate(ed25519.PubKey(c.Key), c.Power)
}

// alters tells whether the change changes these validators, and leaves some.
func (c *change) alters(validators *types.ValidatorSet) bool {
	named := validators.HasAddress(ed25519.PubKey(c.Key).Address())
	if c.Power == 0 {
		return named && validators.Size() > 1
	}
	return !named
}

// -- The operator's file --

// readChanges reads the changes that this validator's operator agrees to.
func readChanges(path string) ([]change, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []change
	if err := strictly(text, &found); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, each := range found {
		if err := each.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return found, nil
}

// agree adds a change to the operator's file.
func agree(path string, wanted change) error {
	if err := wanted.check(); err != nil {
		return err
	}
	found, err := readChanges(path)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(append(found, wanted), "", " ")
	if err != nil {
		return err
	}
	return writeWhole(path, append(text, '\n'))
}
