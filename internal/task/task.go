package task

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// What this package refuses.
var (
	ErrNotFound = apperror.New(apperror.NotFound, "task_not_found", "There is no such task.")
	ErrClosed   = apperror.New(apperror.Conflict, "task_closed", "This task is closed already.")
)

// ID identifies a task.
type ID = ident.ID[Task]

// States of a task.
const (
	Open   = "open"
	Closed = "closed"
)

// Kind says what is to be done; the title of a task is the text "task.<kind>" of the apps.
type Kind string

// The kinds that exist so far.
const (
	// ConfirmByPhone asks to call the guest of a booking and take the visit over.
	ConfirmByPhone Kind = "confirm_by_phone"
	// MergePatients asks to look at a patient whose account turned out to be another patient's.
	MergePatients Kind = "merge_patients"
)

// Task is one piece of work. Zero ids and nil times are absent.
type Task struct {
	ID          ID           `db:"id"`
	Kind        Kind         `db:"kind"`
	SubjectType string       `db:"subject_type"`
	SubjectID   string       `db:"subject_id"`
	TitleKey    string       `db:"title_key"`
	DueAt       *time.Time   `db:"due_at"`
	AssigneeID  ident.UserID `db:"assignee_id"`
	State       string       `db:"state"`
	ClosedAt    *time.Time   `db:"closed_at"`
	CreatedAt   time.Time    `db:"created_at"`
	RowVersion  int64        `db:"row_version"`
}

// New is what a task is made from.
type New struct {
	Kind                   Kind
	SubjectType, SubjectID string
	// DueAt is nil when there is no hurry.
	DueAt *time.Time
}

// Service is the clinic's tasks. Safe for concurrent use.
type Service struct {
	db    *postgres.DB
	trail *audit.Trail
	bus   *event.Bus
}

// NewService builds the service and touches nothing.
func NewService(db *postgres.DB, trail *audit.Trail, bus *event.Bus) *Service {
	return &Service{db: db, trail: trail, bus: bus}
}

// AddTx makes a task in the caller's transaction. A task of that kind that is still open about the subject stays the only one.
func (s *Service) AddTx(ctx context.Context, tx *postgres.Tx, n New) error {
	id := ident.New[Task]()
	made, err := insert(ctx, tx, id, n)
	if err != nil || !made {
		return err
	}
	s.trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "task", EntityID: id.String(),
		Changes: map[string]audit.Change{"kind": {nil, string(n.Kind)}, "subject_id": {nil, n.SubjectID}},
	})
	return nil
}

// Find narrows the list of tasks; an empty state does not.
type Find struct {
	page.Query
	State string
}

// List answers the tasks that the caller may see.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Task], error) {
	w, err := f.Check(order())
	if err != nil {
		return page.Result[Task]{}, err
	}
	out := page.Result[Task]{Window: w}
	err = s.db.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out.Rows, out.Total, err = list(ctx, tx, f.State, w)
		return err
	})
	if err != nil {
		return page.Result[Task]{}, fmt.Errorf("list tasks: %w", err)
	}
	return out, nil
}

// Close marks the task as done by the caller. ErrClosed when it is closed already.
func (s *Service) Close(ctx context.Context, id ID) (Task, error) {
	var out Task
	err := s.db.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.State == Closed {
			return ErrClosed
		}
		done, err := closeOne(ctx, tx, id)
		if err != nil {
			return err
		}
		if !done {
			return ErrClosed
		}
		if out, err = byID(ctx, tx, id); err != nil {
			return err
		}
		return s.closedTx(ctx, tx, out)
	})
	if err != nil {
		return Task{}, fmt.Errorf("close task: %w", err)
	}
	return out, nil
}

// closedTx says that the task is done: in the trail, and to whoever shows it.
func (s *Service) closedTx(ctx context.Context, tx *postgres.Tx, t Task) error {
	s.trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "task", EntityID: t.ID.String(),
		Changes: map[string]audit.Change{"state": {Open, Closed}},
	})
	return s.bus.PublishTx(ctx, tx, ClosedFact{TaskID: t.ID, Kind: t.Kind, SubjectType: t.SubjectType, SubjectID: t.SubjectID})
}

// settled are the facts after which nobody has to call the booker any more.
func settled() []string { return []string{"appointment.onboarded", "appointment.cancelled"} }

// Subscribe closes the tasks of a visit that was taken over or cancelled. The listener may run twice: the second time finds nothing.
func (s *Service) Subscribe(b *event.Bus) {
	for _, fact := range settled() {
		b.Subscribe(fact, "task_close."+fact, s.closeSettled)
	}
}

func (s *Service) closeSettled(ctx context.Context, tx *postgres.Tx, r event.Record) error {
	closed, err := closeOf(ctx, tx, ConfirmByPhone, r.AggregateID)
	if err != nil {
		return err
	}
	for _, t := range closed {
		if err := s.closedTx(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}
