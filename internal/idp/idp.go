package idp

import (
	"context"
	"log/slog"
	"time"
)

// Identity is what a verified token, and Details where asked, say about its bearer.
type Identity struct {
	// Issuer and Subject together name one person for ever; neither alone does.
	Issuer  string
	Subject string
	// Email is as the issuer wrote it, empty when it did not. It may link accounts only when EmailVerified is true.
	Email         string
	EmailVerified bool
	// Name is the display name, empty when the issuer gives none.
	Name string
	// SessionID is the issuer's login session; empty only for issuers that are not configured to require it.
	SessionID string
	// AMR lists the authentication methods of the session (RFC 8176). Nil means the issuer did not say, which never
	// counts as a second factor.
	AMR []string
	// ActorSubject and ImpersonationID are set together, only by an issuer configured with Impersonation: Subject is
	// then the person acted for and ActorSubject the person who acts.
	ActorSubject      string
	ImpersonationID   string
	ImpersonationMode string
	// IssuedAt is zero when the token does not say.
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// String hides the person: an Identity printed by mistake must not put an e-mail address into a log.
func (i Identity) String() string { return "[redacted]" }

// LogValue hides the person from structured logs for the same reason.
func (i Identity) LogValue() slog.Value { return slog.StringValue(i.String()) }

// Details completes an identity with what the token did not say: e-mail, whether it is verified, name. Callers ask once,
// when a subject is seen for the first time. Implementations are safe for concurrent use.
//
// ErrInvalidToken means that the issuer no longer knows or accepts the person; ErrUnavailable that it cannot be asked.
type Details interface {
	Details(ctx context.Context, id Identity, token string) (Identity, error)
}

// TokenDetails is the Details of an issuer whose tokens say everything themselves.
type TokenDetails struct{}

// Details returns id unchanged.
func (TokenDetails) Details(_ context.Context, id Identity, _ string) (Identity, error) {
	return id, nil
}

// IssuerConfig describes one trusted issuer. Everything in it comes from configuration, nothing from a token.
type IssuerConfig struct {
	// Issuer must equal the iss claim byte for byte: no prefix, no trailing slash forgiven.
	Issuer string
	// JWKSURL or Keys gives the public keys; exactly one is set. The URL must be https, or http on the loopback.
	JWKSURL string
	Keys    KeySource
	// Algorithms is the pinned, non-empty subset of RS256, ES256 and EdDSA.
	Algorithms []string
	// Audiences and AuthorizedParties say whom a token must be meant for. At least one is set. With Audiences the token's
	// aud must name one of them; without, a token that has an aud is meant for somebody else. With AuthorizedParties the
	// token must carry an azp that is one of them.
	Audiences         []string
	AuthorizedParties []string
	// RequireSessionID refuses tokens without a session: Clerk's template tokens, service tokens.
	RequireSessionID bool
	// Impersonation marks the issuer of impersonation tokens. Such an issuer must name an actor and an impersonation in
	// every token, and no other issuer may: a delegation that our audit does not know is refused.
	Impersonation bool
	// Claims renames claims of issuers that do not use the standard names.
	Claims ClaimMap
}

// ClaimMap names the claims that carry what Identity holds. An empty field means the standard name.
type ClaimMap struct {
	Email         string // default "email"
	EmailVerified string // default "email_verified"
	Name          string // default "name"
	SessionID     string // default "sid"
	AMR           string // default "amr"
}

func (m ClaimMap) withDefaults() ClaimMap {
	for _, field := range []struct {
		name     *string
		standard string
	}{
		{&m.Email, "email"},
		{&m.EmailVerified, "email_verified"},
		{&m.Name, "name"},
		{&m.SessionID, "sid"},
		{&m.AMR, "amr"},
	} {
		if *field.name == "" {
			*field.name = field.standard
		}
	}
	return m
}
