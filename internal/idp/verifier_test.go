package idp_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
)

func newVerifier(tb testing.TB, issuer *idptest.Issuer) *idp.Verifier {
	tb.Helper()
	v, err := idp.NewVerifier([]idp.IssuerConfig{issuer.Config()}, idp.Deps{Client: issuer.Client(), Now: time.Now})
	if err != nil {
		tb.Fatalf("configuring the verifier: %v", err)
	}
	return v
}

// pass lets time go by on the clock of a synctest bubble, which costs no real time, and lets the background settle.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func agedBy(age time.Duration) idptest.Claims {
	return idptest.Claims{"exp": time.Now().Add(-age).Unix()}
}

// Verifies AUTH-06: unknown kid, expired by 61 s and by 59 s, alg none, HS256 signed with the public key, rotated key.
func TestVerify_refusesWhatProductRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		issuer := idptest.NewInMemory(t)
		v := newVerifier(t, issuer)
		old := issuer.Signing()

		for _, tc := range []struct {
			name  string
			token string
			want  error
		}{
			{"genuine", issuer.Token(), nil},
			{"unknown kid", idptest.NewKey(t, "ES256").Sign(t, nil, issuer.Claims()), idp.ErrInvalidToken},
			{"expired by 61 s", issuer.Token(agedBy(61 * time.Second)), idp.ErrExpired},
			{"expired by 59 s", issuer.Token(agedBy(59 * time.Second)), nil},
			{"alg none", unsigned(t, old, issuer.Claims()), idp.ErrInvalidToken},
			{"HS256 with the public key", hmacWithPublicKey(t, old, issuer.Claims()), idp.ErrInvalidToken},
		} {
			if _, err := v.Verify(t.Context(), tc.token); !errors.Is(err, tc.want) {
				t.Errorf("%s: got %v, want %v", tc.name, err, tc.want)
			}
		}

		withOldKey := old.Sign(t, nil, issuer.Claims(idptest.Claims{"exp": time.Now().Add(time.Hour).Unix()}))
		pass(10 * time.Second) // the last fetch must lie that far back
		issuer.Rotate("EdDSA")
		mustAccept(t, v, issuer.Token())
		mustAccept(t, v, withOldKey)
		issuer.Withdraw(old)
		pass(5 * time.Minute)
		if _, err := v.Verify(t.Context(), withOldKey); idp.ReasonOf(err) != idp.ReasonKey {
			t.Errorf("removed key: got %v, want refusal %q", err, idp.ReasonKey)
		}
		mustAccept(t, v, issuer.Token())
	})
}

func TestVerify_readsTheIdentity(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	v := newVerifier(t, issuer)
	for _, algorithm := range []string{"RS256", "ES256", "EdDSA"} {
		issuer := idptest.New(t)
		issuer.Rotate(algorithm)
		mustAccept(t, newVerifier(t, issuer), issuer.Token())
	}

	id := mustAccept(t, v, issuer.Token(idptest.Claims{
		"email": "ana@example.test", "email_verified": "true", "name": "Ana", "amr": []string{"pwd", "otp"},
	}))

	if id.Issuer != issuer.URL || id.Subject != idptest.Subject || id.SessionID != idptest.Session {
		t.Errorf("issuer, subject or session differ: %q %q %q", id.Issuer, id.Subject, id.SessionID)
	}
	if id.Email != "ana@example.test" || !id.EmailVerified || id.Name != "Ana" || len(id.AMR) != 2 {
		t.Errorf("person differs: %q %t %q %v", id.Email, id.EmailVerified, id.Name, id.AMR)
	}
	if id.ExpiresAt.Sub(id.IssuedAt) != 10*time.Minute {
		t.Errorf("life of the token: got %s, want 10m", id.ExpiresAt.Sub(id.IssuedAt))
	}
	if s := id.String(); strings.Contains(s, "ana") {
		t.Errorf("identity prints the person: %s", s)
	}
}

func TestVerify_doubtfulClaimsCountAsAbsent(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	v := newVerifier(t, issuer)

	id := mustAccept(t, v, issuer.Token(idptest.Claims{
		"email": "ana@example.test", "email_verified": 1, "amr": []any{"otp", 7}, "iat": nil,
	}))

	if id.EmailVerified || id.AMR != nil || !id.IssuedAt.IsZero() {
		t.Errorf("verified %t, amr %v, issued at %s: want none of them", id.EmailVerified, id.AMR, id.IssuedAt)
	}
}

func TestVerify_impersonationOnlyByItsOwnIssuer(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	config := issuer.Config()
	config.Impersonation = true
	imp, err := idp.NewVerifier([]idp.IssuerConfig{config}, idp.Deps{Client: issuer.Client(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	acting := idptest.Claims{"act": map[string]any{"sub": "admin_1"}, "impersonation_id": "imp_1", "mode": "view"}

	id := mustAccept(t, imp, issuer.Token(acting))

	if id.ActorSubject != "admin_1" || id.ImpersonationID != "imp_1" || id.ImpersonationMode != "view" {
		t.Errorf("actor %q, impersonation %q, mode %q", id.ActorSubject, id.ImpersonationID, id.ImpersonationMode)
	}
	for name, overrides := range map[string]idptest.Claims{
		"no actor": {"act": nil}, "no impersonation": {"impersonation_id": nil}, "actor is text": {"act": "admin_1"},
	} {
		if _, err := imp.Verify(t.Context(), issuer.Token(acting, overrides)); idp.ReasonOf(err) != idp.ReasonActor {
			t.Errorf("%s: got %v, want refusal %q", name, err, idp.ReasonActor)
		}
	}
	if _, err := newVerifier(t, issuer).Verify(t.Context(), issuer.Token(acting)); idp.ReasonOf(err) != idp.ReasonActor {
		t.Errorf("ordinary issuer: got %v, want refusal %q", err, idp.ReasonActor)
	}
}

func TestVerify_expiredOnlyWhenNothingElseIsWrong(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	v := newVerifier(t, issuer)
	for name, overrides := range map[string]idptest.Claims{
		"foreign audience": {"aud": "another"}, "foreign party": {"azp": "https://evil.test"}, "no session": {"sid": nil},
	} {
		_, err := v.Verify(t.Context(), issuer.Token(agedBy(time.Hour), overrides))
		if !errors.Is(err, idp.ErrInvalidToken) || errors.Is(err, idp.ErrExpired) {
			t.Errorf("%s and expired: got %v, want a refusal that is not ErrExpired", name, err)
		}
	}
}

func TestNewVerifier_refusesUnsafeConfiguration(t *testing.T) {
	t.Parallel()
	issuer := idptest.New(t)
	for name, spoil := range map[string]func(*idp.IssuerConfig){
		"no issuer":         func(c *idp.IssuerConfig) { c.Issuer = "" },
		"no keys":           func(c *idp.IssuerConfig) { c.JWKSURL = "" },
		"plain http":        func(c *idp.IssuerConfig) { c.JWKSURL = "http://issuer.example.test/jwks" },
		"credentials in it": func(c *idp.IssuerConfig) { c.JWKSURL = "https://user:pass@issuer.example.test/jwks" },
		"no algorithm":      func(c *idp.IssuerConfig) { c.Algorithms = nil },
		"HS256":             func(c *idp.IssuerConfig) { c.Algorithms = []string{"ES256", "HS256"} },
		"none":              func(c *idp.IssuerConfig) { c.Algorithms = []string{"none"} },
		"anybody's tokens":  func(c *idp.IssuerConfig) { c.Audiences, c.AuthorizedParties = nil, nil },
		"empty audience":    func(c *idp.IssuerConfig) { c.Audiences = []string{""} },
		"empty party":       func(c *idp.IssuerConfig) { c.AuthorizedParties = []string{""} },
	} {
		config := issuer.Config()
		spoil(&config)
		if _, err := idp.NewVerifier([]idp.IssuerConfig{config}, idp.Deps{Client: issuer.Client(), Now: time.Now}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	twice := []idp.IssuerConfig{issuer.Config(), issuer.Config()}
	if _, err := idp.NewVerifier(twice, idp.Deps{Client: issuer.Client(), Now: time.Now}); err == nil {
		t.Error("the same issuer twice: accepted")
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, algorithm := range []string{"RS256", "ES256", "EdDSA"} {
		b.Run(algorithm, func(b *testing.B) {
			issuer := idptest.New(b)
			issuer.Rotate(algorithm)
			v := newVerifier(b, issuer)
			token := issuer.Token()
			for b.Loop() {
				if _, err := v.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify_refusal(b *testing.B) {
	issuer := idptest.New(b)
	v := newVerifier(b, issuer)
	token := issuer.Token(idptest.Claims{"azp": "https://evil.test"})
	for b.Loop() {
		if _, err := v.Verify(b.Context(), token); err == nil {
			b.Fatal("accepted")
		}
	}
}

func mustAccept(tb testing.TB, v *idp.Verifier, token string) idp.Identity {
	tb.Helper()
	id, err := v.Verify(tb.Context(), token)
	if err != nil {
		tb.Fatalf("genuine token refused: %v", err)
	}
	return id
}

// unsigned is the token with alg none and an empty signature.
func unsigned(tb testing.TB, key idptest.Key, claims idptest.Claims) string {
	tb.Helper()
	signed := key.Sign(tb, idptest.Claims{"alg": "none"}, claims)
	return signed[:strings.LastIndex(signed, ".")+1]
}

// hmacWithPublicKey is the classic confusion: the published key used as a shared secret.
func hmacWithPublicKey(tb testing.TB, key idptest.Key, claims idptest.Claims) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Private.Public())
	if err != nil {
		tb.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(claims))
	token.Header["kid"] = key.ID
	signed, err := token.SignedString(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	if err != nil {
		tb.Fatal(err)
	}
	return signed
}
