package identity

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

func setPlatformRole(ctx context.Context, tx *postgres.Tx, user ident.UserID) error {
	tag, err := tx.Exec(ctx, "UPDATE users SET platform_role = 'superadmin' WHERE id = $1", user)
	if err != nil {
		return fmt.Errorf("set platform role: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrUserNotFound
	}
	return nil
}

func enrol(ctx context.Context, tx *postgres.Tx, org ident.OrgID, user ident.UserID, role auth.Role) (membership string, made bool, err error) {
	id := ident.New[membershipMark]()
	tag, err := tx.Exec(ctx, `INSERT INTO user_organizations (id, organization_id, user_id, role, created_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, id, org, user, role, tx.Now)
	if err != nil {
		return "", false, fmt.Errorf("insert membership: %w", err)
	}
	_, err = tx.Exec(ctx, "UPDATE users SET current_organization_id = COALESCE(current_organization_id, $2) WHERE id = $1", user, org)
	if err != nil {
		return "", false, fmt.Errorf("set current clinic: %w", err)
	}
	return id.String(), tag.RowsAffected() == 1, nil
}
