package signin_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/signin"
)

// everyFlow runs each way of proving something over HTTP and answers every secret that was given out or typed.
func (w *world) everyFlow(t *testing.T, server *httptest.Server) []string {
	t.Helper()
	ctx := from(t, "10.0.0.1")
	w.account(t, "ana@x.ro")
	org := w.clinic(t, "home")
	secrets := []string{password.Reveal()}
	keep := func(d map[string]any, members ...string) {
		for _, m := range members {
			if text, ok := d[m].(string); ok && text != "" {
				secrets = append(secrets, text)
			}
		}
	}
	post := func(path string, members map[string]any, headers ...string) answer {
		return call(t, server, http.MethodPost, path, body(t, members), headers...)
	}

	first := post("/v1/auth/login", map[string]any{"email": "ana@x.ro", "password": password.Reveal()}).data(t)
	keep(first, "access_token", "refresh_token")
	mine := []string{"Authorization", bearer(first["access_token"])}
	post("/v1/auth/login", map[string]any{"email": "ana@x.ro", "password": "a wrong password of ana"})
	secrets = append(secrets, "a wrong password of ana")
	enrolment := post("/v1/auth/totp/enrol", map[string]any{}, mine...).data(t)
	keep(enrolment, "secret")
	activated := post("/v1/auth/totp/activate", map[string]any{"code": codeOf(t, fmt.Sprint(enrolment["secret"]), w.clock.now())}, mine...).data(t)
	for _, code := range activated["recovery_codes"].([]any) {
		secrets = append(secrets, fmt.Sprint(code))
	}
	half := post("/v1/auth/login", map[string]any{"email": "ana@x.ro", "password": password.Reveal()}).data(t)
	keep(half, "mfa_token")
	full := post("/v1/auth/totp/recovery", map[string]any{"mfa_token": half["mfa_token"], "code": secrets[len(secrets)-2]}).data(t)
	keep(full, "access_token", "refresh_token")
	next := post("/v1/auth/refresh", map[string]any{"refresh_token": full["refresh_token"]}).data(t)
	keep(next, "access_token", "refresh_token")
	post("/v1/auth/refresh", map[string]any{"refresh_token": full["refresh_token"]})
	must(t, w.RequestCode(ctx, "ana@x.ro", auth.Clinic, ident.OrgID{}))
	must(t, w.RequestReset(ctx, "ana@x.ro", auth.Clinic, ident.OrgID{}))
	w.runJobs(t)
	code := w.inbox.last(t, "sign_in_code").Code.Reveal()
	reset := tokenOf(t, w.inbox.last(t, "password_reset").Link, "clinic.localhost:9100").Reveal()
	secrets = append(secrets, reset)
	keep(post("/v1/auth/code/verify", map[string]any{"email": "ana@x.ro", "code": code}).data(t), "mfa_token")
	post("/v1/auth/password/reset", map[string]any{"token": reset, "password": "another long password"})
	secrets = append(secrets, "another long password")

	invitation := w.invite(t, org, "bob@x.ro", auth.Admin).Reveal()
	call(t, server, http.MethodGet, "/v1/auth/invitations/"+invitation, "")
	bob := post("/v1/auth/invitations/"+invitation+"/accept", map[string]any{"name": "Bob", "password": "the password of bob"}).data(t)
	keep(bob, "access_token", "refresh_token")
	secrets = append(secrets, invitation, "the password of bob")
	his := []string{"Authorization", bearer(bob["access_token"])}
	handoff := post("/v1/auth/handoff", map[string]any{"organization_id": org.String(), "app": "clinic"}, his...).data(t)
	keep(handoff, "code")
	keep(post("/v1/auth/handoff/redeem", map[string]any{"code": handoff["code"]}, "X-App", "clinic", "X-Organization-ID", org.String()).data(t), "access_token", "refresh_token")
	keep(w.passkeyOverHTTP(t, server, newAuthenticator(t), fmt.Sprint(bob["access_token"])).data(t), "access_token", "refresh_token")
	return append(secrets, w.privateKeys(t)...)
}

// privateKeys opens the stored signing keys as only the process can.
func (w *world) privateKeys(t *testing.T) []string {
	t.Helper()
	rows, err := w.owner.Query(t.Context(), "SELECT encode(private_key_encrypted, 'hex') FROM signing_keys")
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var sealed string
		must(t, rows.Scan(&sealed))
		out = append(out, sealed)
	}
	must(t, rows.Err())
	return out
}

// leaked answers how many secrets are found in a text, as they are and as base64, base64url and hex.
func leaked(text string, secrets []string) int {
	n := 0
	for _, s := range secrets {
		forms := []string{s, base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)), hex.EncodeToString([]byte(s))}
		if slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			n++
		}
	}
	return n
}

// Figure E-6 for sign-in: run over HTTP through every flow, no password, token, code, link or key stands in the log, the
// trail, the security events, the queue or the idempotency store. Seen red: with a line that logs the body of one request.
func TestFigureE6_secretsStandNowhere(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	server, _ := w.serve(t, nil)
	secrets := w.everyFlow(t, server)
	if len(secrets) < 30 {
		t.Fatalf("only %d secrets seen: the flows did not run", len(secrets))
	}
	places := w.logs.String()
	if !strings.Contains(places, `"route":"/v1/auth/invitations/{token}"`) {
		t.Fatal("the log is not that of these requests")
	}
	for _, table := range []string{"audit_log", "security_events", "idempotency_keys", "river.river_job", "outbox_events"} {
		places += one[string](t, w, "SELECT COALESCE(string_agg(x::text, ' '), '') FROM "+table+" x")
	}
	n := leaked(places, secrets)
	verdict := "pass"
	if n > 0 {
		verdict = "fail"
		t.Errorf("%d of %d secrets found", n, len(secrets))
	}
	fmt.Printf("FIGURE E-6/signin %d %s\n", n, verdict)

	var red strings.Builder
	slog.New(slog.NewJSONHandler(&red, nil)).Info("request", "body", `{"refresh_token":"`+secrets[2]+`"}`)
	if leaked(places+red.String(), secrets) != n+1 {
		t.Error("the planted line was not found")
	}
}

// changes counts the rows that sign-in owns, with their versions: any effect of a request shows.
func (w *world) changes(t *testing.T) string {
	t.Helper()
	var parts []string
	for _, table := range []string{
		"login_sessions", "refresh_tokens", "user_passwords", "totp_secrets", "recovery_codes", "webauthn_credentials", "mfa_tickets",
		"email_codes", "webauthn_ceremonies", "handoff_codes", "users", "user_organizations", "user_identities",
	} {
		parts = append(parts, "(SELECT '"+table+"' || md5(COALESCE(string_agg(x::text, ' ' ORDER BY x::text), '')) FROM "+table+" x)")
	}
	return one[string](t, w, "SELECT concat_ws(' ', "+strings.Join(parts, ", ")+")")
}

// simpleRequests are what a foreign page can make a browser send without asking first: forms, text/plain with JSON in it,
// a body without a type, GET with effects, method overrides, and the session in a cookie instead of the header.
func simpleRequests(path, json, token string) []*http.Request {
	types := []string{"application/x-www-form-urlencoded", "text/plain", "text/plain; charset=utf-8", "multipart/form-data; boundary=x", "", "text/html"}
	var out []*http.Request
	for _, media := range types {
		for _, content := range []string{json, "json=" + json, json + "="} {
			out = append(out, crossSite(http.MethodPost, path, content, media, token))
		}
	}
	out = append(out, crossSite(http.MethodGet, path, "", "", token), crossSite(http.MethodHead, path, "", "", token))
	override := crossSite(http.MethodGet, path, "", "", token)
	override.Header.Set("X-HTTP-Method-Override", http.MethodPost)
	return append(out, override)
}

func crossSite(method, path, content, media, token string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(content))
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Origin", "https://evil.test")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, name := range []string{"__Host-rx_access", "access_token", "Authorization"} {
		r.AddCookie(&http.Cookie{Name: name, Value: token})
	}
	return r
}

// attack sends every simple request to every changing endpoint and answers how many changed something.
func (w *world) attack(t *testing.T, handler http.Handler, api *httpapi.Server, bodies map[string]string, token string) int {
	t.Helper()
	effects, before := 0, w.changes(t)
	for _, e := range api.Endpoints() {
		if e.Method == http.MethodGet {
			continue
		}
		path := strings.NewReplacer("{token}", "x", "{id}", ident.New[signin.Ceremony]().String()).Replace(e.Path)
		content, known := bodies[e.ID]
		if !known {
			content = "{}"
		}
		for _, r := range simpleRequests(path, content, token) {
			handler.ServeHTTP(httptest.NewRecorder(), r)
		}
		if after := w.changes(t); after != before {
			effects++
			before = after
		}
	}
	return effects
}

// Figure H-4 for sign-in: no request that a foreign page can send changes a row, though it carries valid credentials in its
// body and the victim's token in cookies. Seen red: with an edge that takes the token from a cookie and the body of any type.
func TestFigureH4_foreignPagesChangeNothing(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	tokens := w.login(t, from(t, "10.0.0.1"), "ana@x.ro")
	bodies := map[string]string{
		"log-in": credentialsOf(t, "ana@x.ro"), "request-code": `{"email":"ana@x.ro"}`, "forgot-password": `{"email":"ana@x.ro"}`,
		"refresh-tokens":  body(t, map[string]any{"refresh_token": tokens.Refresh.Reveal()}),
		"log-out":         body(t, map[string]any{"refresh_token": tokens.Refresh.Reveal()}),
		"change-password": body(t, map[string]any{"current_password": password.Reveal(), "password": "another long password"}),
		"disable-totp":    body(t, map[string]any{"password": password.Reveal()}),
	}
	server, api := w.serve(t, nil)
	n := w.attack(t, server.Config.Handler, api, bodies, tokens.Access.Reveal())
	verdict := "pass"
	if n > 0 {
		verdict = "fail"
		t.Errorf("%d endpoints changed something", n)
	}
	fmt.Printf("FIGURE H-4/signin %d %s\n", n, verdict)

	// The same body as JSON from a page of ours does change something, or the attack proves nothing.
	if got := call(t, server, http.MethodPost, "/v1/auth/code", bodies["request-code"]); got.status != http.StatusNoContent {
		t.Errorf("the genuine request answers %d", got.status)
	}
	if red := w.attack(t, careless(server.Config.Handler), api, bodies, tokens.Access.Reveal()); red == 0 {
		t.Error("the planted fault was not found")
	}
}

// careless is an edge with the two faults that H-4 is about.
func careless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("access_token"); err == nil {
			r.Header.Set("Authorization", "Bearer "+c.Value)
		}
		r.Header.Set("Content-Type", "application/json")
		next.ServeHTTP(w, r)
	})
}
