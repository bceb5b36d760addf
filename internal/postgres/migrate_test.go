package postgres_test

import (
	"testing"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/migrations"
)

func TestMigrator_upDownUp(t *testing.T) {
	t.Parallel()
	d := pgtest.Empty(t)
	m := postgres.NewMigrator(d.AdminURL, migrations.Files)

	if err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Down(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}
