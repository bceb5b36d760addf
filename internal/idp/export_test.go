package idp

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The functions of this file plant faults for red proofs. They exist in tests only.

// WeakenAlgorithms lets the issuer use any algorithm with any key it publishes, as a verifier without an allow-list
// does: HMAC keyed with the public key, and none.
func (v *Verifier) WeakenAlgorithms(issuerName string) {
	i := v.issuers[issuerName]
	i.config.Algorithms = append(i.config.Algorithms, "HS256", "none")
	i.parser = jwt.NewParser(jwt.WithoutClaimsValidation())
	source := i.keys.source
	i.keys.source = func(ctx context.Context) ([]PublicKey, error) {
		keys, err := source(ctx)
		if err != nil {
			return nil, err
		}
		i.keys.mu.Lock()
		defer i.keys.mu.Unlock()
		i.keys.keys = index(keys)
		for _, key := range keys {
			der, err := x509.MarshalPKIXPublicKey(key.Key)
			if err != nil {
				return nil, err
			}
			i.keys.keys[keyName{key.ID, "HS256"}] = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
			i.keys.keys[keyName{key.ID, "none"}] = jwt.UnsafeAllowNoneSignatureType
		}
		i.keys.loadedAt = i.keys.now()
		return nil, errNoKeys
	}
}

// WeakenTimes forgives an hour instead of a minute.
func (v *Verifier) WeakenTimes(issuerName string, now func() time.Time) {
	i := v.issuers[issuerName]
	i.validator = jwt.NewValidator(jwt.WithIssuer(i.config.Issuer), jwt.WithLeeway(time.Hour), jwt.WithTimeFunc(now))
}

// WeakenAddressee accepts tokens meant for anybody.
func (v *Verifier) WeakenAddressee(issuerName string, now func() time.Time) {
	i := v.issuers[issuerName]
	i.config.AuthorizedParties = nil
	i.validator = jwt.NewValidator(jwt.WithIssuer(i.config.Issuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway), jwt.WithTimeFunc(now))
}

// WeakenSession accepts tokens without a session.
func (v *Verifier) WeakenSession(issuerName string) {
	v.issuers[issuerName].config.RequireSessionID = false
}

// WeakenIssuer lets other issuers pass as the trusted one, as a check by prefix does.
func (v *Verifier) WeakenIssuer(issuerName string, now func() time.Time, others ...string) {
	for _, other := range others {
		alias := *v.issuers[issuerName]
		alias.validator = jwt.NewValidator(jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(now))
		v.issuers[other] = &alias
	}
}

// SlideKeys makes every use of a key prolong the life of the whole set, which is what Clerk's own SDK does.
func (v *Verifier) SlideKeys(issuerName string) func() {
	keys := v.issuers[issuerName].keys
	return func() {
		keys.mu.Lock()
		defer keys.mu.Unlock()
		keys.loadedAt = keys.now()
	}
}

// UnboundFetches lets every unknown key cause a fetch.
func (v *Verifier) UnboundFetches(issuerName string) func() {
	keys := v.issuers[issuerName].keys
	return func() {
		keys.mu.Lock()
		defer keys.mu.Unlock()
		keys.triedAt = time.Time{}
	}
}
