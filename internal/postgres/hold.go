package postgres

import (
	"context"
	"errors"
)

// errScopeMixed is a programmer's error: a keyed request opened two kinds of transaction, so its answer and its change
// could not commit together.
var errScopeMixed = errors.New("a keyed request must keep to one kind of transaction")

// Unit is the one transaction of a keyed request. The first In… call of the request opens it, later ones join it, and it
// commits only when the edge has encoded the answer, so that the stored answer and the change are one fact.
type Unit struct {
	opened  func(context.Context, *Tx) error
	tx      *Tx
	scope   scope
	release func()
}

type unitKey struct{}

// Hold returns a context whose first transaction stays open until Finish or Abandon. opened runs right after BEGIN.
func Hold(ctx context.Context, opened func(context.Context, *Tx) error) (context.Context, *Unit) {
	u := &Unit{opened: opened}
	return context.WithValue(ctx, unitKey{}, u), u
}

func heldFrom(ctx context.Context) *Unit {
	u, _ := ctx.Value(unitKey{}).(*Unit)
	return u
}

func (u *Unit) join(ctx context.Context, s scope, begin func() (*Tx, func(), error), fn func(*Tx) error) error {
	if u.tx == nil {
		tx, release, err := begin()
		if err != nil {
			return err
		}
		u.tx, u.scope, u.release = tx, s, release
		if err := u.opened(ctx, tx); err != nil {
			return unavailable(err)
		}
	}
	if u.scope != s {
		return errScopeMixed
	}
	return unavailable(fn(u.tx))
}

// Finish runs before as the last step of the transaction and commits. Without an opened transaction it does nothing and
// reports false: the use case touched no row, so there is nothing to remember.
func (u *Unit) Finish(ctx context.Context, before func(context.Context, *Tx) error) (bool, error) {
	if u.tx == nil {
		return false, nil
	}
	defer u.release()
	u.tx.BeforeCommit(before)
	return true, u.tx.commit(ctx)
}

// Abandon rolls back whatever the request did. Safe after a failed Finish.
func (u *Unit) Abandon(ctx context.Context) error {
	if u.tx == nil {
		return nil
	}
	defer u.release()
	err := u.tx.rollback(ctx)
	u.tx = nil
	return err
}
