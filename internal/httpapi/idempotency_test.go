package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// ledger is a use case with an effect that can be counted: one outbox row per call.
type ledger struct {
	db  *pgtest.Database
	org ident.OrgID
}

func newLedger(t *testing.T) (*ledger, auth.Principal) {
	t.Helper()
	l := &ledger{db: pgtest.New(t), org: ident.New[ident.Organization]()}
	if _, err := l.db.Admin(t).Exec(t.Context(), "INSERT INTO organizations (id, slug, name) VALUES ($1, 'alpha', 'Alpha')", l.org); err != nil {
		t.Fatal(err)
	}
	p := admin()
	p.OrgID = l.org
	return l, p
}

func (l *ledger) write(ctx context.Context, in *noteInput) (note, error) {
	id := ident.New[note]().String()
	err := l.db.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT outbox_append($1, 'note.created', 'note', $1, '{}', NULL, NULL, 0)", id); err != nil {
			return fmt.Errorf("write note: %w", err)
		}
		if in.Body.Text == "refuse" {
			return errTestDeclared
		}
		return nil
	})
	return note{ID: id, Text: in.Body.Text, version: 1}, err
}

func (l *ledger) effects(t *testing.T) int {
	t.Helper()
	var n int
	if err := l.db.Admin(t).QueryRow(t.Context(), "SELECT count(*) FROM outbox_events").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Verifies API-04: the same key and body is replayed, another body refused, and of concurrent twins one executes.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	l, p := newLedger(t)
	e := newEdge(t, p)
	postNote(e, l.write)

	first := e.call(t, "POST", "/v1/notes", `{"text":"one"}`, "Idempotency-Key", "k-1")
	again := e.call(t, "POST", "/v1/notes", `{"text":"one"}`, "Idempotency-Key", "k-1")
	other := e.call(t, "POST", "/v1/notes", `{"text":"two"}`, "Idempotency-Key", "k-1")

	if first.StatusCode != http.StatusCreated || first.Header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("first answers %d %s", first.StatusCode, first.raw)
	}
	if again.StatusCode != http.StatusCreated || again.raw != first.raw || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("ETag") != `"1"` {
		t.Errorf("replay answers %d %s (first %s)", again.StatusCode, again.raw, first.raw)
	}
	if other.StatusCode != http.StatusUnprocessableEntity || other.body.Code != "idempotency_mismatch" {
		t.Errorf("other body answers %d %s", other.StatusCode, other.raw)
	}
	if n := l.effects(t); n != 1 {
		t.Errorf("%d effects", n)
	}
}

func TestIdempotency_concurrentTwinsHaveOneEffect(t *testing.T) {
	t.Parallel()
	l, p := newLedger(t)
	e := newEdge(t, p)
	postNote(e, l.write)

	var wg sync.WaitGroup
	answers := make([]answer, 50)
	for i := range answers {
		wg.Go(func() { answers[i] = e.call(t, "POST", "/v1/notes", `{"text":"one"}`, "Idempotency-Key", "twin") })
	}
	wg.Wait()

	created := 0
	for _, a := range answers {
		switch {
		case a.StatusCode == http.StatusCreated && a.Header.Get("Idempotency-Replayed") == "":
			created++
		case a.StatusCode == http.StatusCreated, a.body.Code == "idempotency_in_progress", a.body.Code == "dependency_unavailable":
		default:
			t.Errorf("a twin answers %d %s", a.StatusCode, a.raw)
		}
	}
	if created != 1 || l.effects(t) != 1 {
		t.Errorf("%d executed, %d effects", created, l.effects(t))
	}
}

func TestIdempotency_aRefusalIsNotRemembered(t *testing.T) {
	t.Parallel()
	l, p := newLedger(t)
	e := newEdge(t, p)
	postNote(e, l.write)

	refused := e.call(t, "POST", "/v1/notes", `{"text":"refuse"}`, "Idempotency-Key", "k-2")
	retried := e.call(t, "POST", "/v1/notes", `{"text":"fine"}`, "Idempotency-Key", "k-2")

	if refused.StatusCode != http.StatusConflict || retried.StatusCode != http.StatusCreated {
		t.Errorf("answers %d and %d %s", refused.StatusCode, retried.StatusCode, retried.raw)
	}
	if n := l.effects(t); n != 1 {
		t.Errorf("%d effects, the refused one must be undone", n)
	}
}

func TestIdempotency_keysOfOthersAreNotMine(t *testing.T) {
	t.Parallel()
	l, p := newLedger(t)
	mine, other := newEdge(t, p), p
	other.UserID = ident.New[ident.User]()
	theirs := newEdge(t, other)
	postNote(mine, l.write)
	postNote(theirs, l.write)

	a := mine.call(t, "POST", "/v1/notes", `{"text":"one"}`, "Idempotency-Key", "shared")
	b := theirs.call(t, "POST", "/v1/notes", `{"text":"one"}`, "Idempotency-Key", "shared")

	if a.raw == b.raw || b.Header.Get("Idempotency-Replayed") != "" || l.effects(t) != 2 {
		t.Errorf("a stranger's answer was replayed: %s", b.raw)
	}
}

func TestIdempotency_storedAnswersAreSealed(t *testing.T) {
	t.Parallel()
	l, p := newLedger(t)
	e := newEdge(t, p)
	postNote(e, l.write)

	e.call(t, "POST", "/v1/notes", `{"text":"CNRY-health"}`, "Idempotency-Key", "k-3")

	var plain bool
	err := l.db.Admin(t).QueryRow(t.Context(), "SELECT position('CNRY-health'::bytea IN response) > 0 FROM idempotency_keys").Scan(&plain)
	if err != nil || plain {
		t.Errorf("stored in the clear: %v %v", plain, err)
	}
}
