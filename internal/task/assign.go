package task

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Assignee is somebody of the clinic who may be given a task.
type Assignee struct {
	ID   ident.UserID `db:"user_id"`
	Name string       `db:"name"`
	Role string       `db:"role"`
}

// Assignees answers the people of the clinic who may be given a task, by name.
func (s *Service) Assignees(ctx context.Context) ([]Assignee, error) {
	var out []Assignee
	err := s.db.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = assignees(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list assignees: %w", err)
	}
	return out, nil
}

// Change gives an open task to somebody, or moves its end. check sees the row's version first. A zero assignee is nobody.
func (s *Service) Change(ctx context.Context, id ID, check func(version int64) error, set func(*Task)) (Task, error) {
	var out Task
	err := s.db.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := check(before.RowVersion); err != nil {
			return err
		}
		if before.State == Closed {
			return ErrClosed
		}
		after := before
		set(&after)
		if err := s.changeTx(ctx, tx, before, after); err != nil {
			return err
		}
		out, err = byID(ctx, tx, id)
		return err
	})
	if err != nil {
		return Task{}, fmt.Errorf("change task: %w", err)
	}
	return out, nil
}

func (s *Service) changeTx(ctx context.Context, tx *postgres.Tx, before, after Task) error {
	changes := map[string]audit.Change{}
	if before.AssigneeID != after.AssigneeID {
		people, err := assignees(ctx, tx)
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(people, func(a Assignee) bool { return a.ID == after.AssigneeID })
		if !after.AssigneeID.IsZero() && !known {
			return ErrAssignee.At("body.assignee_id", "works in another clinic or in none")
		}
		changes["assignee_id"] = audit.Change{orNil(before.AssigneeID), orNil(after.AssigneeID)}
	}
	if !sameInstant(before.DueAt, after.DueAt) {
		changes["due_at"] = audit.Change{before.DueAt, after.DueAt}
	}
	if len(changes) == 0 {
		return nil
	}
	done, err := change(ctx, tx, after)
	if err != nil {
		return err
	}
	if !done {
		return apperror.ErrPreconditionFailed
	}
	s.trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "task", EntityID: after.ID.String(), Changes: changes})
	return nil
}

func orNil(id ident.UserID) any {
	if id.IsZero() {
		return nil
	}
	return id.String()
}

func sameInstant(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
