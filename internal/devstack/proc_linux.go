package devstack

import "syscall"

// attributes puts a child into its own process group, so that Ctrl-C reaches the supervisor alone, and asks the kernel
// to signal the child when the thread that started it ends, however that comes about.
func attributes(user *syscall.Credential, death syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: user, Pdeathsig: death}
}
