package main

import (
	"context"
	"strings"
	"time"

	"github.com/cometbft/cometbft/node"
)

const lookEvery = time.Second

// answerWhenCaughtUp has geth answer at a port as soon as the node has caught up with the network. A
// geth that is still behind does not know it, and would show an old state as the newest one.
func answerWhenCaughtUp(ctx context.Context, n *node.Node, geth *engine, at *rpc) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		if !n.ConsensusReactor().WaitSync() {
			geth.answer(ctx, at)
		}
	}
}

// answer has geth answer, unless it does already. A geth that was started again does not.
func (e *engine) answer(ctx context.Context, at *rpc) {
	var begun bool
	var origin any // geth takes an empty text for an origin
	if at.Origin != "" {
		origin = at.Origin
	}
	err := e.try(ctx, &begun, "admin_startHTTP", at.Host, at.Port, origin, "eth,net,web3")
	switch {
	case err == nil:
		e.log("geth answers at port %d", at.Port)
	case !strings.Contains(err.Error(), "already running") && ctx.Err() == nil:
		e.log("geth does not answer at port %d: %v", at.Port, err)
	}
}
