package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// What reading refuses.
var (
	ErrEntryNotFound = apperror.New(apperror.NotFound, "audit_log_not_found", "There is no such entry.")
	ErrEventNotFound = apperror.New(apperror.NotFound, "security_event_not_found", "There is no such security event.")
)

// Filter narrows the trail. Zero values do not.
type Filter struct {
	UserID, PatientID        uuid.UUID
	Entity, EntityID         string
	Action, Context          string
	RequestID                string
	OccurredGTE, OccurredLTE time.Time
}

// reader shows the trail and the security events to those who may see them, and writes each reading into the trail it read. Safe for
// concurrent use.
type reader struct {
	db      *postgres.DB
	trail   *Trail
	cursors page.Cursors
}

// newReader derives the secret of its cursors from the trail's keys, which every process has.
func newReader(t *Trail) *reader {
	return &reader{db: t.db, trail: t, cursors: page.NewCursors(t.keys.derive("feed cursors"), t.db.Now)}
}

// derive makes a secret for another purpose, which tells nothing about the key of the rows.
func (k *Keys) derive(purpose string) []byte {
	h := hmac.New(sha256.New, k.rows[k.rowPrimary])
	_, _ = h.Write([]byte("derive:" + purpose)) // hashes do not fail
	return h.Sum(nil)
}

// inChain runs fn where the caller may read: the own clinic, a clinic under break-glass, or the platform's chain for a superadmin
// without a clinic. org is zero for the platform, where no policy narrows the rows, so statements name it.
func (r *reader) inChain(ctx context.Context, fn func(tx *postgres.Tx, org ident.OrgID) error) error {
	p, ok := auth.From(ctx)
	switch {
	case !ok:
		return postgres.ErrNoPrincipal
	case p.Role != auth.Superadmin:
		return r.db.InTx(ctx, func(tx *postgres.Tx) error { return fn(tx, p.OrgID) })
	case p.OrgID.IsZero():
		return r.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error { return fn(tx, ident.OrgID{}) })
	case p.BreakGlassID.IsZero():
		return httpapi.ErrBreakGlassRequired
	}
	return r.db.InTx(ctx, func(tx *postgres.Tx) error { return fn(tx, p.OrgID) })
}

// scopeOf ties a cursor to the list, the reader's clinic and the filter.
func scopeOf(ctx context.Context, list string, filter any) (string, error) {
	p, _ := auth.From(ctx)
	encoded, err := json.Marshal(filter)
	if err != nil {
		return "", fmt.Errorf("encode filter: %w", err)
	}
	return list + "|" + p.OrgID.String() + "|" + string(encoded), nil
}

// Entries answers a stretch of the trail, newest first.
func (r *reader) Entries(ctx context.Context, f Filter, q page.FeedQuery) (page.Slice[Row], error) {
	scope, err := scopeOf(ctx, "audit", f)
	if err != nil {
		return page.Slice[Row]{}, err
	}
	size, err := q.Size()
	if err != nil {
		return page.Slice[Row]{}, err
	}
	var before int64
	if q.Cursor != "" {
		place, err := r.cursors.Open(scope, q.Cursor)
		if err != nil {
			return page.Slice[Row]{}, err
		}
		if before, err = strconv.ParseInt(place, 10, 64); err != nil {
			return page.Slice[Row]{}, page.ErrCursor
		}
	}
	var rows []Row
	err = r.inChain(ctx, func(tx *postgres.Tx, org ident.OrgID) error {
		rows, err = selectRows(ctx, tx, org, f, before, size+1)
		r.trail.RecordTx(ctx, tx, Entry{Action: "read", EntityType: "audit_log"})
		return err
	})
	if err != nil {
		return page.Slice[Row]{}, fmt.Errorf("read audit: %w", err)
	}
	if len(rows) <= size {
		return page.Slice[Row]{Rows: rows}, nil
	}
	rows = rows[:size]
	return page.Slice[Row]{Rows: rows, Next: r.cursors.Seal(scope, strconv.FormatInt(rows[size-1].Seq, 10))}, nil
}

// Entry answers one entry of the trail.
func (r *reader) Entry(ctx context.Context, id uuid.UUID) (Row, error) {
	var row Row
	err := r.inChain(ctx, func(tx *postgres.Tx, org ident.OrgID) error {
		found, ok, err := selectRow(ctx, tx, org, id)
		if err != nil {
			return err
		}
		if !ok {
			return ErrEntryNotFound
		}
		row = found
		r.trail.RecordTx(ctx, tx, Entry{Action: "read", EntityType: "audit_log", EntityID: id.String()})
		return nil
	})
	if err != nil {
		return Row{}, fmt.Errorf("read audit: %w", err)
	}
	return row, nil
}

// SecurityEvent is one minute of one kind of refusal about one subject.
type SecurityEvent struct {
	ID             uuid.UUID  `db:"id"`
	Kind           string     `db:"kind"`
	Severity       string     `db:"severity"`
	Subject        string     `db:"subject"`
	IP             *string    `db:"ip"`
	Count          int64      `db:"count"`
	WindowStart    time.Time  `db:"window_start"`
	LastAt         time.Time  `db:"last_at"`
	LastRequestID  *string    `db:"last_request_id"`
	AcknowledgedAt *time.Time `db:"acknowledged_at"`
	AcknowledgedBy *uuid.UUID `db:"acknowledged_by"`
}

// EventFilter narrows the security events. Zero values do not.
type EventFilter struct {
	Kind, Severity string
	Acknowledged   *bool
}

// Events answers a stretch of the security events by the start of their minute, newest first: unlike the time of the last count it
// does not move, so a feed neither loses nor repeats one.
func (r *reader) Events(ctx context.Context, f EventFilter, q page.FeedQuery) (page.Slice[SecurityEvent], error) {
	scope, err := scopeOf(ctx, "security", f)
	if err != nil {
		return page.Slice[SecurityEvent]{}, err
	}
	size, err := q.Size()
	if err != nil {
		return page.Slice[SecurityEvent]{}, err
	}
	var after eventPlace
	if q.Cursor != "" {
		place, err := r.cursors.Open(scope, q.Cursor)
		if err != nil {
			return page.Slice[SecurityEvent]{}, err
		}
		if err := json.Unmarshal([]byte(place), &after); err != nil {
			return page.Slice[SecurityEvent]{}, page.ErrCursor
		}
	}
	var rows []SecurityEvent
	err = r.inChain(ctx, func(tx *postgres.Tx, org ident.OrgID) error {
		rows, err = selectEvents(ctx, tx, org, f, after, size+1)
		r.trail.RecordTx(ctx, tx, Entry{Action: "read", EntityType: "security_event"})
		return err
	})
	if err != nil {
		return page.Slice[SecurityEvent]{}, fmt.Errorf("read security events: %w", err)
	}
	if len(rows) <= size {
		return page.Slice[SecurityEvent]{Rows: rows}, nil
	}
	rows = rows[:size]
	place, err := json.Marshal(eventPlace{At: &rows[size-1].WindowStart, ID: rows[size-1].ID})
	if err != nil {
		return page.Slice[SecurityEvent]{}, fmt.Errorf("encode place: %w", err)
	}
	return page.Slice[SecurityEvent]{Rows: rows, Next: r.cursors.Seal(scope, string(place))}, nil
}

// eventPlace is where a feed of security events goes on; a nil At is the beginning.
type eventPlace struct {
	At *time.Time
	ID uuid.UUID
}

// Acknowledge marks a security event as seen by somebody. The first one stays; repeating it changes nothing.
func (r *reader) Acknowledge(ctx context.Context, id uuid.UUID) (SecurityEvent, error) {
	p, _ := auth.From(ctx)
	if p.Role == auth.Superadmin && !p.OrgID.IsZero() {
		return SecurityEvent{}, apperror.ErrForbidden // a grant reads and never writes
	}
	var out SecurityEvent
	err := r.inChain(ctx, func(tx *postgres.Tx, org ident.OrgID) error {
		changed, err := acknowledge(ctx, tx, org, id, p.UserID)
		if err != nil {
			return err
		}
		if changed {
			r.trail.RecordTx(ctx, tx, Entry{Action: "update", EntityType: "security_event", EntityID: id.String(),
				Changes: map[string]Change{"acknowledged_by": {nil, p.UserID.String()}}})
		}
		event, found, err := selectEvent(ctx, tx, org, id)
		if err == nil && !found {
			return ErrEventNotFound
		}
		out = event
		return err
	})
	if err != nil {
		return SecurityEvent{}, fmt.Errorf("acknowledge security event: %w", err)
	}
	return out, nil
}
