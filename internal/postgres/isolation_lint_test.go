package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestFigureT1_catalogueLint reads the catalogue of the migrated schema on every supported server.
// Seen red: TestFigureT1_red plants one fault per sub-rule.
func TestFigureT1_catalogueLint(t *testing.T) {
	t.Parallel()
	total := 0
	for _, server := range pgtest.Versions(t) {
		super := pgtest.NewOn(t, server.URL).Super(t)
		allowed := readExceptions(t)

		findings := lint(t, super, allowed)

		for _, f := range findings {
			t.Errorf("PostgreSQL %s: %s", server.Version, f)
		}
		for _, s := range allowed.stale() {
			t.Errorf("PostgreSQL %s: global_tables.txt excuses %q, which does not occur", server.Version, s)
		}
		total += len(findings)
	}
	fmt.Println(figure("T-1", total, !t.Failed()))
}

// TestFigureT1_newObjectsHaveNoRights makes objects as the owner: default privileges must give the application nothing.
func TestFigureT1_newObjectsHaveNoRights(t *testing.T) {
	t.Parallel()
	for _, server := range pgtest.Versions(t) {
		d := pgtest.NewOn(t, server.URL)
		owner := d.Admin(t)
		ask := func() (rights []bool) {
			row := owner.QueryRow(t.Context(), `SELECT ARRAY[has_table_privilege('restartix_app', 'fresh', 'SELECT'), has_table_privilege('restartix_app', 'fresh', 'INSERT'),
				has_sequence_privilege('restartix_app', 'fresh_id_seq', 'SELECT'), has_function_privilege('restartix_app', 'fresh_fn()', 'EXECUTE')]`)
			if err := row.Scan(&rights); err != nil {
				t.Fatal(err)
			}
			return rights
		}
		script(t, owner, "CREATE TABLE fresh (id serial)", "CREATE FUNCTION fresh_fn() RETURNS int LANGUAGE sql AS 'SELECT 1'")
		if got := fmt.Sprint(ask()); got != "[false false false false]" {
			t.Errorf("PostgreSQL %s: a new table, its sequence or a new function is open to the application: %s", server.Version, got)
		}

		// Red: default privileges of the careless kind.
		script(t, owner, "DROP TABLE fresh", "DROP FUNCTION fresh_fn()", "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO restartix_app",
			"ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO restartix_app", "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
			"CREATE TABLE fresh (id serial)", "CREATE FUNCTION fresh_fn() RETURNS int LANGUAGE sql AS 'SELECT 1'")
		if got := fmt.Sprint(ask()); got != "[true true true true]" {
			t.Errorf("PostgreSQL %s: the planted default privileges went unseen: %s", server.Version, got)
		}
	}
}

// plantedFaults are one careless migration per sub-rule.
func plantedFaults() map[string]string {
	const table = `CREATE TABLE planted (id uuid PRIMARY KEY, organization_id uuid NOT NULL, note text); CREATE INDEX ON planted (organization_id);
		ALTER TABLE planted ENABLE ROW LEVEL SECURITY; ALTER TABLE planted FORCE ROW LEVEL SECURITY; `
	const parent = table + "ALTER TABLE planted ADD UNIQUE (organization_id, id); "
	return map[string]string{
		"rls_off":                "ALTER TABLE access_keys DISABLE ROW LEVEL SECURITY",
		"rls_not_forced":         "ALTER TABLE access_keys NO FORCE ROW LEVEL SECURITY",
		"verb_without_policy":    "GRANT DELETE ON organization_settings TO restartix_app",
		"table":                  "CREATE TABLE planted (id uuid PRIMARY KEY); ALTER TABLE planted ENABLE ROW LEVEL SECURITY; ALTER TABLE planted FORCE ROW LEVEL SECURITY",
		"platform_rows":          "ALTER TABLE access_keys ALTER organization_id DROP NOT NULL",
		"org_not_indexed":        "CREATE TABLE planted (id uuid PRIMARY KEY, organization_id uuid NOT NULL)",
		"unique":                 table + "CREATE UNIQUE INDEX planted_note ON planted (note)",
		"fk_without_org":         parent + "CREATE TABLE child (id uuid PRIMARY KEY, organization_id uuid NOT NULL, planted_id uuid REFERENCES planted (id))",
		"view_not_invoker":       "CREATE VIEW planted AS SELECT * FROM access_keys",
		"matview_readable":       "CREATE MATERIALIZED VIEW planted AS SELECT * FROM access_keys; GRANT SELECT ON planted TO restartix_app",
		"foreign_table_readable": "CREATE FOREIGN DATA WRAPPER planted; CREATE SERVER planted FOREIGN DATA WRAPPER planted; CREATE FOREIGN TABLE planted_far (a int) SERVER planted; GRANT SELECT ON planted_far TO restartix_app",
		"sequence_readable":      "CREATE SEQUENCE planted; GRANT SELECT ON SEQUENCE planted TO restartix_app",
		"large_object":           "SELECT lo_create(0)",
		"function":               "CREATE FUNCTION planted() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS 'SELECT count(*) FROM access_keys'",
		"search_path_open":       "ALTER FUNCTION outbox_read(uuid) SET search_path = pg_catalog, public",
		"public_execute":         "GRANT EXECUTE ON FUNCTION outbox_read(uuid) TO PUBLIC",
		"app_privilege":          "GRANT TRUNCATE ON audit_log TO restartix_app",
		"grant_option":           "GRANT SELECT ON audit_log TO restartix_app WITH GRANT OPTION",
		"granted_to_public":      "GRANT SELECT ON audit_log TO PUBLIC",
		"app_role":               "ALTER ROLE restartix_app BYPASSRLS",
		"app_member_of":          "GRANT pg_read_all_data TO restartix_app",
		"app_owns":               "ALTER TABLE access_keys OWNER TO restartix_app",
		"app_creates":            "GRANT CREATE ON SCHEMA public TO restartix_app",
		"app_temporary":          "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$",
		"partition_addressable":  "CREATE TABLE planted (id uuid, organization_id uuid NOT NULL) PARTITION BY HASH (organization_id); CREATE TABLE planted_0 PARTITION OF planted FOR VALUES WITH (MODULUS 1, REMAINDER 0); GRANT SELECT ON planted_0 TO restartix_app",
		"policy_null_open":       "CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) IS NULL OR organization_id = (SELECT current_app_org_id()))",
		"policy":                 "CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) = 'admin' AND organization_id = COALESCE((SELECT current_app_org_id()), organization_id))",
		"policy_always_true":     "CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING (true)",
		"policy_without_role":    "CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING (organization_id = (SELECT current_app_org_id()))",
		"policy_without_org":     "CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) = 'admin')",
	}
}

// TestFigureT1_red plants one fault per sub-rule, rolled back each time, and expects that very sub-rule to name it.
func TestFigureT1_red(t *testing.T) {
	t.Parallel()
	for _, server := range pgtest.Versions(t) {
		super := pgtest.NewOn(t, server.URL).Super(t)
		faults := plantedFaults()
		if server.Version >= "17" {
			faults["app_maintains"] = "GRANT MAINTAIN ON audit_log TO restartix_app"
		}
		for _, r := range lintRules() {
			fault, planted := faults[r.rule]
			if !planted && (r.rule != "app_maintains" || server.Version >= "17") {
				t.Errorf("sub-rule %s has no planted fault", r.rule)
			}
			if !planted {
				continue
			}
			inRolledBack(t, super, func(tx pgx.Tx) {
				if _, err := tx.Exec(t.Context(), fault); err != nil {
					t.Fatalf("plant %s: %v", r.rule, err)
				}
				for _, f := range lint(t, tx, readExceptions(t)) {
					if f.rule == r.rule {
						return
					}
				}
				t.Errorf("PostgreSQL %s: the planted fault %q was not found by %s", server.Version, strings.TrimSpace(fault), r.rule)
			})
		}
	}
}

func script(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// inRolledBack gives fn a transaction that leaves nothing behind.
func inRolledBack(t *testing.T, conn *pgx.Conn, fn func(pgx.Tx)) {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tx.Rollback(t.Context()); err != nil {
			t.Errorf("roll back: %v", err)
		}
	}()
	fn(tx)
}
