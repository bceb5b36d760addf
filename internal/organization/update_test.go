package organization_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/organization"
)

func (c clinic) read() answer {
	c.k.t.Helper()
	return c.k.as(c.admin, http.MethodGet, c.path(""), nil).expect(http.StatusOK, "")
}

// patch changes the clinic with the version that it has now.
func (c clinic) patch(body any) answer {
	c.k.t.Helper()
	return c.k.as(c.admin, http.MethodPatch, c.path(""), body, "If-Match", c.read().header.Get("ETag"))
}

func TestUpdate_mergePatchMovesOneVersion(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	before := c.read()

	c.patch(map[string]any{"tagline": " Aproape de tine ", "phone": "+40 232 123 456", "legal_name": "Kineto Nord SRL"}).expect(http.StatusOK, "")
	after := c.patch(map[string]any{"tagline": nil, "settings": map[string]any{"hold_quota": 3, "billing": map[string]any{"noshow": "release"}}}).expect(http.StatusOK, "")

	if before.header.Get("ETag") != `"1"` || after.header.Get("ETag") != `"3"` {
		t.Errorf("versions are %s and %s, want 1 and 3", before.header.Get("ETag"), after.header.Get("ETag"))
	}
	got := after.data()
	settings, _ := got["settings"].(map[string]any)
	if got["tagline"] != nil || got["legal_name"] != "Kineto Nord SRL" || settings["hold_quota"] != 3.0 || settings["hold_ttl_s"] != 60.0 {
		t.Errorf("clinic reads %s", shorten(after.raw))
	}
	if b := fmt.Sprint(settings["billing"]); b != "map[late_cancel:consume noshow:release]" {
		t.Errorf("billing is %s", b)
	}
	again := c.patch(map[string]any{"settings": map[string]any{"hold_quota": nil, "billing": map[string]any{"noshow": nil}}}).expect(http.StatusOK, "")
	if s, _ := again.data()["settings"].(map[string]any); s["hold_quota"] != 2.0 {
		t.Errorf("null does not give the default back: %v", s["hold_quota"])
	}
	changes := one[string](k, "SELECT changes::text FROM audit_log WHERE organization_id = $1 ORDER BY seq DESC LIMIT 1", c.id)
	if !strings.Contains(changes, "settings.hold_quota") || strings.Contains(changes, "hold_ttl_s") {
		t.Errorf("the trail holds %s", changes)
	}
}

func TestUpdate_needsTheVersionThatIsThere(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	k.as(c.admin, http.MethodPatch, c.path(""), map[string]any{"name": "X"}).expect(http.StatusPreconditionRequired, "precondition_required")
	stale := k.as(c.admin, http.MethodPatch, c.path(""), map[string]any{"name": "X"}, "If-Match", `"7"`).expect(http.StatusPreconditionFailed, "precondition_failed")

	if !strings.Contains(stale.raw, `"etag":"\"1\""`) {
		t.Errorf("the current version is not told: %s", stale.raw)
	}
}

func TestUpdate_namesWhatItRefuses(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	for _, refused := range []struct{ body, location string }{
		{`{"settings":{"hold_tt1_s":60}}`, "body.settings.hold_tt1_s"},
		{`{"settings":{"billing":{"refund":"release"}}}`, "body.settings.billing.refund"},
		{`{"settings":{"hold_quota":"3"}}`, "body.settings.hold_quota"},
		{`{"settings":{"hold_quota":1.5}}`, "body.settings.hold_quota"},
		{`{"settings":{"hold_quota":11}}`, "body.settings.hold_quota"},
		{`{"settings":{"pain_high":-1}}`, "body.settings.pain_high"},
		{`{"settings":{"mfa_policy":"never"}}`, "body.settings.mfa_policy"},
		{`{"settings":{"quiet_hours":"21-8"}}`, "body.settings.quiet_hours"},
		{`{"settings":{"hold_ttl_s":600,"hold_max_s":60}}`, "body.settings.hold_max_s"},
		{`{"settings":{"hold_ttl_s":30,"hold_heartbeat_s":30}}`, "body.settings.hold_heartbeat_s"},
		{`{"settings":{"adherence_low_pct":90}}`, "body.settings.adherence_reset_pct"},
		{`{"settings":{"embed_origins":["http://clinica.ro"]}}`, "body.settings.embed_origins"},
		{`{"settings":{"embed_origins":["https://a.ro; script-src *"]}}`, "body.settings.embed_origins"},
		{`{"settings":{"embed_origins":["https://*.ro"]}}`, "body.settings.embed_origins"},
		{`{"settings":{"features":{"waitlist":"yes"}}}`, "body.settings.features.waitlist"},
		{`{"website":"javascript:alert(1)"}`, "body.website"},
		{`{"email":"Ana <ana@x.ro>"}`, "body.email"},
		{`{"phone":"call me"}`, "body.phone"},
		{`{"tagline":"a\u001bb"}`, "body.tagline"},
		{`{"timezone":"Local"}`, "body.timezone"},
		{`{"country":"XX"}`, "body.country"},
		{`{"currency":"LEI"}`, "body.currency"},
		{`{"language_code":"romana"}`, "body.language_code"},
		{`{"name":null}`, "body.name"},
		{`{"color_primary":"teal"}`, "body.color_primary"},
		{`{"slug":"other"}`, "body.slug"},
	} {
		c.patch(refused.body).expect(http.StatusUnprocessableEntity, "validation_error").at(refused.location)
	}
	if v := c.read().header.Get("ETag"); v != `"1"` {
		t.Errorf("a refused change moved the version to %s", v)
	}
}

func TestUpdate_refusesAColourThatHidesText(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	refused := c.patch(map[string]any{"color_primary": "#4C8E94"}).expect(http.StatusUnprocessableEntity, "contrast_too_low").at("body.color_primary")
	var offer struct {
		Contrast, SuggestionContrast float64
		Suggestion                   string
	}
	var raw map[string]any
	if err := json.Unmarshal([]byte(refused.raw), &raw); err != nil {
		t.Fatal(err)
	}
	offer.Suggestion, _ = raw["suggestion"].(string)
	offer.Contrast, _ = raw["contrast"].(float64)

	if offer.Contrast >= 4.5 || offer.Contrast < 3 {
		t.Errorf("contrast of the refused colour is said to be %v", offer.Contrast)
	}
	c.patch(map[string]any{"color_primary": offer.Suggestion}).expect(http.StatusOK, "")
	c.patch(map[string]any{"color_primary": "#2F6B70", "color_accent": "#C05A30"}).expect(http.StatusOK, "")
}

func TestUpdate_stateBelongsToThePlatform(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	c.patch(map[string]any{"status": "suspended"}).expect(http.StatusForbidden, "status_reserved")
	k.as(k.root, http.MethodPatch, c.path(""), map[string]any{"status": "suspended"}, "If-Match", `"1"`, "X-App", "console").expect(http.StatusOK, "")
	k.get("/v1/public/organizations/resolve?slug=kineto-nord").expect(http.StatusNotFound, "organization_not_found")
	version := k.as(k.root, http.MethodGet, c.path(""), nil, "X-App", "console").header.Get("ETag")
	k.as(k.root, http.MethodDelete, c.path(""), nil, "If-Match", version, "X-App", "console").expect(http.StatusNoContent, "")

	if s := one[string](k, "SELECT status FROM organizations WHERE id = $1", c.id); s != "archived" {
		t.Errorf("state is %s", s)
	}
}

// Verifies AUTH-01: another clinic's id answers like one that does not exist, whatever the role.
func TestGet_anotherClinicIsNotThere(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a, b := k.clinic("clinic-a"), k.clinic("clinic-b")
	nowhere := "/v1/organizations/" + k.root.String()
	for _, user := range []struct {
		name string
		call func(method, path string, body any) answer
	}{
		{"admin", func(m, p string, body any) answer { return k.as(a.admin, m, p, body, "If-Match", `"1"`) }},
		{"patient", func(m, p string, body any) answer { return k.as(a.patient, m, p, body) }},
	} {
		theirs, none := user.call(http.MethodGet, b.path(""), nil), user.call(http.MethodGet, nowhere, nil)
		theirs.expect(http.StatusNotFound, "organization_not_found")
		none.expect(http.StatusNotFound, "organization_not_found")
	}
	for _, rest := range []string{"/domains", "/api-keys", "/access-keys"} {
		k.as(a.admin, http.MethodGet, b.path(rest), nil).expect(http.StatusNotFound, "organization_not_found")
	}
	k.as(a.admin, http.MethodPatch, b.path(""), map[string]any{"name": "Mine"}, "If-Match", `"1"`).expect(http.StatusNotFound, "organization_not_found")
	k.as(k.root, http.MethodGet, b.path(""), nil, "X-App", "console").expect(http.StatusOK, "")

	patient := k.as(a.patient, http.MethodGet, a.path(""), nil).expect(http.StatusOK, "").data()
	if patient["settings"] != nil || patient["legal_name"] != nil || patient["name"] != "Clinica clinic-a" {
		t.Errorf("a patient reads %v", patient)
	}
	if rows := k.as(a.admin, http.MethodGet, "/v1/organizations", nil).expect(http.StatusOK, "").rows(); len(rows) != 1 || rows[0]["slug"] != "clinic-a" {
		t.Errorf("an admin lists %v", rows)
	}
}

func TestList_filtersAndSorts(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for _, slug := range []string{"alfa-iasi", "beta-cluj", "gama-iasi"} {
		k.clinic(slug)
	}
	slugs := func(query string) string {
		var out []string
		for _, row := range k.as(k.root, http.MethodGet, "/v1/organizations"+query, nil, "X-App", "console").expect(http.StatusOK, "").rows() {
			out = append(out, fmt.Sprint(row["slug"]))
		}
		return strings.Join(out, " ")
	}

	for query, want := range map[string]string{
		"":                        "alfa-iasi beta-cluj gama-iasi",
		"?sort=-slug":             "gama-iasi beta-cluj alfa-iasi",
		"?search=IASI":            "alfa-iasi gama-iasi",
		"?status=archived":        "",
		"?page_size=2&page=2":     "gama-iasi",
		"?search=%25":             "-",
		"?search=ia&sort=-name":   "gama-iasi alfa-iasi",
		"?status=active&search=b": "-",
	} {
		if want == "-" {
			k.as(k.root, http.MethodGet, "/v1/organizations"+query, nil, "X-App", "console").expect(http.StatusBadRequest, "bad_request")
			continue
		}
		if got := slugs(query); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
	}
	k.as(k.root, http.MethodGet, "/v1/organizations?sort=tax_id", nil, "X-App", "console").expect(http.StatusBadRequest, "sort_unknown")
	k.as(k.root, http.MethodGet, "/v1/organizations?plan=gold", nil, "X-App", "console").expect(http.StatusBadRequest, "filter_unknown")
}

// undocumented are members that no write schema of this package has: every column of its tables and the usual suspects.
func (k *kit) undocumented() []string {
	rows, err := k.Admin(k.t).Query(k.t.Context(), `SELECT DISTINCT attname::text FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN
		('organizations'::regclass, 'organization_settings'::regclass, 'organization_domains'::regclass, 'organization_integrations'::regclass, 'access_keys'::regclass)`)
	if err != nil {
		k.t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		k.t.Fatal(err)
	}
	return append(columns, "role", "org_id", "signed_at", "price", "is_superadmin", "verified", "secret")
}

// assigned posts a valid body with one more member to every write endpoint and answers the members that were not refused.
func (c clinic) assigned(extra []string, documentedBy map[string][]string) []string {
	k := c.k
	var out []string
	for _, write := range []struct {
		method, path string
		valid        map[string]any
	}{
		{http.MethodPatch, "", map[string]any{"tagline": "x"}},
		{http.MethodPatch, "", map[string]any{"settings": map[string]any{"hold_quota": 2}}},
		{http.MethodPost, "/domains", map[string]any{"domain": "x.clinica.ro", "app": "portal"}},
		{http.MethodPost, "/api-keys", map[string]any{"service": "sms", "api_key": "0123456789abcdef"}},
		{http.MethodPost, "/access-keys", map[string]any{"name": "x", "scopes": []string{"patients:read"}}},
	} {
		for _, member := range extra {
			target, documented := write.valid, documentedBy[write.method+write.path]
			if inner, ok := write.valid["settings"].(map[string]any); ok {
				target, documented = inner, documentedBy["settings"]
			}
			if slices.Contains(documented, member) {
				continue
			}
			body := maps.Clone(write.valid)
			if _, nested := write.valid["settings"]; nested {
				inner := maps.Clone(target)
				inner[member] = "active"
				body["settings"] = inner
			} else {
				body[member] = "active"
			}
			a := k.as(c.admin, write.method, c.path(write.path), body, "If-Match", `"1"`)
			if a.status != http.StatusUnprocessableEntity {
				out = append(out, fmt.Sprintf("%s %s %s: %d", write.method, write.path, member, a.status))
			}
		}
	}
	return out
}

func documentedMembers() map[string][]string {
	return map[string][]string{
		"PATCH": {"name", "legal_name", "tax_id", "tagline", "email", "phone", "website", "address_line", "locality", "county", "postal_code",
			"country", "color_primary", "color_accent", "language_code", "timezone", "currency", "status", "settings"},
		"settings":         {"features", "embed_origins"},
		"POST/domains":     {"domain", "app"},
		"POST/api-keys":    {"service", "api_key"},
		"POST/access-keys": {"name", "scopes", "allowed_cidrs", "expires_at"},
	}
}

// TestFigureA7_massAssignment sends every column of the tables and the usual suspects to every write endpoint.
// Seen red: with one member taken off the documented list, the same check reports that member and the changed row.
func TestFigureA7_massAssignment(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	rows := func() string {
		return one[string](k, `SELECT (SELECT to_jsonb(o)::text FROM organizations o WHERE id = $1) || (SELECT to_jsonb(s)::text FROM organization_settings s
			WHERE organization_id = $1) || (SELECT count(*) FROM organization_domains) || (SELECT count(*) FROM organization_integrations) || (SELECT count(*) FROM access_keys)`, c.id)
	}
	before := rows()

	found := c.assigned(k.undocumented(), documentedMembers())
	if after := rows(); after != before {
		found = append(found, "rows changed: "+after)
	}

	for _, f := range found {
		t.Error(f)
	}
	fmt.Println(figure("A-7/organization", len(found)))
	forgotten := documentedMembers()
	forgotten["PATCH"] = slices.DeleteFunc(forgotten["PATCH"], func(m string) bool { return m == "tagline" })
	if len(c.assigned([]string{"tagline"}, forgotten)) == 0 {
		t.Error("a member that the schema accepts beyond the documented ones goes unseen")
	}
	if rows() == before {
		t.Error("the comparison of rows does not notice a change")
	}
}

func TestUpdate_oneOfTwoParallelChangesWins(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	results := make(chan error, 8)
	for i := range cap(results) {
		go func() {
			_, err := k.svc.Update(c.asAdmin(), c.id, 1, func(o *organization.Organization) { o.Name = fmt.Sprintf("Name %d", i) })
			results <- err
		}()
	}

	won := 0
	for range cap(results) {
		if err := <-results; err == nil {
			won++
		}
	}

	if v := one[int64](k, "SELECT row_version FROM organizations WHERE id = $1", c.id); won != 1 || v != 2 {
		t.Errorf("%d changes won and the version is %d", won, v)
	}
}
