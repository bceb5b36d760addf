package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

func asAdminOf(t *testing.T, c pgtest.Clinic) context.Context {
	t.Helper()
	return auth.WithPrincipal(t.Context(), auth.Principal{
		Kind: auth.ActorUser, Role: auth.Admin, Authenticated: true,
		OrgID: ident.Must[ident.Organization](c.Org), UserID: ident.Must[ident.User](c.Admin),
	})
}

// publicColumns is internal/testdata/public_columns.txt: "<table> <column> ... -- <reason>".
func publicColumns(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, line := range committedLines(t, "public_columns.txt") {
		entry, reason, found := strings.Cut(line, " -- ")
		if !found || strings.TrimSpace(reason) == "" {
			t.Fatalf("public_columns.txt: %q has no reason", line)
		}
		words := strings.Fields(entry)
		out[words[0]] = append(out[words[0]], words[1:]...)
	}
	return out
}

// exposed answers "<table> <column>" for everything that a visitor reaches, with and without a clinic, beyond the list.
func exposed(t *testing.T, tx pgx.Tx, tables []table, public map[string][]string) []string {
	t.Helper()
	var out []string
	for i := range tables {
		x := &tables[i]
		seen := false
		for _, org := range []string{"", pgtest.ClinicA().Org} {
			enter(t, tx, principal{role: "anonymous", org: org})
			got := attempt(t, tx, "SELECT FROM "+x.Name)
			seen = seen || got.code == "" && got.rows > 0
		}
		if !seen {
			continue
		}
		for _, column := range x.writable(t, tx, "SELECT") {
			if !slices.Contains(public[x.Name], column) {
				out = append(out, x.Name+" "+column)
			}
		}
	}
	return out
}

// TestFigureT5_defaultDeny asks every table without a context, fresh and after a use, and as a visitor.
// Seen red: a policy that forgets the role, a table opened to visitors, both planted below.
// Verifies AUTH-01, AUTH-18
func TestFigureT5_defaultDeny(t *testing.T) {
	t.Parallel()
	bad := 0
	for _, server := range pgtest.Versions(t) {
		d := pgtest.Seeded(t, server.URL)
		super, public := d.Super(t), publicColumns(t)
		script(t, super, `INSERT INTO organizations (id, slug, name, status) VALUES ('dddddddd-0000-7000-8000-000000000000', 'closed-clinic', 'Closed', 'suspended')`)
		tables := readTables(t, super)
		app := d.App(t)
		var found []string
		for range 2 { // the second round finds the connection used, where an unset setting is '' instead of NULL
			inRolledBack(t, app, func(tx pgx.Tx) {
				fresh, _ := open(t, tx, tables)
				found = append(found, fresh...)
				found = append(found, exposed(t, tx, tables, public)...)
				found = append(found, unpublished(t, tx)...)
			})
		}
		for _, f := range found {
			t.Errorf("PostgreSQL %s: %s", server.Version, f)
		}
		bad += len(found)

		for fault, seen := range map[string]func(pgx.Tx) []string{
			"CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) IS NULL)": func(tx pgx.Tx) []string {
				f, _ := open(t, tx, tables)
				return f
			},
			"CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) = 'anonymous')": func(tx pgx.Tx) []string {
				return exposed(t, tx, tables, public)
			},
			"ALTER POLICY organizations_public ON organizations USING ((SELECT current_app_role()) = 'anonymous')":                                           func(tx pgx.Tx) []string { return unpublished(t, tx) },
			"ALTER POLICY services_public ON services USING ((SELECT current_app_role()) = 'anonymous' AND organization_id = (SELECT current_app_org_id()))": func(tx pgx.Tx) []string { return unpublished(t, tx) },
		} {
			asApplication(t, super, func(tx pgx.Tx) { mustExec(t, tx, fault) }, func(tx pgx.Tx) {
				if len(seen(tx)) == 0 {
					t.Errorf("PostgreSQL %s: the planted %q went unseen", server.Version, fault)
				}
			})
		}
	}
	fmt.Println(figure("T-5", bad, bad == 0))
}

// unpublished are rows that exist but are not public: a suspended clinic, a domain that nobody proved, a draft of the catalogue. The row
// sets hold each of them.
func unpublished(t *testing.T, tx pgx.Tx) []string {
	t.Helper()
	var out []string
	for org, statements := range map[string][]string{
		"": {"SELECT FROM organizations WHERE status <> 'active'", "SELECT FROM organization_domains WHERE status <> 'verified'"},
		pgtest.ClinicA().Org: {
			"SELECT FROM services WHERE NOT (published AND is_public)", "SELECT FROM specialties WHERE NOT active", "SELECT FROM specialists WHERE NOT scheduling_active",
			"SELECT FROM service_specialists o WHERE NOT EXISTS (SELECT 1 FROM services v WHERE v.id = o.service_id)",
			"SELECT FROM specialist_specialties o WHERE NOT EXISTS (SELECT 1 FROM specialists v WHERE v.id = o.specialist_id)",
		},
	} {
		enter(t, tx, principal{role: "anonymous", org: org})
		for _, sql := range statements {
			if got := attempt(t, tx, sql); got.rows > 0 || got.code != "" {
				out = append(out, sql+": "+got.String())
			}
		}
	}
	return out
}

// TestFigureL9_appRoleOnTheTrail attacks the audit trail as the application role.
// Seen red: the grants and the careless function planted below.
func TestFigureL9_appRoleOnTheTrail(t *testing.T) {
	t.Parallel()
	bad := 0
	for _, server := range pgtest.Versions(t) {
		d := pgtest.Seeded(t, server.URL)
		super := d.Super(t)
		inRolledBack(t, d.App(t), func(tx pgx.Tx) {
			found := trailAttacks(t, tx)
			for _, f := range found {
				t.Errorf("PostgreSQL %s: %s", server.Version, f)
			}
			bad += len(found)
		})
		for _, fault := range []string{
			"GRANT INSERT ON audit_log TO restartix_app; CREATE POLICY planted ON audit_log FOR INSERT TO restartix_app WITH CHECK (true)",
			"GRANT UPDATE ON audit_log TO restartix_app; ALTER TABLE audit_log DISABLE TRIGGER USER; CREATE POLICY planted ON audit_log FOR UPDATE TO restartix_app USING (true)",
			"GRANT TRUNCATE ON audit_log TO restartix_app; ALTER TABLE audit_log DISABLE TRIGGER USER",
			"CREATE OR REPLACE FUNCTION current_app_org_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT '" + pgtest.ClinicB().Org + "'::uuid $$",
		} {
			asApplication(t, super, func(tx pgx.Tx) { mustExec(t, tx, fault) }, func(tx pgx.Tx) {
				if len(trailAttacks(t, tx)) == 0 {
					t.Errorf("PostgreSQL %s: the planted %q went unseen", server.Version, fault)
				}
			})
		}
	}
	fmt.Println(figure("L-9", bad, bad == 0))
}

// trailAttacks answers the attempts on the trail that were not refused, and what audit_append let the caller choose.
func trailAttacks(t *testing.T, tx pgx.Tx) []string {
	t.Helper()
	a, b := pgtest.ClinicA(), pgtest.ClinicB()
	var out []string
	for _, role := range []string{"patient", "specialist", "customer_support", "admin", "superadmin", "system", "anonymous", ""} {
		enter(t, tx, principal{role: role, user: a.Admin, org: a.Org})
		for _, sql := range []string{
			"INSERT INTO audit_log (id, seq, occurred_at, actor_kind, action, entity_type, result, prev_hash, payload_hash, row_mac, key_id) VALUES (gen_random_uuid(), 99, now(), 'user', 'update', 'x_x', 'success', '', sha256('x'), sha256('x'), 'k')",
			"UPDATE audit_log SET reason = 'x'", "UPDATE audit_log SET occurred_at = now() - interval '1 day'", "DELETE FROM audit_log", "TRUNCATE audit_log",
			"UPDATE audit_heads SET seq = 0", "DELETE FROM audit_heads", "ALTER TABLE audit_log DISABLE TRIGGER ALL",
			"INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT DO NOTHING",
			"MERGE INTO audit_log l USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
		} {
			if got := attempt(t, tx, sql); got.code != denied {
				out = append(out, fmt.Sprintf("%q as %q: %s", sql, role, got))
			}
		}
	}
	enter(t, tx, principal{})
	if got := attempt(t, tx, "SELECT audit_append('[]')"); got.code != denied {
		out = append(out, "audit_append without a context: "+got.String())
	}
	enter(t, tx, principal{role: "admin", user: a.Admin, org: a.Org})
	return append(out, forgedAppend(t, tx, b)...)
}

// forgedAppend hands audit_append another clinic, actor, role and time and reads back what it stored.
func forgedAppend(t *testing.T, tx pgx.Tx, b pgtest.Clinic) []string {
	t.Helper()
	sp, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sp.Rollback(t.Context()) }()
	var org, actor, role string
	var own bool
	err = sp.QueryRow(t.Context(), `WITH head AS (SELECT * FROM audit_head()), call AS (SELECT audit_append(jsonb_build_array(jsonb_build_object(
			'id', '11111111-0000-7000-8000-000000000001', 'organization_id', $1::text, 'actor_user_id', $2::text, 'actor_role', 'superadmin', 'occurred_at', '2001-01-01',
			'seq', seq + 1, 'prev_hash', encode(prev_hash, 'hex'), 'payload_hash', encode(sha256('p'), 'hex'), 'row_mac', encode(sha256('m'), 'hex'),
			'actor_kind', 'user', 'action', 'update', 'entity_type', 'organization', 'result', 'success', 'action_context', 'normal', 'key_id', 'k'))) FROM head)
		SELECT count(*)::text, '', '', true FROM call`, b.Org, b.Admin).Scan(&org, &actor, &role, &own)
	if err != nil {
		return []string{"audit_append refused an honest row: " + err.Error()}
	}
	err = sp.QueryRow(t.Context(), `SELECT organization_id::text, actor_user_id::text, actor_role, occurred_at = now() FROM audit_log
		WHERE id = '11111111-0000-7000-8000-000000000001'`).Scan(&org, &actor, &role, &own)
	a := pgtest.ClinicA()
	if err != nil || org != a.Org || actor != a.Admin || role != "admin" || !own {
		return []string{fmt.Sprintf("audit_append stored clinic %s, actor %s, role %s, own time %t (%v)", org, actor, role, own, err)}
	}
	return nil
}

// TestFigureT12_ownerPoolFence counts statements on the owner's pool while everything but platform work runs.
// Seen red: InPlatformTx, at the end, must be counted.
func TestFigureT12_ownerPoolFence(t *testing.T) {
	t.Parallel()
	var fence pgtest.OwnerFence
	d := pgtest.New(t, pgtest.Tracer(&fence))
	super := d.Super(t)
	for _, set := range pgtest.RowSets(t) {
		set.Insert(t, super)
	}
	ctx := asAdminOf(t, pgtest.ClinicA())
	read := func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT FROM organizations")
		return err
	}
	for _, open := range []func(context.Context, func(*postgres.Tx) error) error{d.InTx, d.InPersonTx, d.InTxAsSystem, d.InSigninTx} {
		if err := open(ctx, read); err != nil {
			t.Fatal(err)
		}
	}
	fence.Check(t, "T-12/postgres")

	if err := d.InPlatformTx(ctx, ident.OrgID{}, read); err != nil {
		t.Fatal(err)
	}
	if fence.Count() == 0 {
		t.Error("statements of the owner were not counted: the figure would be green whatever happens")
	}
}

// TestFigureT8_tenantEdges runs the invariant sweep that every suite ends with.
// Seen red: two rows tied across clinics, planted past the constraints.
func TestFigureT8_tenantEdges(t *testing.T) {
	t.Parallel()
	d := pgtest.Seeded(t, pgtest.Server(t))
	pgtest.CheckTenantEdges(t, d)

	super := d.Super(t)
	a, b := pgtest.ClinicA(), pgtest.ClinicB()
	script(t, super, "CREATE TABLE parent (id uuid PRIMARY KEY, organization_id uuid NOT NULL)", "CREATE TABLE child (organization_id uuid NOT NULL, parent_id uuid CONSTRAINT careless REFERENCES parent (id))",
		fmt.Sprintf("INSERT INTO parent VALUES ('%s', '%s')", b.Patient, b.Org), fmt.Sprintf("INSERT INTO child VALUES ('%s', '%s')", a.Org, b.Patient))
	if got := pgtest.TenantEdges(t, d); len(got) != 1 || !strings.Contains(got[0], "careless") {
		t.Errorf("the planted edge between two clinics went unseen: %v", got)
	}
}
