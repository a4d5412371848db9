//go:build unix && !linux

package main

import "syscall"

// withParent would end a process with this one, which only Linux can do.
func withParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
