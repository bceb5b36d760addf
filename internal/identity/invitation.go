package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// invitationLife is how long an invitation is good after it was made or sent again.
const invitationLife = 14 * 24 * time.Hour

// Invitation is a standing offer to join the staff. Its token is in the mail alone.
type Invitation struct {
	ID        InvitationID  `db:"id"`
	Email     string        `db:"email"`
	Role      auth.Role     `db:"role"`
	State     string        `db:"state"`
	InvitedBy *ident.UserID `db:"invited_by"`
	ExpiresAt time.Time     `db:"expires_at"`
	CreatedAt time.Time     `db:"created_at"`
	UpdatedAt time.Time     `db:"updated_at"`
}

// States of an invitation.
const (
	InvitationOpen     = "open"
	InvitationExpired  = "expired"
	InvitationAccepted = "accepted"
	InvitationRevoked  = "revoked"
)

// InvitationFilter narrows the list of invitations. Empty values do not.
type InvitationFilter struct {
	State, Role, Search string
	Created, Updated    Span
}

func errAddress() error { return apperror.ErrInvalid.At("body.email", "is not an e-mail address") }

// foldASCII lowers ASCII letters only. Addresses that differ in anything else are different people.
func foldASCII(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, email)
}

// InviteTx records an invitation in the caller's transaction, whose clinic is org; the mail follows from the event. One address has
// one open invitation in a clinic: an expired one makes room, a live one is invitation_exists. A language that is not spoken here
// becomes English.
func (s *Service) InviteTx(ctx context.Context, tx *postgres.Tx, org ident.OrgID, email string, role auth.Role, language string) error {
	tag, _ := locale.Parse(language)
	_, err := s.inviteTx(ctx, tx, newInvitation{org: org, email: email, role: role, locale: tag})
	return err
}

func (s *Service) inviteTx(ctx context.Context, tx *postgres.Tx, n newInvitation) (Invitation, error) {
	if !isAddress(n.email) {
		return Invitation{}, errAddress()
	}
	n.id, n.email, n.expires = ident.New[invitationMark](), foldASCII(n.email), tx.Now.Add(invitationLife)
	expired, err := revokeExpired(ctx, tx, n.org, n.email)
	if err != nil {
		return Invitation{}, err
	}
	for _, id := range expired {
		s.recordRevoked(ctx, tx, id)
	}
	// The token is made by the job that mails it; until then the hash is that of something nobody knows.
	_, n.hash = newToken()
	made, err := insertInvitation(ctx, tx, n)
	if err != nil {
		return Invitation{}, err
	}
	if !made {
		return Invitation{}, ErrInvitationExists
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "staff_invitation", EntityID: n.id.String(),
		Changes: map[string]audit.Change{"email": {nil, n.email}, "role": {nil, string(n.role)}, "expires_at": {nil, n.expires}},
	})
	if err := s.Bus.PublishTx(ctx, tx, MemberInvited{InvitationID: n.id, Role: n.role}); err != nil {
		return Invitation{}, err
	}
	return readInvitation(ctx, tx, n.org, n.id)
}

// newToken makes the secret of an invitation's link and what is stored of it.
func newToken() (token string, hash []byte) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // documented never to fail
	token = base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

func (s *Service) recordRevoked(ctx context.Context, tx *postgres.Tx, id InvitationID) {
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "staff_invitation", EntityID: id.String(),
		Changes: map[string]audit.Change{"revoked_at": {nil, tx.Now}},
	})
}

// Invitations lists the invitations of the clinic.
func (s *Service) Invitations(ctx context.Context, org ident.OrgID, f InvitationFilter, w page.Window) (page.Result[Invitation], error) {
	if err := inClinic(ctx, org); err != nil {
		return page.Result[Invitation]{}, err
	}
	var out page.Result[Invitation]
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = listInvitations(ctx, tx, f, w)
		return err
	})
	if err != nil {
		return page.Result[Invitation]{}, fmt.Errorf("list invitations: %w", err)
	}
	return out, nil
}

// Revoke ends an open invitation; its link stops working at once.
func (s *Service) Revoke(ctx context.Context, org ident.OrgID, id InvitationID) error {
	if err := inClinic(ctx, org); err != nil {
		return err
	}
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		done, err := revokeInvitation(ctx, tx, org, id)
		if err != nil {
			return err
		}
		if !done {
			return ErrInvitationNotFound
		}
		s.recordRevoked(ctx, tx, id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("revoke invitation: %w", err)
	}
	return nil
}

// Resend gives an open or expired invitation its full time again and mails a new link; the old one stops working when that mail is made.
func (s *Service) Resend(ctx context.Context, org ident.OrgID, id InvitationID) (Invitation, error) {
	if err := inClinic(ctx, org); err != nil {
		return Invitation{}, err
	}
	var out Invitation
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := readInvitation(ctx, tx, org, id)
		if err != nil {
			return err
		}
		expires := tx.Now.Add(invitationLife)
		done, err := renewInvitation(ctx, tx, org, id, expires)
		if err != nil {
			return err
		}
		if !done {
			return ErrInvitationNotFound
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "staff_invitation", EntityID: id.String(),
			Changes: map[string]audit.Change{"expires_at": {before.ExpiresAt, expires}},
		})
		if err := s.Bus.PublishTx(ctx, tx, MemberInvited{InvitationID: id, Role: before.Role}); err != nil {
			return err
		}
		out, err = readInvitation(ctx, tx, org, id)
		return err
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("send invitation again: %w", err)
	}
	return out, nil
}
