package idptest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/idp"
)

// Person is somebody who signs in at the provider under test.
type Person struct {
	Subject  string
	Email    string
	Verified bool
	Name     string
}

// Provider is a driver under test together with the provider behind it.
type Provider struct {
	Config  idp.IssuerConfig
	Deps    idp.Deps
	Details idp.Details
	// SignIn registers the person and returns a token meant for us.
	SignIn func(tb testing.TB, person Person) string
	// SignInElsewhere is SignIn at another application of the same issuer.
	SignInElsewhere func(tb testing.TB, person Person) string
	// Remove deletes the person. Nil means that tokens say everything, so that nobody is asked for details.
	Remove func(tb testing.TB, person Person)
	// Break makes the provider unreachable. Nil means as for Remove.
	Break func(tb testing.TB)
}

// RunConformance checks what callers may rely on whatever the driver. start is called once for each check and must
// return a provider that shares nothing with the others.
func RunConformance(t *testing.T, start func(*testing.T) Provider) {
	t.Helper()
	for _, check := range []struct {
		name string
		run  func(*testing.T, Provider)
	}{
		{"a person is known by issuer and subject", checkIdentity},
		{"an unverified address stays unverified", checkUnverified},
		{"an expired token is told apart", checkExpired},
		{"a changed or foreign signature is refused", checkTampering},
		{"a token for another application is refused", checkElsewhere},
		{"a deleted person is refused", checkDeleted},
		{"an outage is not a refusal", checkOutage},
		{"giving up is not a refusal", checkCancelled},
	} {
		t.Run(check.name, func(t *testing.T) { check.run(t, start(t)) })
	}
}

var somebody = Person{Subject: "user_ana", Email: "ana@example.test", Verified: true, Name: "Ana"} //nolint:gochecknoglobals // never written

func (p Provider) verifier(tb testing.TB) *idp.Verifier {
	tb.Helper()
	v, err := idp.NewVerifier([]idp.IssuerConfig{p.Config}, p.Deps)
	if err != nil {
		tb.Fatalf("configuring the verifier: %v", err)
	}
	return v
}

func mustVerify(tb testing.TB, v *idp.Verifier, token string) idp.Identity {
	tb.Helper()
	id, err := v.Verify(tb.Context(), token)
	if err != nil {
		tb.Fatalf("genuine token refused: %v", err)
	}
	return id
}

func checkIdentity(t *testing.T, p Provider) {
	v, token := p.verifier(t), p.SignIn(t, somebody)

	id := mustVerify(t, v, token)
	full, err := p.Details.Details(t.Context(), id, token)
	if err != nil {
		t.Fatalf("details of a known person: %v", err)
	}
	if full.Issuer != p.Config.Issuer || full.Subject != somebody.Subject || full.SessionID != id.SessionID {
		t.Errorf("details changed who it is: %q %q", full.Issuer, full.Subject)
	}
	if full.Email != somebody.Email || !full.EmailVerified || full.Name != somebody.Name {
		t.Errorf("details: got %q, verified %t, %q", full.Email, full.EmailVerified, full.Name)
	}
	other := mustVerify(t, v, p.SignIn(t, Person{Subject: "user_ion", Email: "ion@example.test", Verified: true, Name: "Ion"}))
	if other.Subject == id.Subject {
		t.Error("two people have one subject")
	}
}

func checkUnverified(t *testing.T, p Provider) {
	unverified := somebody
	unverified.Verified = false
	token := p.SignIn(t, unverified)

	full, err := p.Details.Details(t.Context(), mustVerify(t, p.verifier(t), token), token)
	if err != nil {
		t.Fatalf("details of a known person: %v", err)
	}
	if full.Email != unverified.Email || full.EmailVerified {
		t.Errorf("details: got %q, verified %t, want unverified", full.Email, full.EmailVerified)
	}
}

func checkExpired(t *testing.T, p Provider) {
	token := p.SignIn(t, somebody)
	now := p.Deps.Now
	p.Deps.Now = func() time.Time { return now().Add(24 * time.Hour) }

	_, err := p.verifier(t).Verify(t.Context(), token)

	if !errors.Is(err, idp.ErrExpired) || !errors.Is(err, idp.ErrInvalidToken) {
		t.Errorf("token of yesterday: got %v, want ErrExpired", err)
	}
}

func checkTampering(t *testing.T, p Provider) {
	v, token := p.verifier(t), p.SignIn(t, somebody)
	mustVerify(t, v, token)
	for name, forged := range map[string]string{
		"other claims":      withClaim(t, token, "sub", "user_admin"),
		"signature removed": token[:strings.LastIndex(token, ".")+1],
		"a stranger's key":  resigned(t, token),
	} {
		_, err := v.Verify(t.Context(), forged)
		if !errors.Is(err, idp.ErrInvalidToken) || errors.Is(err, idp.ErrExpired) {
			t.Errorf("%s: got %v, want ErrInvalidToken", name, err)
		}
	}
}

func checkElsewhere(t *testing.T, p Provider) {
	_, err := p.verifier(t).Verify(t.Context(), p.SignInElsewhere(t, somebody))

	if !errors.Is(err, idp.ErrInvalidToken) {
		t.Errorf("token for another application: got %v, want ErrInvalidToken", err)
	}
}

func checkDeleted(t *testing.T, p Provider) {
	token := p.SignIn(t, somebody)
	id := mustVerify(t, p.verifier(t), token)
	if p.Remove == nil {
		if full, err := p.Details.Details(t.Context(), id, token); err != nil || full.Subject != id.Subject {
			t.Errorf("tokens say everything, yet details failed: %v", err)
		}
		return
	}
	p.Remove(t, somebody)

	_, err := p.Details.Details(t.Context(), id, token)

	if !errors.Is(err, idp.ErrInvalidToken) {
		t.Errorf("deleted person: got %v, want ErrInvalidToken", err)
	}
}

func checkOutage(t *testing.T, p Provider) {
	v, token := p.verifier(t), p.SignIn(t, somebody)
	id := mustVerify(t, v, token)
	if p.Break != nil {
		p.Break(t)
		_, err := p.Details.Details(t.Context(), id, token)
		if !errors.Is(err, idp.ErrUnavailable) || errors.Is(err, idp.ErrInvalidToken) {
			t.Errorf("details in an outage: got %v, want ErrUnavailable", err)
		}
	}
	mustVerify(t, v, token)
}

func checkCancelled(t *testing.T, p Provider) {
	token := p.SignIn(t, somebody)
	id := mustVerify(t, p.verifier(t), token)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := p.Details.Details(ctx, id, token)

	if errors.Is(err, idp.ErrInvalidToken) || (err == nil) != (p.Remove == nil) {
		t.Errorf("request gave up: got %v", err)
	}
}

// withClaim changes one claim and keeps the signature.
func withClaim(tb testing.TB, token, name string, value any) string {
	tb.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		tb.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		tb.Fatal(err)
	}
	claims[name] = value
	parts[1] = base64.RawURLEncoding.EncodeToString(encode(tb, claims))
	return strings.Join(parts, ".")
}

// resigned keeps header and claims and signs with a key of the same kind that nobody published.
func resigned(tb testing.TB, token string) string {
	tb.Helper()
	parts := strings.Split(token, ".")
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		tb.Fatal(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		tb.Fatal(err)
	}
	var named struct {
		Algorithm string `json:"alg"`
	}
	if err := json.Unmarshal(header, &named); err != nil {
		tb.Fatal(err)
	}
	return NewKey(tb, named.Algorithm).SignRaw(tb, header, claims)
}
