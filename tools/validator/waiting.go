package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
)

const (
	lookAround = 5 * time.Second // from one look at what a node waits for to the next
	repeated   = time.Minute     // until the same is told again
	standstill = time.Minute     // without a block, at the least, before that is told
)

// untilBegin waits until a network's first block may be made, or the context ends. CometBFT would
// wait by itself, but silently, and no signal would end it.
func untilBegin(ctx context.Context, begins time.Time, now func() time.Time, tell func(string, ...any)) {
	left := begins.Sub(now())
	if left <= 0 {
		return
	}
	tell("the network begins at %v, in %v by this machine's clock: if that is not meant, set the clock",
		begins.UTC().Format(time.RFC3339), left.Round(time.Second))
	select {
	case <-ctx.Done():
	case <-time.After(left):
	}
}

// A situation is what a node may have to wait for.
type situation struct {
	height  int64         // of the newest block
	since   time.Duration // since that block came, or since the node was started
	syncing bool          // whether it is catching up with the others
	away    []string      // the peers that it is not connected to, ID@HOST:PORT
	peers   int           // the peers that it should be connected to
}

// waits says what the node waits for; it is empty if the node waits for nothing. Validators rest
// between blocks for the time that the network's description gives.
func (s situation) waits(rest time.Duration) string {
	reached := fmt.Sprintf("%d of %d peers reached", s.peers-len(s.away), s.peers)
	switch {
	case s.peers > 0 && len(s.away) == s.peers:
		return "no peer is reached of " + strings.Join(s.away, ", ")
	case s.syncing:
		return fmt.Sprintf("catching up: block %d, %s", s.height, reached)
	case s.since > max(standstill, 10*rest):
		return fmt.Sprintf("no block after block %d: %s, and more than two thirds of the validators "+
			"must run", s.height, reached)
	}
	return ""
}

// tellWaits tells what a node waits for, until the context ends.
func tellWaits(ctx context.Context, n *node.Node, d *description) {
	var said string
	var saidAt time.Time
	height, since := n.BlockStore().Height(), time.Now()
	tick := time.NewTicker(lookAround)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := n.BlockStore().Height(); now != height {
			height, since = now, time.Now()
		}
		peers := others(n, d.Peers)
		syncing := n.ConsensusReactor().WaitSync()
		words := situation{height, time.Since(since), syncing, away(n, peers), len(peers)}.waits(d.rest())
		if words != "" && (words != said || time.Since(saidAt) > repeated) {
			tell("%s", words)
			saidAt = time.Now()
		}
		said = words
	}
}

// others are the peers of a node without itself.
func others(n *node.Node, peers []string) []string {
	return slices.DeleteFunc(slices.Clone(peers), func(each string) bool {
		return p2p.ID(ids([]string{each})[0]) == n.NodeInfo().ID()
	})
}

// away are the peers that a node is not connected to.
func away(n *node.Node, peers []string) []string {
	return slices.DeleteFunc(slices.Clone(peers), func(each string) bool {
		return n.Switch().Peers().Has(p2p.ID(ids([]string{each})[0]))
	})
}
