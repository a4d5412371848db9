// Command veche-validator is a node of a private network: CometBFT, which decides on blocks, and
// geth, which it runs and has execute them. docs/guides/network.md is the guide for operators.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
)

const usage = `veche-validator runs a node of a private network of Veche.

  veche-validator run [-home DIR] [-metrics HOST:PORT] [-keep BLOCKS] [-- GETH-OPTION…]
      runs the node in a folder until Ctrl-C or SIGTERM: CometBFT, and geth beneath it
  veche-validator keys [-home DIR] [-identity]
      shows the public keys in a folder as JSON, and makes the keys that are missing: the node's
      identity, and the key that signs blocks unless only the identity is asked for
  veche-validator agree [-home DIR] -height BLOCK (-add KEY | -remove KEY)
      agrees that a validator is added or removed from a block on
`

func main() {
	if err := command(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "veche-validator:", err)
		os.Exit(1)
	}
}

// command does what the words of a command line say.
func command(words []string, out io.Writer) error {
	if len(words) == 0 {
		return fmt.Errorf("say what to do\n\n%s", usage)
	}
	flags := flag.NewFlagSet(words[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	home := flags.String("home", ".", "")
	var do func() error
	switch words[0] {
	case "run":
		metrics, keep := flags.String("metrics", "", ""), flags.Int64("keep", 0, "")
		do = func() error { return run(*home, *metrics, *keep, flags.Args()) }
	case "keys":
		identity := flags.Bool("identity", false, "")
		do = func() error { return showKeys(*home, *identity, out) }
	case "agree":
		height := flags.Int64("height", 0, "")
		add, remove := flags.String("add", "", ""), flags.String("remove", "", "")
		do = func() error { return agreeTo(*home, *height, *add, *remove) }
	default:
		return fmt.Errorf("%q is no command\n\n%s", words[0], usage)
	}
	if err := flags.Parse(words[1:]); err != nil {
		return fmt.Errorf("%w\n\n%s", err, usage)
	}
	if words[0] != "run" && flags.NArg() > 0 {
		return fmt.Errorf("%q is too much\n\n%s", flags.Arg(0), usage)
	}
	return do()
}

func showKeys(home string, identityAlone bool, out io.Writer) error {
	identity, err := loadIdentity(home)
	if err != nil {
		return err
	}
	shown := map[string]any{"id": identity.ID()}
	if !identityAlone {
		own, err := loadKeys(home)
		if err != nil {
			return err
		}
		shown["publicKey"] = data(own.public)
	}
	return json.NewEncoder(out).Encode(shown)
}

func agreeTo(home string, height int64, add, remove string) error {
	if (add == "") == (remove == "") {
		return errors.New("say -add KEY or -remove KEY")
	}
	wanted := change{Height: height}
	if add != "" {
		wanted.Power = 1
	}
	if err := wanted.Key.UnmarshalText([]byte(add + remove)); err != nil {
		return err
	}
	return agree(filepath.Join(home, agreedFile), wanted)
}

// -- Run --

func run(home, metrics string, keep int64, options []string) error {
	d, err := readDescription(home)
	if err != nil {
		return err
	}
	own, err := loadKeys(home)
	if err != nil {
		return err
	}
	if len(d.PublicKey) > 0 && !bytes.Equal(d.PublicKey, own.public) {
		return fmt.Errorf("%s is not the key of %s", filepath.Join(home, keyFile), d.Name)
	}
	if err := os.MkdirAll(filepath.Join(home, consensusFolder), 0o700); err != nil {
		return err
	}
	told, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	life, end := context.WithCancelCause(told)
	defer end(nil)
	geth := newClient(home, d, options)
	if err := geth.prepare(); err != nil {
		return err
	}
	below, endGeth := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := geth.run(below); err != nil {
			end(err)
		}
	}()
	c := configured(home, d, metrics)
	untilBegin(life, d.GenesisTime, time.Now, tell)
	n, err := start(life, c, d, own, keep, end)
	if err == nil {
		go stayConnected(life, n, d.Peers)
		go tellWaits(life, n, d)
		if d.RPC != nil {
			own := &engine{socket: filepath.Join(home, socketFile), log: tell}
			go answerWhenCaughtUp(life, n, own, d.RPC)
		}
		<-life.Done()
		stopNode(n)
	}
	endGeth()
	<-ended
	if told.Err() != nil {
		return nil
	}
	if cause := context.Cause(life); cause != nil {
		return cause
	}
	return err
}

// start makes the node and starts it.
func start(
	life context.Context, c *config.Config, d *description, own *keys, keep int64, fail func(error),
) (*node.Node, error) {
	// geth's socket has a short path, as the folder of a node is the current one
	geth := &engine{socket: filepath.Join(c.RootDir, socketFile), log: tell}
	first, err := geth.block(life, "earliest")
	if err != nil {
		return nil, err
	}
	if first.Hash != d.GenesisHash {
		return nil, fmt.Errorf("the chain in %s begins with the block %v, and this network with %v: "+
			"move that folder away", filepath.Join(c.RootDir, dataFolder), first.Hash, d.GenesisHash)
	}
	look := &stores{me: own.blocks.GetAddress()}
	app := &application{
		life: life, described: d, geth: geth, chain: look, keep: keep, me: look.me,
		agreed: func() ([]change, error) { return readChanges(filepath.Join(c.RootDir, agreedFile)) },
		now:    time.Now, pause: time.Second, log: tell, fail: fail,
	}
	if d.Private {
		app.friends = map[string]bool{}
		for _, each := range ids(d.Peers) {
			app.friends[each] = true
		}
	}
	logger := log.NewFilter(log.NewTMLogger(log.NewSyncWriter(os.Stderr)), log.AllowError())
	n, err := newNode(life, c, own, app, look, alarm{logger, fail})
	if err != nil {
		return nil, err
	}
	return n, n.Start()
}

// stopNode stops CometBFT, unless it hangs: whatever it is at, it continues there when it starts.
func stopNode(n *node.Node) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = n.Stop()
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
	}
}

func newClient(home string, d *description, options []string) *client {
	program := os.Getenv("VECHE_GETH")
	if program == "" {
		program = "geth"
	}
	recommit := []string{"--miner.recommit", d.recommit().String()}
	return &client{program, home, slices.Concat(d.Geth, recommit, options), tell}
}

func tell(format string, words ...any) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	fmt.Fprintf(os.Stderr, "%s validator: %s\n", now, fmt.Sprintf(format, words...))
}
