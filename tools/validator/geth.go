package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const (
	endWithin  = 50 * time.Second // for geth to write what it has in memory
	startAgain = time.Second
)

// A client is the process of geth, which is started again whenever it ends.
type client struct {
	program string
	home    string
	options []string
	log     func(format string, words ...any)
}

// prepare has geth write its first block. This changes nothing if it is there, and completes what
// was interrupted.
func (c *client) prepare() error {
	init := exec.Command(c.program, "--datadir", dataFolder, "--state.scheme", "hash", "init", genesisFile)
	init.Dir = c.home
	if said, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("%s init: %w\n%s", c.program, err, said)
	}
	return nil
}

// run runs geth until the context ends. It gives up only if geth ends before it is ready: then it
// is told wrongly, and will not do better.
func (c *client) run(ctx context.Context) error {
	// the kernel ends geth with the thread that has started it
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for wasReady := false; ; {
		socket := filepath.Join(c.home, socketFile)
		_ = os.Remove(socket)
		err := c.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if _, missing := os.Stat(socket); missing == nil {
			wasReady = true
		}
		if !wasReady {
			return fmt.Errorf("geth ended before it was ready: %w", err)
		}
		c.log("geth ended (%v) and is started again", err)
		select {
		case <-time.After(startAgain):
		case <-ctx.Done():
		}
	}
}

func (c *client) once(ctx context.Context) error {
	geth := exec.CommandContext(ctx, c.program, c.options...)
	geth.Dir = c.home
	geth.Stdout, geth.Stderr = os.Stdout, os.Stderr
	geth.SysProcAttr = withParent()
	geth.Cancel = func() error { return geth.Process.Signal(syscall.SIGTERM) }
	geth.WaitDelay = endWithin
	return geth.Run()
}
