package pgtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TenantEdges answers every foreign key between two tables with clinics that ties rows of different clinics, with the number
// of such rows. It reads as superuser, past every policy.
func TenantEdges(t testing.TB, d *Database) []string {
	t.Helper()
	super := d.Super(t)
	rows, err := super.Query(t.Context(), `SELECT c.conname::text, format('SELECT count(*) FROM %s child JOIN %s parent ON %s WHERE child.organization_id <> parent.organization_id',
			c.conrelid::regclass, c.confrelid::regclass, (SELECT string_agg(format('child.%I = parent.%I', a.attname, b.attname), ' AND ')
				FROM unnest(c.conkey, c.confkey) AS pair(x, y) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.x
				JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = pair.y))
		FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0
		 AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attname = 'organization_id' AND NOT a.attisdropped)
		 AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = 'organization_id' AND NOT a.attisdropped)
		ORDER BY 1`)
	if err != nil {
		t.Fatalf("list foreign keys: %v", err)
	}
	type edge struct{ Name, Count string }
	edges, err := pgx.CollectRows(rows, pgx.RowToStructByPos[edge])
	if err != nil {
		t.Fatalf("list foreign keys: %v", err)
	}
	var out []string
	for _, e := range edges {
		var n int64
		if err := super.QueryRow(t.Context(), e.Count).Scan(&n); err != nil {
			t.Fatalf("count across %s: %v", e.Name, err)
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%s ties %d rows of different clinics", e.Name, n))
		}
	}
	return out
}

// CheckTenantEdges fails t when any foreign key ties two clinics, and prints figure T-8/sweep. Run it after every suite that
// writes through the product.
func CheckTenantEdges(t testing.TB, d *Database) {
	t.Helper()
	found := TenantEdges(t, d)
	for _, f := range found {
		t.Error(f)
	}
	printFigure("T-8/sweep", len(found))
}

// OwnerFence counts the statements that run as the owner. Give it to pgtest.Tracer; the zero value is ready, and it is safe for
// concurrent use.
type OwnerFence struct{ statements atomic.Int64 }

// TraceQueryStart implements pgx.QueryTracer.
func (f *OwnerFence) TraceQueryStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if conn.Config().User != "restartix_app" {
		f.statements.Add(1)
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (f *OwnerFence) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Count is the number of statements so far.
func (f *OwnerFence) Count() int64 { return f.statements.Load() }

// Check fails t when a statement ran as the owner and prints the figure under the given id.
func (f *OwnerFence) Check(t testing.TB, id string) {
	t.Helper()
	n := f.Count()
	if n > 0 {
		t.Errorf("%d statements ran as the owner of the database", n)
	}
	printFigure(id, int(n))
}

// printFigure writes the one line of a figure whose target is zero.
func printFigure(id string, bad int) {
	verdict := "pass"
	if bad > 0 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE %s %d %s\n", id, bad, verdict)
}
