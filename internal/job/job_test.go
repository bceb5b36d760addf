package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// runner is a process that works one kind.
func runner(t *testing.T, d *pgtest.Database, h job.Handler) *job.Runner {
	t.Helper()
	r, err := job.NewRunner(t.Context(), d.JobsURL, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r.Handle("test.work", h)
	return r
}

func start(t *testing.T, r *job.Runner) {
	t.Helper()
	if err := r.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func enqueue(t *testing.T, d *pgtest.Database) {
	t.Helper()
	ctx := auth.WithPrincipal(t.Context(), auth.SystemOf(ident.New[ident.Organization]()))
	err := d.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		return job.EnqueueTx(ctx, tx, "test.work", map[string]int{"n": 1}, job.Options{MaxAttempts: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func state(t *testing.T, d *pgtest.Database) string {
	t.Helper()
	var out string
	if err := d.Super(t).QueryRow(t.Context(), "SELECT state FROM river.river_job WHERE kind = 'test.work'").Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A process that stops lets a running job finish. One that takes longer than there is time goes back to the queue, and another process does
// it, also when the interrupted attempt was the last one.
func TestStop_finishesOrGivesBack(t *testing.T) {
	t.Parallel()
	d := pgtest.New(t)
	begun, interrupted := make(chan struct{}), make(chan error, 1)
	slow := runner(t, d, func(ctx context.Context, _ json.RawMessage) error {
		close(begun)
		<-ctx.Done()
		interrupted <- ctx.Err()
		return ctx.Err()
	})
	start(t, slow)
	enqueue(t, d)
	<-begun
	noTime, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	cancel()

	if err := slow.Stop(noTime); err != nil {
		t.Errorf("stop: %v", err)
	}

	if err := <-interrupted; !errors.Is(err, context.Canceled) {
		t.Errorf("the job ended with %v", err)
	}
	if s := state(t, d); s != "available" {
		t.Errorf("the interrupted job is %s", s)
	}
	if err := slow.Start(t.Context()); !errors.Is(err, job.ErrStopped) {
		t.Errorf("a stopped runner starts again: %v", err)
	}
	if err := slow.Stop(t.Context()); err != nil {
		t.Errorf("stop again: %v", err)
	}

	again, finish := make(chan struct{}), make(chan struct{})
	other := runner(t, d, func(context.Context, json.RawMessage) error {
		close(again)
		<-finish
		return nil
	})
	start(t, other)
	<-again
	stopped := make(chan error, 1)
	go func() { stopped <- other.Stop(context.WithoutCancel(t.Context())) }()
	close(finish)
	if err := <-stopped; err != nil {
		t.Errorf("stop with a job that finishes: %v", err)
	}
	if s := state(t, d); s != "completed" {
		t.Errorf("the job that was given back is %s", s)
	}
}

// A runner that was stopped before it could start never does: its process is about to end.
func TestStart_afterStop(t *testing.T) {
	t.Parallel()
	r := runner(t, pgtest.New(t), func(context.Context, json.RawMessage) error { return nil })
	if err := r.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := r.Start(t.Context()); !errors.Is(err, job.ErrStopped) {
		t.Errorf("start after stop: %v", err)
	}
}
