package organization_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/organization"
)

// census counts the rows of every table.
func (k *kit) census() map[string]int64 {
	k.t.Helper()
	super := k.Super(k.t)
	rows, err := super.Query(k.t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	if err != nil {
		k.t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		k.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, table := range tables {
		var n int64
		if err := super.QueryRow(k.t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
			k.t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func newClinic(slug string) map[string]any {
	return map[string]any{"slug": slug, "name": "Kineto *Nord*", "language_code": "ro", "timezone": "Europe/Bucharest", "admin_email": "ana@nord.ro"}
}

// Verifies AUTH-20: a new clinic starts with policies v1 in both languages, the genesis of its chain and one invitation.
func TestCreate_startsWithPoliciesChainAndInvitation(t *testing.T) {
	t.Parallel()
	k := newKit(t)

	id := k.as(k.root, http.MethodPost, "/v1/organizations", newClinic("kineto-nord"), "X-App", "console").expect(http.StatusCreated, "").data()["id"]

	if n := one[int](k, "SELECT count(*) FROM policy_documents WHERE organization_id = $1 AND version = 1 AND published_at IS NOT NULL", id); n != 18 {
		t.Errorf("%d published policies, want nine kinds in two languages", n)
	}
	if n := one[int](k, "SELECT count(*) FROM policy_documents WHERE markdown LIKE '%{clinic}%' OR markdown LIKE '%*Nord*%' AND markdown NOT LIKE '%\\\\*Nord\\\\*%'"); n != 0 {
		t.Errorf("%d policies hold the placeholder or the name as markup", n)
	}
	if n := one[int](k, "SELECT count(*) FROM staff_invitations WHERE organization_id = $1 AND role = 'admin' AND email = 'ana@nord.ro' AND locale = 'ro'", id); n != 1 {
		t.Errorf("%d invitations, want 1", n)
	}
	genesis := one[string](k, "SELECT action || ' ' || entity_type || ' ' || actor_role FROM audit_log WHERE organization_id = $1 AND seq = 1", id)
	if genesis != "create organization superadmin" {
		t.Errorf("the chain begins with %q", genesis)
	}
	if n := one[int](k, "SELECT count(*) FROM organization_settings WHERE organization_id = $1", id); n != 1 {
		t.Errorf("%d settings rows, want 1", n)
	}
}

// Verifies AUTH-20: a failure in the middle leaves no row anywhere.
func TestCreate_failureInTheMiddleLeavesNothing(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.invites.fail = errors.New("the invitation cannot be written")
	before := k.census()

	_, err := k.svc.Create(k.asRoot(), organization.NewOrganization{Slug: "half-made", Name: "Half", LanguageCode: "en", Timezone: "UTC", AdminEmail: "a@b.ro"})

	if !errors.Is(err, k.invites.fail) {
		t.Errorf("error is %v", err)
	}
	for table, n := range k.census() {
		if n != before[table] {
			t.Errorf("%s has %d rows more", table, n-before[table])
		}
	}
}

func TestCreate_sameIdempotencyKeyAnswersTheFirstClinic(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	call := func() answer {
		return k.as(k.root, http.MethodPost, "/v1/organizations", newClinic("kineto-nord"), "X-App", "console", "Idempotency-Key", "once").expect(http.StatusCreated, "")
	}

	first, second := call(), call()

	if first.data()["id"] != second.data()["id"] || second.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("second answer is not the first one: %s", second.raw)
	}
	if n := one[int](k, "SELECT count(*) FROM organizations"); n != 1 {
		t.Errorf("%d clinics, want 1", n)
	}
}

func TestCreate_refusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	taken := k.clinic("taken-slug")
	for name, c := range map[string]struct {
		change map[string]any
		status int
		code   string
	}{
		"taken":        {map[string]any{"slug": "taken-slug"}, http.StatusConflict, "slug_taken"},
		"capitals":     {map[string]any{"slug": "Kineto"}, http.StatusUnprocessableEntity, "slug_invalid"},
		"reserved":     {map[string]any{"slug": "portal"}, http.StatusUnprocessableEntity, "slug_invalid"},
		"two hyphens":  {map[string]any{"slug": "a--b"}, http.StatusUnprocessableEntity, "slug_invalid"},
		"short":        {map[string]any{"slug": "ab"}, http.StatusUnprocessableEntity, "slug_invalid"},
		"long":         {map[string]any{"slug": strings.Repeat("a", 64)}, http.StatusUnprocessableEntity, "slug_invalid"},
		"zone":         {map[string]any{"timezone": "Mars/Olympus"}, http.StatusUnprocessableEntity, "validation_error"},
		"local zone":   {map[string]any{"timezone": "Local"}, http.StatusUnprocessableEntity, "validation_error"},
		"language":     {map[string]any{"language_code": "xx"}, http.StatusUnprocessableEntity, "validation_error"},
		"e-mail":       {map[string]any{"admin_email": "nobody"}, http.StatusUnprocessableEntity, "validation_error"},
		"unknown":      {map[string]any{"status": "active"}, http.StatusUnprocessableEntity, "validation_error"},
		"empty name":   {map[string]any{"name": " "}, http.StatusUnprocessableEntity, "validation_error"},
		"null in JSON": {map[string]any{"name": nil}, http.StatusUnprocessableEntity, "validation_error"},
	} {
		body := newClinic("another-slug")
		for member, value := range c.change {
			body[member] = value
		}
		t.Log(name)
		k.as(k.root, http.MethodPost, "/v1/organizations", body, "X-App", "console").expect(c.status, c.code)
	}
	k.as(taken.admin, http.MethodPost, "/v1/organizations", newClinic("by-an-admin")).expect(http.StatusForbidden, "forbidden")
	k.get("/v1/organizations").expect(http.StatusUnauthorized, "unauthorized")
}
