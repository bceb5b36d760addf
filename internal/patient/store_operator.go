package patient

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

func own(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id ID, user ident.UserID) error {
	var done bool
	err := tx.QueryRow(ctx, `
		WITH owned AS (
			UPDATE patients SET user_id = @user WHERE id = @id AND user_id IS NULL RETURNING id
		)
		UPDATE patient_org_profiles o SET account_state = 'active' FROM owned
		 WHERE o.organization_id = @org AND o.patient_id = owned.id
		RETURNING true`, pgx.NamedArgs{"id": id, "org": org, "user": user}).Scan(&done)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("own patient: %w", err)
	}
	return nil
}
