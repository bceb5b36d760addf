package pgtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Snapshot is the whole content of a database at one moment: table, then key, then the row as JSON.
type Snapshot map[string]map[string]json.RawMessage

// RowChange is one row that differs between two snapshots.
type RowChange struct {
	Table string
	// Key is the primary key's values joined by commas; the whole row where a table has none.
	Key string
	// Kind is "insert", "update" or "delete".
	Kind string
	// Columns are the changed columns of an update, sorted; nil otherwise.
	Columns []string
	// Before and After are the row's columns; nil on insert and delete respectively.
	Before, After map[string]any
}

// Changes is what happened between two snapshots, ordered by table and key.
type Changes []RowChange

// ledgers are the tables that record a change instead of being one.
func ledgers() []string {
	return []string{"audit_log", "audit_heads", "outbox_events", "event_consumers", "idempotency_keys", "security_events", "schema_migrations"}
}

// Snapshot reads every table of schema public as superuser. It is meant for databases of a test's size.
func (d *Database) Snapshot(t testing.TB) Snapshot {
	t.Helper()
	// Its own connection, given back at once: a test may take hundreds of snapshots.
	super, err := pgx.Connect(t.Context(), d.SuperURL)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()
	rows, err := super.Query(t.Context(), `SELECT c.relname::text, COALESCE((SELECT string_agg(format('t.%I::text', a.attname), ' || '','' || ' ORDER BY k.ord)
			FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k(num, ord) JOIN pg_attribute a ON a.attnum = k.num
			WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid), 't::text')
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`)
	if err != nil {
		t.Fatalf("list tables: %v", err)
	}
	type source struct{ Table, Key string }
	sources, err := pgx.CollectRows(rows, pgx.RowToStructByPos[source])
	if err != nil {
		t.Fatalf("list tables: %v", err)
	}
	out := Snapshot{}
	for _, s := range sources {
		rows, err := super.Query(t.Context(), fmt.Sprintf("SELECT %s, to_json(t)::text FROM %s t", s.Key, pgx.Identifier{s.Table}.Sanitize()))
		if err != nil {
			t.Fatalf("read %s: %v", s.Table, err)
		}
		type line struct{ Key, Row string }
		lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
		if err != nil {
			t.Fatalf("read %s: %v", s.Table, err)
		}
		out[s.Table] = make(map[string]json.RawMessage, len(lines))
		for _, l := range lines {
			out[s.Table][l.Key] = json.RawMessage(l.Row)
		}
	}
	return out
}

// Diff answers what changed from before to after.
func Diff(t testing.TB, before, after Snapshot) Changes {
	t.Helper()
	var out Changes
	for table, now := range after {
		for key, row := range now {
			old, existed := before[table][key]
			switch {
			case !existed:
				out = append(out, RowChange{Table: table, Key: key, Kind: "insert", After: columnsOf(t, row)})
			case !bytes.Equal(old, row):
				out = append(out, updated(t, table, key, old, row))
			}
		}
	}
	for table, old := range before {
		for key, row := range old {
			if _, still := after[table][key]; !still {
				out = append(out, RowChange{Table: table, Key: key, Kind: "delete", Before: columnsOf(t, row)})
			}
		}
	}
	slices.SortFunc(out, func(a, b RowChange) int { return strings.Compare(a.Table+" "+a.Key, b.Table+" "+b.Key) })
	return out
}

func updated(t testing.TB, table, key string, old, row json.RawMessage) RowChange {
	t.Helper()
	c := RowChange{Table: table, Key: key, Kind: "update", Before: columnsOf(t, old), After: columnsOf(t, row)}
	for name, v := range c.After {
		if fmt.Sprint(v) != fmt.Sprint(c.Before[name]) {
			c.Columns = append(c.Columns, name)
		}
	}
	slices.Sort(c.Columns)
	return c
}

func columnsOf(t testing.TB, row json.RawMessage) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(row))
	decoder.UseNumber()
	var out map[string]any
	if err := decoder.Decode(&out); err != nil {
		t.Fatalf("read row: %v", err)
	}
	return out
}

// Of keeps the changes of one table.
func (c Changes) Of(table string) Changes {
	return slices.DeleteFunc(slices.Clone(c), func(r RowChange) bool { return r.Table != table })
}

// Domain keeps the changes that a use case made itself: everything but the ledgers, and without updates of the columns that keep
// time without meaning anything (last_activity_at, last_used_at, last_checked_at, last_login_at).
func (c Changes) Domain() Changes {
	return slices.DeleteFunc(slices.Clone(c), func(r RowChange) bool {
		if slices.Contains(ledgers(), r.Table) {
			return true
		}
		return r.Kind == "update" && !slices.ContainsFunc(r.Columns, func(name string) bool {
			return !slices.Contains([]string{"updated_at", "row_version", "last_activity_at", "last_used_at", "last_checked_at", "last_login_at"}, name)
		})
	})
}

// Unaudited compares the domain changes with the new audit rows (figure L-1) and answers the changes that no successful row names by
// entity, and the successful rows about a change that did not happen. readOnly are the actions that
// change nothing; without any, "read", "export" and "login" are.
func (c Changes) Unaudited(readOnly ...string) (silent Changes, unfounded []string) {
	if len(readOnly) == 0 {
		readOnly = []string{"read", "export", "login"}
	}
	claims := map[string]bool{}
	for _, a := range c.Of("audit_log") {
		action, _ := a.After["action"].(string)
		if a.Kind == "insert" && a.After["result"] == "success" && !slices.Contains(readOnly, action) {
			claims[fmt.Sprint(a.After["entity_id"])] = false
		}
	}
	for _, d := range c.Domain() {
		if _, claimed := claims[d.Key]; !claimed {
			silent = append(silent, d)
			continue
		}
		claims[d.Key] = true
	}
	for entity, happened := range claims {
		if !happened {
			unfounded = append(unfounded, entity)
		}
	}
	slices.Sort(unfounded)
	return silent, unfounded
}

// Unannounced compares the domain changes of the given tables with the new outbox rows (figure D-2) and answers the changes without an
// event about them, and the aggregates of events without a change.
func (c Changes) Unannounced(tables ...string) (silent Changes, unfounded []string) {
	facts := map[string]bool{}
	for _, e := range c.Of("outbox_events") {
		if e.Kind == "insert" {
			facts[fmt.Sprint(e.After["aggregate_id"])] = false
		}
	}
	for _, d := range c.Domain() {
		if _, announced := facts[d.Key]; announced {
			facts[d.Key] = true
			continue
		}
		if slices.Contains(tables, d.Table) {
			silent = append(silent, d)
		}
	}
	for aggregate, happened := range facts {
		if !happened {
			unfounded = append(unfounded, aggregate)
		}
	}
	slices.Sort(unfounded)
	return silent, unfounded
}
