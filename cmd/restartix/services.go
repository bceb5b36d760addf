package main

import (
	"context"

	"github.com/restartix/platform/internal/devstack"
)

// servicesCommand starts what tests need and writes their addresses to .data/test.env.
type servicesCommand struct{}

// Run blocks until ctx ends or a service ends by itself.
func (servicesCommand) Run(ctx context.Context) error {
	root, err := checkout()
	if err != nil {
		return err
	}
	opts := stackOptions(root)
	if err := hushLibraries(); err != nil {
		return err
	}
	return devstack.Services(ctx, opts)
}
