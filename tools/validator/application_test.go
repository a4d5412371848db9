package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
)

var background = context.Background()

func (r *trial) proposed(t *testing.T, height int64, when time.Time) [][]byte {
	t.Helper()
	said, err := r.PrepareProposal(background, &abci.RequestPrepareProposal{
		Height: height, Time: when, ProposerAddress: r.me, MaxTxBytes: 1 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	return said.Txs
}

func (r *trial) accepts(t *testing.T, height int64, when time.Time, txs ...[]byte) bool {
	t.Helper()
	said, err := r.ProcessProposal(background, &abci.RequestProcessProposal{
		Height: height, Time: when, ProposerAddress: r.me, Txs: txs,
	})
	if err != nil {
		t.Fatal(err)
	}
	return said.Status == abci.ResponseProcessProposal_ACCEPT
}

func (r *trial) finalized(t *testing.T, height int64, txs ...[]byte) *abci.ResponseFinalizeBlock {
	t.Helper()
	said, err := r.FinalizeBlock(background, &abci.RequestFinalizeBlock{Height: height, Txs: txs})
	if err != nil {
		t.Fatal(err)
	}
	r.chain.blocks[height] = txs
	r.chain.at = height
	return said
}

func (r *trial) committed(t *testing.T) int64 {
	t.Helper()
	said, err := r.Commit(background, &abci.RequestCommit{})
	if err != nil {
		t.Fatal(err)
	}
	return said.RetainHeight
}

// grow decides some blocks, one second apart.
func (r *trial) grow(t *testing.T, count int) {
	t.Helper()
	for range count {
		height := int64(r.head.Number) + 1
		txs := encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))
		r.finalized(t, height, txs)
		r.committed(t)
	}
}

func encoded(t *testing.T, p *payload) []byte {
	t.Helper()
	text, err := p.encoded()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// -- A block's way --

func TestBlockGoesFromProposalToHead(t *testing.T) {
	r := newTrial(t)
	txs := r.proposed(t, 1, epoch)
	if !r.accepts(t, 1, epoch, txs...) {
		t.Fatal(r.told)
	}
	made := r.finalized(t, 1, txs...)
	if r.geth.head.Number != 0 {
		t.Error("the head moved before the commit")
	}
	r.committed(t)
	if r.geth.head.Number != 1 || !bytes.Equal(made.AppHash, r.geth.head.Hash[:]) {
		t.Error("the head is not the decided block")
	}
	if r.geth.times("engine_newPayloadV3") != 1 {
		t.Error("the block was executed twice")
	}
}

func TestChainBeginsWithGethsFirstBlock(t *testing.T) {
	r := newTrial(t)
	said, err := r.InitChain(background, &abci.RequestInitChain{})
	first := firstHead().Hash
	if err != nil || !bytes.Equal(said.AppHash, first[:]) {
		t.Error(said, err)
	}
}

func TestNodeTellsHowFarGethIs(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 3)
	said, err := r.Info(background, &abci.RequestInfo{})
	if err != nil || said.LastBlockHeight != 3 || !bytes.Equal(said.LastBlockAppHash, r.geth.head.Hash[:]) {
		t.Error(said, err)
	}
}

func TestNodeWhoseStoreWasLostTakesBlocksAgain(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 3)
	r.chain.at = 1
	said, err := r.Info(background, &abci.RequestInfo{})
	if err != nil || said.LastBlockHeight != 1 || r.head.Number != 1 {
		t.Error(said, err)
	}
}

func TestBlockIsBuiltBeforeItsTurn(t *testing.T) {
	r := newTrial(t)
	r.chain.next = func() (int64, time.Time, bool) { return 1, epoch, true }
	r.prepare()
	r.now = func() time.Time { return epoch.Add(time.Hour) } // it need not wait
	if txs := r.proposed(t, 1, epoch); len(txs) != 1 {
		t.Fatal(r.told)
	}
	if r.geth.times("engine_forkchoiceUpdatedV3") != 1 {
		t.Error("the block was begun twice")
	}
}

func TestBlockIsBuiltAgainIfItsTimeIsAnother(t *testing.T) {
	r := newTrial(t)
	r.chain.next = func() (int64, time.Time, bool) { return 1, epoch, true }
	r.prepare()
	txs := r.proposed(t, 1, epoch.Add(time.Second))
	if !r.accepts(t, 1, epoch.Add(time.Second), txs...) {
		t.Error(r.told)
	}
}

func TestNobodyBuildsOutOfTurn(t *testing.T) {
	r := newTrial(t)
	r.prepare()
	r.chain.next = func() (int64, time.Time, bool) { return 7, epoch, true } // behind the others
	r.prepare()
	if r.geth.times("engine_forkchoiceUpdatedV3") != 0 {
		t.Error("it built")
	}
}

func TestStoredBlocksAreKeptAsAsked(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 5)
	if retain := r.committed(t); retain != 0 {
		t.Error(retain)
	}
	r.keep = 2
	if retain := r.committed(t); retain != 4 {
		t.Error(retain)
	}
}

// -- Bad proposals --

func TestProposalThatDoesNotFollowIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*payload){
		"parent":      func(p *payload) { p.ParentHash[0]++ },
		"number":      func(p *payload) { p.BlockNumber++ },
		"time":        func(p *payload) { p.Timestamp++ },
		"randao":      func(p *payload) { p.PrevRandao[0]++ },
		"recipient":   func(p *payload) { p.FeeRecipient[0]++ },
		"gas limit":   func(p *payload) { p.GasLimit++ },
		"blobs":       func(p *payload) { p.BlobGasUsed = 131072 },
		"withdrawals": func(p *payload) { p.Withdrawals = []struct{}{{}} },
		"nothing":     func(*payload) {},
	} {
		r := newTrial(t)
		p := blockOn(r.head, follow(r.head, epoch, r.me))
		spoil(p)
		if r.accepts(t, 1, epoch, encoded(t, p)) != (name == "nothing") {
			t.Error(name, r.told)
		}
		if name != "nothing" && r.geth.times("engine_newPayloadV3") != 0 {
			t.Error(name, "was executed")
		}
	}
}

func TestProposalThatGethFindsInvalidIsRefused(t *testing.T) {
	for _, status := range []verdict{invalid, "SYNCING", "ACCEPTED", "", "nonsense"} {
		r := newTrial(t)
		r.geth.odd = func(method string) (any, *refusal, bool) {
			return payloadStatus{Status: status}, nil, method == "engine_newPayloadV3"
		}
		if r.accepts(t, 1, epoch, encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))) {
			t.Error(status)
		}
	}
}

func TestProposalThatGethDoesNotUnderstandIsRefused(t *testing.T) {
	r := newTrial(t)
	r.geth.odd = func(method string) (any, *refusal, bool) {
		return nil, &refusal{-32602, "Invalid parameters"}, method == "engine_newPayloadV3"
	}
	if r.accepts(t, 1, epoch, encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))) {
		t.Error("accepted")
	}
	r.said(t, "Invalid parameters")
}

func TestProposalOfTheFutureIsRefused(t *testing.T) {
	r := newTrial(t)
	for ahead, good := range map[time.Duration]bool{0: true, maxAhead: true, maxAhead + 1: false} {
		when := epoch.Add(ahead)
		p := encoded(t, blockOn(r.head, follow(r.head, when, r.me)))
		if r.accepts(t, 1, when, p) != good {
			t.Error(ahead)
		}
	}
	r.said(t, "ahead of this machine's clock")
}

func TestProposalOfThePastIsGood(t *testing.T) {
	r := newTrial(t)
	when := epoch.Add(-24 * time.Hour) // the network has stood still for a day
	if !r.accepts(t, 1, when, encoded(t, blockOn(r.head, follow(r.head, when, r.me)))) {
		t.Error(r.told)
	}
}

func TestProposalWithOtherPartsIsRefused(t *testing.T) {
	r := newTrial(t)
	good := encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))
	for _, txs := range [][][]byte{{}, {good, good}, {good, good, good}, {{}}, {nil, good}, {append(good, ' ')}} {
		if r.accepts(t, 1, epoch, txs...) {
			t.Errorf("%.60q", txs)
		}
	}
}

// -- A geth that fails --

func TestNothingIsProposedIfGethBuildsNothing(t *testing.T) {
	for name, odd := range map[string]func(string) (any, *refusal, bool){
		"no id": func(method string) (any, *refusal, bool) {
			return forkchoice{PayloadStatus: payloadStatus{Status: valid}}, nil, method == "engine_forkchoiceUpdatedV3"
		},
		"refused": func(method string) (any, *refusal, bool) {
			return nil, &refusal{-38003, "Invalid payload attributes"}, method == "engine_forkchoiceUpdatedV3"
		},
		"forgotten": func(method string) (any, *refusal, bool) {
			return nil, &refusal{-38001, "Unknown payload"}, method == "engine_getPayloadV3"
		},
		"empty": func(method string) (any, *refusal, bool) {
			return map[string]any{}, nil, method == "engine_getPayloadV3"
		},
		"of another kind": func(method string) (any, *refusal, bool) {
			return map[string]any{"executionPayload": "0x"}, nil, method == "engine_getPayloadV3"
		},
	} {
		r := newTrial(t)
		r.geth.odd = odd
		if txs := r.proposed(t, 1, epoch); len(txs) != 0 {
			t.Error(name, txs)
		}
		r.said(t, "no proposal for block 1")
	}
}

func TestNothingIsProposedIfTheBlockIsTooLarge(t *testing.T) {
	r := newTrial(t)
	said, err := r.PrepareProposal(background, &abci.RequestPrepareProposal{
		Height: 1, Time: epoch, ProposerAddress: r.me, MaxTxBytes: 1001,
	})
	if err != nil || len(said.Txs) != 0 {
		t.Error(said, err)
	}
}

func TestBlocksThatGethHasLostAreExecutedAgain(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 4)
	r.geth.forget(1)
	r.grow(t, 1)
	if r.geth.head.Number != 5 || r.failed != nil {
		t.Error(r.geth.head, r.failed, r.told)
	}
}

func TestBlockThatGethForgetsBeforeTheCommitIsExecutedAgain(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 2)
	r.finalized(t, 3, encoded(t, blockOn(r.head, follow(r.head, epoch, r.me))))
	r.geth.forget(1)
	r.committed(t)
	if r.geth.head.Number != 3 || r.failed != nil {
		t.Error(r.geth.head, r.failed, r.told)
	}
}

func TestNodeEndsIfGethHasLostWhatIsNotStored(t *testing.T) {
	r := newTrial(t)
	r.grow(t, 4)
	r.geth.forget(1)
	r.chain.blocks = map[int64][][]byte{}
	_, err := r.FinalizeBlock(background, &abci.RequestFinalizeBlock{
		Height: 5, Txs: [][]byte{encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))},
	})
	if err == nil || r.failed == nil {
		t.Error(err, r.failed)
	}
}

func TestNodeEndsIfItsGethFindsADecidedBlockInvalid(t *testing.T) {
	r := newTrial(t)
	r.geth.odd = func(method string) (any, *refusal, bool) {
		return payloadStatus{Status: invalid}, nil, method == "engine_newPayloadV3"
	}
	_, err := r.FinalizeBlock(background, &abci.RequestFinalizeBlock{
		Height: 1, Txs: [][]byte{encoded(t, blockOn(r.head, follow(r.head, epoch, r.me)))},
	})
	if err == nil || r.failed == nil {
		t.Error(err, r.failed)
	}
}

func TestNodeEndsIfADecidedBlockIsNone(t *testing.T) {
	r := newTrial(t)
	_, err := r.FinalizeBlock(background, &abci.RequestFinalizeBlock{Height: 1, Txs: [][]byte{{1}}})
	if err == nil || r.failed == nil {
		t.Error(err, r.failed)
	}
}

func TestGethThatRefusesADecidedBlockIsAskedUntilItTakesIt(t *testing.T) {
	r := newTrial(t)
	left := map[string]int{"engine_newPayloadV3": 3, "engine_forkchoiceUpdatedV3": 3}
	r.geth.odd = func(method string) (any, *refusal, bool) {
		left[method]--
		return nil, &refusal{-32000, "no space left on device"}, left[method] >= 0
	}
	r.grow(t, 1)
	if r.geth.head.Number != 1 || r.failed != nil {
		t.Error(r.failed, r.told)
	}
	r.said(t, "no space left on device")
}

// -- Strangers --

func TestTransactionsGoToGethAlone(t *testing.T) {
	said, err := newTrial(t).CheckTx(background, &abci.RequestCheckTx{Tx: []byte("ether")})
	if err != nil || said.IsOK() {
		t.Error(said, err)
	}
}

func TestPrivateNodeTalksToItsPeersAlone(t *testing.T) {
	r := newTrial(t)
	path := "/p2p/filter/id/0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		friends map[string]bool
		path    string
		good    bool
	}{
		{nil, path, true},
		{map[string]bool{}, path, false},
		{map[string]bool{path[len("/p2p/filter/id/"):]: true}, path, true},
		{map[string]bool{}, "/p2p/filter/addr/192.0.2.1:5", true},
	} {
		r.friends = c.friends
		said, err := r.Query(background, &abci.RequestQuery{Path: c.path})
		if err != nil || said.IsOK() != c.good {
			t.Error(c, said, err)
		}
	}
}
