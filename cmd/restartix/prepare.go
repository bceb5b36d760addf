package main

import (
	"context"
	"path/filepath"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/migrations"
)

// preparation is one step between "the services answer" and "the APIs start". It reads the environment that the Core API
// is about to get, may add to it, and answers lines for the person who started the stack. It must be repeatable: it
// runs at every start.
type preparation func(ctx context.Context, env map[string]string) (notes []string, err error)

// preparations run in this order: keys (SEAL_KEYS and AUDIT_KEYS name the files), then migrations, then demo data.
func preparations() []preparation {
	return []preparation{prepareKeys, prepareSchema, prepareDemo}
}

func prepareSchema(ctx context.Context, env map[string]string) ([]string, error) {
	return nil, postgres.NewMigrator(env["DATABASE_ADMIN_URL"], migrations.Files).Up(ctx)
}

// prepareDemo keeps the sign-ins beside the keys.
func prepareDemo(ctx context.Context, env map[string]string) ([]string, error) {
	environ := make([]string, 0, len(env))
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	return seed(ctx, environ, filepath.Join(filepath.Dir(filepath.Dir(env["SEAL_KEYS"])), "demo.json"))
}

func prepare(ctx context.Context, env map[string]string) ([]string, error) {
	var notes []string
	for _, step := range preparations() {
		lines, err := step(ctx, env)
		if err != nil {
			return nil, err
		}
		notes = append(notes, lines...)
	}
	return notes, nil
}
