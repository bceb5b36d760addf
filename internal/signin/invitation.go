package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// Invitation is what the page behind the link of an invitation shows.
type Invitation struct {
	Email            string
	Role             auth.Role
	OrganizationID   ident.OrgID
	OrganizationName string
	OrganizationSlug string
	ExpiresAt        time.Time
	// AccountExists tells that the address can already sign in, so no password is asked for.
	AccountExists bool
}

// Invitation reads an open invitation by its link; ErrInvitationExpired for everything else.
func (s *Service) Invitation(ctx context.Context, token Secret) (Invitation, error) {
	var (
		i     Invitation
		found bool
	)
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		i, found, err = readInvitation(ctx, tx, proof.Hash(token))
		return err
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("read invitation: %w", err)
	}
	if !found {
		return Invitation{}, ErrInvitationExpired
	}
	return i, nil
}

// Accept is the acceptance of an invitation. Name, Password and Locale count only for somebody who cannot sign in yet.
type Accept struct {
	Token    Secret
	Name     string
	Password Secret
	Locale   string
	App      auth.App
}

// Accepted is the outcome: a membership, and Tokens when the account is new. Somebody who has an account signs in as always:
// a link alone, forwarded or found, must not open it.
type Accepted struct{ Tokens *Tokens }

// accepted is what the database made of an acceptance.
type accepted struct {
	User           ident.UserID
	Fresh, Blocked bool
	Joined         []Joined
}

// AcceptInvitation turns the link into a membership. The link came by mail, so the address is verified by it.
func (s *Service) AcceptInvitation(ctx context.Context, in Accept) (Accepted, error) {
	invitation, err := s.Invitation(ctx, in.Token)
	if err != nil {
		return Accepted{}, err
	}
	hash := ""
	if !invitation.AccountExists {
		if err := s.checkPassword(in.Password, invitation.Email); err != nil {
			return Accepted{}, err
		}
		if hash, err = s.hasher.Hash(ctx, in.Password); err != nil {
			return Accepted{}, err
		}
	}
	var (
		done accepted
		o    opened
	)
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		done, err = acceptInvitation(ctx, tx, s.Issuer.Name(), in, hash)
		if err != nil || done.User.IsZero() || done.Blocked {
			return err
		}
		if err := s.joinedTx(ctx, tx, done.User, done.Joined); err != nil {
			return err
		}
		if !done.Fresh {
			s.record(ctx, tx, done.User, "update", emailVerified())
			return nil
		}
		s.record(ctx, tx, done.User, "create", map[string]audit.Change{"password": {nil, "new"}, "email_verified": {nil, true}})
		o, err = s.openTx(ctx, tx, done.User, in.App, []string{"pwd"})
		return err
	})
	switch {
	case err != nil:
		return Accepted{}, fmt.Errorf("accept invitation: %w", err)
	case done.User.IsZero():
		return Accepted{}, ErrInvitationExpired
	case done.Blocked:
		return Accepted{}, middleware.ErrUserBlocked
	case !done.Fresh:
		return Accepted{}, nil
	}
	tokens, err := s.tokens(ctx, o)
	if err != nil {
		return Accepted{}, err
	}
	return Accepted{Tokens: &tokens}, nil
}
