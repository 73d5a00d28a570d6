package dbtest

import "syscall"

// endsWithUs lets the system end a server when the test that started it is killed.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
