package idp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
)

// realProvider is a provider library that others wrote, in this process: its discovery, key set, token and userinfo endpoints
// over HTTP on the loopback. Only its storage is ours. Tokens come by client_credentials, with the person as client.
type realProvider struct {
	op.Storage // what no test needs stays nil and would panic

	server *httptest.Server
	key    idptest.Key

	mu     sync.Mutex
	people map[string]idptest.Person
}

func startProvider(t *testing.T) *realProvider {
	t.Helper()
	p := &realProvider{key: idptest.NewKey(t, "RS256"), people: make(map[string]idptest.Person)}
	p.server = httptest.NewUnstartedServer(nil)
	issuer := "http://" + p.server.Listener.Addr().String()
	provider, err := op.NewProvider(&op.Config{CryptoKey: [32]byte{1}, AuthMethodPost: true}, p, op.StaticIssuer(issuer),
		op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatalf("starting the provider: %v", err)
	}
	p.server.Config.Handler = provider
	p.server.Start()
	t.Cleanup(p.server.Close)
	return p
}

func (p *realProvider) driver(tb testing.TB) *idp.OIDC {
	tb.Helper()
	driver, err := idp.NewOIDC(idp.OIDCConfig{Issuer: p.server.URL, Audiences: []string{idptest.Audience}}, p.server.Client(), time.Now)
	if err != nil {
		tb.Fatalf("configuring the driver: %v", err)
	}
	return driver
}

// signIn gets an access token from the provider's token endpoint; the scope carries the audience it is meant for.
func (p *realProvider) signIn(tb testing.TB, person idptest.Person, audience string) string {
	tb.Helper()
	p.mu.Lock()
	p.people[person.Subject] = person
	p.mu.Unlock()
	res, err := p.server.Client().PostForm(p.server.URL+"/oauth/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {person.Subject}, "client_secret": {"any"}, "scope": {audience},
	})
	if err != nil {
		tb.Fatalf("asking for a token: %v", err)
	}
	defer res.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		tb.Fatalf("asking for a token: status %d, %v", res.StatusCode, err)
	}
	return answer.AccessToken
}

func (p *realProvider) forget(_ testing.TB, person idptest.Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.people, person.Subject)
}

func TestOIDC_conformsWithARealProvider(t *testing.T) {
	t.Parallel()
	idptest.RunConformance(t, func(t *testing.T) idptest.Provider {
		p := startProvider(t)
		driver := p.driver(t)
		return idptest.Provider{
			Config:          driver.IssuerConfig(),
			Deps:            idp.Deps{Now: time.Now},
			Details:         driver,
			SignIn:          func(tb testing.TB, person idptest.Person) string { return p.signIn(tb, person, idptest.Audience) },
			SignInElsewhere: func(tb testing.TB, person idptest.Person) string { return p.signIn(tb, person, "another-api") },
			Remove:          p.forget,
			Break:           func(testing.TB) { p.server.Close() },
		}
	})
}

func TestOIDC_tokenThatNamesTheEmailNeedsNoUserinfo(t *testing.T) {
	t.Parallel()
	p := startProvider(t)
	id := idp.Identity{Subject: "user_1", Email: "ana@example.test", EmailVerified: true}
	p.server.Close()

	full, err := p.driver(t).Details(t.Context(), id, "")

	if err != nil || full.Email != id.Email || !full.EmailVerified {
		t.Errorf("details: %v, %q", err, full.Email)
	}
}

// handProvider answers discovery and userinfo with exactly these documents, which a sound provider would never give.
func handProvider(t *testing.T, discovery func(base string) string, userinfo string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, discovery(server.URL))
	})
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, userinfo) })
	return server
}

func soundDiscovery(base string) string {
	return `{"issuer":"` + base + `","jwks_uri":"` + base + `/jwks","userinfo_endpoint":"` + base + `/userinfo"}`
}

func TestOIDC_refusesAnUnsoundProvider(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		discovery func(string) string
		userinfo  string
		want      error
	}{
		"userinfo about somebody else": {soundDiscovery, `{"sub":"user_2","email":"ion@example.test"}`, idp.ErrInvalidToken},
		"userinfo about nobody":        {soundDiscovery, `{"email":"ion@example.test"}`, idp.ErrInvalidToken},
		"userinfo with two subjects":   {soundDiscovery, `{"sub":"user_2","sub":"user_1"}`, idp.ErrUnavailable},
		"userinfo is no JSON":          {soundDiscovery, `<html>`, idp.ErrUnavailable},
		"discovery of another issuer": {func(base string) string {
			return strings.Replace(soundDiscovery(base), `"issuer":"`+base, `"issuer":"https://evil.test`, 1)
		}, "", idp.ErrUnavailable},
		"discovery sends keys over plain http": {func(base string) string {
			return strings.Replace(soundDiscovery(base), base+"/jwks", "http://evil.test/jwks", 1)
		}, "", idp.ErrUnavailable},
		"discovery sends tokens over plain http": {func(base string) string {
			return strings.Replace(soundDiscovery(base), base+"/userinfo", "http://evil.test/userinfo", 1)
		}, "", idp.ErrUnavailable},
		"discovery is no JSON": {func(string) string { return "<html>" }, "", idp.ErrUnavailable},
	} {
		server := handProvider(t, tc.discovery, tc.userinfo)
		driver, err := idp.NewOIDC(idp.OIDCConfig{Issuer: server.URL, Audiences: []string{"a"}}, server.Client(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		full, err := driver.Details(t.Context(), idp.Identity{Subject: "user_1"}, "token")
		if !errors.Is(err, tc.want) || full.Email != "" {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestOIDC_mapsForeignClaimNames(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	config := issuer.Config()
	config.Claims = idp.ClaimMap{Email: "upn", EmailVerified: "xms_edov", Name: "display", SessionID: "session", AMR: "methods"}
	v, err := idp.NewVerifier([]idp.IssuerConfig{config}, idp.Deps{Client: issuer.Client(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}

	id := mustAccept(t, v, issuer.Token(idptest.Claims{
		"upn": "ana@example.test", "xms_edov": true, "display": "Ana", "session": "s-9", "methods": []string{"mfa"}, "email": "other@example.test",
	}))

	if id.Email != "ana@example.test" || !id.EmailVerified || id.Name != "Ana" || id.SessionID != "s-9" || id.AMR[0] != "mfa" {
		t.Errorf("mapped claims: %q %t %q %q %v", id.Email, id.EmailVerified, id.Name, id.SessionID, id.AMR)
	}
}

func TestOIDC_userinfoDoesNotFollowRedirects(t *testing.T) {
	t.Parallel()
	caught := make(chan string, 1)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		caught <- r.Header.Get("Authorization")
	}))
	defer thief.Close()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, soundDiscovery(server.URL))
	})
	mux.Handle("/userinfo", http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	driver, err := idp.NewOIDC(idp.OIDCConfig{Issuer: server.URL, Audiences: []string{"a"}}, server.Client(), time.Now)
	if err != nil {
		t.Fatal(err)
	}

	_, err = driver.Details(t.Context(), idp.Identity{Subject: "user_1"}, "token")

	if !errors.Is(err, idp.ErrUnavailable) || len(caught) != 0 {
		t.Errorf("redirected userinfo: got %v, requests elsewhere: %d", err, len(caught))
	}
}

func TestNewOIDC_refusesUnsafeConfiguration(t *testing.T) {
	t.Parallel()
	for name, issuer := range map[string]string{"empty": "", "plain http": "http://issuer.example.test", "no URL": "issuer"} {
		if _, err := idp.NewOIDC(idp.OIDCConfig{Issuer: issuer}, http.DefaultClient, time.Now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := idp.NewOIDC(idp.OIDCConfig{Issuer: "https://issuer.example.test"}, nil, time.Now); err == nil {
		t.Error("no HTTP client: accepted")
	}
}

// What follows is the storage that the provider library asks for.

func (p *realProvider) Health(context.Context) error { return nil }

func (p *realProvider) ClientCredentials(_ context.Context, clientID, _ string) (op.Client, error) {
	return &personAsClient{subject: clientID}, nil
}

func (p *realProvider) ClientCredentialsTokenRequest(_ context.Context, clientID string, scopes []string) (op.TokenRequest, error) {
	return personRequest{subject: clientID, audience: scopes}, nil
}

func (p *realProvider) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "token-1", time.Now().Add(10 * time.Minute), nil
}

func (p *realProvider) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (p *realProvider) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	person, known := p.people[subject]
	if !known {
		return oidc.ErrAccessDenied()
	}
	info.Subject, info.Name = person.Subject, person.Name
	info.Email, info.EmailVerified = person.Email, oidc.Bool(person.Verified)
	return nil
}

func (p *realProvider) SigningKey(context.Context) (op.SigningKey, error) {
	return signingKey{p.key}, nil
}

func (p *realProvider) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (p *realProvider) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{p.key}}, nil
}

type personRequest struct {
	subject  string
	audience []string
}

func (r personRequest) GetSubject() string    { return r.subject }
func (r personRequest) GetAudience() []string { return r.audience }
func (r personRequest) GetScopes() []string   { return nil }

type signingKey struct{ key idptest.Key }

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                    { return k.key.Private }
func (k signingKey) ID() string                                  { return k.key.ID }

type publicKey struct{ key idptest.Key }

func (k publicKey) ID() string                         { return k.key.ID }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return k.key.Private.Public() }

// personAsClient is the least a client must say to get JWT access tokens by client_credentials.
type personAsClient struct {
	op.Client

	subject string
}

func (c *personAsClient) GetID() string { return c.subject }
func (c *personAsClient) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeClientCredentials}
}
func (c *personAsClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }
func (c *personAsClient) ClockSkew() time.Duration            { return 0 }

func (c *personAsClient) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
