package coreapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/job"
)

// NewLogger writes JSON lines. Types that hold personal data redact themselves; this is where their last line of defence
// would be, so nothing is formatted with %+v anywhere.
func NewLogger(out io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: l}))
}

// closeLimit bounds what comes after draining. Together with it and with jobs that are given back the process ends within 15 seconds.
const closeLimit = time.Second

// warmLimit bounds how long a fresh process keeps traffic away to open connections.
const warmLimit = 5 * time.Second

// Serve listens on the configured address until ctx ends, then drains: readiness fails at once, new requests are served for
// DrainNotice, running ones get DrainTimeout, streams are told to reconnect, jobs return to the queue.
func (a *App) Serve(ctx context.Context) error {
	if err := a.checkAuditKeys(ctx); err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", a.addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.addr, err)
	}
	return a.ServeOn(ctx, listener)
}

// checkAuditKeys refuses to start with keys that did not write the trail. A database that does not answer yet is no reason not to
// start; /ready then asks again.
func (a *App) checkAuditKeys(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeLimit)
	defer cancel()
	err := a.trail.CheckKeys(ctx)
	if errors.Is(err, audit.ErrForeignKeys) {
		return fmt.Errorf("AUDIT_KEYS: %w", err)
	}
	if err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "audit keys not compared yet", slog.String("error", err.Error()))
	}
	return nil
}

// ServeOn is Serve on a listener that the caller opened; tests use port 0.
func (a *App) ServeOn(ctx context.Context, listener net.Listener) error {
	server := newHTTPServer(a.handler, a.log)
	a.warming.Store(true)
	go a.warm(context.WithoutCancel(ctx))
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	a.startSweep(background)
	go a.startQueue(background)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	a.log.LogAttrs(ctx, slog.LevelInfo, "listening", slog.String("addr", listener.Addr().String()))
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return a.drain(context.WithoutCancel(ctx), server, failed)
}

// warm lets traffic come once connections are open. A database that is away is no reason to wait longer: then nothing is ready anyway.
func (a *App) warm(ctx context.Context) {
	defer a.warming.Store(false)
	ctx, cancel := context.WithTimeout(ctx, warmLimit)
	defer cancel()
	if err := a.db.Warm(ctx); err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "database connections not opened yet", slog.String("error", err.Error()))
	}
}

// drain answers not ready at once and serves on for a moment, so that whoever balances the load has heard it before anything is
// refused. Then the listener closes, streams are told to come back elsewhere, and running requests and jobs finish side by side: what one
// of them takes is not missing to the other.
func (a *App) drain(ctx context.Context, server *http.Server, failed <-chan error) error {
	a.draining.Store(true)
	a.log.LogAttrs(ctx, slog.LevelInfo, "draining")
	ctx, cancel := context.WithTimeout(ctx, a.drainTimeout)
	defer cancel()
	select {
	case <-ctx.Done():
	case <-time.After(a.drainNotice):
	}
	a.api.CloseStreams()
	queue := make(chan error, 1)
	go func() { queue <- a.runner.Stop(ctx) }()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if ended := <-failed; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	err = errors.Join(err, <-queue)
	rest, cancelRest := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancelRest()
	return errors.Join(err, a.Close(rest))
}

// StartBackground hears pushes, gives back holds that run out, and starts the queue as soon as its tables answer. A database that is
// still coming up is waited for, not died of.
func (a *App) StartBackground(ctx context.Context) {
	a.startSweep(ctx)
	a.startQueue(ctx)
}

// startSweep also lets Close end the sweep: a hold that was taken from Redis is pushed before the process goes.
func (a *App) startSweep(ctx context.Context) {
	go a.live.Run(ctx)
	sweeping, stop := context.WithCancel(ctx)
	a.sweeps.Go(func() { a.holds.Run(sweeping) })
	go func() {
		defer stop()
		select {
		case <-a.ending:
		case <-ctx.Done():
		}
	}()
}

func (a *App) startQueue(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.runner.Start(ctx)
		if err == nil || errors.Is(err, job.ErrStopped) {
			return
		}
		a.log.LogAttrs(ctx, slog.LevelWarn, "queue not started yet", slog.String("error", err.Error()))
		select {
		case <-ctx.Done():
		case <-a.ending:
			return
		case <-time.After(2 * time.Second):
		}
	}
}
