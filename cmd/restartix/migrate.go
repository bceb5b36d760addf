package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/migrations"
)

// migrateCommand groups the steps of the schema. All of them read DATABASE_ADMIN_URL.
type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply every migration that is missing."`
	Down   migrateDown   `cmd:"" help:"Reverse migrations."`
	Status migrateStatus `cmd:"" help:"Print the applied version."`
}

type migrateUp struct{}

// Run applies what is missing; a current database is left alone.
func (migrateUp) Run(ctx context.Context) error {
	m, err := migrator()
	if err != nil {
		return err
	}
	if err := m.Up(ctx); err != nil {
		return err
	}
	return printStatus(ctx, m)
}

type migrateDown struct {
	Steps int `help:"How many migrations to reverse." default:"1"`
}

// Run reverses the given number of migrations.
func (c migrateDown) Run(ctx context.Context) error {
	if c.Steps < 1 {
		return errors.New("steps must be at least 1")
	}
	m, err := migrator()
	if err != nil {
		return err
	}
	if err := m.Down(ctx, c.Steps); err != nil {
		return err
	}
	return printStatus(ctx, m)
}

type migrateStatus struct{}

// Run prints the version and whether a migration broke half-way.
func (migrateStatus) Run(ctx context.Context) error {
	m, err := migrator()
	if err != nil {
		return err
	}
	return printStatus(ctx, m)
}

func migrator() (*postgres.Migrator, error) {
	url := os.Getenv("DATABASE_ADMIN_URL")
	if url == "" {
		return nil, errors.New("DATABASE_ADMIN_URL is not set")
	}
	return postgres.NewMigrator(url, migrations.Files), nil
}

func printStatus(ctx context.Context, m *postgres.Migrator) error {
	version, dirty, err := m.Status(ctx)
	if err != nil {
		return err
	}
	if dirty {
		return fmt.Errorf("migration %d broke half-way: repair it, then run migrate up again", version)
	}
	_, err = fmt.Printf("schema version %d\n", version)
	return err
}
