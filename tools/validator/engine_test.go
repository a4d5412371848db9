package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func TestGethIsAskedUntilItIsThere(t *testing.T) {
	g, e := newFakeGeth(t)
	g.end()
	answered := make(chan error, 1)
	go func() {
		_, err := e.block(background, "latest")
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Fatal("nobody can have answered", err)
	case <-time.After(20 * time.Millisecond):
	}
	_ = os.Remove(e.socket)
	g.listen(t, e.socket)
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func TestGethThatEndsInTheMiddleIsAskedAgain(t *testing.T) {
	for _, text := range []raw{"", "{", "garbage\n", `{"id":99,"result":{}}`, "[]"} {
		g, e := newFakeGeth(t)
		first := true
		g.odd = func(string) (any, *refusal, bool) {
			if !first {
				return nil, nil, false
			}
			first = false
			if text == "" {
				for _, each := range g.conns {
					_ = each.Close()
				}
			}
			return text, nil, true
		}
		if text == "{" {
			time.AfterFunc(20*time.Millisecond, func() {
				g.lock.Lock()
				defer g.lock.Unlock()
				_ = g.conns[0].Close()
			})
		}
		if at, err := e.block(background, "latest"); err != nil || at != firstHead() {
			t.Errorf("%q: %v, %v", text, at, err)
		}
	}
}

func TestAskingEndsWithTheProgram(t *testing.T) {
	g, e := newFakeGeth(t)
	g.end()
	life, end := context.WithTimeout(background, 10*time.Millisecond)
	defer end()
	if _, err := e.block(life, "latest"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestGethsRefusalIsAnAnswer(t *testing.T) {
	g, e := newFakeGeth(t)
	g.odd = func(string) (any, *refusal, bool) { return nil, &refusal{-32000, "why not"}, true }
	_, err := e.block(background, "latest")
	if refused := (*refusal)(nil); !errors.As(err, &refused) || refused.Message != "why not" {
		t.Error(err)
	}
}

func TestBlockThatGethDoesNotHaveIsAnError(t *testing.T) {
	_, e := newFakeGeth(t)
	if at, err := e.block(background, "0x63"); err == nil {
		t.Error(at)
	}
}

func TestGethAnswersOnceItIsTold(t *testing.T) {
	g, e := newFakeGeth(t)
	var said *refusal
	g.odd = func(method string) (any, *refusal, bool) { return true, said, method == "admin_startHTTP" }
	for message, answers := range map[string]bool{
		"": true, "listen tcp: address already in use": false,
		"HTTP server already running on 127.0.0.1:8545": true, "JSON-RPC over HTTP is already enabled": true,
	} {
		said = &refusal{-32000, message}
		if message == "" {
			said = nil
		}
		told, got := e.answer(background, &rpc{"127.0.0.1", 8545, ""})
		if got != answers || !strings.Contains(told, message) && !answers {
			t.Error(message, told)
		}
	}
}
