package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/privval"
)

// loadSigner loads the key that signs blocks, with what it has signed. CometBFT's own loader ends the
// program at a file that it cannot read, and takes one that says nothing for a key that has signed
// nothing.
func loadSigner(keyPath, signedPath string) (*privval.FilePV, error) {
	text, err := os.ReadFile(keyPath)
	if err != nil {
		return nil, err
	}
	var key privval.FilePVKey
	if err := cmtjson.Unmarshal(text, &key); err != nil {
		return nil, fmt.Errorf("%s: %w", keyPath, err)
	}
	if key.PrivKey == nil || key.PubKey == nil {
		return nil, errors.New(keyPath + ": there is no key in it")
	}
	if err := checkSigned(signedPath); err != nil {
		return nil, fmt.Errorf("%w: without the record of what it has signed, a key can sign twice, "+
			"which can fork the chain; use the record of this key, or a new key", err)
	}
	return privval.LoadFilePV(keyPath, signedPath), nil
}

func checkSigned(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var said map[string]json.RawMessage
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, each := range []string{"height", "round", "step"} {
		if said[each] == nil {
			return fmt.Errorf("%s has no %s", path, each)
		}
	}
	if err := cmtjson.Unmarshal(text, new(privval.FilePVLastSignState)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
