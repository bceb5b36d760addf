package migrations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// parts are the catalogue queries of the schema dump, one text line per object. pg_dump is not used: it refuses servers newer than
// itself, and its comments and order differ by version.
func parts() []string {
	const own = `n.nspname !~ '^(pg_|information_schema$)'`
	const notOfExtension = ` AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s AND d.deptype = 'e')`
	class, proc, typ := fmt.Sprintf(notOfExtension, "pg_class", "c.oid"), fmt.Sprintf(notOfExtension, "pg_proc", "p.oid"), fmt.Sprintf(notOfExtension, "pg_type", "t.oid")
	return []string{
		`SELECT 'schema ' || n.nspname || ' acl ' || COALESCE((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(n.nspacl) a), '-') FROM pg_namespace n WHERE ` + own,
		`SELECT 'extension ' || extname || ' ' || extversion FROM pg_extension`,
		`SELECT 'relation ' || c.oid::regclass::text || ' kind ' || c.relkind::text || ' rls ' || c.relrowsecurity::text || c.relforcerowsecurity::text || ' owner ' || c.relowner::regrole::text
			|| ' acl ' || COALESCE((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(c.relacl) a), '-') || ' options ' || COALESCE(c.reloptions::text, '-')
			|| ' ' || COALESCE(CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, '')
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + own + ` AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')` + class,
		`SELECT 'column ' || c.oid::regclass::text || '.' || a.attname || ' ' || (a.attnum - (SELECT count(*) FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attisdropped AND g.attnum < a.attnum AND g.attnum > 0))::text
			|| ' ' || format_type(a.atttypid, a.atttypmod) || ' null ' || (NOT a.attnotnull)::text || ' default ' || COALESCE(pg_get_expr(d.adbin, d.adrelid), '-') || ' made ' || a.attgenerated::text || a.attidentity::text
			|| ' acl ' || COALESCE((SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(a.attacl) x), '-')
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE ` + own + ` AND c.relkind IN ('r', 'p', 'v', 'm', 'f')` + class,
		`SELECT 'constraint ' || c.conrelid::regclass::text || '.' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ' valid ' || c.convalidated::text
			FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE ` + own + ` AND c.conrelid <> 0`,
		`SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' valid ' || i.indisvalid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + own,
		`SELECT 'policy ' || schemaname || '.' || tablename || '.' || policyname || ' ' || permissive || ' ' || cmd || ' to ' || roles::text || ' using ' || COALESCE(qual, '-') || ' check ' || COALESCE(with_check, '-') FROM pg_policies`,
		`SELECT 'function ' || pg_get_functiondef(p.oid) || ' owner ' || p.proowner::regrole::text || ' acl ' || COALESCE((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(p.proacl) a), '-')
			FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ` + own + ` AND p.prokind IN ('f', 'p')` + proc,
		`SELECT 'trigger ' || t.tgrelid::regclass::text || ' ' || pg_get_triggerdef(t.oid) || ' enabled ' || t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal`,
		`SELECT 'type ' || t.oid::regtype::text || ' ' || COALESCE((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), pg_catalog.format_type(t.typbasetype, t.typtypmod))
			FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ` + own + ` AND t.typtype IN ('e', 'd')` + typ,
		`SELECT 'default rights ' || d.defaclrole::regrole::text || ' in ' || COALESCE(d.defaclnamespace::regnamespace::text, '-') || ' on ' || d.defaclobjtype::text || ' '
			|| COALESCE((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(d.defaclacl) a), '-') FROM pg_default_acl d`,
		`SELECT 'database rights ' || COALESCE((SELECT string_agg(a.grantee::regrole::text || ' ' || a.privilege_type, ', ' ORDER BY a.grantee, a.privilege_type)
			FROM aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) a), '-') FROM pg_database d WHERE d.datname = current_database()`,
	}
}

// dump is the schema as sorted text lines.
func dump(t *testing.T, super *pgx.Conn) []string {
	t.Helper()
	var out []string
	for _, part := range parts() {
		rows, err := super.Query(t.Context(), part)
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		out = append(out, lines...)
	}
	slices.Sort(out)
	return out
}

// difference answers the lines that only one of two dumps has.
func difference(before, after []string) []string {
	var out []string
	for _, l := range before {
		if _, found := slices.BinarySearch(after, l); !found {
			out = append(out, "- "+short(l))
		}
	}
	for _, l := range after {
		if _, found := slices.BinarySearch(before, l); !found {
			out = append(out, "+ "+short(l))
		}
	}
	return out
}

func short(line string) string {
	line = strings.Join(strings.Fields(line), " ")
	if len(line) > 300 {
		return line[:300] + "…"
	}
	return line
}
