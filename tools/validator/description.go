package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/types"
)

// The files in the folder of a node.
const (
	descriptionFile = "node.json"              // written by `veche network`
	genesisFile     = "genesis.json"           // geth's first block
	agreedFile      = "agreed.json"            // the changes of validators that the operator agrees to
	nodeKeyFile     = "consensus-nodekey.json" // secret: the node's identity for CometBFT
	keyFile         = "validator-key.json"     // secret: signs blocks
	signedFile      = "signed.json"            // what the key has signed last: never lose or copy it
	dataFolder      = "data"                   // the chain; other nodes have it too
	socketFile      = "data/geth.ipc"
	consensusFolder = "data/consensus"
)

// A description is a node as `veche network` describes it.
type description struct {
	Name        string      `json:"name"`        // of the node
	Chain       string      `json:"chain"`       // what CometBFT's signatures are for
	GenesisTime time.Time   `json:"genesisTime"` // the time of block 1
	GenesisHash hash        `json:"genesisHash"` // of geth's first block
	BlockTime   int         `json:"blockTime"`   // seconds
	GasLimit    uint64      `json:"gasLimit"`
	Validators  []validator `json:"validators"` // of the first block
	Address     string      `json:"address"`    // to listen at, HOST:PORT
	Peers       []string    `json:"peers"`      // to stay connected to, ID@HOST:PORT
	Private     bool        `json:"private"`    // refuse everybody but the peers
	PublicKey   data        `json:"publicKey"`  // of the key that must be in the folder; empty for any
	RPC         *rpc        `json:"rpc"`        // where geth answers; null for nowhere
	Geth        []string    `json:"geth"`       // the options of geth
}

type validator struct {
	Name      string `json:"name"`
	PublicKey data   `json:"publicKey"`
}

// readDescription reads the description of the node in a folder.
func readDescription(home string) (*description, error) {
	path := filepath.Join(home, descriptionFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("this is not the folder of a node: %w", err)
	}
	d := new(description)
	if err := strictly(text, d); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func (d *description) check() error {
	if d.BlockTime < 1 || d.GasLimit == 0 || d.Address == "" {
		return errors.New("blockTime, gasLimit or address is missing")
	}
	if worst := d.GasLimit / gasPerByte * 2; worst > maxPayloadBytes {
		return fmt.Errorf("a block of %d gas can be larger than CometBFT takes", d.GasLimit)
	}
	for _, each := range d.Validators {
		if len(each.PublicKey) != ed25519.PubKeySize {
			return fmt.Errorf("the public key of %q is not of %d bytes", each.Name, ed25519.PubKeySize)
		}
	}
	for _, each := range d.Peers {
		if _, err := p2p.NewNetAddressString(each); err != nil && !isLookup(err) {
			return fmt.Errorf("the peer %q: %w", each, err)
		}
	}
	return nil
}

func isLookup(err error) bool { return errors.As(err, new(p2p.ErrNetAddressLookup)) }

const (
	// A block of the Engine API is text, with two letters for a byte. The cheapest byte in a block is
	// a zero of calldata.
	gasPerByte      = 4
	maxPayloadBytes = types.MaxBlockSizeBytes - 4<<20 // the rest is for what surrounds the bytes
)

// firstBlock is what CometBFT begins with. All nodes must have the same.
func (d *description) firstBlock() (*types.GenesisDoc, error) {
	params := types.DefaultConsensusParams()
	params.Block.MaxBytes = types.MaxBlockSizeBytes
	doc := &types.GenesisDoc{
		GenesisTime: d.GenesisTime, ChainID: d.Chain, ConsensusParams: params, AppHash: d.GenesisHash[:],
	}
	for _, each := range d.Validators {
		key := ed25519.PubKey(each.PublicKey)
		doc.Validators = append(doc.Validators,
			types.GenesisValidator{Address: key.Address(), PubKey: key, Power: 1, Name: each.Name})
	}
	return doc, doc.ValidateAndComplete()
}

// -- Paces --

// rest is the pause between a block and the next proposal. To agree takes the remaining time.
func (d *description) rest() time.Duration { return d.seconds() * 9 / 10 }

// lead is the time for which geth builds a block.
func (d *description) lead() time.Duration { return min(d.seconds()*2/5, 4*time.Second) }

// recommit is the time after which geth has a block with what it has executed by then. It must be
// shorter than the lead: a block that is taken before is empty.
func (d *description) recommit() time.Duration { return d.lead() * 4 / 5 }

func (d *description) seconds() time.Duration { return time.Duration(d.BlockTime) * time.Second }

// -- Files --

// strictly reads JSON that has nothing but what is known.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind the end")
	}
	return nil
}

// writeWhole writes a file, whole or not at all.
func writeWhole(path string, text []byte) error {
	fresh := path + ".new"
	if err := os.WriteFile(fresh, text, 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}
