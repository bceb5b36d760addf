package organization_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
)

func (k *kit) findings() []string {
	k.t.Helper()
	var r organization.Report
	err := k.InPlatformTx(k.asRoot(), ident.OrgID{}, func(tx *postgres.Tx) error {
		var err error
		r, err = organization.Isolation(k.t.Context(), tx)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return r.Findings
}

func TestIsolation_healthySchemaHasNoFindings(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	report := k.as(k.root, http.MethodGet, "/v1/admin/isolation-report", nil, "X-App", "console").expect(http.StatusOK, "").data()

	for _, f := range k.findings() {
		t.Error(f)
	}
	tables, _ := report["tables"].([]any)
	classes := map[string]any{}
	for _, row := range tables {
		table, _ := row.(map[string]any)
		name, _ := table["table"].(string)
		classes[name] = table["class"]
	}
	for table, class := range map[string]string{
		"policy_documents": "published_catalogue", "organization_settings": "clinic_config", "access_keys": "clinic_config",
		"audit_heads": "system", "users": "platform", "organizations": "platform",
	} {
		if classes[table] != class {
			t.Errorf("%s is filed as %v, want %s", table, classes[table], class)
		}
	}
	k.as(c.admin, http.MethodGet, "/v1/admin/isolation-report", nil).expect(http.StatusForbidden, "forbidden")
}

// Every fault is planted in the isolated database, found, and taken back.
func TestIsolation_findsPlantedFaults(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	const planted = `CREATE TABLE planted (id uuid PRIMARY KEY, organization_id uuid NOT NULL, note text); CREATE INDEX planted_org ON planted (organization_id);
		ALTER TABLE planted ENABLE ROW LEVEL SECURITY; ALTER TABLE planted FORCE ROW LEVEL SECURITY; `
	for _, fault := range []struct{ plant, back, finding string }{
		{"ALTER TABLE access_keys DISABLE ROW LEVEL SECURITY", "ALTER TABLE access_keys ENABLE ROW LEVEL SECURITY", "access_keys: row-level security is off"},
		{"ALTER TABLE access_keys NO FORCE ROW LEVEL SECURITY", "ALTER TABLE access_keys FORCE ROW LEVEL SECURITY", "access_keys: row-level security is not forced"},
		{"GRANT DELETE ON organization_settings TO restartix_app", "REVOKE DELETE ON organization_settings FROM restartix_app", "organization_settings: DELETE is granted and has no policy"},
		{"GRANT TRUNCATE ON audit_log TO restartix_app", "REVOKE TRUNCATE ON audit_log FROM restartix_app", "audit_log: TRUNCATE is granted"},
		{"GRANT SELECT ON schema_migrations TO PUBLIC", "REVOKE SELECT ON schema_migrations FROM PUBLIC", "schema_migrations: has no organization_id and no declared reason"},
		{"CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING (true)", "DROP POLICY planted ON access_keys", "access_keys: policy planted does not tie rows to a role of the context"},
		{"CREATE POLICY planted ON access_keys FOR SELECT TO restartix_app USING ((SELECT current_app_role()) = 'admin')", "DROP POLICY planted ON access_keys", "access_keys: policy planted does not tie rows to a role of the context"},
		{"CREATE POLICY planted ON access_keys FOR SELECT USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))", "DROP POLICY planted ON access_keys", "access_keys: policy planted does not tie rows to a role of the context"},
		{"CREATE UNIQUE INDEX planted ON access_keys (name)", "DROP INDEX planted", "access_keys: unique index planted does not contain organization_id"},
		{"CREATE TABLE planted (id uuid PRIMARY KEY, organization_id uuid NOT NULL); GRANT SELECT ON planted TO restartix_app", "DROP TABLE planted", "planted: no index begins with organization_id"},
		{planted + "ALTER TABLE planted ADD access_key_id uuid REFERENCES access_keys (id)", "DROP TABLE planted", "planted: foreign key planted_access_key_id_fkey does not contain organization_id"},
	} {
		k.exec(fault.plant)
		found := strings.Join(k.findings(), "\n")
		k.exec(fault.back)
		if !strings.Contains(found, fault.finding) {
			t.Errorf("%s\nfinds %q, want %q", fault.plant, found, fault.finding)
		}
	}
	if f := k.findings(); len(f) != 0 {
		t.Errorf("after taking everything back: %v", f)
	}
}

// The catalogue lint of the tests has a committed list of exceptions; what the running product excuses must be on it.
func TestIsolation_excusesNothingBeyondTheCommittedList(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join("..", "testdata", "global_tables.txt"))
	if err != nil {
		t.Fatal(err)
	}
	k := newKit(t)
	var r organization.Report
	if r, err = k.svc.IsolationReport(k.asRoot()); err != nil {
		t.Fatal(err)
	}

	for _, table := range r.Tables {
		if table.Reason != "" && !strings.Contains(string(list), "\ntable "+table.Table+" -- ") {
			t.Errorf("table %s is excused by the report only", table.Table)
		}
		for _, index := range table.LooseUniques {
			if len(table.Grants) > 0 && !strings.Contains(string(list), "\nunique "+index+" -- ") {
				t.Errorf("index %s is excused by the report only", index)
			}
		}
	}
}
