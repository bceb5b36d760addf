package pgtest_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func exec(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

const (
	auditRow = `INSERT INTO audit_log (id, organization_id, seq, occurred_at, actor_kind, action, entity_type, entity_id, result, prev_hash, payload_hash, row_mac, key_id)
		VALUES (gen_random_uuid(), 'aaaaaaaa-0000-7000-8000-000000000000', 2, now(), 'user', 'update', 'organization', 'aaaaaaaa-0000-7000-8000-000000000000', 'success', '', sha256('x'), sha256('x'), 'k')`
	outboxRow = `INSERT INTO outbox_events (id, organization_id, type, aggregate_type, aggregate_id, aggregate_seq, actor_type)
		VALUES (gen_random_uuid(), 'aaaaaaaa-0000-7000-8000-000000000000', 'organization.updated', 'organization', 'aaaaaaaa-0000-7000-8000-000000000000', 1, 'user')`
	change = "UPDATE organizations SET name = 'other' WHERE id = 'aaaaaaaa-0000-7000-8000-000000000000'"
)

func TestDiff_namesEveryChangedRow(t *testing.T) {
	t.Parallel()
	d := pgtest.Seeded(t, pgtest.Server(t))
	super := d.Super(t)
	before := d.Snapshot(t)

	exec(t, super, change, "DELETE FROM event_consumers WHERE consumer LIKE 'CNRY-B%'", "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'new@example.test')",
		"UPDATE users SET last_activity_at = now() WHERE email = 'shared@example.test'")
	got := pgtest.Diff(t, before, d.Snapshot(t))

	if len(got) != 4 {
		t.Fatalf("want four changes, got %v", got)
	}
	org := got.Of("organizations")
	if len(org) != 1 || org[0].Kind != "update" || org[0].After["name"] != "other" || len(org[0].Columns) != 3 {
		t.Errorf("update of the clinic: %+v", org)
	}
	if gone := got.Of("event_consumers"); len(gone) != 1 || gone[0].Kind != "delete" {
		t.Errorf("deleted mark: %+v", gone)
	}
	if domain := got.Domain(); len(domain) != 2 {
		t.Errorf("want the clinic and the new person only, got %+v", domain)
	}
}

// TestUnaudited_bothWays is the red proof of the tool behind L-1 and D-2: a change without its row, and a row without its change.
func TestUnaudited_bothWays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements             []string
		unaudited, unannounced int
		falseAudit, falseEvent int
	}{
		"change, row and event":    {[]string{change, auditRow, outboxRow}, 0, 0, 0, 0},
		"change alone":             {[]string{change}, 1, 1, 0, 0},
		"row and event of nothing": {[]string{auditRow, outboxRow}, 0, 0, 1, 1},
		"nothing":                  {nil, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := pgtest.Seeded(t, pgtest.Server(t))
			before := d.Snapshot(t)
			exec(t, d.Super(t), c.statements...)
			got := pgtest.Diff(t, before, d.Snapshot(t))

			silent, unfounded := got.Unaudited()
			quiet, empty := got.Unannounced("organizations")

			if len(silent) != c.unaudited || len(unfounded) != c.falseAudit {
				t.Errorf("audit: silent %v, unfounded %v", silent, unfounded)
			}
			if len(quiet) != c.unannounced || len(empty) != c.falseEvent {
				t.Errorf("outbox: silent %v, unfounded %v", quiet, empty)
			}
		})
	}
}
