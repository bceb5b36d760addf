package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// User is a person as the operators of the platform see it.
type User struct {
	ID              ident.UserID `db:"id"`
	Email           string       `db:"email"`
	EmailVerifiedAt *time.Time   `db:"email_verified_at"`
	Name            string       `db:"name"`
	Locale          *string      `db:"locale"`
	PlatformRole    *string      `db:"platform_role"`
	BlockedAt       *time.Time   `db:"blocked_at"`
	BlockedReason   *string      `db:"blocked_reason"`
	LastActivityAt  *time.Time   `db:"last_activity_at"`
	CreatedAt       time.Time    `db:"created_at"`
	UpdatedAt       time.Time    `db:"updated_at"`
	// Organizations are filled by the list; they are the clinics with every role, suspended ones included.
	Organizations []UserClinic `db:"-"`
}

// UserClinic is one membership of a user.
type UserClinic struct {
	UserID ident.UserID `db:"user_id"`
	ID     ident.OrgID  `db:"id"`
	Name   string       `db:"name"`
	Slug   string       `db:"slug"`
	Role   auth.Role    `db:"role"`
	Status string       `db:"status"`
}

// UserFilter narrows the list of users. Nil and empty do not.
type UserFilter struct {
	Search       string
	Blocked      *bool
	PlatformRole string
	OrgID        ident.OrgID
	Created      Span
	Updated      Span
}

// Users lists the people of the platform for its operators. The read is written into the platform's chain.
func (s *Service) Users(ctx context.Context, f UserFilter, w page.Window) (page.Result[User], error) {
	var out page.Result[User]
	err := s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) (err error) {
		if out, err = listUsers(ctx, tx, f, w); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "read", EntityType: "user"})
		return fillClinics(ctx, tx, out.Rows)
	})
	if err != nil {
		return page.Result[User]{}, fmt.Errorf("list users: %w", err)
	}
	return out, nil
}

// SetBlocked blocks or unblocks a person. A block counts at the person's next request on this process and within a second on
// every other. reason is required for a block and dropped with it.
func (s *Service) SetBlocked(ctx context.Context, id ident.UserID, blocked bool, reason string) (User, error) {
	p, err := own(ctx)
	if err != nil {
		return User{}, err
	}
	reason = strings.TrimSpace(reason)
	if blocked && p.UserID == id {
		return User{}, ErrSelfBlock
	}
	if blocked && reason == "" {
		return User{}, apperror.ErrInvalid.At("body.reason", "is required to block somebody")
	}
	var after User
	err = s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) (err error) {
		before, err := readUser(ctx, tx, id)
		if err != nil {
			return err
		}
		if after = before; (before.BlockedAt != nil) != blocked {
			if after, err = s.writeBlockTx(ctx, tx, before, blocked, reason); err != nil {
				return err
			}
		}
		list := []User{after}
		err = fillClinics(ctx, tx, list)
		after = list[0]
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("block user: %w", err)
	}
	s.Forget()
	return after, nil
}

func (s *Service) writeBlockTx(ctx context.Context, tx *postgres.Tx, before User, blocked bool, reason string) (User, error) {
	if err := updateBlocked(ctx, tx, before.ID, blocked, reason); err != nil {
		return User{}, err
	}
	after, err := readUser(ctx, tx, before.ID)
	if err != nil {
		return User{}, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "user", EntityID: before.ID.String(), Reason: audit.MaskText(reason),
		Changes: map[string]audit.Change{"blocked_at": {before.BlockedAt, after.BlockedAt}},
	})
	if !blocked {
		return after, nil
	}
	if s.Devices != nil {
		if err := s.Devices.EndSessionsTx(ctx, tx, before.ID); err != nil {
			return User{}, err
		}
	}
	return after, s.Bus.PublishTx(ctx, tx, UserBlocked{UserID: before.ID})
}
