package postgres_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// finding is one thing that the catalogue lint objects to.
type finding struct{ rule, object string }

func (f finding) String() string { return f.rule + " " + f.object }

// exceptions are the committed allow-list of internal/testdata/global_tables.txt: "<kind> <object> -- <reason>".
type exceptions struct {
	allowed map[finding]string
	used    map[finding]bool
}

func readExceptions(t *testing.T) *exceptions {
	t.Helper()
	e := &exceptions{allowed: map[finding]string{}, used: map[finding]bool{}}
	for _, line := range committedLines(t, "global_tables.txt") {
		entry, reason, found := strings.Cut(line, " -- ")
		kind, object, named := strings.Cut(entry, " ")
		if !found || !named || strings.TrimSpace(reason) == "" {
			t.Fatalf("global_tables.txt: %q is not '<kind> <object> -- <reason>'", line)
		}
		e.allowed[finding{kind, object}] = reason
	}
	return e
}

// committedLines reads a file of internal/testdata without blank lines and comments.
func committedLines(t *testing.T, name string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.SplitSeq(string(b), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// stale are entries that excuse nothing any more.
func (e *exceptions) stale() []string {
	var out []string
	for f := range e.allowed {
		if !e.used[f] {
			out = append(out, f.String())
		}
	}
	slices.Sort(out)
	return out
}

// reachable selects the tables of every schema that the application role may use; extensions' own tables excluded.
const reachable = `reachable AS (
	SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
	       CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS label,
	       (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped) AS org
	  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	 WHERE n.nspname !~ '^(pg_|information_schema$)' AND has_schema_privilege('restartix_app', n.oid, 'USAGE')
	   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
tables AS (SELECT * FROM reachable WHERE relkind IN ('r', 'p')),
own_functions AS (
	SELECT p.oid, p.proacl, p.prosecdef, p.proconfig, p.proowner, p.oid::regprocedure::text AS label
	  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	 WHERE n.nspname !~ '^(pg_|information_schema$)' AND has_schema_privilege('restartix_app', n.oid, 'USAGE')
	   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))`

// lintRules are the sub-rules of T-1. Each query answers the objects that break the rule.
func lintRules() []struct{ rule, query string } {
	return []struct{ rule, query string }{
		{"rls_off", `SELECT label FROM tables WHERE NOT relrowsecurity`},
		{"rls_not_forced", `SELECT label FROM tables WHERE relrowsecurity AND NOT relforcerowsecurity`},
		// A verb that is granted but has no policy is dead today and a surprise tomorrow.
		{"verb_without_policy", `SELECT label || ' ' || v.verb FROM tables t CROSS JOIN (VALUES ('SELECT','r'),('INSERT','a'),('UPDATE','w'),('DELETE','d')) v(verb, cmd)
			WHERE CASE v.verb WHEN 'DELETE' THEN has_table_privilege('restartix_app', t.oid, 'DELETE') ELSE has_any_column_privilege('restartix_app', t.oid, v.verb) END
			AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd::text IN (v.cmd, '*') AND p.polpermissive
				AND 'restartix_app'::regrole = ANY (p.polroles))`},
		{"table", `SELECT label FROM tables WHERE org IS NULL`},
		{"platform_rows", `SELECT label FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = t.org WHERE NOT a.attnotnull`},
		{"org_not_indexed", `SELECT label FROM tables t WHERE org IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indkey[0] = t.org AND i.indisvalid AND i.indpred IS NULL)`},
		// A key of one uuid is exempt: it is made by us at random, so it can be neither met by chance nor asked for.
		{"unique", `SELECT i.indexrelid::regclass::text FROM tables t JOIN pg_index i ON i.indrelid = t.oid
			WHERE (i.indisunique OR i.indisexclusion) AND NOT COALESCE(t.org = ANY (i.indkey::int2[]), false)
			AND NOT (i.indnkeyatts = 1 AND i.indisprimary AND (SELECT a.atttypid = 'uuid'::regtype FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = i.indkey[0]))`},
		{"fk_without_org", `SELECT c.conname || ' of ' || t.label FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'
			JOIN tables parent ON parent.oid = c.confrelid WHERE t.org IS NOT NULL AND parent.org IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM unnest(c.conkey, c.confkey) AS pair(child, up) WHERE pair.child = t.org AND pair.up = parent.org)`},
		{"view_not_invoker", `SELECT label FROM reachable r JOIN pg_class c ON c.oid = r.oid
			WHERE r.relkind = 'v' AND NOT COALESCE('security_invoker=true' = ANY (c.reloptions) OR 'security_invoker=on' = ANY (c.reloptions), false)`},
		{"matview_readable", `SELECT label FROM reachable WHERE CASE relkind WHEN 'm' THEN has_any_column_privilege('restartix_app', oid, 'SELECT') END`},
		{"foreign_table_readable", `SELECT label FROM reachable WHERE relkind = 'f' AND has_any_column_privilege('restartix_app', oid, 'SELECT')`},
		{"sequence_readable", `SELECT label FROM reachable WHERE CASE relkind WHEN 'S' THEN has_sequence_privilege('restartix_app', oid, 'SELECT, USAGE, UPDATE') END`},
		{"large_object", `SELECT oid::text FROM pg_largeobject_metadata`},
		{"function", `SELECT label FROM own_functions WHERE prosecdef`},
		// pg_temp must be named last: unnamed, it is searched first and a temporary table could stand in for a real one.
		{"search_path_open", `SELECT label FROM own_functions WHERE prosecdef AND NOT EXISTS (
			SELECT 1 FROM unnest(proconfig) s WHERE s ~ '^search_path=pg_catalog, [a-z_, ]*pg_temp$')`},
		{"public_execute", `SELECT label FROM own_functions f WHERE EXISTS (
			SELECT 1 FROM aclexplode(COALESCE(f.proacl, acldefault('f', f.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')`},
		{"app_privilege", `SELECT label || ' ' || v.verb FROM reachable CROSS JOIN (VALUES ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) v(verb)
			WHERE CASE WHEN relkind IN ('r', 'p', 'v', 'm', 'f') THEN has_table_privilege('restartix_app', oid, v.verb) END`},
		{"app_maintains", `SELECT label FROM reachable r JOIN pg_class c ON c.oid = r.oid, aclexplode(c.relacl) a
			WHERE a.grantee IN (0, 'restartix_app'::regrole) AND a.privilege_type = 'MAINTAIN'`},
		{"grant_option", `SELECT label FROM reachable r JOIN pg_class c ON c.oid = r.oid, aclexplode(c.relacl) a
			WHERE a.grantee IN (0, 'restartix_app'::regrole) AND a.is_grantable`},
		{"granted_to_public", `SELECT label FROM reachable r JOIN pg_class c ON c.oid = r.oid, aclexplode(c.relacl) a WHERE a.grantee = 0`},
		{"app_role", `SELECT 'restartix_app' FROM pg_roles WHERE rolname = 'restartix_app'
			AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`},
		{"app_member_of", `SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'restartix_app'::regrole`},
		{"app_owns", `SELECT COALESCE(classid::regclass::text, '') || ' ' || objid::text FROM pg_shdepend
			WHERE refclassid = 'pg_authid'::regclass AND refobjid = 'restartix_app'::regrole AND deptype = 'o'
			AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`},
		{"app_creates", `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)' AND has_schema_privilege('restartix_app', oid, 'CREATE')`},
		{"app_temporary", `SELECT datname FROM pg_database WHERE datname = current_database() AND has_database_privilege('restartix_app', oid, 'TEMPORARY, CREATE')`},
		{"partition_addressable", `SELECT label FROM tables t WHERE relispartition AND (has_any_column_privilege('restartix_app', oid, 'SELECT, INSERT, UPDATE')
			OR has_table_privilege('restartix_app', oid, 'DELETE'))`},
		{"policy_null_open", `SELECT tablename || '.' || policyname FROM pg_policies, LATERAL (VALUES (COALESCE(qual, '')), (COALESCE(with_check, ''))) e(text)
			WHERE e.text ~ '(current_app_\w+\s*(\(\))?( AS current_app_\w+)?\)*|current_setting\([^)]*\)\)*) IS NULL\)*\s+OR'
			   OR e.text ~ 'OR\s*\(+\s*(SELECT )?(current_app_|current_setting|NULLIF)[^=<>]* IS NULL'`},
		{"policy", `SELECT tablename || '.' || policyname FROM pg_policies WHERE COALESCE(qual, '') || COALESCE(with_check, '') ~ 'COALESCE\(\(+ ?SELECT current_app'`},
		{"policy_always_true", `SELECT tablename || '.' || policyname FROM pg_policies
			WHERE permissive = 'PERMISSIVE' AND (COALESCE(qual, 'true') = 'true' AND cmd <> 'INSERT' OR cmd IN ('INSERT') AND COALESCE(with_check, 'true') = 'true' OR with_check = 'true')`},
		{"policy_without_role", `SELECT tablename || '.' || policyname FROM pg_policies WHERE roles = '{public}'
			OR COALESCE(qual, '') || COALESCE(with_check, '') !~ 'current_app_(role|user_id)'`},
		{"policy_without_org", `SELECT p.tablename || '.' || p.policyname FROM pg_policies p JOIN tables t ON t.label = p.tablename AND p.schemaname = 'public'
			WHERE t.org IS NOT NULL AND COALESCE(p.qual, p.with_check) !~ 'current_app_org_id'`},
	}
}

// lint runs every sub-rule and answers what no committed exception covers.
func lint(t *testing.T, q querier, e *exceptions) []finding {
	t.Helper()
	var out []finding
	for _, r := range lintRules() {
		rows, err := q.Query(t.Context(), "WITH "+reachable+" "+r.query)
		if err != nil {
			t.Fatalf("%s: %v", r.rule, err)
		}
		objects, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", r.rule, err)
		}
		for _, object := range objects {
			f := finding{r.rule, object}
			if _, ok := e.allowed[f]; ok {
				e.used[f] = true
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

func figure(id string, value any, pass bool) string {
	verdict := "fail"
	if pass {
		verdict = "pass"
	}
	return fmt.Sprintf("FIGURE %s %v %s", id, value, verdict)
}
