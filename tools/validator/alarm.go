package main

import (
	"errors"
	"strings"

	"github.com/cometbft/cometbft/libs/log"
)

// An alarm is a logger that tells when CometBFT's consensus has ended, as it does if its disk is full.
// The rest of CometBFT would go on, and look alive.
type alarm struct {
	log.Logger
	fail func(error)
}

func (a alarm) Error(message string, words ...any) {
	a.Logger.Error(message, words...)
	if strings.HasPrefix(message, "CONSENSUS FAILURE") {
		a.fail(errors.New("CometBFT's consensus has ended; the log says why"))
	}
}

func (a alarm) With(words ...any) log.Logger { return alarm{a.Logger.With(words...), a.fail} }
