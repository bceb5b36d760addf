package patient

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Own gives a patient's portable record to the account of the person and opens the portal, as an accepted invitation does. For the platform
// when it sets a clinic up; nobody is asked. ErrNotFound when the clinic has no such patient or the record has an owner already.
func (s *Service) Own(ctx context.Context, org ident.OrgID, id ID, user ident.UserID) error {
	err := s.DB.InPlatformTx(ctx, org, func(tx *postgres.Tx) error {
		if err := own(ctx, tx, org, id, user); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient", EntityID: id.String(), PatientID: id.UUID(),
			Changes: map[string]audit.Change{"user_id": {nil, user.String()}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("give patient an owner: %w", err)
	}
	return nil
}
