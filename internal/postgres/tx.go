package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

// Tx is a transaction with a context. It is only ever made by the In… methods, so a function that takes one cannot run
// unscoped. Not safe for concurrent use.
type Tx struct {
	pgx.Tx
	// Now is the instant of the transaction: every rule and every written time uses it.
	Now time.Time
	// Principal is whom the context names right now.
	Principal auth.Principal
	platform  bool
	before    []func(context.Context, *Tx) error
	last      []func(context.Context, *Tx) error
	held      map[any]any
}

// scope tells the kinds of transaction of one request apart, so that a held one is never joined by another kind.
type scope struct {
	platform bool
	role     auth.Role
	org      ident.OrgID
	user     ident.UserID
}

// InTx runs fn as the principal of the context. An error rolls back.
func (db *DB) InTx(ctx context.Context, fn func(*Tx) error) error {
	p, ok := auth.From(ctx)
	if !ok {
		return ErrNoPrincipal
	}
	return db.run(ctx, db.app, p, false, fn)
}

// InPersonTx runs fn as the principal without any clinic: only the person's own rows are visible.
func (db *DB) InPersonTx(ctx context.Context, fn func(*Tx) error) error {
	p, ok := auth.From(ctx)
	if !ok {
		return ErrNoPrincipal
	}
	p.OrgID = ident.OrgID{}
	return db.run(ctx, db.app, p, false, fn)
}

// InTxAsSystem runs fn with role system in the clinic of the principal: the public use cases and the workers of
// product/01 §4. Every call site is on the committed allow-list (internal/arch_test.go).
func (db *DB) InTxAsSystem(ctx context.Context, fn func(*Tx) error) error {
	p, ok := auth.From(ctx)
	if !ok || p.OrgID.IsZero() {
		return ErrNoPrincipal
	}
	p.Role, p.UserID = auth.System, ident.UserID{}
	return db.run(ctx, db.app, p, false, fn)
}

// InSigninTx runs fn as a visitor without a clinic: sign-in, refresh, provisioning. No policy gives it a row of a person;
// it reaches the signin_… functions only.
func (db *DB) InSigninTx(ctx context.Context, fn func(*Tx) error) error {
	p, _ := auth.From(ctx)
	p.Role, p.OrgID, p.UserID = auth.Anonymous, ident.OrgID{}, ident.UserID{}
	if p.Kind == "" {
		p.Kind = auth.ActorAnonymous
	}
	return db.run(ctx, db.app, p, false, fn)
}

// InPlatformTx runs fn on the owner pool, past row-level security, with org as the clinic whose audit chain is written
// (zero: the platform's). Only the allow-listed platform stores may call it.
func (db *DB) InPlatformTx(ctx context.Context, org ident.OrgID, fn func(*Tx) error) error {
	p, ok := auth.From(ctx)
	if !ok {
		return ErrNoPrincipal
	}
	p.OrgID = org
	return db.run(ctx, db.admin, p, true, fn)
}

func (db *DB) run(ctx context.Context, pool *pgxpool.Pool, p auth.Principal, platform bool, fn func(*Tx) error) error {
	s := scope{platform: platform, role: p.Role, org: p.OrgID, user: p.UserID}
	if h := heldFrom(ctx); h != nil {
		return h.join(ctx, s, func() (*Tx, func(), error) { return db.begin(ctx, pool, p, platform) }, fn)
	}
	tx, release, err := db.begin(ctx, pool, p, platform)
	if err != nil {
		return err
	}
	defer release()
	if err := fn(tx); err != nil {
		return errors.Join(unavailable(err), tx.rollback(ctx))
	}
	return tx.commit(ctx)
}

// begin takes a connection and sends BEGIN and the context in one round trip. The three values are an id, an id and a
// role of ours, so building the statement from them cannot inject.
func (db *DB) begin(ctx context.Context, pool *pgxpool.Pool, p auth.Principal, platform bool) (*Tx, func(), error) {
	acquire, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	conn, err := pool.Acquire(acquire)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("acquire connection: %w", ctx.Err())
		}
		return nil, nil, fmt.Errorf("acquire connection: %w", errors.Join(apperror.ErrUnavailable, err))
	}
	inner, err := conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: "BEGIN; " + contextStatement(p)})
	if err != nil {
		conn.Release()
		return nil, nil, fmt.Errorf("begin: %w", unavailable(err))
	}
	return &Tx{Tx: inner, Now: db.Now(), Principal: p, platform: platform}, conn.Release, nil
}

func contextStatement(p auth.Principal) string {
	var b strings.Builder
	b.WriteString("SELECT set_config('app.current_user_id', '")
	b.WriteString(p.UserID.String())
	b.WriteString("', true), set_config('app.current_org_id', '")
	b.WriteString(p.OrgID.String())
	b.WriteString("', true), set_config('app.current_role', '")
	b.WriteString(roleText(p.Role))
	b.WriteString("', true)")
	return b.String()
}

// roleText lets only declared roles into the statement; anything else is no role, which sees nothing.
func roleText(r auth.Role) string {
	switch r {
	case auth.Anonymous, auth.Patient, auth.Specialist, auth.CustomerSupport, auth.Admin, auth.Superadmin, auth.System:
		return string(r)
	}
	return ""
}

// AsSystemOf runs fn inside the same transaction as role system of a clinic and restores the context afterwards. It
// exists for sign-in, which learns only inside its transaction which clinic a person joins; call sites are allow-listed.
func (tx *Tx) AsSystemOf(ctx context.Context, org ident.OrgID, fn func() error) error {
	return tx.as(ctx, auth.Principal{Kind: tx.Principal.Kind, Role: auth.System, OrgID: org}, fn)
}

// As runs fn with another context and restores the previous one, also after an error that keeps the transaction usable.
// It serves the trail's flush and AsSystemOf only.
func (tx *Tx) as(ctx context.Context, p auth.Principal, fn func() error) error {
	previous := tx.Principal
	if _, err := tx.Exec(ctx, contextStatement(p)); err != nil {
		return fmt.Errorf("enter context: %w", err)
	}
	tx.Principal = p
	if err := fn(); err != nil {
		return err
	}
	tx.Principal = previous
	if _, err := tx.Exec(ctx, contextStatement(previous)); err != nil {
		return fmt.Errorf("leave context: %w", err)
	}
	return nil
}

// InContextOf runs fn in the context that an audit entry was recorded in, when the transaction has moved on since.
func (tx *Tx) InContextOf(ctx context.Context, p auth.Principal, fn func() error) error {
	if contextStatement(p) == contextStatement(tx.Principal) {
		return fn()
	}
	return tx.as(ctx, p, fn)
}

// BeforeCommit adds work that must be the last of the use case, for example the stored answer of an idempotent request.
func (tx *Tx) BeforeCommit(fn func(context.Context, *Tx) error) { tx.before = append(tx.before, fn) }

// Last adds work that takes the transaction's last lock: the audit chain.
func (tx *Tx) Last(fn func(context.Context, *Tx) error) { tx.last = append(tx.last, fn) }

// Attach keeps a value with the transaction; Attached reads it. The key is a private type of the caller's package.
func (tx *Tx) Attach(key, value any) {
	if tx.held == nil {
		tx.held = map[any]any{}
	}
	tx.held[key] = value
}

// Attached returns what Attach kept under key, or nil.
func (tx *Tx) Attached(key any) any { return tx.held[key] }

// Platform reports whether the transaction runs on the owner pool.
func (tx *Tx) Platform() bool { return tx.platform }

func (tx *Tx) commit(ctx context.Context) error {
	for _, hooks := range [][]func(context.Context, *Tx) error{tx.before, tx.last} {
		for _, hook := range hooks {
			if err := hook(ctx, tx); err != nil {
				return errors.Join(unavailable(err), tx.rollback(ctx))
			}
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", unavailable(err))
	}
	return nil
}

// rollback must run even when the request was cancelled, or the connection would be thrown away.
func (tx *Tx) rollback(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		return fmt.Errorf("roll back: %w", unavailable(err))
	}
	return nil
}
