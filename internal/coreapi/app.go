// Package coreapi builds the Core API: every service once, in the order of the package list, every route and every listener.
// It is the only package that sees all others; it decides nothing by itself.
package coreapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/file"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/licence"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/seal"
)

// ground is what every service stands on.
type ground struct {
	cfg     config.Config
	hands   Hands
	log     *slog.Logger
	db      *postgres.DB
	redis   *redisdb.Client
	ring    *seal.Ring
	keys    *audit.Keys
	trail   *audit.Trail
	bus     *event.Bus
	runner  *job.Runner
	limiter *ratelimit.Limiter
	live    *live.Hub
}

// App is the running Core API.
type App struct {
	ground
	services
	handler      http.Handler
	api          *httpapi.Server
	draining     atomic.Bool
	warming      atomic.Bool
	addr         string
	drainTimeout time.Duration
	drainNotice  time.Duration
	// ending is closed when Close begins; sweeps are what it waits for.
	ending  chan struct{}
	sweeps  sync.WaitGroup
	closing sync.Once
	closed  error
}

// New builds the API. It waits for nobody: a dependency that is still starting is reported by /ready, not died of. Missing or
// wrong keys are an error, because writing without them would be worse than not starting.
func New(ctx context.Context, cfg config.Config, hands Hands, log *slog.Logger) (*App, error) {
	g, err := newGround(ctx, cfg, hands, log)
	if err != nil {
		return nil, err
	}
	a := &App{
		ground: g, addr: cfg.Addr, drainTimeout: cfg.DrainTimeout, drainNotice: cfg.DrainNotice, ending: make(chan struct{}),
	}
	if a.services, err = newServices(g); err != nil {
		g.db.Close()
		return nil, err
	}
	if err := a.mount(); err != nil { //nolint:contextcheck // every request brings a context of its own
		g.db.Close()
		return nil, err
	}
	return a, nil
}

func newGround(ctx context.Context, cfg config.Config, hands Hands, log *slog.Logger) (ground, error) {
	g := ground{cfg: cfg, hands: hands, log: log}
	ring, err := seal.Follow(func() ([]byte, error) {
		return readKeys(cfg.SealKeys, func(doc []byte) ([]byte, error) { return doc, nil })
	})
	if err != nil {
		return g, fmt.Errorf("SEAL_KEYS: %w", err)
	}
	keys, err := readKeys(cfg.AuditKeys, audit.ParseKeys)
	if err != nil {
		return g, fmt.Errorf("AUDIT_KEYS: %w", err)
	}
	limits := ratelimit.Defaults()
	if cfg.LimitsFile != "" {
		if limits, err = readKeys(cfg.LimitsFile, ratelimit.ParseLimits); err != nil {
			return g, fmt.Errorf("LIMITS_FILE: %w", err)
		}
	}
	if g.redis, err = redisdb.Open(cfg.RedisURL.Reveal()); err != nil {
		return g, fmt.Errorf("REDIS_URL: %w", err)
	}
	g.db, err = postgres.Open(ctx, postgres.Options{
		AppURL: cfg.DatabaseURL.Reveal(), AdminURL: cfg.DatabaseAdminURL.Reveal(), PoolSize: cfg.DatabasePool, Now: hands.Now, Tracer: hands.Tracer,
	})
	if err != nil {
		return g, err
	}
	if g.runner, err = job.NewRunner(ctx, cfg.DatabaseJobsURL.Reveal(), log); err != nil {
		g.db.Close()
		return g, fmt.Errorf("DATABASE_JOBS_URL: %w", err)
	}
	g.ring, g.keys = ring, keys
	g.trail = audit.NewTrail(g.db, keys, log)
	g.bus = event.NewBus(g.db)
	g.limiter = ratelimit.New(g.redis, limits, hands.Now)
	g.live = live.New(ctx, g.redis, hands.Now, log)
	return g, nil
}

// readKeys reads and parses a document that the configuration names; the error never quotes it.
func readKeys[T any](path string, parse func([]byte) (T, error)) (T, error) {
	var zero T
	doc, err := os.ReadFile(path)
	if err != nil {
		return zero, errors.New("the file cannot be read")
	}
	return parse(doc)
}

// Handler is the whole API, for tests that serve it themselves.
func (a *App) Handler() http.Handler { return a.handler }

// Routes lists every typed endpoint.
func (a *App) Routes() []httpapi.Endpoint { return a.api.Endpoints() }

// Holds is the service of holds, for tests of what booking asks it.
func (a *App) Holds() *scheduling.Holds { return a.holds }

// Files is the service of files, for tests of its sweep.
func (a *App) Files() *file.Service { return a.files }

// Licences is what reminds of the end of licences; the tests of a day that has come call it.
func (a *App) Licences() *licence.Service { return a.licences }

// OpenAPI is the document of everything that is mounted.
func (a *App) OpenAPI() ([]byte, error) { return a.api.OpenAPI() }

// Close stops the queue, lets the sweep of holds finish its round, and ends the pools. What is still running when ctx ends is left behind.
// Safe after a failed start; a second call answers what the first did.
func (a *App) Close(ctx context.Context) error {
	a.closing.Do(func() {
		close(a.ending)
		err := a.runner.Stop(ctx)
		swept := make(chan struct{})
		go func() {
			defer close(swept)
			a.sweeps.Wait()
			a.db.Close()
		}()
		select {
		case <-swept:
		case <-ctx.Done():
		}
		a.closed = errors.Join(err, a.live.Close(), a.redis.Close())
	})
	return a.closed
}
