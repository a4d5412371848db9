package main

import "syscall"

// withParent has the kernel kill a process when this one ends, even by a kill. A geth that ended at
// its own pace would still have its folder when the next one starts.
func withParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
