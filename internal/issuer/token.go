package issuer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

// AccessLife is how long an access token lives.
const AccessLife = 10 * time.Minute

// Issuer signs the tokens of the built-in identity. Safe for concurrent use.
type Issuer struct {
	name, audience string
	keys           *keyStore
}

// New reads nothing; keys are made at first use. name is the exact iss of access tokens, audience their aud.
func New(db *postgres.DB, ring *seal.Ring, name, audience string) *Issuer {
	return &Issuer{name: name, audience: audience, keys: newKeyStore(db, ring)}
}

// Name is the exact iss of access tokens.
func (i *Issuer) Name() string { return i.name }

// impersonationAudience and the issuer's suffix make an impersonation token a thing of its own: other issuer, other
// audience, other keys, so that neither kind of token can be taken for the other.
const (
	impersonationAudience = "restartix-impersonation"
	impersonationSuffix   = "/impersonation"
)

// AccessToken says who signed in on which device, and how. It lives AccessLife.
func (i *Issuer) AccessToken(ctx context.Context, user ident.UserID, session ident.ID[auth.LoginSession], amr []string) (proof.Secret, error) {
	now := i.keys.db.Now()
	return i.sign(ctx, purposeAccess, jwt.MapClaims{
		"iss": i.name, "aud": i.audience, "sub": user.String(), "sid": session.String(), "amr": amr,
		"jti": ident.New[jwt.Token]().String(), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(AccessLife).Unix(),
	})
}

// Impersonation is what a token of an administrator who acts as a patient says.
type Impersonation struct {
	ID     ident.ID[auth.Impersonation]
	Actor  ident.UserID
	Target ident.UserID
	// Mode is view or assist.
	Mode      string
	ExpiresAt time.Time
}

// ImpersonationToken signs an impersonation that the caller has already recorded. It cannot be renewed.
func (i *Issuer) ImpersonationToken(ctx context.Context, m Impersonation) (proof.Secret, error) {
	now := i.keys.db.Now()
	if m.Mode != "view" && m.Mode != "assist" || m.ID.IsZero() || m.Actor.IsZero() || m.Target.IsZero() {
		return "", errors.New("sign impersonation: incomplete")
	}
	return i.sign(ctx, purposeImpersonation, jwt.MapClaims{
		"iss": i.ImpersonationName(), "aud": impersonationAudience, "sub": m.Target.String(),
		"act": map[string]string{"sub": m.Actor.String()}, "impersonation_id": m.ID.String(), "mode": m.Mode,
		"jti": ident.New[jwt.Token]().String(), "iat": now.Unix(), "nbf": now.Unix(), "exp": m.ExpiresAt.Unix(),
	})
}

// ImpersonationName is the exact iss of impersonation tokens.
func (i *Issuer) ImpersonationName() string { return i.name + impersonationSuffix }

func (i *Issuer) sign(ctx context.Context, purpose string, claims jwt.MapClaims) (proof.Secret, error) {
	key, err := i.keys.signing(ctx, purpose)
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = key.id
	signed, err := token.SignedString(key.private)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return proof.Secret(signed), nil
}

// Configs are the two rows of the token verifier for this issuer. Keys are read in the process, so no HTTP is involved.
func (i *Issuer) Configs() []idp.IssuerConfig {
	return []idp.IssuerConfig{
		{
			Issuer: i.name, Keys: i.publicKeys(purposeAccess), Algorithms: []string{"ES256"},
			Audiences: []string{i.audience}, RequireSessionID: true,
		},
		{
			Issuer: i.ImpersonationName(), Keys: i.publicKeys(purposeImpersonation), Algorithms: []string{"ES256"},
			Audiences: []string{impersonationAudience}, Impersonation: true,
		},
	}
}

func (i *Issuer) publicKeys(purpose string) idp.KeySource {
	return func(ctx context.Context) ([]idp.PublicKey, error) {
		list, err := i.keys.all(ctx)
		if err != nil {
			return nil, fmt.Errorf("read public keys: %w", err)
		}
		var out []idp.PublicKey
		for _, key := range list {
			if key.purpose == purpose {
				out = append(out, idp.PublicKey{ID: key.id, Key: &key.private.PublicKey})
			}
		}
		return out, nil
	}
}

// jwk is one public key as RFC 7517 writes it.
type jwk struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	Y         string `json:"y"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
}

// JWKS is the published key set of access tokens: the key that signs, the one that waits, and those whose last tokens have
// not yet expired. Impersonation keys are nobody else's business and are not in it.
func (i *Issuer) JWKS(ctx context.Context) (json.RawMessage, error) {
	list, err := i.keys.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("read public keys: %w", err)
	}
	keys := []jwk{}
	for _, key := range list {
		if key.purpose != purposeAccess {
			continue
		}
		point, err := key.private.PublicKey.Bytes()
		if err != nil || len(point) != 65 {
			return nil, errors.New("a public key does not encode")
		}
		keys = append(keys, jwk{
			KeyType: "EC", Curve: "P-256", X: base64.RawURLEncoding.EncodeToString(point[1:33]), Y: base64.RawURLEncoding.EncodeToString(point[33:]),
			Use: "sig", Algorithm: "ES256", ID: key.id,
		})
	}
	return json.Marshal(map[string]any{"keys": keys})
}

// Discovery is the issuer's description. It names what a verifier needs; there is no authorization endpoint, because apps
// sign people in through the product's own pages.
func (i *Issuer) Discovery() (json.RawMessage, error) {
	return json.Marshal(map[string]any{
		"issuer": i.name, "jwks_uri": i.name + "/v1/auth/jwks",
		"id_token_signing_alg_values_supported": []string{"ES256"}, "subject_types_supported": []string{"public"},
		"response_types_supported": []string{"none"},
		"claims_supported":         []string{"iss", "aud", "sub", "sid", "amr", "jti", "iat", "nbf", "exp"},
	})
}
