package organization

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// What the use cases on domains are refused with.
var (
	ErrDomainNotFound = apperror.New(apperror.NotFound, "domain_not_found", "There is no such domain.")
	ErrDomainExists   = apperror.New(apperror.Conflict, "domain_exists", "This domain is already on your list.")
	ErrDomainTaken    = apperror.New(apperror.Conflict, "domain_taken", "Another verified domain already has this name.")
	ErrDomainInvalid  = apperror.New(apperror.Invalid, "domain_invalid", "Give a domain that you own, for example programari.clinica.ro.")
	ErrDomainQuota    = apperror.New(apperror.Conflict, "domain_quota", "A clinic may list at most 20 domains. Remove one first.")
	ErrTXTNotFound    = apperror.New(apperror.Invalid, "txt_not_found", "We have not found the TXT record yet. DNS changes can take up to an hour.")
	ErrClaimExpired   = apperror.New(apperror.Gone, "claim_expired", "The time to prove this domain is over. Add it again.")
)

const (
	txtPrefix = "_restartix-verify."
	claimLife = 7 * 24 * time.Hour
	// maxDomains bounds what one clinic may make us look up.
	maxDomains = 20
)

// DomainStatus is how far a claim on a domain has come.
type DomainStatus string

// The states of a claim.
const (
	Pending  DomainStatus = "pending"
	Verified DomainStatus = "verified"
	Failed   DomainStatus = "failed"
)

// DomainID identifies a claim on a domain.
type DomainID = ident.ID[Domain]

// Domain is a clinic's claim on a domain name.
type Domain struct {
	ID             DomainID    `db:"id"`
	OrganizationID ident.OrgID `db:"organization_id"`
	// Domain is lower case and punycode.
	Domain string `db:"domain"`
	// App is clinic or portal: what is served under the name.
	App            string       `db:"app"`
	Token          string       `db:"verification_token"`
	Status         DomainStatus `db:"status"`
	VerifiedAt     *time.Time   `db:"verified_at"`
	LastCheckedAt  *time.Time   `db:"last_checked_at"`
	ClaimExpiresAt time.Time    `db:"claim_expires_at"`
	CreatedAt      time.Time    `db:"created_at"`
}

// TXTName is where the record must stand.
func (d Domain) TXTName() string { return txtPrefix + d.Domain }

// TXTValue is what the record must say.
func (d Domain) TXTValue() string { return "restartix-verify=" + d.Token }

// claimOver tells that a claim that was never proved has run out.
func (d Domain) claimOver(now time.Time) bool {
	return d.Status == Pending && !now.Before(d.ClaimExpiresAt)
}

// Domains lists the clinic's claims by name.
func (s *Service) Domains(ctx context.Context, org ident.OrgID, q page.Query) (page.Result[Domain], error) {
	var out page.Result[Domain]
	window, err := q.Check(page.Columns{
		ByName:  map[string]string{"domain": "domain", "created_at": "created_at", "status": "status"},
		Default: "domain ASC", TieBreak: "id ASC",
	})
	if err != nil {
		return out, err
	}
	err = s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		out, err = domains(ctx, tx, org, window)
		return err
	})
	return out, err
}

// AddDomain claims a domain for seven days. Other clinics' claims on it are neither looked at nor disturbed. An own claim that
// has run out or failed begins again with a new token.
func (s *Service) AddDomain(ctx context.Context, org ident.OrgID, name, app string) (Domain, error) {
	name, err := s.hosts.normalise(name)
	if err != nil {
		return Domain{}, ErrDomainInvalid.At("body.domain", "is not a domain that a clinic can own")
	}
	var d Domain
	err = s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		if err := s.makeRoom(ctx, tx, org, name); err != nil {
			return err
		}
		d = Domain{
			ID: ident.New[Domain](), OrganizationID: org, Domain: name, App: app, Token: newToken(), Status: Pending,
			ClaimExpiresAt: tx.Now.Add(claimLife), CreatedAt: tx.Now,
		}
		if err := insertDomain(ctx, tx, d); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "create", EntityType: "organization_domain", EntityID: d.ID.String(),
			Changes: map[string]audit.Change{"domain": {nil, d.Domain}, "app": {nil, d.App}},
		})
		return nil
	})
	s.forgetDomain(ctx, name)
	return d, err
}

// makeRoom deletes an own claim that is over, and refuses one that is not and the twenty-first.
func (s *Service) makeRoom(ctx context.Context, tx *postgres.Tx, org ident.OrgID, name string) error {
	old, err := claims(ctx, tx, org)
	if err != nil {
		return err
	}
	count := len(old)
	for _, d := range old {
		if d.Domain != name {
			continue
		}
		if d.Status != Failed && !d.claimOver(tx.Now) {
			return ErrDomainExists
		}
		if err := deleteDomain(ctx, tx, org, d.ID); err != nil {
			return err
		}
		count--
	}
	if count >= maxDomains {
		return ErrDomainQuota
	}
	return nil
}

// RemoveDomain ends a claim; a verified domain stops resolving at once.
func (s *Service) RemoveDomain(ctx context.Context, org ident.OrgID, id DomainID) error {
	var d Domain
	err := s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		var err error
		if d, err = domainByID(ctx, tx, org, id); err != nil {
			return err
		}
		if err := deleteDomain(ctx, tx, org, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "organization_domain", EntityID: id.String(),
			Changes: map[string]audit.Change{"domain": {d.Domain, nil}, "app": {d.App, nil}},
		})
		return s.Bus.PublishTx(ctx, tx, DomainRemoved{DomainID: id, Reason: "removed"})
	})
	if err != nil {
		return err
	}
	s.forgetDomain(ctx, d.Domain)
	return nil
}

// newToken is 32 hex digits of 128 random bits.
func newToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: the runtime ends the process instead
	return hex.EncodeToString(b)
}
