package coreapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// tells reports whether two answers differ in anything that could betray that a value exists elsewhere.
func tells(one, other apitest.Answer) bool {
	return outcome(one) != outcome(other)
}

// T-7: what exists in clinic B answers in clinic A as a fresh value does. Seen red: a slug, which is global by declaration and only the
// operator may ask for, does tell.
func TestOracle_valuesOfAnotherClinic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	w.b.AsAdmin().Post(w.path(w.b, "domains"), object{"domain": "waiting.example.com", "app": "clinic"}).Must(http.StatusCreated)
	w.b.AsAdmin().Post(w.path(w.b, "members"), object{"email": "invited@example.test", "role": "specialist"}).Must(http.StatusCreated)
	w.b.AsAdmin().Post(w.path(w.b, "api-keys"), object{"service": "crm", "api_key": "sk_live_123456"}).Must(http.StatusCreated)
	fresh, told, tried := unique(), 0, 0
	for _, pair := range []struct {
		path         string
		taken, fresh object
	}{
		{"domains", object{"domain": "waiting.example.com", "app": "clinic"}, object{"domain": "f" + fresh + ".example.com", "app": "clinic"}},
		{"members", object{"email": "invited@example.test", "role": "specialist"}, object{"email": fresh + "@example.test", "role": "specialist"}},
		{"api-keys", object{"service": "crm", "api_key": "sk_live_123456"}, object{"service": "sms", "api_key": "sk_live_654321"}},
	} {
		tried++
		one, other := w.a.AsAdmin().Post(w.path(w.a, pair.path), pair.taken), w.a.AsAdmin().Post(w.path(w.a, pair.path), pair.fresh)
		if tells(one, other) || one.Status >= http.StatusBadRequest {
			told++
			t.Errorf("%s tells:\n%s\n%s", pair.path, one, other)
		}
	}
	create := func(slug string) object {
		return object{"slug": slug, "name": "New", "language_code": "ro", "timezone": "Europe/Bucharest", "admin_email": unique() + "@example.test"}
	}
	w.a.AsAdmin().Post("/v1/organizations", create("beta")).Expect(http.StatusForbidden, "forbidden")
	if !tells(w.api.AsSuperadmin().Post("/v1/organizations", create("beta")), w.api.AsSuperadmin().Post("/v1/organizations", create("n"+fresh))) {
		t.Error("a global name does not tell: the comparison sees nothing")
	}
	figure(t, "T-7", fmt.Sprintf("told=%d/%d", told, tried), told == 0)
}

// Verifies AUTH-01. T-8: B's ids in every path and body that A's admin can send answer as ids that nobody has, and no row of B
// changes. Seen red: the clinic's own id does not answer like a random one.
func TestOracle_idsOfAnotherClinic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	admin, tried, told := w.a.AsAdmin(), 0, 0
	before := w.api.DB.Snapshot(t)
	for _, e := range w.api.App.Routes() {
		// A link's secret names its clinic itself, whoever opens it.
		if !strings.Contains(e.Path, "{") || strings.Contains(e.Path, "/auth/") || strings.HasSuffix(e.Path, "{token}") {
			continue
		}
		// The path of A with the ids of B's rows in it, and the whole path of B.
		foreign := w.right(e.Method, e.Path, e.ID, w.b)
		mixed := foreign
		mixed.path = strings.ReplaceAll(foreign.path, w.b.ID.String(), w.a.ID.String())
		for _, r := range []request{foreign, mixed} {
			if r.path == mixed.path && strings.Count(e.Path, "{") == 1 && strings.Contains(e.Path, "/organizations/{id}") || strings.HasSuffix(e.Path, "{service}") {
				continue
			}
			random := r
			random.path = withoutIDs(r.path, w.a.ID.String())
			tried++
			if one, other := r.by(admin), random.by(admin); tells(one, other) || one.Status < http.StatusBadRequest {
				told++
				t.Errorf("%s tells:\n%s\n%s", e.ID, one, other)
			}
		}
	}
	for _, org := range []string{w.b.ID.String(), uuid.NewString()} {
		admin.Put("/v1/me/switch-organization", object{"organization_id": org}).Expect(http.StatusForbidden, "not_a_member")
	}
	for _, c := range pgtest.Diff(t, before, w.api.DB.Snapshot(t)).Domain() {
		if c.Kind != "insert" && fmt.Sprint(c.Before["organization_id"]) == w.b.ID.String() {
			t.Errorf("a row of B changed: %+v", c)
		}
	}
	if !tells(admin.Get(w.path(w.a, "")), admin.Get("/v1/organizations/"+uuid.NewString())) {
		t.Error("the own clinic answers like none: the comparison sees nothing")
	}
	figure(t, "T-8", fmt.Sprintf("told=%d/%d", told, tried), told == 0 && tried > 10)
	pgtest.CheckTenantEdges(t, w.api.DB)
}

// withoutIDs puts a random id in place of every id but the one to keep.
func withoutIDs(path, keep string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if uuid.Validate(p) == nil && p != keep {
			parts[i] = uuid.NewString()
		}
	}
	return strings.Join(parts, "/")
}
