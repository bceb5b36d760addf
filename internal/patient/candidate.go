package patient

import (
	"context"
	"slices"

	"github.com/restartix/platform/internal/postgres"
)

// Candidate is a patient who may be the person at hand. Score is 80 to 100.
type Candidate struct {
	ID    ID  `db:"patient_id" json:"patient_id"`
	Score int `db:"score" json:"score"`
}

// DuplicatesTx lists the patients who may be the contact, most likely first.
func (s *Service) DuplicatesTx(ctx context.Context, tx *postgres.Tx, c Contact) ([]Candidate, error) {
	return candidates(ctx, tx, probe{phone: s.phoneIndex(tx.Principal.OrgID, c.Phone), nameKey: c.nameKey()})
}

// unacknowledged refuses when a candidate was not looked at.
func unacknowledged(found []Candidate, seen []ID) error {
	for _, c := range found {
		if !slices.Contains(seen, c.ID) {
			return ErrDuplicates.With("candidates", found)
		}
	}
	return nil
}
