package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
)

// impersonationAudience and the issuer's suffix make an impersonation token a thing of its own: other issuer, other
// audience, other keys, so that neither kind of token can be taken for the other.
const (
	impersonationAudience = "restartix-impersonation"
	impersonationSuffix   = "/impersonation"
)

// accessToken says who signed in on which device, and how.
func (s *Service) accessToken(ctx context.Context, user ident.UserID, session SessionID, amr []string) (Secret, error) {
	now := s.DB.Now()
	return s.sign(ctx, purposeAccess, jwt.MapClaims{
		"iss": s.Issuer, "aud": s.Audience, "sub": user.String(), "sid": session.String(), "amr": amr,
		"jti": ident.New[jwt.Token]().String(), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLife).Unix(),
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
func (s *Service) ImpersonationToken(ctx context.Context, i Impersonation) (Secret, error) {
	now := s.DB.Now()
	if i.Mode != "view" && i.Mode != "assist" || i.ID.IsZero() || i.Actor.IsZero() || i.Target.IsZero() {
		return "", errors.New("sign impersonation: incomplete")
	}
	return s.sign(ctx, purposeImpersonation, jwt.MapClaims{
		"iss": s.ImpersonationIssuer(), "aud": impersonationAudience, "sub": i.Target.String(),
		"act": map[string]string{"sub": i.Actor.String()}, "impersonation_id": i.ID.String(), "mode": i.Mode,
		"jti": ident.New[jwt.Token]().String(), "iat": now.Unix(), "nbf": now.Unix(), "exp": i.ExpiresAt.Unix(),
	})
}

// ImpersonationIssuer is the exact iss of impersonation tokens.
func (s *Service) ImpersonationIssuer() string { return s.Issuer + impersonationSuffix }

func (s *Service) sign(ctx context.Context, purpose string, claims jwt.MapClaims) (Secret, error) {
	key, err := s.keys.signing(ctx, purpose)
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = key.id
	signed, err := token.SignedString(key.private)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return Secret(signed), nil
}

// Issuers are the two rows of the token verifier for this issuer. Keys are read in the process, so no HTTP is involved.
func (s *Service) Issuers() []idp.IssuerConfig {
	return []idp.IssuerConfig{
		{
			Issuer: s.Issuer, Keys: s.publicKeys(purposeAccess), Algorithms: []string{"ES256"},
			Audiences: []string{s.Audience}, RequireSessionID: true,
		},
		{
			Issuer: s.ImpersonationIssuer(), Keys: s.publicKeys(purposeImpersonation), Algorithms: []string{"ES256"},
			Audiences: []string{impersonationAudience}, Impersonation: true,
		},
	}
}

func (s *Service) publicKeys(purpose string) idp.KeySource {
	return func(ctx context.Context) ([]idp.PublicKey, error) {
		list, err := s.keys.all(ctx)
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
func (s *Service) JWKS(ctx context.Context) (json.RawMessage, error) {
	list, err := s.keys.all(ctx)
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
			KeyType: "EC", Curve: "P-256", X: base64URL(point[1:33]), Y: base64URL(point[33:]),
			Use: "sig", Algorithm: "ES256", ID: key.id,
		})
	}
	return json.Marshal(map[string]any{"keys": keys})
}

// Discovery is the issuer's description. It names what a verifier needs; there is no authorization endpoint, because apps
// sign people in through the product's own pages.
func (s *Service) Discovery() (json.RawMessage, error) {
	return json.Marshal(map[string]any{
		"issuer": s.Issuer, "jwks_uri": s.Issuer + "/v1/auth/jwks",
		"id_token_signing_alg_values_supported": []string{"ES256"}, "subject_types_supported": []string{"public"},
		"response_types_supported": []string{"none"},
		"claims_supported":         []string{"iss", "aud", "sub", "sid", "amr", "jti", "iat", "nbf", "exp"},
	})
}
