package patient

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
)

// invitationLife is how long the link of an invitation is good.
const invitationLife = 72 * time.Hour

const jobInvitationMail = "mail.patient_invitation"

type invitationMark struct{}

// InvitationID identifies an invitation to the portal.
type InvitationID = ident.ID[invitationMark]

// newToken makes the secret of a link and what is stored of it.
func newToken() (token string, hash []byte) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // documented never to fail
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, hashOf(token)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// inviteTx replaces an open invitation of the patient by a new one and lets the mail follow. The token is made by the job that mails it;
// until then the hash is that of something nobody knows.
func (s *Service) inviteTx(ctx context.Context, tx *postgres.Tx, id ID, email, language string) error {
	revoked, err := revokeInvitations(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, old := range revoked {
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient_invitation", EntityID: old.String(), PatientID: id.UUID(),
			Changes: map[string]audit.Change{"revoked_at": {nil, tx.Now}},
		})
	}
	tag, _ := locale.Parse(language)
	invitation, expires := ident.New[invitationMark](), tx.Now.Add(invitationLife)
	_, hash := newToken()
	if err := insertInvitation(ctx, tx, invitation, id, foldASCII(email), tag, hash, expires); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "patient_invitation", EntityID: invitation.String(), PatientID: id.UUID(),
		Changes: map[string]audit.Change{"email": {nil, email}, "expires_at": {nil, expires}},
	})
	changed, err := markInvited(ctx, tx, id)
	if err != nil {
		return err
	}
	if changed {
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient_org_profile", EntityID: id.String(), PatientID: id.UUID(),
			Changes: map[string]audit.Change{"account_state": {AccountNone, AccountInvited}},
		})
	}
	return job.EnqueueTx(ctx, tx, jobInvitationMail, map[string]string{"invitation_id": invitation.String()}, job.Options{})
}

// InviteTx invites a patient without an account at the address that the clinic has, in the caller's transaction. Nothing happens when there
// is no address or the account exists already.
func (s *Service) InviteTx(ctx context.Context, tx *postgres.Tx, p Patient) error {
	if p.Email == nil || p.AccountState == AccountActive {
		return nil
	}
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return err
	}
	return s.inviteTx(ctx, tx, p.ID, *p.Email, terms.Language)
}

// Invite sends the patient a new link; an earlier one stops working.
func (s *Service) Invite(ctx context.Context, id ID) (Patient, error) {
	var out Patient
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		p, err := s.readTx(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case p.AccountState == AccountActive:
			return ErrAccountActive
		case p.Email == nil:
			return ErrEmailMissing
		}
		if err := s.InviteTx(ctx, tx, p); err != nil {
			return err
		}
		out, err = s.readTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Patient{}, fmt.Errorf("invite patient: %w", err)
	}
	return out, nil
}

// letter is what the mail of an invitation needs to know.
type letter struct {
	Email     string    `db:"email"`
	Locale    string    `db:"locale"`
	FirstName string    `db:"first_name"`
	ExpiresAt time.Time `db:"expires_at"`
}

// SendInvitation is the job that makes the token and mails it. Run twice, the second mail's link replaces the first's.
func (s *Service) SendInvitation(ctx context.Context, args json.RawMessage) error {
	var a struct {
		InvitationID InvitationID `json:"invitation_id"`
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var (
		terms organization.Terms
		l     letter
		open  bool
	)
	token, hash := newToken()
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) (err error) {
		if l, open, err = storeToken(ctx, tx, a.InvitationID, hash); err != nil || !open {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "patient_invitation", EntityID: a.InvitationID.String(),
			Changes: map[string]audit.Change{"token": {audit.Masked, audit.Masked}},
		})
		terms, err = s.Clinics.TermsTx(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare invitation: %w", err)
	}
	if !open {
		return nil
	}
	tag, _ := locale.Parse(l.Locale)
	message, err := mail.Render(tag, mail.Brand{Name: terms.Name, Color: terms.Color}, mail.PatientInvitation{
		FirstName: l.FirstName, Link: s.Links.To(terms.Slug, "/invitations/"+token), Expires: civil.Shown(l.ExpiresAt, terms.Timezone),
	})
	if err != nil {
		return fmt.Errorf("write invitation: %w", err)
	}
	message.To = l.Email
	// A message that is refused for good counts as sent: trying again cannot help.
	if err := s.Mail.Send(ctx, message); err != nil && !errors.Is(err, mail.ErrRejected) {
		return fmt.Errorf("mail invitation: %w", err)
	}
	return nil
}

// InvitationPage is what the page behind a patient's link shows. State is open, accepted or expired.
type InvitationPage struct {
	Email            string      `db:"email"`
	OrganizationID   ident.OrgID `db:"organization_id"`
	OrganizationName string      `db:"organization_name"`
	OrganizationSlug string      `db:"organization_slug"`
	ExpiresAt        time.Time   `db:"expires_at"`
	State            string      `db:"state"`
	// AccountExists tells that the address can already sign in, so no password is asked for.
	AccountExists bool `db:"account_exists"`
}

// Invitation reads an invitation by its link. Accepting it is signing up (POST /v1/auth/invitations/{token}/accept).
func (s *Service) Invitation(ctx context.Context, token string) (InvitationPage, error) {
	var out InvitationPage
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = invitationPage(ctx, tx, hashOf(token))
		return err
	})
	if err != nil {
		return InvitationPage{}, fmt.Errorf("read invitation: %w", err)
	}
	return out, nil
}
