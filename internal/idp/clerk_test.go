package idp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
)

func clerkUser(p idptest.Person) idptest.ClerkUser {
	return idptest.ClerkUser{ID: p.Subject, Email: p.Email, Verified: p.Verified, FirstName: p.Name}
}

func TestClerk_conforms(t *testing.T) {
	t.Parallel()
	idptest.RunConformance(t, func(t *testing.T) idptest.Provider {
		fake := idptest.NewClerk(t)
		driver := fake.Driver(t)
		return idptest.Provider{
			Config:  driver.IssuerConfig(),
			Deps:    idp.Deps{Client: fake.Client(), Now: time.Now},
			Details: driver,
			SignIn: func(_ testing.TB, p idptest.Person) string {
				fake.Put(clerkUser(p))
				return fake.SessionToken(p.Subject)
			},
			SignInElsewhere: func(_ testing.TB, p idptest.Person) string {
				return fake.SessionToken(p.Subject, idptest.Claims{"azp": "https://another.example.test"})
			},
			Remove: func(_ testing.TB, p idptest.Person) { fake.Delete(p.Subject) },
			Break:  func(testing.TB) { fake.FailWith(http.StatusServiceUnavailable) },
		}
	})
}

func TestBuiltIn_conforms(t *testing.T) {
	t.Parallel()
	idptest.RunConformance(t, func(t *testing.T) idptest.Provider {
		issuer := idptest.New(t)
		config := issuer.Config()
		config.JWKSURL, config.Algorithms = "", []string{"ES256"}
		config.Keys = func(context.Context) ([]idp.PublicKey, error) {
			return []idp.PublicKey{issuer.Signing().Public()}, nil
		}
		signIn := func(p idptest.Person, overrides ...idptest.Claims) string {
			person := idptest.Claims{"sub": p.Subject, "email": p.Email, "email_verified": p.Verified, "name": p.Name}
			return issuer.Token(append([]idptest.Claims{person}, overrides...)...)
		}
		return idptest.Provider{
			Config:  config,
			Deps:    idp.Deps{Now: time.Now},
			Details: idp.TokenDetails{},
			SignIn:  func(_ testing.TB, p idptest.Person) string { return signIn(p) },
			SignInElsewhere: func(_ testing.TB, p idptest.Person) string {
				return signIn(p, idptest.Claims{"aud": "another-api"})
			},
		}
	})
}

func TestClerk_refusesTemplateTokens(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	v, err := idp.NewVerifier([]idp.IssuerConfig{fake.Driver(t).IssuerConfig()}, idp.Deps{Client: fake.Client(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}

	_, err = v.Verify(t.Context(), fake.SessionToken("user_1", idptest.Claims{"sid": nil}))

	if idp.ReasonOf(err) != idp.ReasonSession {
		t.Errorf("token without sid: got %v, want refusal %q", err, idp.ReasonSession)
	}
}

func TestClerk_oneCallForABurstOfFirstRequests(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	driver := fake.Driver(t)
	fake.Put(idptest.ClerkUser{ID: "user_1", Email: "ana@example.test", Verified: true, FirstName: "Ana", LastName: "Pop"})
	release := fake.Hold()
	var started, done sync.WaitGroup
	for range 20 {
		started.Add(1)
		done.Go(func() {
			started.Done()
			id, err := driver.Details(t.Context(), idp.Identity{Subject: "user_1", SessionID: "sess_1"}, "")
			if err != nil || id.Name != "Ana Pop" || id.SessionID != "sess_1" {
				t.Errorf("details: %v, name %q, session %q", err, id.Name, id.SessionID)
			}
		})
	}
	started.Wait()
	release()
	done.Wait()

	if got := fake.Calls(); got != 1 {
		t.Errorf("calls of the Backend API: got %d, want 1", got)
	}
}

func TestClerk_remembersShortlyAndOnlyVerified(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	var mu sync.Mutex
	now := time.Now()
	pass := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	driver, err := idp.NewClerk(fake.Config(), fake.Client(), func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() idp.Identity {
		t.Helper()
		id, err := driver.Details(t.Context(), idp.Identity{Subject: "user_1"}, "")
		if err != nil {
			t.Fatalf("details: %v", err)
		}
		return id
	}
	fake.Put(idptest.ClerkUser{ID: "user_1", Email: "ana@example.test"})
	if ask().EmailVerified {
		t.Error("unverified address came back verified")
	}

	fake.Put(idptest.ClerkUser{ID: "user_1", Email: "ana@example.test", Verified: true})
	if !ask().EmailVerified {
		t.Error("an unverified answer was remembered")
	}
	ask()
	if got := fake.Calls(); got != 2 {
		t.Errorf("calls while remembered: got %d, want 2", got)
	}
	pass(31 * time.Second)
	ask()
	if got := fake.Calls(); got != 3 {
		t.Errorf("calls after 31 s: got %d, want 3", got)
	}
}

func TestClerk_errorsAreMappedAndSayNothing(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	fake.Put(idptest.ClerkUser{ID: "user_banned", Email: "ion@example.test", Verified: true, Banned: true})
	fake.Put(idptest.ClerkUser{ID: "user_1", Email: "ana@example.test", Verified: true})
	for _, tc := range []struct {
		name    string
		subject string
		status  int
		want    error
	}{
		{"unknown", "user_gone", 0, idp.ErrInvalidToken},
		{"banned", "user_banned", 0, idp.ErrInvalidToken},
		{"another path", "../invitations", 0, idp.ErrInvalidToken},
		{"too many", "user_1", http.StatusTooManyRequests, idp.ErrUnavailable},
		{"broken", "user_1", http.StatusBadGateway, idp.ErrUnavailable},
	} {
		fake.FailWith(tc.status)
		_, err := fake.Driver(t).Details(t.Context(), idp.Identity{Subject: tc.subject}, "")
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, err, tc.want)
		}
		assertSilent(t, err, fake)
	}
	fake.FailWith(http.StatusUnauthorized)
	_, err := fake.Driver(t).Details(t.Context(), idp.Identity{Subject: "user_1"}, "")
	if err == nil || errors.Is(err, idp.ErrInvalidToken) || errors.Is(err, idp.ErrUnavailable) {
		t.Errorf("wrong secret key: got %v, want an error of our own configuration", err)
	}
	assertSilent(t, err, fake)
}

func TestClerk_hangingBackendEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	driver := fake.Driver(t)
	release := fake.Hold()
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		_, err := driver.Details(ctx, idp.Identity{Subject: "user_1"}, "")
		result <- err
	}()

	cancel()

	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("request gave up: got %v, want its own cancellation", err)
	}
}

func TestClerk_invites(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	driver := fake.Driver(t)

	if err := driver.Invite(t.Context(), "ana@example.test", idptest.Party+"/invitation"); err != nil {
		t.Fatalf("inviting: %v", err)
	}

	if got := fake.Invitations(); len(got) != 1 || got[0] != "ana@example.test" {
		t.Errorf("invitations: got %q", got)
	}
	err := driver.Invite(t.Context(), "ana", idptest.Party)
	if err == nil || errors.Is(err, idp.ErrUnavailable) {
		t.Errorf("no address: got %v, want a lasting error", err)
	}
	assertSilent(t, err, fake)
	fake.FailWith(http.StatusServiceUnavailable)
	if err := driver.Invite(t.Context(), "ana@example.test", idptest.Party); !errors.Is(err, idp.ErrUnavailable) {
		t.Errorf("outage: got %v, want ErrUnavailable", err)
	}
}

func TestNewClerk_refusesUnsafeConfiguration(t *testing.T) {
	t.Parallel()
	fake := idptest.NewClerk(t)
	for name, spoil := range map[string]func(*idp.ClerkConfig){
		"no secret key": func(c *idp.ClerkConfig) { c.SecretKey = "" },
		"plain http":    func(c *idp.ClerkConfig) { c.APIURL = "http://api.example.test/v1" },
	} {
		config := fake.Config()
		spoil(&config)
		if _, err := idp.NewClerk(config, fake.Client(), time.Now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := idp.NewClerk(fake.Config(), nil, time.Now); err == nil {
		t.Error("no HTTP client: accepted")
	}
}

// assertSilent: the part of E-6 that a driver can break, a key or a person in an error text.
func assertSilent(tb testing.TB, err error, fake *idptest.Clerk) {
	tb.Helper()
	for _, secret := range []string{fake.Config().SecretKey, "example.test", "127.0.0.1", "refused by the fake"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			tb.Errorf("the error says %q: %v", secret, err)
		}
	}
}
