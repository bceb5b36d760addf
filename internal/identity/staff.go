package identity

import (
	"context"
	"errors"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// IsStaffTx reports whether the person works in the clinic of the transaction, whatever the role. Only an admin's or the system's
// transaction sees memberships of others.
func (s *Service) IsStaffTx(ctx context.Context, tx *postgres.Tx, user ident.UserID) (bool, error) {
	_, err := readMember(ctx, tx, user)
	if errors.Is(err, ErrMemberNotFound) {
		return false, nil
	}
	return err == nil, err
}
