package main

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/coreapi"
)

// statement is one statement of a request as the bare handler repeats it.
type statement struct {
	SQL   string         `json:"sql"`
	Args  []any          `json:"args,omitempty"`
	Named map[string]any `json:"named,omitempty"`
}

// recorder notes the statements of the requests of this process.
type recorder struct {
	mu  sync.Mutex
	all []statement
}

// TraceQueryStart implements pgx.QueryTracer.
func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s := statement{SQL: data.SQL}
	for _, arg := range data.Args {
		if named, ok := arg.(pgx.NamedArgs); ok {
			s.Named = map[string]any{}
			for name, value := range named {
				s.Named[name] = plain(value)
			}
			continue
		}
		s.Args = append(s.Args, plain(arg))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, s)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *recorder) take() []statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.all
	r.all = nil
	return out
}

// plain is an argument as text or null, which every parameter takes.
func plain(v any) any {
	if valuer, ok := v.(driver.Valuer); ok {
		value, err := valuer.Value()
		if err != nil {
			return nil
		}
		v = value
	}
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}

// record builds the API in this process, sends the request three times, and answers the statements of the last one, when what it
// remembers of the caller is remembered.
func record(ctx context.Context, limits, path, token string) ([]statement, error) {
	cfg, err := config.Load(append(os.Environ(), "LIMITS_FILE="+limits))
	if err != nil {
		return nil, err
	}
	hands, err := coreapi.ProductionHands(cfg, time.Now)
	if err != nil {
		return nil, err
	}
	tracer := &recorder{}
	hands.Tracer = tracer
	app, err := coreapi.New(ctx, cfg, hands, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	var out []statement
	for range 3 {
		tracer.take()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		app.Handler().ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			return nil, errors.Join(fmt.Errorf("record %s: status %d", path, answer.Code), app.Close(ctx))
		}
		out = tracer.take()
	}
	return out, app.Close(ctx)
}

// serveBare answers every request by running the statements, each transaction on a connection of its own as the API has it, and
// encoding what they answer: pgx, encoding/json and net/http, and nothing around them.
func serveBare(ctx context.Context, file, addr string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read statements: %w", err)
	}
	var statements []statement
	if err := json.Unmarshal(raw, &statements); err != nil {
		return fmt.Errorf("read statements: %w", err)
	}
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL")+separator(os.Getenv("DATABASE_URL"))+"pool_max_conns=16")
	if err != nil {
		return fmt.Errorf("open pool: %w", err)
	}
	defer pool.Close()
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := run(r.Context(), pool, statements)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": rows}) // a caller that hung up has nobody to tell
	})}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	go func() { <-ctx.Done(); _ = server.Close() }()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func separator(url string) string {
	if strings.Contains(url, "?") {
		return "&"
	}
	return "?"
}

func run(ctx context.Context, pool *pgxpool.Pool, statements []statement) ([][]any, error) {
	var out [][]any
	var conn *pgxpool.Conn
	for _, s := range statements {
		var err error
		switch {
		case strings.HasPrefix(s.SQL, "BEGIN"):
			if conn, err = pool.Acquire(ctx); err != nil {
				return nil, fmt.Errorf("acquire: %w", err)
			}
			_, err = conn.Exec(ctx, s.SQL)
		case strings.EqualFold(s.SQL, "commit"), strings.EqualFold(s.SQL, "rollback"):
			_, err = conn.Exec(ctx, s.SQL)
			conn.Release()
		default:
			var rows [][]any
			rows, err = query(ctx, conn, s)
			out = append(out, rows...)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.SQL, err)
		}
	}
	return out, nil
}

func query(ctx context.Context, conn *pgxpool.Conn, s statement) ([][]any, error) {
	args := s.Args
	if s.Named != nil {
		args = []any{pgx.NamedArgs(s.Named)}
	}
	rows, err := conn.Query(ctx, s.SQL, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
}
