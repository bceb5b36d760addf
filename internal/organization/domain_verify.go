package organization

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
)

const (
	checkDueKind = "organization.domains_due"
	checkKind    = "organization.domain_check"
	// A record that is gone is noticed within checkAge plus checkEvery plus the retries of a resolver that does not answer:
	// well within the 24 hours that figure H-7 allows.
	checkEvery = time.Hour
	checkAge   = 12 * time.Hour
)

// VerifyDomain looks the TXT record up, outside any transaction, and makes the domain the clinic's own. The first clinic to
// prove it wins. A domain that is verified already answers as it is.
func (s *Service) VerifyDomain(ctx context.Context, org ident.OrgID, id DomainID) (Domain, error) {
	d, err := s.domain(ctx, org, id)
	if err != nil || d.Status == Verified {
		return d, err
	}
	if d.claimOver(s.DB.Now()) {
		return Domain{}, ErrClaimExpired
	}
	proved, err := s.proved(ctx, d)
	if err != nil {
		return Domain{}, err
	}
	if !proved {
		err := s.InClinic(ctx, org, func(tx *postgres.Tx) error { return noteChecked(ctx, tx, org, id) })
		return Domain{}, errors.Join(ErrTXTNotFound, err)
	}
	err = s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		var err error
		d, err = s.verify(ctx, tx, d)
		return err
	})
	if err != nil {
		return Domain{}, err
	}
	s.forgetDomain(ctx, d.Domain)
	return d, nil
}

func (s *Service) domain(ctx context.Context, org ident.OrgID, id DomainID) (Domain, error) {
	var d Domain
	err := s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		var err error
		d, err = domainByID(ctx, tx, org, id)
		return err
	})
	return d, err
}

// verify changes the row once; a parallel call of the same clinic finds it verified and tells nobody again.
func (s *Service) verify(ctx context.Context, tx *postgres.Tx, d Domain) (Domain, error) {
	changed, err := markVerified(ctx, tx, d)
	if err != nil {
		return Domain{}, err
	}
	after, err := domainByID(ctx, tx, d.OrganizationID, d.ID)
	if err != nil || !changed {
		return after, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: "organization_domain", EntityID: d.ID.String(),
		Changes: map[string]audit.Change{"status": {d.Status, Verified}},
	})
	return after, s.Bus.PublishTx(ctx, tx, DomainVerified{DomainID: d.ID})
}

func (s *Service) proved(ctx context.Context, d Domain) (bool, error) {
	texts, err := s.TXT.LookupTXT(ctx, d.TXTName())
	if err != nil {
		return false, fmt.Errorf("look up TXT record: %w", errors.Join(apperror.ErrUnavailable, err))
	}
	return slices.Contains(texts, d.TXTValue()), nil
}

// RegisterJobs lets the runner look at verified domains again.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Every(job.Periodic{Kind: checkDueKind, Every: checkEvery, Run: s.EnqueueChecks})
	r.Handle(checkKind, func(ctx context.Context, args json.RawMessage) error {
		var a checkArgs
		if err := json.Unmarshal(args, &a); err != nil {
			return fmt.Errorf("read domain check: %w", err)
		}
		return s.RecheckDomain(ctx, a.DomainID)
	})
}

type checkArgs struct {
	DomainID DomainID `json:"domain_id"`
}

// EnqueueChecks adds one job, in its clinic, for every verified domain that nobody looked at for twelve hours. It reads as the owner,
// because no clinic may list another's domains.
func (s *Service) EnqueueChecks(ctx context.Context) error {
	return s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		due, err := domainsDue(ctx, tx, tx.Now.Add(-checkAge))
		if err != nil {
			return err
		}
		for _, d := range due {
			err := tx.InContextOf(ctx, auth.SystemOf(d.OrganizationID), func() error {
				return job.EnqueueTx(ctx, tx, checkKind, checkArgs{d.ID}, job.Options{})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// RecheckDomain runs as system of the domain's clinic. A record that is gone makes the domain fail; a resolver that does not
// answer changes nothing and the job is tried again. Safe to run twice.
func (s *Service) RecheckDomain(ctx context.Context, id DomainID) error {
	p, _ := auth.From(ctx)
	var d Domain
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var err error
		d, err = domainByID(ctx, tx, p.OrgID, id)
		return err
	})
	if errors.Is(err, ErrDomainNotFound) {
		return nil
	}
	if err != nil || d.Status != Verified {
		return err
	}
	proved, err := s.proved(ctx, d)
	if err != nil {
		return err
	}
	err = s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		if proved {
			return noteChecked(ctx, tx, p.OrgID, id)
		}
		return s.fail(ctx, tx, d)
	})
	if err == nil && !proved {
		s.forgetDomain(ctx, d.Domain)
	}
	return err
}

func (s *Service) fail(ctx context.Context, tx *postgres.Tx, d Domain) error {
	changed, err := markFailed(ctx, tx, d)
	if err != nil || !changed {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: "organization_domain", EntityID: d.ID.String(),
		Changes: map[string]audit.Change{"status": {Verified, Failed}}, Reason: "txt_gone",
	})
	return s.Bus.PublishTx(ctx, tx, DomainRemoved{DomainID: d.ID, Reason: "txt_gone"})
}
