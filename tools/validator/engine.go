package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	answerWithin = 2 * time.Minute        // a full block on a busy machine takes seconds
	askAgain     = 500 * time.Millisecond // after geth could not be asked
)

// An engine is geth: it executes blocks, and makes them of the transactions that it has. geth
// answers at a socket in the node's folder, to whoever may open that file.
type engine struct {
	socket string
	log    func(format string, words ...any)

	lock sync.Mutex
	conn net.Conn
	read *json.Decoder
	last uint64
}

// A refusal is what geth answers instead of a result.
type refusal struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("geth refuses: %s (%d)", r.Message, r.Code) }

// try asks geth once.
func (e *engine) try(ctx context.Context, result any, method string, params ...any) error {
	e.lock.Lock()
	defer e.lock.Unlock()
	answer, err := e.exchange(ctx, method, params)
	if err != nil {
		e.hangUp()
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %w", method, answer.Error)
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("%s: geth answers something else: %w", method, err)
	}
	return nil
}

// ask asks until geth answers, if only with a refusal: a node without its geth stands still, and
// loses nothing.
func (e *engine) ask(ctx context.Context, result any, method string, params ...any) error {
	var told string
	for {
		err := e.try(ctx, result, method, params...)
		if refused := (*refusal)(nil); err == nil || errors.As(err, &refused) {
			return err
		}
		if said := err.Error(); said != told {
			e.log("%s", said)
			told = said
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(askAgain):
		}
	}
}

type answer struct {
	ID     uint64          `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *refusal        `json:"error"`
}

func (e *engine) exchange(ctx context.Context, method string, params []any) (answer, error) {
	var got answer
	if err := e.dial(ctx); err != nil {
		return got, err
	}
	stop := context.AfterFunc(ctx, func() { _ = e.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := e.conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return got, err
	}
	if params == nil {
		params = []any{}
	}
	e.last++
	request := map[string]any{"jsonrpc": "2.0", "id": e.last, "method": method, "params": params}
	if err := json.NewEncoder(e.conn).Encode(request); err != nil {
		return got, err
	}
	if err := e.read.Decode(&got); err != nil {
		return got, err
	}
	if got.ID != e.last {
		return got, fmt.Errorf("geth answers request %d instead of %d", got.ID, e.last)
	}
	return got, nil
}

func (e *engine) dial(ctx context.Context) error {
	if e.conn != nil {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", e.socket)
	if err != nil {
		return err
	}
	e.conn, e.read = conn, json.NewDecoder(conn)
	return nil
}

func (e *engine) hangUp() {
	if e.conn != nil {
		_ = e.conn.Close()
		e.conn = nil
	}
}

// -- What geth is asked --

// A head is a block of the chain, as far as the next one depends on it.
type head struct {
	Number    quantity `json:"number"`
	Hash      hash     `json:"hash"`
	Timestamp quantity `json:"timestamp"`
}

// block returns a block of geth's chain: "latest", "earliest" or a number.
func (e *engine) block(ctx context.Context, which string) (head, error) {
	var found *head
	err := e.ask(ctx, &found, "eth_getBlockByNumber", which, false)
	if err == nil && found == nil {
		err = fmt.Errorf("geth has no block %s", which)
	}
	if err != nil {
		return head{}, err
	}
	return *found, nil
}

type verdict string

const (
	valid   verdict = "VALID"
	invalid verdict = "INVALID"
)

type payloadStatus struct {
	Status          verdict `json:"status"`
	ValidationError *string `json:"validationError"`
}

func (s payloadStatus) String() string {
	if s.ValidationError == nil {
		return string(s.Status)
	}
	return fmt.Sprintf("%s (%s)", s.Status, *s.ValidationError)
}

// execute has geth execute a block. The block is then known to geth, but not yet in its chain.
func (e *engine) execute(ctx context.Context, p *payload) (payloadStatus, error) {
	var said payloadStatus
	err := e.ask(ctx, &said, "engine_newPayloadV3", p, []string{}, hash{})
	return said, err
}

type forkchoice struct {
	PayloadStatus payloadStatus `json:"payloadStatus"`
	PayloadID     *string       `json:"payloadId"`
}

// choose makes a block the head of the chain, and final. With attributes, geth begins to build the
// next one.
func (e *engine) choose(ctx context.Context, block hash, next *attributes) (forkchoice, error) {
	state := map[string]hash{"headBlockHash": block, "safeBlockHash": block, "finalizedBlockHash": block}
	var made forkchoice
	err := e.ask(ctx, &made, "engine_forkchoiceUpdatedV3", state, next)
	return made, err
}

// built takes the block that geth has built so far.
func (e *engine) built(ctx context.Context, id string) (*payload, error) {
	var made struct {
		ExecutionPayload *payload `json:"executionPayload"`
	}
	// once: geth forgets what it builds when it ends
	if err := e.try(ctx, &made, "engine_getPayloadV3", id); err != nil {
		return nil, err
	}
	if made.ExecutionPayload == nil {
		return nil, errors.New("geth has built nothing")
	}
	return made.ExecutionPayload, nil
}
