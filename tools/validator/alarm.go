package main

import (
	"errors"
	"fmt"
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
		a.fail(errors.New(why(fmt.Sprint(words...))))
	}
}

// why says what CometBFT's consensus has ended for, by what its log says of it. It ends if the others
// have decided on a block that is more than a minute ahead of its own clock.
func why(said string) string {
	if strings.Contains(said, "too far in the future") {
		return "this machine's clock is more than a minute behind the others: set it, then start the node again"
	}
	return "CometBFT's consensus has ended; the log says why"
}

func (a alarm) With(words ...any) log.Logger { return alarm{a.Logger.With(words...), a.fail} }
