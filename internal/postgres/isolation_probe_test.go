package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// denied is the only answer that means "the policy or the privilege refused".
const denied = "42501"

// column is one column that a row can be written with.
type column struct {
	Name    string
	Type    string
	InKey   bool
	Unique  bool
	NotNull bool
}

// table is one table of the catalogue with a row of each clinic as text.
type table struct {
	Name    string
	OrgCol  string
	Columns []column
	// rows are the row sets' rows as JSON, by clinic letter.
	rows map[string][]string
	// where selects a clinic's rows, by letter; it needs the key columns only.
	where map[string]string
}

// principal is a context of clinic A that the matrix attacks clinic B with.
type principal struct{ name, role, user, org string }

func principals() []principal {
	a := pgtest.ClinicA()
	return []principal{
		{"anonymous", "anonymous", "", a.Org},
		{"patient", "patient", a.Patient, a.Org},
		{"specialist", "specialist", a.Specialist, a.Org},
		{"customer_support", "customer_support", a.Support, a.Org},
		{"admin", "admin", a.Admin, a.Org},
		{"admin_shared", "admin", pgtest.SharedPerson, a.Org},
		{"superadmin", "superadmin", "eeeeeeee-0000-7000-8000-000000000001", a.Org},
		{"superadmin_granted", "superadmin", a.Admin, a.Org},
		{"system", "system", "", a.Org},
	}
}

// outcome is how one attempt ended: the rows it touched or the SQLSTATE.
type outcome struct {
	rows int64
	code string
}

func (o outcome) String() string {
	if o.code != "" {
		return "sqlstate " + o.code
	}
	return fmt.Sprintf("%d rows", o.rows)
}

// attempt runs one statement in a savepoint that is rolled back.
func attempt(t *testing.T, tx pgx.Tx, sql string, args ...any) outcome {
	t.Helper()
	inner, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatalf("savepoint: %v", err)
	}
	tag, err := inner.Exec(t.Context(), sql, args...)
	o := outcome{rows: tag.RowsAffected()}
	if err != nil {
		if o.code = postgres.Code(err); o.code == "" {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if err := inner.Rollback(t.Context()); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		t.Fatalf("roll back savepoint: %v", err)
	}
	return o
}

func enter(t *testing.T, tx pgx.Tx, p principal) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `SELECT set_config('app.current_user_id', $1, true), set_config('app.current_org_id', $2, true),
		set_config('app.current_role', $3, true)`, p.user, p.org, p.role)
	if err != nil {
		t.Fatalf("enter context: %v", err)
	}
}

// readTables walks the catalogue as superuser and takes the rows of both clinics along.
func readTables(t *testing.T, super *pgx.Conn) []table {
	t.Helper()
	rows, err := super.Query(t.Context(), "WITH "+reachable+` SELECT t.label, CASE WHEN t.label = 'organizations' THEN 'id' WHEN t.org IS NOT NULL THEN 'organization_id' ELSE '' END
		FROM tables t WHERE NOT t.relispartition AND t.label <> 'schema_migrations' ORDER BY t.label`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (table, error) {
		x := table{rows: map[string][]string{}, where: map[string]string{}}
		return x, row.Scan(&x.Name, &x.OrgCol)
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range tables {
		tables[i].Columns = readColumns(t, super, tables[i].Name)
		for _, c := range []pgtest.Clinic{pgtest.ClinicA(), pgtest.ClinicB()} {
			readRows(t, super, &tables[i], c)
		}
	}
	return tables
}

func readColumns(t *testing.T, super *pgx.Conn, name string) []column {
	t.Helper()
	rows, err := super.Query(t.Context(), `SELECT a.attname, format_type(a.atttypid, NULL),
		EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2[])),
		EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey::int2[])), a.attnotnull
		FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`, name)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

// readRows finds a clinic's rows by the clinic's column, or else by the mark that its ids begin with.
func readRows(t *testing.T, super *pgx.Conn, x *table, c pgtest.Clinic) {
	t.Helper()
	where := fmt.Sprintf("t.%s = '%s'", x.OrgCol, c.Org)
	if x.OrgCol == "" {
		where = fmt.Sprintf("t::text LIKE '%%%s-%%'", c.Mark)
	}
	rows, err := super.Query(t.Context(), fmt.Sprintf("SELECT to_jsonb(t)::text FROM %s t WHERE %s ORDER BY 1", x.Name, where))
	if err != nil {
		t.Fatal(err)
	}
	if x.rows[c.Letter], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		t.Fatal(err)
	}
	x.where[c.Letter] = where
	if x.OrgCol == "" {
		x.where[c.Letter] = x.keyCondition(t, super, where)
	}
}

// keyCondition spells the rows out by their key, so that the probe needs no right on other columns.
func (x *table) keyCondition(t *testing.T, super *pgx.Conn, where string) string {
	t.Helper()
	var keys []string
	for _, c := range x.Columns {
		if c.InKey {
			keys = append(keys, "t."+c.Name)
		}
	}
	if len(keys) == 0 {
		t.Fatalf("%s has neither a clinic nor a primary key", x.Name)
	}
	list := strings.Join(keys, ", ")
	var condition *string
	err := super.QueryRow(t.Context(), fmt.Sprintf(`SELECT format('(%s) IN (%%s)', string_agg(format('(%s)', %s), ', ')) FROM %s t WHERE %s`,
		list, strings.TrimSuffix(strings.Repeat("%L, ", len(keys)), ", "), list, x.Name, where)).Scan(&condition)
	if err != nil {
		t.Fatal(err)
	}
	if condition == nil {
		return "false"
	}
	return *condition
}

// writable are the columns that the current role may write with the verb, from the catalogue's view of restartix_app.
func (x *table) writable(t *testing.T, tx pgx.Tx, verb string) []string {
	t.Helper()
	var names []string
	for _, c := range x.Columns {
		names = append(names, c.Name)
	}
	rows, err := tx.Query(t.Context(), `SELECT c FROM unnest($2::text[]) WITH ORDINALITY u(c, n)
		WHERE has_column_privilege('restartix_app', $1::text, c, $3) ORDER BY n`, x.Name, names, verb)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// insertOf writes a row given as JSON through the columns that the role may write.
func (x *table) insertOf(columns []string, suffix string) string {
	list := strings.Join(columns, ", ")
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1::jsonb) %s", x.Name, list, list, x.Name, suffix)
}

// cell is one verb of the matrix and whether its outcome leaks.
type cell struct {
	verb string
	got  outcome
	leak bool
}

// attack tries every verb of one principal on clinic B's rows of one table. A written row must be refused by name: any other error
// would mean that the policy had already let it through.
func (x *table) attack(t *testing.T, tx pgx.Tx) []cell {
	t.Helper()
	var cells []cell
	add := func(verb string, got outcome, leak bool) { cells = append(cells, cell{verb, got, leak}) }
	touched := func(o outcome) bool { return o.code != denied && (o.code != "" || o.rows > 0) }
	got := attempt(t, tx, fmt.Sprintf("SELECT FROM %s t WHERE %s", x.Name, x.where["B"]))
	add("SELECT", got, touched(got))
	got = attempt(t, tx, fmt.Sprintf("DELETE FROM %s t WHERE %s", x.Name, x.where["B"]))
	add("DELETE", got, touched(got))
	updatable := x.writable(t, tx, "UPDATE")
	if len(updatable) > 0 {
		set := updatable[0]
		got = attempt(t, tx, fmt.Sprintf("UPDATE %s t SET %s = %s WHERE %s", x.Name, set, set, x.where["B"]))
		add("UPDATE", got, touched(got))
		got = attempt(t, tx, fmt.Sprintf("MERGE INTO %s t USING (SELECT 1) s ON %s WHEN MATCHED THEN UPDATE SET %s = t.%s", x.Name, x.where["B"], set, set))
		add("MERGE", got, touched(got))
	}
	if x.OrgCol != "" && slices.Contains(updatable, x.OrgCol) {
		got = attempt(t, tx, fmt.Sprintf("UPDATE %s t SET %s = '%s' WHERE %s", x.Name, x.OrgCol, pgtest.ClinicB().Org, x.where["A"]))
		add("MOVE", got, touched(got))
	}
	return append(cells, x.plant(t, tx, updatable)...)
}

// plant tries to write clinic B's row: under a new key, as it is over the existing one, and through MERGE.
func (x *table) plant(t *testing.T, tx pgx.Tx, updatable []string) []cell {
	t.Helper()
	columns := x.writable(t, tx, "INSERT")
	if len(columns) == 0 || len(x.rows["B"]) == 0 {
		return nil
	}
	row := x.rows["B"][0]
	var cells []cell
	add := func(verb string, got outcome) { cells = append(cells, cell{verb, got, got.code != denied}) }
	add("INSERT", attempt(t, tx, x.insertOf(columns, ""), freshKey(t, tx, x, row)))
	add("ON CONFLICT", attempt(t, tx, x.insertOf(columns, "ON CONFLICT DO NOTHING"), row))
	list := strings.Join(columns, ", ")
	add("MERGE INSERT", attempt(t, tx, fmt.Sprintf(`MERGE INTO %s t USING (SELECT * FROM jsonb_populate_record(NULL::%s, $1::jsonb)) s ON false
		WHEN NOT MATCHED THEN INSERT (%s) VALUES (s.%s)`, x.Name, x.Name, list, strings.Join(columns, ", s.")), freshKey(t, tx, x, row)))
	if target := x.conflictTarget(); target != "" && len(updatable) > 0 {
		set := updatable[0]
		add("ON CONFLICT UPDATE", attempt(t, tx, x.insertOf(columns, fmt.Sprintf("ON CONFLICT (%s) DO UPDATE SET %s = EXCLUDED.%s", target, set, set)), row))
	}
	return cells
}

func (x *table) conflictTarget() string {
	var keys []string
	for _, c := range x.Columns {
		if c.InKey {
			keys = append(keys, c.Name)
		}
	}
	return strings.Join(keys, ", ")
}

// freshKey gives the row a new uuid wherever its primary key is one.
func freshKey(t *testing.T, tx pgx.Tx, x *table, row string) string {
	t.Helper()
	for _, c := range x.Columns {
		if !c.InKey || c.Type != "uuid" || c.Name == x.OrgCol {
			continue
		}
		err := tx.QueryRow(t.Context(), "SELECT (jsonb_set($1::jsonb, ARRAY[$2], to_jsonb($3::text)))::text", row, c.Name, uuid.NewString()).Scan(&row)
		if err != nil {
			t.Fatal(err)
		}
	}
	return row
}

// asApplication runs fn as the application role on a superuser's connection, in a transaction that is rolled back. prepare runs
// first, as superuser.
func asApplication(t *testing.T, super *pgx.Conn, prepare func(pgx.Tx), fn func(pgx.Tx)) {
	t.Helper()
	inRolledBack(t, super, func(tx pgx.Tx) {
		prepare(tx)
		mustExec(t, tx, "SET LOCAL ROLE restartix_app")
		fn(tx)
	})
}

func mustExec(t *testing.T, tx interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}, sql string, args ...any,
) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
