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
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		if n.ConsensusReactor().WaitSync() {
			continue
		}
		if said := geth.answer(ctx, at); said != "" && said != told {
			geth.log("port %d: %s", at.Port, said)
			told = said
		}
	}
}

// answer has geth answer, and returns what is new about that. A geth that was started again does not
// answer until it is told again.
func (e *engine) answer(ctx context.Context, at *rpc) string {
	var begun bool
	var origin any // geth takes an empty text for an origin
	if at.Origin != "" {
		origin = at.Origin
	}
	err := e.try(ctx, &begun, "admin_startHTTP", at.Host, at.Port, origin, "eth,net,web3")
	switch {
	case err == nil:
		return "geth answers"
	case strings.Contains(err.Error(), "already running"), strings.Contains(err.Error(), "already enabled"):
		return ""
	}
	return err.Error()
}
