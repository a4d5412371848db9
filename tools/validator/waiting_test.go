package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNodeTellsWhatItWaitsFor(t *testing.T) {
	one, both := []string{"aa@192.0.2.1:26656"}, []string{"aa@192.0.2.1:26656", "bb@192.0.2.2:26656"}
	for said, s := range map[string]situation{
		"no peer is reached of aa@192.0.2.1:26656, bb@192.0.2.2:26656": {7, time.Second, true, both, 2},
		"catching up: block 7, 1 of 2 peers reached":                   {7, time.Second, true, one, 2},
		"no block after block 7: 2 of 2 peers reached":                 {7, 2 * time.Minute, false, nil, 2},
		"no block after block 0: 0 of 0 peers reached":                 {0, 2 * time.Minute, false, nil, 0},
	} {
		if words := s.waits(time.Second); !strings.HasPrefix(words, said) {
			t.Error(words)
		}
	}
}

func TestNodeThatWaitsForNothingIsQuiet(t *testing.T) {
	for _, s := range []situation{
		{7, time.Second, false, nil, 2},
		{7, 59 * time.Second, false, []string{"aa@192.0.2.1:26656"}, 2},
		{7, time.Second, false, nil, 0},
	} {
		if words := s.waits(time.Second); words != "" {
			t.Error(words)
		}
	}
	if words := (situation{7, 2 * time.Minute, false, nil, 2}).waits(time.Minute); words != "" {
		t.Error("blocks of this network are far apart:", words)
	}
}

func TestNodeWhoseClockIsBehindTellsItAndCanBeEnded(t *testing.T) {
	begins := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	behind := func() time.Time { return begins.Add(-time.Hour) }
	ctx, end := context.WithCancel(context.Background())
	var said string
	untilBegin(ctx, begins, behind, func(format string, values ...any) {
		said = fmt.Sprintf(format, values...)
		end() // as a signal does
	})
	if !strings.HasPrefix(said, "the network begins at 2027-01-01T12:00:00Z, in 1h0m0s") {
		t.Error(said)
	}
}

func TestNodeThatBeganWaitsForNoClock(t *testing.T) {
	begins := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	untilBegin(context.Background(), begins, func() time.Time { return begins }, t.Errorf)
}
