package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/devstack"
)

// upCommand starts the embedded services, the two APIs and the three apps.
type upCommand struct {
	Only       []string `help:"Run these parts only: ${enum}." enum:"postgres,redis,s3,mail,api,telemetry,clinic,portal,console" placeholder:"PART,..."`
	PortOffset int      `help:"Move every port by this much, to run two checkouts side by side." placeholder:"N"`
	NoBuild    bool     `help:"Run what is built already."`
	Data       string   `help:"Folder of the state, so that a second stack of this checkout has its own." type:"path" placeholder:"DIR"`
}

// Run blocks until ctx ends or a part of the stack ends by itself.
func (c upCommand) Run(ctx context.Context) error {
	root, err := checkout()
	if err != nil {
		return err
	}
	opts := stackOptions(root)
	if opts.CoreVariables, err = coreVariables(); err != nil {
		return err
	}
	if err := hushLibraries(); err != nil {
		return err
	}
	opts.Data = c.Data // empty is .data of the checkout
	opts.Only, opts.Ports, opts.Prepare = c.Only, devstack.DefaultPorts().Shift(c.PortOffset), prepare
	if !c.NoBuild {
		opts.Builds = builds(c.Only)
	}
	return devstack.Up(ctx, opts)
}

// coreVariables are the names that the Core API's configuration reads.
func coreVariables() ([]string, error) {
	fields, err := env.GetFieldParams(&config.Config{})
	if err != nil {
		return nil, fmt.Errorf("listing the variables of the Core API: %w", err)
	}
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Key
	}
	return names, nil
}

// stackOptions are those that all stacks of a checkout share.
func stackOptions(root string) devstack.Options {
	out := os.Stdout
	info, err := out.Stat()
	return devstack.Options{
		Root: root, Env: devstack.EnvironMap(os.Environ()), Out: out, Now: time.Now,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0,
	}
}

// hushLibraries keeps libraries that print on their own (the S3 gateway does) out of the table. The stack writes to the
// file that it was given, not to os.Stdout.
func hushLibraries() error {
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("opening %s: %w", os.DevNull, err)
	}
	os.Stdout = quiet
	return nil
}

// checkout is the nearest folder, from the working directory up, that holds this module.
func checkout() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the checkout: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("run this inside a checkout of the platform: there is no go.mod in %s or above", start)
		}
	}
}
