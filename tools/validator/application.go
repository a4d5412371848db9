package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/types"
)

// maxAhead is how far the time of a proposal may be ahead of a validator's own clock. The time is the
// median of the validators' clocks, so more than half of them must be wrong to exceed it.
const maxAhead = 15 * time.Second

// A chain is what the application knows from CometBFT.
type chain interface {
	// height is the height of the newest block that this node has stored.
	height() int64
	// stored returns what is in a block that this node has stored; nil if it has not.
	stored(height int64) [][]byte
	// successors are the validators of the block after the one that is being decided.
	successors() (*types.ValidatorSet, error)
	// turn is the height and time of the next block, and whether this node is to propose it.
	turn() (height int64, when time.Time, mine bool)
}

// An application decides for CometBFT which blocks are good, and has geth execute what is decided. A
// block of CometBFT holds one payload, and the change of a validator if there is one. CometBFT's
// height is the number of geth's block, and its app hash is the hash of geth's block.
type application struct {
	abci.BaseApplication
	life      context.Context // ends with the program; CometBFT's own contexts never end
	described *description
	geth      *engine
	chain     chain
	agreed    func() ([]change, error) // the changes of validators that this one agrees to
	friends   map[string]bool          // who may connect; nil for anybody
	keep      int64                    // number of blocks that CometBFT stores; 0 for all
	now       func() time.Time
	pause     time.Duration // before geth is asked again for what it must not refuse
	log       func(format string, words ...any)
	fail      func(error) // ends the program: this node cannot go on

	me       []byte // this node's address
	lock     sync.Mutex
	head     head     // the newest block that is decided and executed
	executed hash     // the newest block that geth has found valid
	decided  *payload // the block that Commit makes the head
	building *building
}

// A building is a block that geth builds now.
type building struct {
	id     string
	parent hash
	wanted attributes
	begun  time.Time
}

// -- Start --

// Info tells CometBFT how far geth is. CometBFT then has the later blocks executed that it has
// stored. If CometBFT's store was lost, geth is ahead of it; then the blocks come again.
func (a *application) Info(_ context.Context, _ *abci.RequestInfo) (*abci.ResponseInfo, error) {
	at, err := a.geth.block(a.life, "latest")
	if stored := a.chain.height(); err == nil && stored < int64(at.Number) {
		at, err = a.geth.block(a.life, fmt.Sprintf("0x%x", stored))
	}
	if err != nil {
		return nil, err
	}
	a.head = at
	return &abci.ResponseInfo{LastBlockHeight: int64(at.Number), LastBlockAppHash: at.Hash[:]}, nil
}

// InitChain begins with geth's first block.
func (a *application) InitChain(
	_ context.Context, _ *abci.RequestInitChain,
) (*abci.ResponseInitChain, error) {
	first, err := a.geth.block(a.life, "earliest")
	if err != nil {
		return nil, err
	}
	a.head = first
	return &abci.ResponseInitChain{AppHash: first.Hash[:]}, nil
}

// -- Strangers --

// CheckTx refuses everything: transactions travel from geth to geth.
func (a *application) CheckTx(context.Context, *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	return &abci.ResponseCheckTx{Code: 1, Log: "transactions go to geth"}, nil
}

// Query answers CometBFT's question who may connect.
func (a *application) Query(_ context.Context, r *abci.RequestQuery) (*abci.ResponseQuery, error) {
	id, asked := strings.CutPrefix(r.Path, "/p2p/filter/id/")
	if asked && a.friends != nil && !a.friends[id] {
		return &abci.ResponseQuery{Code: 1, Log: "this validator talks to its own peers alone"}, nil
	}
	return &abci.ResponseQuery{}, nil
}

// -- Proposals --

// prepare has geth begin the next block some time before this validator's turn, so that it is ready
// when the turn comes.
func (a *application) prepare() {
	a.lock.Lock()
	defer a.lock.Unlock()
	height, when, mine := a.chain.turn()
	if mine && height == int64(a.head.Number)+1 {
		if _, err := a.begin(follow(a.head, when, a.me)); err != nil {
			a.log("geth does not begin block %d: %v", height, err)
		}
	}
}

// begin has geth build the block with these attributes, unless it does already.
func (a *application) begin(wanted *attributes) (*building, error) {
	now := a.building
	if now != nil && now.parent == a.head.Hash && now.wanted.equal(wanted) {
		return now, nil
	}
	made, err := a.geth.choose(a.life, a.head.Hash, wanted)
	if err != nil {
		return nil, err
	}
	if made.PayloadID == nil {
		return nil, fmt.Errorf("geth builds nothing: %v", made.PayloadStatus)
	}
	a.building = &building{*made.PayloadID, a.head.Hash, *wanted, a.now()}
	return a.building, nil
}

// PrepareProposal proposes the block that geth has built. If there is none, it proposes nothing; the
// others refuse that, and the turn is the next validator's. An error would end CometBFT.
func (a *application) PrepareProposal(
	_ context.Context, r *abci.RequestPrepareProposal,
) (*abci.ResponsePrepareProposal, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	txs, err := a.propose(r)
	if err != nil {
		a.log("no proposal for block %d: %v", r.Height, err)
	}
	return &abci.ResponsePrepareProposal{Txs: txs}, nil
}

func (a *application) propose(r *abci.RequestPrepareProposal) ([][]byte, error) {
	now, err := a.begin(follow(a.head, r.Time, r.ProposerAddress))
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(a.described.lead() - a.now().Sub(now.begun)):
	case <-a.life.Done():
		return nil, a.life.Err()
	}
	a.building = nil
	made, err := a.geth.built(a.life, now.id)
	if err != nil {
		return nil, err
	}
	text, err := made.encoded()
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > r.MaxTxBytes-maxChangeBytes {
		return nil, fmt.Errorf("the block has %d bytes, more than CometBFT takes", len(text))
	}
	txs := [][]byte{text}
	if due := a.due(r.Height); due != nil {
		txs = append(txs, due.encoded())
	}
	return txs, nil
}

// ProcessProposal accepts a block that follows the newest one as it should, that geth finds valid,
// and that changes no validator without this one's agreement.
func (a *application) ProcessProposal(
	_ context.Context, r *abci.RequestProcessProposal,
) (*abci.ResponseProcessProposal, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if err := a.examine(r); err != nil {
		a.log("block %d of %X is refused: %v", r.Height, r.ProposerAddress, err)
		return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}

func (a *application) examine(r *abci.RequestProcessProposal) error {
	p, changed, err := contents(r.Txs)
	if err != nil {
		return err
	}
	if ahead := r.Time.Sub(a.now()); ahead > maxAhead {
		return fmt.Errorf("its time is %v ahead of this machine's clock", ahead.Round(time.Second))
	}
	wanted := follow(a.head, r.Time, r.ProposerAddress)
	if err := p.check(a.head, a.described.GasLimit, wanted); err != nil {
		return err
	}
	if changed != nil {
		if due := a.due(r.Height); due == nil || !due.same(changed) {
			return fmt.Errorf("it changes a validator without agreement: %s", changed)
		}
	}
	said, err := a.geth.execute(a.life, p)
	if err != nil {
		return err
	}
	if said.Status != valid {
		return fmt.Errorf("geth says %v", said)
	}
	a.executed = p.BlockHash
	return nil
}

// contents reads what is in a block of CometBFT: a payload, and at most one change.
func contents(txs [][]byte) (*payload, *change, error) {
	if len(txs) == 0 || len(txs) > 2 {
		return nil, nil, fmt.Errorf("it has %d parts", len(txs))
	}
	p, err := decode(txs[0])
	if err != nil || len(txs) == 1 {
		return p, nil, err
	}
	changed, err := decodeChange(txs[1])
	return p, changed, err
}

// due returns the change of a validator that this one agrees to make at a height; nil if there is
// none, or if it is made.
func (a *application) due(height int64) *change {
	agreed, err := a.agreed()
	if err != nil {
		a.log("no validator is changed: %v", err)
		return nil
	}
	for _, each := range agreed {
		if !each.isOpenAt(height) {
			continue
		}
		successors, err := a.chain.successors()
		if err != nil {
			a.log("no validator is changed: %v", err)
			return nil
		}
		if each.alters(successors) {
			return &each
		}
	}
	return nil
}

// -- Decided blocks --

// FinalizeBlock has geth execute a decided block, until geth has done so.
func (a *application) FinalizeBlock(
	_ context.Context, r *abci.RequestFinalizeBlock,
) (*abci.ResponseFinalizeBlock, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	p, changed, err := contents(r.Txs)
	if err == nil && p.BlockHash != a.executed {
		err = a.settle(p)
	}
	if err != nil {
		return nil, a.failed(fmt.Errorf("block %d is decided, but %w", r.Height, err))
	}
	a.decided = p
	results := make([]*abci.ExecTxResult, len(r.Txs))
	for i := range results {
		results[i] = &abci.ExecTxResult{}
	}
	updates := []abci.ValidatorUpdate{}
	if changed != nil {
		a.log("block %d changes a validator: %s", r.Height, changed)
		updates = append(updates, changed.update())
	}
	return &abci.ResponseFinalizeBlock{
		TxResults: results, ValidatorUpdates: updates, AppHash: p.BlockHash[:],
	}, nil
}

// Commit makes the decided block geth's head: safe and final, as every head is.
func (a *application) Commit(context.Context, *abci.RequestCommit) (*abci.ResponseCommit, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if err := a.extend(a.decided); err != nil {
		return nil, a.failed(err)
	}
	a.head, a.building = a.decided.head(), nil
	time.AfterFunc(a.described.rest()-a.described.lead(), a.prepare)
	retain := int64(0)
	if a.keep > 0 {
		retain = max(0, int64(a.head.Number)-a.keep+1)
	}
	return &abci.ResponseCommit{RetainHeight: retain}, nil
}

// settle executes a decided block. A geth that was killed may have lost blocks before it; those are
// executed first.
func (a *application) settle(p *payload) error {
	return a.persist(func() error {
		said, err := a.geth.execute(a.life, p)
		switch {
		case err != nil:
			return err
		case said.Status == valid:
			return nil
		case said.Status == invalid:
			return errFinal{fmt.Errorf("this node's geth says %v", said)}
		}
		if err := a.repair(p.BlockNumber); err != nil {
			return err
		}
		return fmt.Errorf("geth says %v to block %d", said, p.BlockNumber)
	})
}

// extend makes an executed block the head.
func (a *application) extend(p *payload) error {
	return a.persist(func() error {
		made, err := a.geth.choose(a.life, p.BlockHash, nil)
		switch {
		case err != nil:
			return err
		case made.PayloadStatus.Status == valid:
			return nil
		}
		// geth was killed, and has forgotten a block that it had executed
		if err := a.settle(p); err != nil {
			return err
		}
		return fmt.Errorf("geth says %v to the new head", made.PayloadStatus)
	})
}

// repair executes the stored blocks between geth's newest one and a height.
func (a *application) repair(before quantity) error {
	at, err := a.geth.block(a.life, "latest")
	if err != nil {
		return err
	}
	for number := at.Number + 1; number < before; number++ {
		p, _, err := contents(a.chain.stored(int64(number)))
		if err != nil {
			return errFinal{fmt.Errorf("geth has lost block %d, which is not stored here: %w; delete "+
				"the folder data, and everything comes again from other nodes", number, err)}
		}
		if _, err := a.geth.execute(a.life, p); err != nil {
			return err
		}
		if _, err := a.geth.choose(a.life, p.BlockHash, nil); err != nil {
			return err
		}
	}
	return nil
}

// errFinal is an error that stays if the same is tried again.
type errFinal struct{ error }

// persist tries something until it succeeds, or can never succeed.
func (a *application) persist(try func() error) error {
	for {
		err := try()
		if final := (errFinal{}); err == nil || errors.As(err, &final) || a.life.Err() != nil {
			return err
		}
		a.log("%v", err)
		select {
		case <-time.After(a.pause):
		case <-a.life.Done():
			return a.life.Err()
		}
	}
}

// failed ends the program, unless it is ending. CometBFT would go on as a shell of itself.
func (a *application) failed(err error) error {
	if a.life.Err() == nil {
		a.fail(err)
	}
	return err
}

func (w *attributes) equal(other *attributes) bool {
	return w.Timestamp == other.Timestamp && w.PrevRandao == other.PrevRandao &&
		bytes.Equal(w.SuggestedFeeRecipient[:], other.SuggestedFeeRecipient[:])
}
