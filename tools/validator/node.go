package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/store"
	"github.com/cometbft/cometbft/types"

	db "github.com/cometbft/cometbft-db"
)

const (
	redialEvery = 20 * time.Second // CometBFT gives up a peer that is away for a day
	maxInbound  = 200              // the number of strangers that may connect
)

// configured is the configuration of CometBFT.
func configured(home string, d *description, metrics string) *config.Config {
	c := config.DefaultConfig()
	c.SetRoot(home)
	c.Moniker = d.Name
	c.DBPath = consensusFolder
	c.P2P.ListenAddress = "tcp://" + d.Address
	c.P2P.PersistentPeers = strings.Join(d.Peers, ",")
	c.P2P.UnconditionalPeerIDs = strings.Join(ids(d.Peers), ",")
	c.P2P.MaxNumInboundPeers = maxInbound
	c.P2P.AllowDuplicateIP = true // observers may share an address
	c.P2P.AddrBookStrict = false
	c.P2P.AddrBook = filepath.Join(consensusFolder, "addrbook.json")
	c.P2P.PexReactor = false
	c.P2P.SendRate, c.P2P.RecvRate = 50<<20, 50<<20
	c.P2P.FlushThrottleTimeout = 10 * time.Millisecond
	c.FilterPeers = d.Private
	c.RPC.ListenAddress = ""
	c.Mempool.Type = "nop"
	c.TxIndex.Indexer = "null"
	c.Storage.DiscardABCIResponses = true
	c.Consensus.WalPath = filepath.Join(consensusFolder, "cs.wal", "wal")
	c.Consensus.TimeoutCommit = d.rest()
	c.Consensus.TimeoutPropose = d.lead() + 3*time.Second
	c.Consensus.TimeoutProposeDelta = time.Second
	if metrics != "" {
		c.Instrumentation.Prometheus = true
		c.Instrumentation.PrometheusListenAddr = metrics
	}
	return c
}

func ids(peers []string) []string {
	found := make([]string, len(peers))
	for i, each := range peers {
		found[i], _, _ = strings.Cut(each, "@")
	}
	return found
}

// stores are CometBFT's own, which the application looks into.
type stores struct {
	blocks *store.BlockStore
	states state.Store
	node   *node.Node
	me     types.Address
}

// open gives CometBFT its databases, and keeps a look into them.
func (s *stores) open(context *config.DBContext) (db.DB, error) {
	found, err := config.DefaultDBProvider(context)
	if err != nil {
		return nil, err
	}
	switch context.ID {
	case "blockstore":
		s.blocks = store.NewBlockStore(found)
	case "state":
		s.states = state.NewStore(found, state.StoreOptions{DiscardABCIResponses: true})
	}
	return found, nil
}

func (s *stores) height() int64 {
	if s.node != nil {
		return s.node.BlockStore().Height()
	}
	return s.blocks.Height()
}

func (s *stores) stored(height int64) [][]byte {
	block := s.blocks.LoadBlock(height)
	if block == nil {
		return nil
	}
	return block.Txs.ToSliceOfBytes()
}

func (s *stores) successors() (*types.ValidatorSet, error) {
	found, err := s.states.Load()
	return found.NextValidators, err
}

// turn reckons with the votes that had come when the newest block was decided. If a later one moves
// the time to another second, the block is built again.
func (s *stores) turn() (int64, time.Time, bool) {
	now, err := s.states.Load()
	if err != nil || now.Validators == nil {
		return 0, time.Time{}, false
	}
	commit := s.blocks.LoadSeenCommit(now.LastBlockHeight)
	if commit == nil || commit.Height != now.LastBlockHeight {
		return 0, time.Time{}, false
	}
	when, err := state.MedianTime(commit, now.LastValidators)
	mine := bytes.Equal(now.Validators.GetProposer().Address, s.me)
	return now.LastBlockHeight + 1, when, err == nil && mine
}

// keys are the identity of a node and its key for blocks.
type keys struct {
	node   *p2p.NodeKey
	blocks *privval.FilePV
	public []byte
}

// loadKeys loads the keys in the folder of a node, and makes those that are missing.
func loadKeys(home string) (*keys, error) {
	identity, err := loadIdentity(home)
	if err != nil {
		return nil, err
	}
	file, signed := filepath.Join(home, keyFile), filepath.Join(home, signedFile)
	var own *privval.FilePV
	if _, err := os.Stat(file); err == nil {
		own, err = loadSigner(file, signed)
		if err != nil {
			return nil, err
		}
	} else {
		own = privval.GenFilePV(file, signed)
		own.Save()
	}
	public, err := own.GetPubKey()
	if err != nil {
		return nil, err
	}
	return &keys{identity, own, public.Bytes()}, nil
}

func loadIdentity(home string) (*p2p.NodeKey, error) {
	path := filepath.Join(home, nodeKeyFile)
	found, err := p2p.LoadOrGenNodeKey(path)
	if err == nil && found.PrivKey == nil {
		err = errors.New("there is no key in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

// newNode makes a node of CometBFT for an application.
func newNode(
	ctx context.Context, c *config.Config, own *keys, app *application, s *stores, logger log.Logger,
) (*node.Node, error) {
	made, err := node.NewNodeWithContext(ctx, c, own.blocks, own.node,
		proxy.NewConnSyncLocalClientCreator(app), app.described.firstBlock, s.open,
		node.DefaultMetricsProvider(c.Instrumentation), logger)
	if err == nil {
		s.node = made
	}
	return made, err
}

// stayConnected dials peers that are away, again and again.
func stayConnected(ctx context.Context, n *node.Node, peers []string) {
	tick := time.NewTicker(redialEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_ = n.Switch().DialPeersAsync(away(n, others(n, peers))) // what fails is tried again
	}
}
