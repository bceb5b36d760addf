package postgres_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// openEverything grants every verb, so that the policies are judged alone: a forgotten column grant must not hide a leak.
func openEverything(t *testing.T, tx pgx.Tx) {
	t.Helper()
	mustExec(t, tx, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO restartix_app")
}

func asGranted(*testing.T, pgx.Tx) {}

// modes are the two ways in which the matrix is run.
func modes() map[string]func(*testing.T, pgx.Tx) {
	return map[string]func(*testing.T, pgx.Tx){"as granted": asGranted, "policies alone": openEverything}
}

// leaks runs every principal of clinic A against clinic B's rows of the tables and answers the cells that let anything through.
func leaks(t *testing.T, tx pgx.Tx, tables []table) (found []string, cells int) {
	t.Helper()
	for _, p := range principals() {
		enter(t, tx, p)
		for i := range tables {
			for _, c := range tables[i].attack(t, tx) {
				cells++
				if c.leak {
					found = append(found, fmt.Sprintf("%s %s as %s: %s", c.verb, tables[i].Name, p.name, c.got))
				}
			}
		}
	}
	return found, cells
}

// open tells what a caller without any context reaches: nothing at all is right.
func open(t *testing.T, tx pgx.Tx, tables []table) (found []string, cells int) {
	t.Helper()
	enter(t, tx, principal{})
	for i := range tables {
		x := &tables[i]
		try := func(verb, sql string, args ...any) {
			cells++
			got := attempt(t, tx, sql, args...)
			written := verb == "INSERT"
			if got.code != denied && (written || got.code != "" || got.rows > 0) {
				found = append(found, fmt.Sprintf("NOCONTEXT %s %s: %s", verb, x.Name, got))
			}
		}
		try("SELECT", "SELECT FROM "+x.Name)
		try("DELETE", "DELETE FROM "+x.Name)
		if updatable := x.writable(t, tx, "UPDATE"); len(updatable) > 0 {
			try("UPDATE", fmt.Sprintf("UPDATE %s t SET %s = t.%s", x.Name, updatable[0], updatable[0]))
		}
		if columns := x.writable(t, tx, "INSERT"); len(columns) > 0 && len(x.rows["B"]) > 0 {
			try("INSERT", x.insertOf(columns, ""), freshKey(t, tx, x, x.rows["B"][0]))
		}
	}
	return found, cells
}

// foreignEdges points, for every foreign key between two tables with clinics, clinic A's child at clinic B's parent. The constraint
// itself must refuse, whoever asks, so it is tried past every policy and trigger.
func foreignEdges(t *testing.T, super *pgx.Conn) (found []string, cells int) {
	t.Helper()
	rows, err := super.Query(t.Context(), "WITH "+reachable+` SELECT c.conname, child.label, parent.label,
		(SELECT string_agg(format('%I = p.%I', a.attname, b.attname), ', ') FROM unnest(c.conkey, c.confkey) AS pair(x, y)
		   JOIN pg_attribute a ON a.attrelid = child.oid AND a.attnum = pair.x JOIN pg_attribute b ON b.attrelid = parent.oid AND b.attnum = pair.y
		  WHERE a.attname <> 'organization_id') AS assignments
		FROM tables child JOIN pg_constraint c ON c.conrelid = child.oid AND c.contype = 'f' JOIN tables parent ON parent.oid = c.confrelid
		WHERE child.org IS NOT NULL AND parent.org IS NOT NULL ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	type edge struct {
		Name, Child, Parent string
		Assignments         *string
	}
	edges, err := pgx.CollectRows(rows, pgx.RowToStructByPos[edge])
	if err != nil {
		t.Fatal(err)
	}
	a, b := pgtest.ClinicA().Org, pgtest.ClinicB().Org
	for _, e := range edges {
		if e.Assignments == nil {
			continue
		}
		cells++
		inRolledBack(t, super, func(tx pgx.Tx) {
			mustExec(t, tx, fmt.Sprintf("ALTER TABLE %s DISABLE TRIGGER USER", e.Child))
			got := attempt(t, tx, fmt.Sprintf(`UPDATE %s c SET %s FROM (SELECT * FROM %s WHERE organization_id = '%s' LIMIT 1) p
				WHERE c.ctid = (SELECT ctid FROM %s WHERE organization_id = '%s' LIMIT 1)`, e.Child, *e.Assignments, e.Parent, b, e.Child, a))
			if got.code != "23503" {
				found = append(found, fmt.Sprintf("FK %s of %s: %s", e.Name, e.Child, got))
			}
		})
	}
	return found, cells
}

// roleTable is internal/testdata/role_table.txt: "<table> <principal>=<letters> ...", letters of S I U D on the own clinic's
// rows, s where only some of them are seen.
func roleTable(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for _, line := range committedLines(t, "role_table.txt") {
		words := strings.Fields(line)
		out[words[0]] = map[string]string{}
		for _, w := range words[1:] {
			role, letters, _ := strings.Cut(w, "=")
			out[words[0]][role] = letters
		}
	}
	return out
}

// own measures which verbs reach the principal's own clinic: the positive control. An error of a constraint means that the policy
// let the row through.
func (x *table) own(t *testing.T, tx pgx.Tx) string {
	t.Helper()
	reached := func(o outcome) bool {
		return o.code == "" && o.rows > 0 || strings.HasPrefix(o.code, "23") || o.code == "RX001"
	}
	letters := ""
	switch seen := attempt(t, tx, fmt.Sprintf("SELECT FROM %s t WHERE %s", x.Name, x.where["A"])); {
	case reached(seen) && seen.rows == int64(len(x.rows["A"])):
		letters += "S"
	case reached(seen):
		letters += "s"
	}
	if columns := x.writable(t, tx, "INSERT"); len(columns) > 0 && len(x.rows["A"]) > 0 {
		if reached(attempt(t, tx, x.insertOf(columns, ""), freshKey(t, tx, x, x.rows["A"][0]))) {
			letters += "I"
		}
	}
	if updatable := x.writable(t, tx, "UPDATE"); len(updatable) > 0 {
		set := updatable[0]
		if reached(attempt(t, tx, fmt.Sprintf("UPDATE %s t SET %s = t.%s WHERE %s", x.Name, set, set, x.where["A"]))) {
			letters += "U"
		}
	}
	if reached(attempt(t, tx, fmt.Sprintf("DELETE FROM %s t WHERE %s", x.Name, x.where["A"]))) {
		letters += "D"
	}
	if letters == "" {
		return "-"
	}
	return letters
}

// wrongControls compares what each principal reaches in its own clinic with the committed role table.
func wrongControls(t *testing.T, tx pgx.Tx, tables []table, want map[string]map[string]string) []string {
	t.Helper()
	got := map[string][]string{}
	wrong := map[string]bool{}
	for _, p := range principals() {
		enter(t, tx, p)
		for i := range tables {
			letters := tables[i].own(t, tx)
			got[tables[i].Name] = append(got[tables[i].Name], p.name+"="+letters)
			if want[tables[i].Name][p.name] != letters {
				wrong[tables[i].Name] = true
			}
		}
	}
	var out []string
	for name := range wrong {
		out = append(out, fmt.Sprintf("role_table.txt: the database says\n%s %s", name, strings.Join(got[name], " ")))
	}
	for name := range want {
		if !slices.ContainsFunc(tables, func(x table) bool { return x.Name == name }) {
			out = append(out, "role_table.txt names "+name+", which does not exist")
		}
	}
	slices.Sort(out)
	return out
}

// uncovered are the tables without a row of either clinic: they would make every cell of theirs green.
func uncovered(tables []table) []string {
	var out []string
	for _, x := range tables {
		for _, letter := range []string{"A", "B"} {
			if len(x.rows[letter]) == 0 {
				out = append(out, fmt.Sprintf("%s has no row of clinic %s: add one to migrations/testdata/rows", x.Name, letter))
			}
		}
	}
	return out
}

// TestFigureT2_verbMatrix tries every verb of every role of clinic A on every row of clinic B, as granted and with the policies alone,
// then without a context, then across every foreign key; and the own rows must be there.
// Seen red: TestFigureT3_policyMutants, and TestFigureT2_red for foreign keys, missing rows and a policy that hides everything.
// Verifies AUTH-01
func TestFigureT2_verbMatrix(t *testing.T) {
	t.Parallel()
	bad, total := 0, 0
	for _, server := range pgtest.Versions(t) {
		d := pgtest.Seeded(t, server.URL)
		super := d.Super(t)
		tables := readTables(t, super)
		want := roleTable(t)
		found := uncovered(tables)
		count := func(more []string, cells int) { found, total = append(found, more...), total+cells }
		for _, prepare := range modes() {
			asApplication(t, super, func(tx pgx.Tx) { prepare(t, tx) }, func(tx pgx.Tx) {
				count(leaks(t, tx, tables))
				count(open(t, tx, tables))
			})
		}
		// Once more over a connection that really signed in as the application.
		inRolledBack(t, d.App(t), func(tx pgx.Tx) {
			count(leaks(t, tx, tables))
			count(open(t, tx, tables))
			count(wrongControls(t, tx, tables, want), len(tables)*len(principals()))
		})
		count(foreignEdges(t, super))
		for _, f := range found {
			t.Errorf("PostgreSQL %s: %s", server.Version, f)
		}
		bad += len(found)
	}
	t.Logf("%d cells", total)
	fmt.Println(figure("T-2", bad, bad == 0 && total > 0))
}

// TestFigureT2_red plants what the mutants of T-3 do not cover.
func TestFigureT2_red(t *testing.T) {
	t.Parallel()
	d := pgtest.Seeded(t, pgtest.Server(t))
	super := d.Super(t)
	script(t, super, `CREATE TABLE parent (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations (id))`,
		`CREATE TABLE child (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations (id), parent_id uuid CONSTRAINT careless REFERENCES parent (id))`)
	if got := uncovered(readTables(t, super)); len(got) != 4 {
		t.Errorf("two tables without rows went unseen: %v", got)
	}
	for _, c := range []pgtest.Clinic{pgtest.ClinicA(), pgtest.ClinicB()} {
		script(t, super, fmt.Sprintf("INSERT INTO parent VALUES ('%s', '%s')", c.Patient, c.Org), fmt.Sprintf("INSERT INTO child VALUES ('%s', '%s', '%s')", c.Patient, c.Org, c.Patient))
	}
	if got, _ := foreignEdges(t, super); len(got) != 1 || !strings.Contains(got[0], "careless") {
		t.Errorf("a foreign key without the clinic went unseen: %v", got)
	}
	script(t, super, "DROP TABLE child", "DROP TABLE parent")
	tables := readTables(t, super)
	asApplication(t, super, func(tx pgx.Tx) {
		mustExec(t, tx, "CREATE POLICY hide ON access_keys AS RESTRICTIVE FOR ALL TO restartix_app USING (false)")
	}, func(tx pgx.Tx) {
		if got := wrongControls(t, tx, tables, roleTable(t)); len(got) != 1 || !strings.Contains(got[0], "access_keys") {
			t.Errorf("a policy that hides everything went unseen: %v", got)
		}
	})
}

// mutants are the five ways in which a policy is spoilt by hand; each answers the statements for one table.
func mutants(t *testing.T, super *pgx.Conn, name string) map[string][]string {
	t.Helper()
	rows, err := super.Query(t.Context(), "SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = $1 AND permissive = 'PERMISSIVE' ORDER BY 1", name)
	if err != nil {
		t.Fatal(err)
	}
	type policy struct {
		Name, Cmd   string
		Qual, Check *string
	}
	policies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[policy])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{
		"row security off": {"ALTER TABLE " + name + " DISABLE ROW LEVEL SECURITY"},
		"policy true":      {"CREATE POLICY mutant ON " + name + " FOR ALL TO restartix_app USING (true) WITH CHECK (true)"},
	}
	for _, p := range policies {
		alter := fmt.Sprintf("ALTER POLICY %s ON %s ", p.Name, name)
		if p.Check != nil {
			out["check dropped: "+p.Name] = []string{alter + "WITH CHECK (true)"}
		}
		if p.Qual == nil {
			continue
		}
		out["role may be absent: "+p.Name] = []string{alter + "USING ((SELECT current_app_role()) IS NULL OR " + *p.Qual + ")"}
		if inverted := strings.Replace(*p.Qual, "organization_id = (", "organization_id <> (", 1); inverted != *p.Qual {
			out["clinic inverted: "+p.Name] = []string{alter + "USING (" + inverted + ")"}
		}
	}
	return out
}

// shortMutants bounds the run of CI; `make nightly FIG=T-3` takes all.
const shortMutants = 100

// mutant is one spoilt policy of one table.
type mutant struct {
	table      table
	name       string
	statements []string
}

func allMutants(t *testing.T, super *pgx.Conn, tables []table) []mutant {
	t.Helper()
	var out []mutant
	for _, x := range tables {
		of := mutants(t, super, x.Name)
		for _, name := range slices.Sorted(maps.Keys(of)) {
			out = append(out, mutant{table: x, name: name, statements: of[name]})
		}
	}
	return out
}

// TestFigureT3_policyMutants spoils the policies of each table and expects T-1 or T-2 to object to each spoilt one.
// Seen red: a mutant that changes nothing (the last assertion) survives.
func TestFigureT3_policyMutants(t *testing.T) {
	t.Parallel()
	d := pgtest.Seeded(t, pgtest.Server(t))
	super := d.Super(t)
	want := roleTable(t)
	killed, total := 0, 0
	objects := func(x table, statements []string) bool {
		dead := false
		asApplication(t, super, func(tx pgx.Tx) {
			openEverything(t, tx)
			for _, s := range statements {
				mustExec(t, tx, s)
			}
		}, func(tx pgx.Tx) {
			found, _ := leaks(t, tx, []table{x})
			more, _ := open(t, tx, []table{x})
			dead = len(found)+len(more) > 0
		})
		if dead {
			return true
		}
		inRolledBack(t, super, func(tx pgx.Tx) {
			for _, s := range statements {
				mustExec(t, tx, s)
			}
			dead = len(lint(t, tx, readExceptions(t))) > 0
			if !dead {
				mustExec(t, tx, "SET LOCAL ROLE restartix_app")
				dead = len(wrongControls(t, tx, []table{x}, map[string]map[string]string{x.Name: want[x.Name]})) > 0
			}
		})
		return dead
	}
	tables := readTables(t, super)
	all := allMutants(t, super, tables)
	id, step := "T-3", 1
	if os.Getenv("NIGHTLY") == "" && len(all) > shortMutants {
		id, step = "T-3/short", (len(all)+shortMutants-1)/shortMutants
	}
	for i := 0; i < len(all); i += step {
		total++
		if objects(all[i].table, all[i].statements) {
			killed++
			continue
		}
		t.Errorf("%s survives on %s", all[i].name, all[i].table.Name)
	}
	if objects(tables[0], []string{"SELECT 1"}) {
		t.Error("a mutant that changes nothing was called dead: the figure would be green whatever happens")
	}
	fmt.Println(figure(id, fmt.Sprintf("%d/%d", killed, total), killed == total && total > 0))
}

// TestAuth01_rawInsertForAnotherClinic is the SQL half of the acceptance case, through the product's own transactions.
// Verifies AUTH-01
func TestAuth01_rawInsertForAnotherClinic(t *testing.T) {
	t.Parallel()
	d := pgtest.Seeded(t, pgtest.Server(t))

	err := d.InTx(asAdminOf(t, pgtest.ClinicA()), func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'patient')",
			pgtest.ClinicB().Org, pgtest.ClinicA().Patient)
		return err
	})
	if postgres.Code(err) != denied {
		t.Errorf("insert for another clinic: %v, want sqlstate %s", err, denied)
	}
	if err := d.InTx(t.Context(), func(*postgres.Tx) error { return nil }); !errors.Is(err, postgres.ErrNoPrincipal) {
		t.Errorf("transaction without anybody behind it: %v", err)
	}
}
