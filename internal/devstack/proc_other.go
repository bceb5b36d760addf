//go:build !linux

package devstack

import "syscall"

// attributes puts a child into its own process group. There is no parent-death signal outside Linux.
func attributes(user *syscall.Credential, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: user}
}
