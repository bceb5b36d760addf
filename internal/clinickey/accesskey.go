package clinickey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// What the use cases on access keys are refused with.
var (
	ErrAccessKeyNotFound = apperror.New(apperror.NotFound, "access_key_not_found", "There is no such key.")
	ErrUnknownScope      = apperror.New(apperror.Invalid, "unknown_scope", "One of the rights does not exist.")
)

// Scopes are what an access key can be given: read or write of a resource. Identity, break-glass, impersonation and privacy
// are not resources, so no key reaches them.
func Scopes() []string {
	var out []string
	for _, resource := range []string{"appointments", "patients", "services", "specialists"} {
		out = append(out, resource+":read", resource+":write")
	}
	return out
}

const maxScopes = 50

// AccessKeyID identifies a key that calls our API.
type AccessKeyID = ident.ID[auth.AccessKey]

// AccessKey is a key that calls our API, without its secret.
type AccessKey struct {
	ID     AccessKeyID `db:"id"`
	Name   string      `db:"name"`
	Prefix string      `db:"prefix"`
	Scopes []string    `db:"scopes"`
	// AllowedCIDRs are the networks that may use the key; none means any.
	AllowedCIDRs []netip.Prefix `db:"allowed_cidrs"`
	ExpiresAt    *time.Time     `db:"expires_at"`
	LastUsedAt   *time.Time     `db:"last_used_at"`
	RevokedAt    *time.Time     `db:"revoked_at"`
	CreatedAt    time.Time      `db:"created_at"`
}

// NewAccessKey is what an admin asks for. A nil ExpiresAt never ends.
type NewAccessKey struct {
	Name         string
	Scopes       []string
	AllowedCIDRs []netip.Prefix
	ExpiresAt    *time.Time
}

// AccessKeys lists the clinic's keys, revoked ones included.
func (s *Service) AccessKeys(ctx context.Context, org ident.OrgID, q page.Query) (page.Result[AccessKey], error) {
	return pageOf(ctx, s, org, q, accessKeys, page.Columns{
		ByName:  map[string]string{"name": "name", "created_at": "created_at", "last_used_at": "last_used_at"},
		Default: "created_at DESC", TieBreak: "id ASC",
	})
}

// CreateAccessKey makes a key and answers its secret, which nobody can read again.
func (s *Service) CreateAccessKey(ctx context.Context, org ident.OrgID, n NewAccessKey) (AccessKey, string, error) {
	if err := n.check(s.DB.Now()); err != nil {
		return AccessKey{}, "", err
	}
	prefix, secret := newSecret()
	k := AccessKey{
		ID: ident.New[auth.AccessKey](), Name: strings.TrimSpace(n.Name), Prefix: prefix, Scopes: slices.Compact(slices.Sorted(slices.Values(n.Scopes))),
		AllowedCIDRs: n.AllowedCIDRs, ExpiresAt: n.ExpiresAt,
	}
	err := s.Clinics.InClinic(ctx, org, func(tx *postgres.Tx) error {
		k.CreatedAt = tx.Now
		hash := sha256.Sum256([]byte(secret))
		if err := insertAccessKey(ctx, tx, org, k, hash[:]); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "create", EntityType: "access_key", EntityID: k.ID.String(),
			Changes: map[string]audit.Change{"name": {nil, k.Name}, "scopes": {nil, k.Scopes}, "expires_at": {nil, k.ExpiresAt}},
		})
		return nil
	})
	return k, secret, err
}

func (n NewAccessKey) check(now time.Time) error {
	var e *apperror.Error
	if name := strings.TrimSpace(n.Name); name == "" || len([]rune(name)) > 100 {
		e = at(e, "name", "has 1 to 100 characters")
	}
	if len(n.Scopes) == 0 || len(n.Scopes) > maxScopes {
		e = at(e, "scopes", "has 1 to 50 entries")
	}
	if n.ExpiresAt != nil && !n.ExpiresAt.After(now) {
		e = at(e, "expires_at", "must be in the future")
	}
	if len(n.AllowedCIDRs) > 50 {
		e = at(e, "allowed_cidrs", "has at most 50 entries")
	}
	if e != nil {
		return e
	}
	for _, scope := range n.Scopes {
		if !slices.Contains(Scopes(), scope) {
			return ErrUnknownScope.At("body.scopes", "expected one of "+strings.Join(Scopes(), ", "))
		}
	}
	return nil
}

// RevokeAccessKey ends a key at once. Revoking twice changes nothing.
func (s *Service) RevokeAccessKey(ctx context.Context, org ident.OrgID, id AccessKeyID) error {
	return s.Clinics.InClinic(ctx, org, func(tx *postgres.Tx) error {
		changed, err := revokeAccessKey(ctx, tx, org, id)
		if err != nil || !changed {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "access_key", EntityID: id.String(),
			Changes: map[string]audit.Change{"revoked_at": {nil, tx.Now}},
		})
		return nil
	})
}

// A secret is rxk_<12 characters that find it>_<52 characters of 256 random bits>.
const (
	secretStart  = "rxk_"
	prefixLength = 12
)

var secretEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding) //nolint:gochecknoglobals // never written

func newSecret() (prefix, secret string) {
	b := make([]byte, 8+32)
	_, _ = rand.Read(b) // never fails: the runtime ends the process instead
	prefix = secretEncoding.EncodeToString(b[:8])[:prefixLength]
	return prefix, secretStart + prefix + "_" + secretEncoding.EncodeToString(b[8:])
}

// Key implements middleware.Keys. Every refusal is the same unauthorized, and the hash is compared in constant time also
// when there is no such prefix.
func (s *Service) Key(ctx context.Context, secret, ip string) (middleware.KeyHolder, error) {
	prefix, _, ok := strings.Cut(strings.TrimPrefix(secret, secretStart), "_")
	if !ok || !strings.HasPrefix(secret, secretStart) || len(prefix) != prefixLength {
		return middleware.KeyHolder{}, apperror.ErrUnauthorized
	}
	var found credential
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		var err error
		found, err = credentialByPrefix(ctx, tx, prefix)
		return err
	})
	if err != nil {
		return middleware.KeyHolder{}, err
	}
	sum := sha256.Sum256([]byte(secret))
	expected := found.Hash
	if len(expected) != sha256.Size {
		expected = make([]byte, sha256.Size)
	}
	if subtle.ConstantTimeCompare(sum[:], expected) != 1 || found.ID.IsZero() || !allows(found.AllowedCIDRs, ip) {
		return middleware.KeyHolder{}, apperror.ErrUnauthorized
	}
	return middleware.KeyHolder{ID: found.ID, OrgID: found.OrgID, Scopes: found.Scopes}, nil
}

// allows reports whether the address is in one of the networks; without networks every address is.
func allows(networks []netip.Prefix, ip string) bool {
	if len(networks) == 0 {
		return true
	}
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	address = address.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(address) })
}
