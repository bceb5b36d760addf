package specialist

import (
	"context"
	"errors"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/postgres"
)

// What later packages read in their own transactions.

// ByIDsTx answers the specialists with these ids who were not removed, in one statement, without their phones. The order is that of
// the ids' values.
func (s *Service) ByIDsTx(ctx context.Context, tx *postgres.Tx, ids []ID) ([]Specialist, error) {
	return byIDs(ctx, tx, ids)
}

// CountTx tells how many of the ids are specialists of the clinic who were not removed.
func (s *Service) CountTx(ctx context.Context, tx *postgres.Tx, ids []ID) (int, error) {
	found, err := byIDs(ctx, tx, ids)
	return len(found), err
}

// NamesTx answers names by id, removed specialists included, so that past visits keep theirs.
func (s *Service) NamesTx(ctx context.Context, tx *postgres.Tx, ids []ID) (map[ID]string, error) {
	return names(ctx, tx, ids)
}

// ExistsSpecialtyTx refuses a specialty that is not there, at body.specialty_id.
func (s *Service) ExistsSpecialtyTx(ctx context.Context, tx *postgres.Tx, id SpecialtyID) error {
	_, err := specialtyByID(ctx, tx, id)
	if errors.Is(err, ErrSpecialtyNotFound) {
		return at(nil, "specialty_id", "names a specialty that does not exist")
	}
	return err
}

// OwnTx answers the specialist that the transaction's person is linked with; zero for nobody.
func (s *Service) OwnTx(ctx context.Context, tx *postgres.Tx) (ID, error) {
	return own(ctx, tx)
}

// SetTimezoneTx gives the specialist another zone, for the use case that replaces the hours. Only an admin may; anybody else is refused.
func (s *Service) SetTimezoneTx(ctx context.Context, tx *postgres.Tx, p Specialist, zone string) error {
	if !isZone(zone) {
		return ErrTimezoneUnknown.At("body.timezone", "expected a time zone of the IANA database")
	}
	changed, err := setTimezone(ctx, tx, p.ID, zone)
	if err != nil {
		return err
	}
	if !changed {
		return apperror.ErrForbidden
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "specialist", EntityID: p.ID.String(), Changes: map[string]audit.Change{"scheduling_timezone": {p.Timezone, zone}},
	})
	return nil
}
