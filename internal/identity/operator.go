package identity

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// MakeSuperadmin gives a person the platform role. It is for the operator's command: no request can reach it.
func (s *Service) MakeSuperadmin(ctx context.Context, user ident.UserID) error {
	err := s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		if err := setPlatformRole(ctx, tx, user); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "user", EntityID: user.String(),
			Changes: map[string]audit.Change{"platform_role": {nil, string(auth.Superadmin)}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("make superadmin: %w", err)
	}
	return nil
}

// Enrol makes a person a member of a clinic without an invitation, as a demo or an import does. It is for the operator's
// command; a role that the person already has changes nothing.
func (s *Service) Enrol(ctx context.Context, org ident.OrgID, user ident.UserID, role auth.Role) error {
	err := s.DB.InPlatformTx(ctx, org, func(tx *postgres.Tx) error {
		membership, made, err := enrol(ctx, tx, org, user, role)
		if err != nil || !made {
			return err
		}
		return s.joinedTx(ctx, tx, membership, MemberJoined{UserID: user, Role: role})
	})
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	return nil
}
