package patient

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/postgres"
)

// The values that are shown in clear only when somebody says why.
const (
	RevealCNP       = "cnp"
	RevealInsurance = "insurance_numbers"
)

// Reveal answers a sealed value in clear. The trail keeps who asked and why, before the answer leaves; the patient reads it in the list of
// who looked at the record.
func (s *Service) Reveal(ctx context.Context, id ID, field, reason string) ([]string, error) {
	var out []string
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		p, err := s.readTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if out = p.revealed(field); len(out) == 0 {
			return ErrNothingToReveal
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "read", EntityType: "patient_org_profile", EntityID: p.profile.String(), PatientID: id.UUID(), Reason: reason,
			Changes: map[string]audit.Change{"revealed": {nil, field}},
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reveal: %w", err)
	}
	return out, nil
}

func (p Patient) revealed(field string) []string {
	var out []string
	switch {
	case field == RevealCNP && p.CNP != nil:
		out = append(out, p.CNP.Digits())
	case field == RevealInsurance:
		for _, one := range p.Health.Insurance {
			out = append(out, one.Number)
		}
	}
	return out
}

// Lookup answers at most ten people of the clinic by name, for a specialist who has no visit with them yet; apperror.ErrForbidden where the
// clinic has not switched it on. The trail keeps whom the answer named.
func (s *Service) Lookup(ctx context.Context, text string) ([]Named, error) {
	words := wordsOf(fold(text))
	if len([]rune(fold(text))) < 3 {
		return nil, apperror.ErrBadRequest.At("query.q", "must have at least 3 letters")
	}
	var out []Named
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		terms, err := s.Clinics.TermsTx(ctx, tx)
		if err != nil {
			return err
		}
		if !terms.Settings.SpecialistPatientLookup {
			return apperror.ErrForbidden
		}
		if out, err = lookup(ctx, tx, words); err != nil {
			return err
		}
		ids := make([]string, len(out))
		for i, one := range out {
			ids[i] = one.ID.String()
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "read", EntityType: "patient_lookup", Changes: map[string]audit.Change{"patient_ids": {nil, ids}},
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look patients up: %w", err)
	}
	return out, nil
}
