package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/seal"
)

// prepareKeys makes the two key documents of a development stack once, readable by their owner only. It never replaces one:
// a lost key is lost data.
func prepareKeys(_ context.Context, env map[string]string) ([]string, error) {
	for variable, generate := range map[string]func(time.Time) ([]byte, error){
		"SEAL_KEYS": seal.Generate, "AUDIT_KEYS": audit.GenerateKeys,
	} {
		path := env[variable]
		if path == "" {
			return nil, fmt.Errorf("%s names no file", variable)
		}
		if err := makeKey(path, generate); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", variable, err)
		}
	}
	return nil, nil
}

func makeKey(path string, generate func(time.Time) ([]byte, error)) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	doc, err := generate(time.Now())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, doc, 0o600)
}

type keysCommand struct {
	Rotate rotateCommand `cmd:"" help:"Add a version and seal every stored value anew under it, while the platform runs; continues what was interrupted."`
	Forget forgetCommand `cmd:"" help:"Destroy the versions that no value needs any more."`
}

type rotateCommand struct{}

// Run prints the progress.
func (rotateCommand) Run(ctx context.Context) (err error) {
	app, _, err := openAPI(ctx, os.Environ())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close(ctx)) }()
	return app.RotateKeys(ctx, os.Stdout)
}

type forgetCommand struct{}

// Run prints what was destroyed.
func (forgetCommand) Run(ctx context.Context) (err error) {
	app, _, err := openAPI(ctx, os.Environ())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close(ctx)) }()
	return app.ForgetKeys(ctx, os.Stdout)
}
