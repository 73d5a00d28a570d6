//go:build !linux

package dbtest

import "syscall"

// endsWithUs is nothing that other systems know: there a server outlives a test that is killed.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
