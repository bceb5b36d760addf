package idptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/restartix/platform/internal/idp"
)

// Key is a signing key with its id.
type Key struct {
	ID        string
	Algorithm string
	Private   crypto.Signer
}

var keyNumber atomic.Int64 //nolint:gochecknoglobals // keys of one test process are numbered

// NewKey makes a key for RS256, ES256 or EdDSA with an id that no other key of the process has.
func NewKey(tb testing.TB, algorithm string) Key {
	tb.Helper()
	key := Key{ID: fmt.Sprintf("key-%d", keyNumber.Add(1)), Algorithm: algorithm}
	var err error
	switch algorithm {
	case "RS256":
		key.Private, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ES256":
		key.Private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, key.Private, err = ed25519.GenerateKey(rand.Reader)
	default:
		tb.Fatalf("no key for algorithm %q", algorithm)
	}
	if err != nil {
		tb.Fatalf("making a key: %v", err)
	}
	return key
}

// Public returns the key as a KeySource gives it.
func (k Key) Public() idp.PublicKey { return idp.PublicKey{ID: k.ID, Key: k.Private.Public()} }

// Sign returns a token with the key's id and algorithm in its header, unless header overrides them.
func (k Key) Sign(tb testing.TB, header, claims Claims) string {
	tb.Helper()
	full := Claims{"alg": k.Algorithm, "typ": "JWT", "kid": k.ID}
	merge(full, header)
	return k.SignRaw(tb, encode(tb, full), encode(tb, claims))
}

// SignRaw signs exactly these bytes, which need not be JSON, nor agree with the key.
func (k Key) SignRaw(tb testing.TB, header, claims []byte) string {
	tb.Helper()
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	signature, err := jwt.GetSigningMethod(k.Algorithm).Sign(input, k.Private)
	if err != nil {
		tb.Fatalf("signing a token: %v", err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// JWK returns the public key as a member of a key set.
func (k Key) JWK(tb testing.TB) jwkset.JWKMarshal {
	tb.Helper()
	jwk, err := k.marshal()
	if err != nil {
		tb.Fatalf("writing a key: %v", err)
	}
	return jwk
}

func (k Key) marshal() (jwkset.JWKMarshal, error) {
	jwk, err := jwkset.NewJWKFromKey(k.Private.Public(), jwkset.JWKOptions{
		Metadata: jwkset.JWKMetadataOptions{KID: k.ID, ALG: jwkset.ALG(k.Algorithm), USE: jwkset.UseSig},
	})
	if err != nil {
		return jwkset.JWKMarshal{}, fmt.Errorf("writing a key: %w", err)
	}
	return jwk.Marshal(), nil
}

func keySet(keys []Key) jwkset.JWKSMarshal {
	set := jwkset.JWKSMarshal{Keys: []jwkset.JWKMarshal{}}
	for _, key := range keys {
		if jwk, err := key.marshal(); err == nil {
			set.Keys = append(set.Keys, jwk)
		}
	}
	return set
}

func encode(tb testing.TB, value any) []byte {
	tb.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		tb.Fatalf("encoding a token: %v", err)
	}
	return raw
}
