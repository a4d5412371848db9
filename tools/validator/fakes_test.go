package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"
)

// A fakeGeth answers at a socket as geth does, with a chain of empty blocks. A test puts its own
// answers before these.
type fakeGeth struct {
	lock     sync.Mutex
	head     head
	chain    []head            // canonical, from the first block
	known    map[hash]*payload // executed
	building *attributes
	odd      func(method string) (result any, refused *refusal, answered bool)
	asked    []string
	listener net.Listener
	conns    []net.Conn
}

func firstHead() head { return head{0, hash{1}, 1000} }

func newFakeGeth(t *testing.T) (*fakeGeth, *engine) {
	t.Helper()
	g := &fakeGeth{head: firstHead(), chain: []head{firstHead()}, known: map[hash]*payload{}}
	socket := filepath.Join(t.TempDir(), "geth.ipc")
	g.listen(t, socket)
	t.Cleanup(g.end)
	return g, &engine{socket: socket, log: t.Logf}
}

func (g *fakeGeth) listen(t *testing.T, socket string) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	g.listener = listener
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			g.lock.Lock()
			g.conns = append(g.conns, conn)
			g.lock.Unlock()
			go g.serve(conn)
		}
	}()
}

// end ends it as a kill would.
func (g *fakeGeth) end() {
	_ = g.listener.Close()
	g.lock.Lock()
	defer g.lock.Unlock()
	for _, each := range g.conns {
		_ = each.Close()
	}
}

func (g *fakeGeth) serve(conn net.Conn) {
	read := json.NewDecoder(conn)
	for {
		var request struct {
			ID     uint64
			Method string
			Params []json.RawMessage
		}
		if read.Decode(&request) != nil {
			return
		}
		result, refused := g.answer(request.Method, request.Params)
		if text, isText := result.(raw); isText {
			_, _ = conn.Write([]byte(text))
			continue
		}
		said := map[string]any{"jsonrpc": "2.0", "id": request.ID, "result": result}
		if refused != nil {
			said = map[string]any{"jsonrpc": "2.0", "id": request.ID, "error": refused}
		}
		if json.NewEncoder(conn).Encode(said) != nil {
			return
		}
	}
}

// raw is what a fake writes as it is, instead of an answer.
type raw string

func (g *fakeGeth) answer(method string, params []json.RawMessage) (any, *refusal) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.asked = append(g.asked, method)
	if g.odd != nil {
		if result, refused, answered := g.odd(method); answered {
			return result, refused
		}
	}
	switch method {
	case "eth_getBlockByNumber":
		return g.block(params), nil
	case "engine_newPayloadV3":
		return g.execute(params), nil
	case "engine_forkchoiceUpdatedV3":
		return g.choose(params), nil
	case "engine_getPayloadV3":
		return map[string]any{"executionPayload": blockOn(g.head, g.building)}, nil
	}
	return nil, &refusal{-32601, "no such method"}
}

func (g *fakeGeth) block(params []json.RawMessage) any {
	var which string
	_ = json.Unmarshal(params[0], &which)
	switch which {
	case "latest":
		return g.head
	case "earliest":
		return g.chain[0]
	}
	var number quantity
	_ = number.UnmarshalText([]byte(which))
	if int(number) >= len(g.chain) {
		return nil
	}
	return g.chain[number]
}

func (g *fakeGeth) execute(params []json.RawMessage) any {
	p := new(payload)
	_ = json.Unmarshal(params[0], p)
	_, parentKnown := g.known[p.ParentHash]
	if !parentKnown && p.ParentHash != g.head.Hash {
		return payloadStatus{Status: "SYNCING"}
	}
	g.known[p.BlockHash] = p
	return payloadStatus{Status: valid}
}

func (g *fakeGeth) choose(params []json.RawMessage) any {
	var state struct{ HeadBlockHash hash }
	var next *attributes
	_ = json.Unmarshal(params[0], &state)
	_ = json.Unmarshal(params[1], &next)
	if state.HeadBlockHash != g.head.Hash {
		p, known := g.known[state.HeadBlockHash]
		if !known {
			return forkchoice{PayloadStatus: payloadStatus{Status: "SYNCING"}}
		}
		g.head = p.head()
		g.chain = append(g.chain[:p.BlockNumber], g.head)
	}
	made := forkchoice{PayloadStatus: payloadStatus{Status: valid}}
	if next != nil {
		id := "0x01"
		g.building, made.PayloadID = next, &id
	}
	return made
}

// forget makes geth lose its newest blocks, as a machine does that loses power.
func (g *fakeGeth) forget(to int) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.chain = g.chain[:to+1]
	g.head = g.chain[to]
	g.known = map[hash]*payload{}
}

func (g *fakeGeth) times(method string) int {
	g.lock.Lock()
	defer g.lock.Unlock()
	count := 0
	for _, each := range g.asked {
		if each == method {
			count++
		}
	}
	return count
}

const testGasLimit = 30_000_000

// blockOn is an empty block on top of a parent.
func blockOn(parent head, next *attributes) *payload {
	p := &payload{
		ParentHash: parent.Hash, BlockNumber: parent.Number + 1, GasLimit: testGasLimit,
		LogsBloom: make(data, 256), ExtraData: data{}, BaseFeePerGas: 7, Transactions: []data{},
		Withdrawals: []struct{}{}, PrevRandao: next.PrevRandao, Timestamp: next.Timestamp,
		FeeRecipient: next.SuggestedFeeRecipient,
	}
	p.BlockHash = hash{byte(p.BlockNumber), byte(p.Timestamp), byte(p.Timestamp >> 8), 7}
	return p
}

// A fakeChain is CometBFT's side.
type fakeChain struct {
	blocks     map[int64][][]byte
	at         int64
	validators *types.ValidatorSet
	next       func() (int64, time.Time, bool)
}

func (c *fakeChain) height() int64                            { return c.at }
func (c *fakeChain) stored(height int64) [][]byte             { return c.blocks[height] }
func (c *fakeChain) successors() (*types.ValidatorSet, error) { return c.validators, nil }
func (c *fakeChain) turn() (int64, time.Time, bool)           { return c.next() }

func keyOf(name string) ed25519.PubKey {
	return ed25519.GenPrivKeyFromSecret([]byte(name)).PubKey().(ed25519.PubKey)
}

func setOf(names ...string) *types.ValidatorSet {
	var made []*types.Validator
	for _, each := range names {
		made = append(made, types.NewValidator(keyOf(each), 1))
	}
	return types.NewValidatorSet(made)
}

var epoch = time.Unix(2000, 500)

// A trial is an application between a fake geth and a fake CometBFT.
type trial struct {
	*application
	geth   *fakeGeth
	chain  *fakeChain
	failed error
	told   []string
}

func newTrial(t *testing.T) *trial {
	t.Helper()
	geth, engine := newFakeGeth(t)
	life, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	r := &trial{geth: geth, chain: &fakeChain{
		blocks: map[int64][][]byte{}, validators: setOf("north", "east", "south", "west"),
		next: func() (int64, time.Time, bool) { return 0, time.Time{}, false },
	}}
	r.application = &application{
		life: life, geth: engine, chain: r.chain, head: firstHead(), me: keyOf("north").Address(),
		described: &description{BlockTime: 1, GasLimit: testGasLimit},
		agreed:    func() ([]change, error) { return nil, nil },
		now:       func() time.Time { return epoch }, pause: time.Millisecond,
		log:  func(format string, words ...any) { r.told = append(r.told, fmt.Sprintf(format, words...)) },
		fail: func(err error) { r.failed = err },
	}
	return r
}

func (r *trial) said(t *testing.T, part string) {
	t.Helper()
	if !strings.Contains(strings.Join(r.told, "\n"), part) {
		t.Errorf("%q is not in %q", part, r.told)
	}
}

var errOfTest = errors.New("of a test")

func withCancel() (context.Context, context.CancelFunc) { return context.WithCancel(background) }
