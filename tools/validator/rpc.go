package main

import (
	"context"
	"strings"
	"time"

	"github.com/cometbft/cometbft/node"
)

const lookEvery = time.Second

// An rpc is where geth answers everybody who asks.
type rpc struct {
	Host   string `json:"host"`
	Port   int    `json:"port"`
	Origin string `json:"origin"` // of the web pages that may ask; empty for none
}

// answerWhenCaughtUp has geth answer as soon as the node has caught up with the network. A geth that
// is still behind does not know it, and would show an old state as the newest one.
func answerWhenCaughtUp(ctx context.Context, n *node.Node, geth *engine, at *rpc) {
	var told string
	for answers := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		if n.ConsensusReactor().WaitSync() {
			continue
		}
		if answers && geth.try(ctx, new(string), "net_version") == nil {
			continue // it is the same geth
		}
		var said string
		said, answers = geth.answer(ctx, at)
		if said != told {
			geth.log("port %d: %s", at.Port, said)
			told = said
		}
	}
}

// answer has geth answer, and returns what it says to that and whether it does. A geth that was
// started again does not answer until it is told again.
func (e *engine) answer(ctx context.Context, at *rpc) (string, bool) {
	var begun bool
	var origin any // geth takes an empty text for an origin
	if at.Origin != "" {
		origin = at.Origin
	}
	err := e.try(ctx, &begun, "admin_startHTTP", at.Host, at.Port, origin, "eth,net,web3")
	if err == nil || strings.Contains(err.Error(), "already running") ||
		strings.Contains(err.Error(), "already enabled") {
		return "geth answers", true
	}
	return err.Error(), false
}
