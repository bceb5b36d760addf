package patient

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// GuestID identifies a visitor who booked.
type GuestID = ident.ID[Guest]

// Guest is a visitor who booked, once per phone number and name. What was said first stays: a later booking under the same number and name
// changes nothing, because nobody has proven to be the guest.
type Guest struct {
	ID GuestID `db:"id"`
	// PossibleDuplicate tells that the number was used under another name.
	PossibleDuplicate bool `db:"possible_duplicate"`
}

// GuestTx finds the guest of the contact or makes one, in the caller's transaction.
func (s *Service) GuestTx(ctx context.Context, tx *postgres.Tx, c Contact) (Guest, error) {
	org := tx.Principal.OrgID
	index := s.phoneIndex(org, c.Phone)
	known, found, err := guestBy(ctx, tx, index, c.nameKey())
	if err != nil || found {
		return known, err
	}
	id := ident.New[Guest]()
	sealed, err := s.Ring.SealString(c.Phone.E164(), guestPlace(org, id))
	if err != nil {
		return Guest{}, fmt.Errorf("seal phone of guest: %w", err)
	}
	made, err := insertGuest(ctx, tx, id, c, sealed, index)
	if err != nil {
		return Guest{}, err
	}
	g, found, err := guestBy(ctx, tx, index, c.nameKey())
	if err != nil {
		return Guest{}, err
	}
	if !found {
		return Guest{}, fmt.Errorf("guest %s is not there after it was written", id)
	}
	if made {
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "create", EntityType: "guest_contact", EntityID: id.String(),
			Changes: map[string]audit.Change{"phone": {nil, c.Phone.E164()}, "possible_duplicate": {nil, g.PossibleDuplicate}},
		})
	}
	return g, nil
}

// ConvertTx remembers which patient a guest became. Doing it again with the same patient changes nothing.
func (s *Service) ConvertTx(ctx context.Context, tx *postgres.Tx, guest GuestID, to ID) error {
	changed, err := convertGuest(ctx, tx, guest, to)
	if err != nil || !changed {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "guest_contact", EntityID: guest.String(), PatientID: to.UUID(),
		Changes: map[string]audit.Change{"converted_patient_id": {nil, to.String()}},
	})
	return nil
}
