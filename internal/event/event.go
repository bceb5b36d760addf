// Package event is the product's facts: a past-tense struct with ids, enums and times, recorded in the transaction that made it
// true, with one job per listener. The outbox row is the record; listeners run after commit, at least once, and each
// sees an event's effects applied once.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
)

// Fact is what a domain package publishes. Its exported fields are ids, enums, numbers, booleans and times; a test reflects
// over all of them.
type Fact interface {
	// EventType is the catalogue name, for example "member.invited".
	EventType() string
	// Aggregate names the entity that the fact is about.
	Aggregate() (kind string, id string)
}

// Record is a fact as a listener reads it.
type Record struct {
	ID            string          `db:"id"`
	OrgID         ident.OrgID     `db:"organization_id"`
	Type          string          `db:"type"`
	AggregateType string          `db:"aggregate_type"`
	AggregateID   string          `db:"aggregate_id"`
	AggregateSeq  int64           `db:"aggregate_seq"`
	OccurredAt    time.Time       `db:"occurred_at"`
	Data          json.RawMessage `db:"data"`
	CorrelationID *string         `db:"correlation_id"`
}

// Listener reacts to a fact in the transaction that also marks the fact as seen, so its effect happens once. What must leave the
// database (mail) is enqueued as a job of its own.
type Listener func(ctx context.Context, tx *postgres.Tx, r Record) error

type subscription struct {
	name     string
	listener Listener
}

// Bus knows who listens to what. Subscribe before Start; afterwards it is read-only and safe for concurrent use.
type Bus struct {
	db       *postgres.DB
	byType   map[string][]subscription
	handlers map[string]subscription
}

// NewBus makes a bus without listeners.
func NewBus(db *postgres.DB) *Bus {
	return &Bus{db: db, byType: map[string][]subscription{}, handlers: map[string]subscription{}}
}

// Subscribe registers a listener of one type under a stable name; the name is part of the job and of the once-mark.
func (b *Bus) Subscribe(eventType, name string, l Listener) {
	if _, taken := b.handlers[name]; taken {
		panic(fmt.Sprintf("event: listener %q is registered twice", name))
	}
	s := subscription{name: name, listener: l}
	b.handlers[name] = s
	b.byType[eventType] = append(b.byType[eventType], s)
}

// jobKind is the queue's kind for deliveries of one listener.
func jobKind(listener string) string { return "event." + listener }

// Register lets the runner deliver to every listener. Call it once, after the last Subscribe.
func (b *Bus) Register(r *job.Runner) {
	for name, s := range b.handlers {
		r.Handle(jobKind(name), func(ctx context.Context, args json.RawMessage) error { return b.deliver(ctx, s, args) })
	}
}

type delivery struct {
	EventID string `json:"event_id"`
}

// PublishTx records the fact and enqueues one job per listener, in the caller's transaction.
func (b *Bus) PublishTx(ctx context.Context, tx *postgres.Tx, f Fact) error {
	data, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", f.EventType(), err)
	}
	kind, aggregate := f.Aggregate()
	id := ident.New[Record]().String()
	_, err = tx.Exec(ctx, "SELECT outbox_append($1, $2, $3, $4, $5, $6, NULL, 0)",
		id, f.EventType(), kind, aggregate, string(data), auth.RequestOf(ctx).ID)
	if err != nil {
		return fmt.Errorf("record event %s: %w", f.EventType(), err)
	}
	for _, s := range b.byType[f.EventType()] {
		if err := job.EnqueueTx(ctx, tx, jobKind(s.name), delivery{EventID: id}, job.Options{}); err != nil {
			return err
		}
	}
	return nil
}

// deliver marks first and acts second in one transaction: a second delivery finds the mark and does nothing.
func (b *Bus) deliver(ctx context.Context, s subscription, args json.RawMessage) error {
	var d delivery
	if err := json.Unmarshal(args, &d); err != nil {
		return fmt.Errorf("read delivery: %w", err)
	}
	return b.db.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var first bool
		if err := tx.QueryRow(ctx, "SELECT outbox_done($1, $2)", d.EventID, s.name).Scan(&first); err != nil {
			return fmt.Errorf("mark event: %w", err)
		}
		if !first {
			return nil
		}
		r, err := read(ctx, tx, d.EventID)
		if err != nil {
			return err
		}
		return s.listener(ctx, tx, r)
	})
}
