package patient

import (
	"context"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/postgres"
)

// ShareTx opens the caller's portable record to the transaction's clinic, or closes it, in the transaction of the consent that decided so.
// consent is the row that opened it. Doing it again changes nothing.
func (s *Service) ShareTx(ctx context.Context, tx *postgres.Tx, shared bool, consent uuid.UUID) error {
	var because any
	if shared {
		because = consent
	}
	id, changed, err := share(ctx, tx, shared, because)
	if err != nil || !changed {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "patient_org_profile", EntityID: id.String(), PatientID: id.UUID(),
		Changes: map[string]audit.Change{"profile_shared": {!shared, shared}},
	})
	if shared {
		return s.Bus.PublishTx(ctx, tx, ProfileShared{PatientID: id})
	}
	return s.Bus.PublishTx(ctx, tx, ProfileUnshared{PatientID: id})
}

// OwnIDTx is the caller as a patient; ErrNotFound for somebody who is none.
func (s *Service) OwnIDTx(ctx context.Context, tx *postgres.Tx) (ID, error) {
	row, err := ownRecord(ctx, tx)
	return row.ID, err
}
