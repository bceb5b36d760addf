package postgres_test

import (
	"context"
	"testing"

	"github.com/restartix/platform/internal/postgres/pgtest"
)

// After warming every connection of the pool is open and free; a second time opens none. Without time it says so, and keeps none.
func TestWarm_opensEveryConnection(t *testing.T) {
	t.Parallel()
	d := pgtest.New(t, pgtest.PoolSize(5))
	for range 2 {
		if err := d.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := d.AppPool().Stat()
		if s.TotalConns() != 5 || s.IdleConns() != 5 || s.NewConnsCount() != 5 {
			t.Errorf("%d connections, %d of them free, %d made", s.TotalConns(), s.IdleConns(), s.NewConnsCount())
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Warm(over); err == nil {
		t.Error("warming without time succeeded")
	}
	if n := d.AppPool().Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are kept", n)
	}
}
