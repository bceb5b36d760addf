package signin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/signin"
)

// The edge as the Core API mounts it, with people read through the product's own sign-in functions.

type verifier struct{ idp *idp.Verifier }

func (v verifier) Verify(ctx context.Context, token string) (middleware.Subject, error) {
	id, err := v.idp.Verify(ctx, token)
	if err != nil {
		return middleware.Subject{}, apperror.ErrUnauthorized
	}
	return middleware.Subject{Issuer: id.Issuer, Subject: id.Subject, AMR: id.AMR, LoginSessionID: id.SessionID, Token: token}, nil
}

type people struct{ db *postgres.DB }

func (p people) Person(ctx context.Context, s middleware.Subject, org ident.OrgID) (middleware.Person, error) {
	var (
		out    middleware.Person
		active bool
	)
	err := p.db.InSigninTx(ctx, func(tx *postgres.Tx) error {
		return tx.QueryRow(ctx, "SELECT user_id, email, blocked, login_session_active($4) FROM signin_principal($1, $2, $3, $5)",
			s.Issuer, s.Subject, org, s.LoginSessionID, tx.Now).Scan(&out.UserID, &out.Email, &out.Blocked, &active)
	})
	out.Ended = !active
	return out, err
}

type noKeys struct{}

func (noKeys) Key(context.Context, string, string) (middleware.KeyHolder, error) {
	return middleware.KeyHolder{}, apperror.ErrUnauthorized
}

type edgeClinics struct{ clinics }

func (edgeClinics) ByID(_ context.Context, id ident.OrgID) (ident.OrgID, error) { return id, nil }
func (edgeClinics) BySlug(context.Context, string) (ident.OrgID, error) {
	return ident.OrgID{}, middleware.ErrOrganizationNotFound
}

type noSealer struct{}

func (noSealer) SealAnswer(string, string, []byte) ([]byte, int32, error) {
	return nil, 0, fmt.Errorf("an answer that holds a credential was about to be stored")
}

func (noSealer) OpenAnswer(string, string, []byte, int32) ([]byte, error) {
	return nil, fmt.Errorf("an answer that holds a credential was stored")
}

// serve mounts the endpoints; authenticate replaces the search for the principal when it is not nil.
func (w *world) serve(t *testing.T, authenticate httpapi.Authenticator) (*httptest.Server, *httpapi.Server) {
	t.Helper()
	proxies, err := middleware.ParseTrustedProxies([]string{"127.0.0.0/8"})
	must(t, err)
	log := slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if authenticate == nil {
		authenticate = &middleware.Authenticator{
			Verifier: verifier{w.verifier}, People: people{w.db.DB}, Keys: noKeys{}, Clinics: edgeClinics{clinics{w.db}}, Proxies: proxies,
		}
	}
	r := chi.NewRouter()
	r.Use(middleware.RequestFacts(proxies), middleware.Log(log, w.clock.now), middleware.Recover(log), httpapi.KeyMiddleware)
	api := httpapi.New(r, httpapi.Deps{
		Auth: authenticate, Limiter: middleware.Limits{Limiter: w.limiter}, Witness: w.trail, Sealer: noSealer{}, Log: log, Now: w.clock.now,
		Version: "test", BodyLimit: 1 << 20,
	})
	w.Routes(api)
	r.Get("/v1/auth/jwks", w.Issuer.ServeJWKS)
	r.Get("/.well-known/openid-configuration", w.Issuer.ServeDiscovery)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server, api
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   string
}

// data decodes the envelope's data.
func (a answer) data(t *testing.T) map[string]any {
	t.Helper()
	var e struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(a.body), &e); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return e.Data
}

// code is the code of a problem.
func (a answer) code(t *testing.T) string {
	t.Helper()
	var p struct{ Code string }
	must(t, json.Unmarshal([]byte(a.body), &p))
	return p.Code
}

// call sends one request. headers are pairs.
func call(t *testing.T, server *httptest.Server, method, path, body string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := server.Client().Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header, string(raw)}
}

func body(t *testing.T, members map[string]any) string {
	t.Helper()
	var b bytes.Buffer
	must(t, json.NewEncoder(&b).Encode(members))
	return b.String()
}

func bearer(token any) string { return "Bearer " + fmt.Sprint(token) }

func credentialsOf(t *testing.T, email string) string {
	t.Helper()
	return body(t, map[string]any{"email": email, "password": password.Reveal()})
}

func TestHTTP_signInRefreshAndSignOut(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	user := w.account(t, "ana@x.ro")
	server, _ := w.serve(t, nil)

	login := call(t, server, http.MethodPost, "/v1/auth/login", credentialsOf(t, "ana@x.ro"), "X-App", "clinic")
	d := login.data(t)
	if login.status != http.StatusOK || d["status"] != "ok" || d["expires_in"] != 600.0 || d["user_id"] != user.String() || login.header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("login %d %v", login.status, d)
	}
	devices := call(t, server, http.MethodGet, "/v1/me/login-sessions", "", "Authorization", bearer(d["access_token"]))
	var list struct {
		Data []struct {
			App     string
			Current bool
		}
	}
	must(t, json.Unmarshal([]byte(devices.body), &list))
	if devices.status != http.StatusOK || len(list.Data) != 1 || list.Data[0].App != "clinic" || !list.Data[0].Current {
		t.Errorf("devices %d %s", devices.status, devices.body)
	}

	refreshed := call(t, server, http.MethodPost, "/v1/auth/refresh", body(t, map[string]any{"refresh_token": d["refresh_token"]}))
	next := refreshed.data(t)
	if refreshed.status != http.StatusOK || next["refresh_token"] == d["refresh_token"] {
		t.Fatalf("refresh %d", refreshed.status)
	}
	if out := call(t, server, http.MethodPost, "/v1/auth/logout", body(t, map[string]any{"refresh_token": next["refresh_token"]})); out.status != http.StatusNoContent {
		t.Errorf("logout %d %s", out.status, out.body)
	}
	// The access token has minutes to live; its device has ended, so the next request is refused (figure A-4).
	if after := call(t, server, http.MethodGet, "/v1/me/login-sessions", "", "Authorization", bearer(next["access_token"])); after.status != http.StatusUnauthorized {
		t.Errorf("after sign-out %d", after.status)
	}
}

func TestHTTP_refusalsHaveTheirStatus(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	server, _ := w.serve(t, nil)
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{http.MethodPost, "/v1/auth/login", `{"email":"ana@x.ro","password":"wrong"}`, 401, "invalid_credentials"},
		{http.MethodPost, "/v1/auth/login", `{"email":"ana@x.ro","password":"wrong","remember":true}`, 422, "validation_error"},
		{http.MethodPost, "/v1/auth/refresh", `{"refresh_token":"x"}`, 401, "unauthorized"},
		{http.MethodPost, "/v1/auth/code/verify", `{"email":"ana@x.ro","code":"000000"}`, 401, "invalid_credentials"},
		{http.MethodPost, "/v1/auth/totp/verify", `{"mfa_token":"x","code":"000000"}`, 401, "invalid_credentials"},
		{http.MethodPost, "/v1/auth/password/reset", `{"token":"x","password":"short"}`, 422, "password_weak"},
		{http.MethodPost, "/v1/auth/password/reset", `{"token":"x","password":"a long enough one"}`, 410, "link_used"},
		{http.MethodPost, "/v1/auth/email/verify", `{"token":"x"}`, 410, "link_used"},
		{http.MethodGet, "/v1/auth/invitations/x", "", 410, "invitation_expired"},
		{http.MethodPost, "/v1/auth/invitations/x/accept", `{"name":"Ana","password":"a long enough one","locale":"ro"}`, 410, "invitation_expired"},
		{http.MethodPost, "/v1/auth/signup", `{"invitation_token":"x","name":"Ana","password":"a long enough one"}`, 410, "invitation_expired"},
		{http.MethodPost, "/v1/auth/handoff/redeem", `{"code":"x"}`, 401, "unauthorized"},
		{http.MethodPost, "/v1/auth/passkeys/login/finish", `{"ceremony_id":"x","credential":{}}`, 401, "invalid_credentials"},
		{http.MethodPost, "/v1/auth/code", `{"email":"nobody@x.ro"}`, 204, ""},
		{http.MethodPost, "/v1/auth/password/forgot", `{"email":"nobody@x.ro"}`, 204, ""},
		{http.MethodPost, "/v1/auth/password/change", `{"current_password":"a","password":"b"}`, 401, "unauthorized"},
		{http.MethodPost, "/v1/auth/totp/enrol", `{}`, 401, "unauthorized"},
		{http.MethodDelete, "/v1/me/login-sessions", "", 401, "unauthorized"},
	} {
		got := call(t, server, c.method, c.path, c.body)
		if got.status != c.status || c.code != "" && got.code(t) != c.code {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, got.status, got.body, c.status, c.code)
		}
	}
	for range 4 {
		call(t, server, http.MethodPost, "/v1/auth/login", `{"email":"bob@x.ro","password":"wrong"}`)
	}
	call(t, server, http.MethodPost, "/v1/auth/login", `{"email":"bob@x.ro","password":"wrong"}`)
	got := call(t, server, http.MethodPost, "/v1/auth/login", `{"email":"bob@x.ro","password":"wrong"}`)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" || got.code(t) != "rate_limited" {
		t.Errorf("throttled: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
}

func TestHTTP_publishesKeysAndDescription(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	server, _ := w.serve(t, nil)
	var set struct{ Keys []map[string]string }
	must(t, json.Unmarshal([]byte(call(t, server, http.MethodGet, "/v1/auth/jwks", "").body), &set))
	var description map[string]any
	must(t, json.Unmarshal([]byte(call(t, server, http.MethodGet, "/.well-known/openid-configuration", "").body), &description))
	if len(set.Keys) != 2 || description["issuer"] != issuerName || description["jwks_uri"] != issuerName+"/v1/auth/jwks" {
		t.Errorf("%d keys, description %v", len(set.Keys), description)
	}
}

// passkeyOverHTTP registers and uses a passkey through the endpoints and answers the body of the sign-in.
func (w *world) passkeyOverHTTP(t *testing.T, server *httptest.Server, a *authenticator, token string) answer {
	t.Helper()
	ceremony := func(path string, headers ...string) signin.Ceremony {
		d := call(t, server, http.MethodPost, path, "{}", headers...).data(t)
		id, err := ident.Parse[signin.Ceremony](fmt.Sprint(d["ceremony_id"]))
		must(t, err)
		raw, err := json.Marshal(d["options"])
		must(t, err)
		return signin.Ceremony{ID: id, Options: raw}
	}
	finish := func(c signin.Ceremony, credential json.RawMessage) string {
		return body(t, map[string]any{"ceremony_id": c.ID.String(), "credential": credential})
	}
	c := ceremony("/v1/auth/passkeys/register/begin", "Authorization", bearer(token), "X-App", "clinic")
	added := call(t, server, http.MethodPost, "/v1/auth/passkeys/register/finish", finish(c, a.create(t, c, homeOrigin)), "Authorization", bearer(token))
	if added.status != http.StatusOK || added.data(t)["rp_id"] != "clinic.localhost" {
		t.Fatalf("register %d %s", added.status, added.body)
	}
	c = ceremony("/v1/auth/passkeys/login/begin", "X-App", "clinic")
	return call(t, server, http.MethodPost, "/v1/auth/passkeys/login/finish", finish(c, a.get(t, c, homeOrigin)))
}

func TestHTTP_passkeyTravelsAsJSON(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	server, _ := w.serve(t, nil)
	tokens := w.login(t, from(t, "10.0.0.1"), "ana@x.ro")
	got := w.passkeyOverHTTP(t, server, newAuthenticator(t), tokens.Access.Reveal())
	if got.status != http.StatusOK || got.data(t)["status"] != "ok" {
		t.Errorf("sign-in %d %s", got.status, got.body)
	}
}

// Every endpoint that answers a credential says so, or the edge would keep the answer for a repeated key.
func TestHTTP_noAnswerIsStored(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	w.account(t, "ana@x.ro")
	server, api := w.serve(t, nil)
	for _, e := range api.Endpoints() {
		if !e.Credential {
			t.Errorf("%s is not marked as a credential endpoint", e.ID)
		}
	}
	for range 2 {
		if got := call(t, server, http.MethodPost, "/v1/auth/login", credentialsOf(t, "ana@x.ro"), "Idempotency-Key", "same"); got.status != http.StatusOK || got.header.Get("Idempotency-Replayed") != "" {
			t.Errorf("keyed login %d", got.status)
		}
	}
	if n := one[int](t, w, "SELECT count(*) FROM idempotency_keys"); n != 0 {
		t.Errorf("%d answers stored", n)
	}
}
