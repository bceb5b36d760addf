// Package postgres is the only door to PostgreSQL. It owns the two pools and the rule that a transaction cannot exist
// without a context: who is asking, in which clinic, as which role. Row-level security reads that context; without it
// every table answers zero rows.
//
// The application pool connects as restartix_app (no ownership, no BYPASSRLS). The owner pool serves platform rows and
// migrations only; its call sites are a committed allow-list. Connections are taken per transaction and never held while
// the outside world answers.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/restartix/platform/internal/apperror"
)

// ErrNoPrincipal is a programmer's error: a transaction was asked for without anybody behind it.
var ErrNoPrincipal = errors.New("no principal in the context")

// Limits every connection carries, so that no statement, lock or idle transaction outlives its request (figure R-9).
const (
	statementTimeout = "10s"
	lockTimeout      = "5s"
	idleTimeout      = "15s"
	// acquireTimeout bounds the wait for a connection: a full pool answers 503 instead of queueing (figure R-10).
	acquireTimeout = 1500 * time.Millisecond
)

// DB is the pair of pools. It is safe for concurrent use.
type DB struct {
	app   *pgxpool.Pool
	admin *pgxpool.Pool
	now   func() time.Time
}

// Options are what Open needs; now is the process clock that transactions read once.
type Options struct {
	AppURL, AdminURL string
	// PoolSize bounds the application pool; zero means 16. The owner pool has a quarter of it, at least 2.
	PoolSize int32
	Now      func() time.Time
	// Tracer observes every statement; nil outside tests and load runs.
	Tracer pgx.QueryTracer
}

// Open makes both pools without waiting for them: a database that is still starting must not end the process. Each pool opens one
// connection meanwhile and keeps it, so that neither the first question nor one after a quiet hour pays for it.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.PoolSize == 0 {
		o.PoolSize = 16
	}
	app, err := newPool(ctx, o.AppURL, o.PoolSize, o.Tracer)
	if err != nil {
		return nil, fmt.Errorf("open application pool: %w", err)
	}
	admin, err := newPool(ctx, o.AdminURL, max(o.PoolSize/4, 2), o.Tracer)
	if err != nil {
		app.Close()
		return nil, fmt.Errorf("open owner pool: %w", err)
	}
	return &DB{app: app, admin: admin, now: o.Now}, nil
}

func newPool(ctx context.Context, url string, size int32, tracer pgx.QueryTracer) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database address does not parse")
	}
	cfg.MaxConns = size
	cfg.MinConns = 1
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.ConnConfig.ConnectTimeout = 2 * time.Second
	cfg.ConnConfig.Tracer = tracer
	p := cfg.ConnConfig.RuntimeParams
	p["application_name"] = "restartix"
	p["statement_timeout"] = statementTimeout
	p["lock_timeout"] = lockTimeout
	p["idle_in_transaction_session_timeout"] = idleTimeout
	p["timezone"] = "UTC"
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Close ends both pools after their transactions are done.
func (db *DB) Close() {
	db.app.Close()
	db.admin.Close()
}

// Now is the process clock.
func (db *DB) Now() time.Time { return db.now().UTC().Truncate(time.Microsecond) }

// Warm opens the application's connections before they are needed: a request that finds none waits for the one that is opened for it, also
// when others come back meanwhile, and a fresh process would have all of its requests wait. It answers when every connection is open, with
// the error of the first that could not be.
func (db *DB) Warm(ctx context.Context) error {
	type attempt struct {
		conn *pgxpool.Conn
		err  error
	}
	attempts := make(chan attempt)
	n := int(db.app.Config().MaxConns)
	for range n {
		go func() {
			conn, err := db.app.Acquire(ctx)
			attempts <- attempt{conn, err}
		}()
	}
	var first error
	for range n {
		switch a := <-attempts; {
		case a.err == nil:
			defer a.conn.Release() // not before all are open: the same one would be taken again and again
		case first == nil:
			first = fmt.Errorf("open connections: %w", a.err)
		}
	}
	return first
}

// Ping asks both pools; it is what /ready and /health report.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.app.Ping(ctx); err != nil {
		return fmt.Errorf("ping application pool: %w", err)
	}
	if err := db.admin.Ping(ctx); err != nil {
		return fmt.Errorf("ping owner pool: %w", err)
	}
	return nil
}

// unavailable turns the errors of a database that does not answer into the one that people may see. Everything else
// passes unchanged.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", "53300", "08006", "08001", "08004":
			return fmt.Errorf("%w: sqlstate %s", apperror.ErrUnavailable, pg.Code)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) {
		return fmt.Errorf("%w: connection", apperror.ErrUnavailable)
	}
	return err
}

// Constraint returns the name of the constraint that a statement broke, or "".
func Constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	return ""
}

// Code returns the SQLSTATE of an error, or "".
func Code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// IsNoRows reports whether a read found nothing: absent, or hidden by row-level security, which must look the same.
func IsNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
