package coreapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

// world is two clinics with people, and the means to make one more row of anything in either.
type world struct {
	t       *testing.T
	api     *apitest.API
	a, b    apitest.Clinic
	super   *pgx.Conn
	people  map[ident.OrgID]map[auth.Role]apitest.Person
	blocked apitest.Person
	key     string
}

func newWorld(t *testing.T, api *apitest.API) *world {
	t.Helper()
	w := &world{t: t, api: api, a: api.Clinic("alpha"), b: api.Clinic("beta"), super: api.DB.Super(t), people: map[ident.OrgID]map[auth.Role]apitest.Person{}}
	for _, c := range []apitest.Clinic{w.a, w.b} {
		w.people[c.ID] = map[auth.Role]apitest.Person{auth.Admin: c.Admin}
		for _, role := range []auth.Role{auth.Patient, auth.Specialist, auth.CustomerSupport} {
			w.people[c.ID][role] = c.Member(role)
		}
	}
	// Patients, too, have a clinic for requests that name none, so that no answer depends on an earlier one.
	w.exec(`UPDATE users u SET current_organization_id = m.organization_id FROM user_organizations m WHERE m.user_id = u.id`)
	w.blocked = w.a.Member(auth.Specialist)
	w.exec("UPDATE users SET blocked_at = now() WHERE email = $1", w.blocked.Email)
	w.api.Clock.Advance(2 * time.Second) // longer than an answer about a person is remembered
	w.key = apitest.Data[struct {
		Secret string `json:"secret"`
	}](w.a.AsAdmin().Post(w.path(w.a, "access-keys"), map[string]any{"name": "narrow", "scopes": []string{"services:read"}}).Must(http.StatusCreated)).Secret
	return w
}

func (w *world) path(c apitest.Clinic, rest string) string {
	return strings.TrimSuffix("/v1/organizations/"+c.ID.String()+"/"+rest, "/")
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) text(sql string, args ...any) string {
	w.t.Helper()
	var out string
	if err := w.super.QueryRow(w.t.Context(), sql, args...).Scan(&out); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return out
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// unique is a short word that no other row has.
func unique() string {
	return strings.ReplaceAll(newID(), "-", "")[20:] + fmt.Sprint(uuid.New().ID()%1000)
}

func (w *world) user(email string) string {
	id := newID()
	w.exec("INSERT INTO users (id, email, name) VALUES ($1, $2, 'Somebody')", id, email)
	return id
}

func (w *world) member(org ident.OrgID, role auth.Role) string {
	id := w.user(unique() + "@example.test")
	w.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES ($1, $2, $3, $4)", newID(), org, id, string(role))
	return id
}

func (w *world) domain(org ident.OrgID, name string) string {
	id := newID()
	w.exec("DELETE FROM organization_domains WHERE organization_id = $1 AND status = 'pending'", org)
	w.exec(`INSERT INTO organization_domains (id, organization_id, domain, app, verification_token, claim_expires_at)
		VALUES ($1, $2, $3, 'clinic', '00112233445566778899aabbccddeeff', now() + interval '6 days')`, id, org, name)
	return id
}

func (w *world) accessKey(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO access_keys (id, organization_id, name, prefix, secret_hash, scopes)
		VALUES ($1, $2, 'spare', $3, sha256(uuid_send($1)), '{services:read}')`, id, org, (unique() + "000000000000")[:12])
	return id
}

func (w *world) invitation(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO staff_invitations (id, organization_id, email, role, token_hash, expires_at)
		VALUES ($1, $2, $3, 'specialist', sha256(uuid_send($1)), now() + interval '1 day')`, id, org, unique()+"@example.test")
	return id
}

func (w *world) grant(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO break_glass_grants (id, organization_id, actor_user_id, actor_name, reason, ttl_minutes, opened_at, expires_at)
		SELECT $1, $2, id, 'Operator', 'a reason of at least twenty letters', 5, now() - interval '1 minute', now() + interval '4 minutes'
		  FROM users WHERE platform_role = 'superadmin' LIMIT 1`, id, org)
	return id
}

func (w *world) impersonation(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO impersonations (id, organization_id, actor_user_id, target_user_id, mode, reason, started_at, expires_at)
		SELECT $1, $2, a.user_id, p.user_id, 'view', 'ten letters or more', now(), now() + interval '30 minutes'
		  FROM (SELECT user_id FROM user_organizations WHERE organization_id = $2 AND role = 'admin' LIMIT 1) a,
		       (SELECT m.user_id FROM user_organizations m JOIN users u ON u.id = m.user_id
		         WHERE m.organization_id = $2 AND m.role = 'patient' AND u.email = $3) p`, id, org, w.people[org][auth.Patient].Email)
	return id
}

// auditRow is the first link of the clinic's own chain.
func (w *world) auditRow(org ident.OrgID) string {
	return w.text("SELECT id::text FROM audit_log WHERE organization_id = $1 AND seq = 1", org)
}

func (w *world) securityEvent(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO security_events (id, organization_id, kind, severity, subject, window_start, last_at)
		VALUES ($1, $2, 'test_event', 'low', $3, now(), now())`, id, org, unique())
	return id
}

func (w *world) bareClinic() string {
	id := newID()
	w.exec("INSERT INTO organizations (id, slug, name) VALUES ($1, $2, 'Short lived')", id, "c"+unique())
	w.exec("INSERT INTO organization_settings (organization_id) VALUES ($1)", id)
	return id
}

func (w *world) version(org ident.OrgID) string {
	return w.text(`SELECT '"' || row_version || '"' FROM organizations WHERE id = $1`, org)
}

// request is one call that is right in every respect; who sends it decides what becomes of it.
type request struct {
	method, path string
	body         any
	header       map[string]string
}

func (r request) by(c apitest.Client) apitest.Answer {
	for name, value := range r.header {
		c = c.With(name, value)
	}
	return c.Do(r.method, r.path, r.body)
}

type object = map[string]any

// visitorOf is a client id as an app signs it.
func visitorOf() string { return newID() + "." + strings.Repeat("s", 43) }

// builders make a right request about a clinic for every operation that needs more than the clinic's id in its path. Sign-in, which
// is the same for everybody, has its own journey.
func builders() map[string]func(w *world, c apitest.Clinic, r *request) {
	type build = func(w *world, c apitest.Clinic, r *request)
	id := func(row func(w *world, org ident.OrgID) string, name string) build {
		return func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{"+name+"}", row(w, c.ID))
		}
	}
	body := func(row func(c apitest.Clinic) object) build {
		return func(_ *world, c apitest.Clinic, r *request) { r.body = row(c) }
	}
	specialist := func(w *world, org ident.OrgID) string { return w.member(org, auth.Specialist) }
	out := map[string]build{
		"get-audit-log": id((*world).auditRow, "id"), "acknowledge-security-event": id((*world).securityEvent, "id"),
		"end-break-glass": id((*world).grant, "id"), "end-impersonation": id((*world).impersonation, "id"),
		"remove-domain":     id(func(w *world, org ident.OrgID) string { return w.domain(org, "d"+unique()+".example.com") }, "domainId"),
		"revoke-access-key": id((*world).accessKey, "keyId"),
		"revoke-invitation": id((*world).invitation, "invitationId"), "resend-invitation": id((*world).invitation, "invitationId"),
		"remove-member": id(specialist, "userId"),
		"open-break-glass": body(func(c apitest.Clinic) object {
			return object{"organization_id": c.ID.String(), "reason": "looking after a broken import", "ttl_minutes": 5}
		}),
		"add-domain":          body(func(apitest.Clinic) object { return object{"domain": "n" + unique() + ".example.com", "app": "clinic"} }),
		"keep-integration":    body(func(apitest.Clinic) object { return object{"service": "sms", "api_key": "sk_live_" + unique()} }),
		"create-access-key":   body(func(apitest.Clinic) object { return object{"name": "reader", "scopes": []string{"services:read"}} }),
		"add-member":          body(func(apitest.Clinic) object { return object{"email": unique() + "@example.test", "role": "specialist"} }),
		"update-me":           body(func(apitest.Clinic) object { return object{"name": "New Name", "locale": "ro"} }),
		"switch-organization": body(func(c apitest.Clinic) object { return object{"organization_id": c.ID.String()} }),
		"create-organization": body(func(apitest.Clinic) object {
			return object{"slug": "n" + unique(), "name": "New", "language_code": "ro", "timezone": "Europe/Bucharest", "admin_email": unique() + "@example.test"}
		}),
		"resolve-organization": func(_ *world, c apitest.Clinic, r *request) { r.path += "?slug=" + c.Slug },
		"list-public-policies": func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
	}
	maps.Copy(out, visitBuilders())
	out["update-user"] = func(w *world, c apitest.Clinic, r *request) {
		id(specialist, "id")(w, c, r)
		r.body = object{"blocked": true, "reason": "asked for by the clinic"}
	}
	out["update-member"] = func(w *world, c apitest.Clinic, r *request) {
		id(specialist, "userId")(w, c, r)
		r.body = object{"role": "customer_support"}
	}
	out["start-impersonation"] = func(w *world, c apitest.Clinic, r *request) {
		id(func(w *world, org ident.OrgID) string { return w.member(org, auth.Patient) }, "id")(w, c, r)
		r.body = object{"reason": "asked for by phone", "mode": "view"}
	}
	out["archive-organization"] = func(w *world, _ apitest.Clinic, r *request) {
		r.path = strings.ReplaceAll(r.path, "{id}", w.bareClinic())
		r.header["If-Match"] = `"1"`
	}
	out["update-organization"] = func(w *world, c apitest.Clinic, r *request) {
		r.header["If-Match"], r.body = w.version(c.ID), object{"tagline": "New " + unique()}
	}
	out["forget-integration"] = func(w *world, c apitest.Clinic, r *request) {
		r.path = strings.ReplaceAll(r.path, "{service}", "crm")
		w.exec(`INSERT INTO organization_integrations (id, organization_id, service, api_key_encrypted, key_version, last4)
			VALUES ($1, $2, 'crm', 'x', 1, 'abcd') ON CONFLICT DO NOTHING`, newID(), c.ID)
	}
	out["verify-domain"] = func(w *world, c apitest.Clinic, r *request) {
		name := "v" + unique() + ".example.com"
		w.api.DNS.SetTXT("_restartix-verify."+name, "restartix-verify=00112233445566778899aabbccddeeff")
		r.path = strings.ReplaceAll(r.path, "{domainId}", w.domain(c.ID, name))
		r.body = object{}
	}
	maps.Copy(out, clinicBuilders())
	return out
}

// right makes a right request for the operation about the clinic.
func (w *world) right(method, path, operation string, c apitest.Clinic) request {
	r := request{method: method, path: path, header: map[string]string{}}
	if build := builders()[operation]; build != nil {
		build(w, c, &r)
	}
	r.path = strings.ReplaceAll(r.path, "/organizations/{id}", "/organizations/"+c.ID.String())
	if strings.Contains(r.path, "{") { // sign-in: a link or device that nobody has
		r.path = strings.NewReplacer("{token}", strings.Repeat("x", 43), "{id}", "01900000-0000-7000-8000-000000000000").Replace(r.path)
	}
	if r.body == nil && strings.HasPrefix(path, "/v1/auth/") && method == http.MethodPost {
		r.body = object{}
	}
	return r
}
