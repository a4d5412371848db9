package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/libs/log"
)

func told(words ...string) (string, error) {
	var out bytes.Buffer
	err := command(words, &out)
	return out.String(), err
}

func TestCommandThatIsNoneIsRefused(t *testing.T) {
	for _, words := range [][]string{
		nil, {"walk"}, {"keys", "-hom"}, {"keys", "more"},
		{"agree"}, {"agree", "-height", "5"}, {"agree", "-height", "5", "-add", "0x12"},
		{"agree", "-height", "5", "-add", "0x12", "-remove", "0x12"}, {"agree", "-height", "x"},
	} {
		if out, err := told(words...); err == nil {
			t.Error(words, out)
		}
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	home := t.TempDir()
	first, err := told("keys", "-home", home)
	if err != nil {
		t.Fatal(err)
	}
	again, err := told("keys", "-home", home)
	if err != nil || again != first {
		t.Error(first, again, err)
	}
	for _, secret := range []string{keyFile, nodeKeyFile} {
		if about, err := os.Stat(filepath.Join(home, secret)); err != nil || about.Mode().Perm()&0o077 != 0 {
			t.Error(secret, about, err)
		}
	}
}

func TestIdentityIsMadeAlone(t *testing.T) {
	home := t.TempDir()
	shown, err := told("keys", "-home", home, "-identity")
	if err != nil || strings.Contains(shown, "publicKey") {
		t.Error(shown, err)
	}
	if _, err := os.Stat(filepath.Join(home, keyFile)); err == nil {
		t.Error("it made the key that signs blocks")
	}
}

func TestKeyWithoutItsRecordIsRefused(t *testing.T) {
	home := t.TempDir()
	if _, err := told("keys", "-home", home); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, signedFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := told("keys", "-home", home); err == nil || !strings.Contains(err.Error(), "sign twice") {
		t.Error(err)
	}
}

func TestBrokenKeyIsRefused(t *testing.T) {
	for _, name := range []string{keyFile, signedFile, nodeKeyFile} {
		for _, text := range []string{"", "{", "[]", `{"priv_key":{"type":"none"}}`} {
			home := t.TempDir()
			if _, err := told("keys", "-home", home); err != nil {
				t.Fatal(err)
			}
			write(t, home, name, text)
			if out, err := told("keys", "-home", home); err == nil {
				t.Error(name, text, out)
			}
		}
	}
}

func TestOperatorAgreesByCommand(t *testing.T) {
	home := t.TempDir()
	key, _ := data(keyOf("new")).MarshalText()
	if _, err := told("agree", "-home", home, "-height", "9", "-add", string(key)); err != nil {
		t.Fatal(err)
	}
	found, err := readChanges(filepath.Join(home, agreedFile))
	if err != nil || len(found) != 1 || found[0].Height != 9 || found[0].Power != 1 {
		t.Error(found, err)
	}
}

func TestNodeWithAnothersKeyIsRefused(t *testing.T) {
	home := t.TempDir()
	d := described()
	d.PublicKey = data(keyOf("north"))
	write(t, home, descriptionFile, d)
	if _, err := told("run", "-home", home); err == nil || !strings.Contains(err.Error(), "is not the key of north") {
		t.Error(err)
	}
}

// -- The process of geth --

// script writes a program that plays geth.
func script(t *testing.T, home, lines string) *client {
	t.Helper()
	path := filepath.Join(home, "geth")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+lines+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(home, dataFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	return &client{program: path, home: home, options: []string{"--some"}, log: t.Logf}
}

func TestGethThatCannotBeginIsReported(t *testing.T) {
	c := script(t, t.TempDir(), "echo Fatal: no >&2; exit 3")
	if err := c.prepare(); err == nil || !strings.Contains(err.Error(), "Fatal: no") {
		t.Error(err)
	}
	if err := c.run(background); err == nil || !strings.Contains(err.Error(), "before it was ready") {
		t.Error(err)
	}
	c.program = "/nowhere/geth"
	if err := c.run(background); err == nil {
		t.Error("there is no such program")
	}
}

func TestGethThatEndsIsStartedAgain(t *testing.T) {
	home := t.TempDir()
	c := script(t, home, "echo >> count; touch data/geth.ipc; [ $(wc -l < count) = 1 ] && exit 1; exec sleep 60")
	life, end := withCancel()
	ended := make(chan error, 1)
	go func() { ended <- c.run(life) }()
	for {
		count, _ := os.ReadFile(filepath.Join(home, "count"))
		if len(count) == 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// -- CometBFT --

func TestLoneValidatorMakesBlocksAndContinues(t *testing.T) {
	home := t.TempDir()
	shown, err := told("keys", "-home", home)
	if err != nil {
		t.Fatal(err)
	}
	var key struct{ PublicKey data }
	if err := json.Unmarshal([]byte(shown), &key); err != nil {
		t.Fatal(err)
	}
	d := described()
	d.Validators[0].PublicKey, d.Peers = key.PublicKey, nil
	g, e := newFakeGeth(t)
	d.GenesisHash = g.head.Hash
	for run := range 2 {
		runUntil(t, home, d, e.socket, quantity(2*run+2), g)
	}
	wrong := *d
	wrong.GenesisHash[5]++
	own, _ := loadKeys(home)
	if _, err := start(background, configured(home, &wrong, ""), &wrong, own, 0, nil); err == nil {
		t.Error("another first block")
	}
}

func runUntil(t *testing.T, home string, d *description, socket string, height quantity, g *fakeGeth) {
	t.Helper()
	own, err := loadKeys(home)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(home, consensusFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	_ = os.Symlink(socket, filepath.Join(home, socketFile))
	life, end := withCancel()
	defer end()
	fail := func(err error) { panic(fmt.Sprint("the node gave up: ", err)) }
	n, err := start(life, configured(home, d, ""), d, own, 0, fail)
	if err != nil {
		t.Fatal(err)
	}
	before := g.times("admin_startHTTP")
	go answerWhenCaughtUp(life, n, &engine{socket: socket, log: t.Logf}, &rpc{})
	for {
		g.lock.Lock()
		at := g.head.Number
		g.lock.Unlock()
		if at >= height && g.times("admin_startHTTP") > before {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stopNode(n)
}

func TestEndOfConsensusEndsTheNode(t *testing.T) {
	var failed error
	logger := alarm{log.NewNopLogger(), func(err error) { failed = err }}.With("module", "consensus")
	logger.Error("Error dialing peer")
	if failed != nil {
		t.Error(failed)
	}
	logger.Error("CONSENSUS FAILURE!!!", "err", "no space left on device")
	if failed == nil {
		t.Error("it goes on")
	}
	logger.Error("CONSENSUS FAILURE!!!", "err", "block time 2027 is too far in the future (wall clock 2026)")
	if !strings.HasPrefix(failed.Error(), "this machine's clock is more than a minute behind") {
		t.Error(failed)
	}
}
