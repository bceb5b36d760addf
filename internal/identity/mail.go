package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/postgres"
)

// Kinds of jobs.
const (
	jobInvitationMail = "mail.staff_invitation"
	jobBreakGlassMail = "mail.break_glass"
)

// Mailer sends the two messages of this package.
type Mailer interface {
	StaffInvitation(ctx context.Context, to Recipient, m mail.StaffInvitation) error
	BreakGlassNotice(ctx context.Context, to Recipient, m mail.BreakGlassNotice) error
}

// Recipient is who a message goes to, in which language, and in whose name.
type Recipient struct {
	Email  string
	Locale locale.Tag
	Clinic mail.Brand
}

// NewMailer renders the messages and hands them to a sender.
func NewMailer(sender mail.Sender) Mailer { return postman{sender} }

type postman struct{ sender mail.Sender }

func (p postman) StaffInvitation(ctx context.Context, to Recipient, m mail.StaffInvitation) error {
	return p.send(ctx, to, m)
}

func (p postman) BreakGlassNotice(ctx context.Context, to Recipient, m mail.BreakGlassNotice) error {
	return p.send(ctx, to, m)
}

// send treats a message that is refused for good as done: trying again cannot help.
func (p postman) send(ctx context.Context, to Recipient, c mail.Content) error {
	m, err := mail.Render(to.Locale, to.Clinic, c)
	if err != nil {
		return err
	}
	m.To = to.Email
	if err := p.sender.Send(ctx, m); err != nil && !errors.Is(err, mail.ErrRejected) {
		return err
	}
	return nil
}

// Links says where the clinic app of a slug lives. Mails use the platform's own host, never a custom domain, because
// its owner could point it elsewhere.
type Links struct{ Scheme, ClinicDomain string }

func (l Links) to(slug, path string) string {
	return l.Scheme + "://" + slug + "." + l.ClinicDomain + path
}

func (c clinicFacts) brand() mail.Brand {
	b := mail.Brand{Name: c.Name}
	if c.Color != nil {
		b.Color = *c.Color
	}
	return b
}

// in shows an instant in the clinic's zone.
func (c clinicFacts) in(t time.Time) time.Time {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return t.UTC() // a zone that this host does not know; the time stays right
	}
	return t.In(zone)
}

// mailInvitation reacts to member.invited with a job, because mail must not be sent inside a transaction.
func (s *Service) mailInvitation(ctx context.Context, tx *postgres.Tx, r event.Record) error {
	return job.EnqueueTx(ctx, tx, jobInvitationMail, map[string]string{"invitation_id": r.AggregateID}, job.Options{})
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
		clinic clinicFacts
		l      letter
		open   bool
	)
	token, hash := newToken()
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) (err error) {
		if l, open, err = storeToken(ctx, tx, a.InvitationID, hash); err != nil || !open {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "staff_invitation", EntityID: a.InvitationID.String(),
			Changes: map[string]audit.Change{"token": {audit.Masked, audit.Masked}},
		})
		clinic, err = readClinic(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare invitation: %w", err)
	}
	if !open {
		return nil
	}
	if l.InviterName == "" {
		l.InviterName = clinic.Name
	}
	tag, _ := locale.Parse(l.Locale)
	err = s.Mailer.StaffInvitation(ctx, Recipient{Email: l.Email, Locale: tag, Clinic: clinic.brand()}, mail.StaffInvitation{
		Inviter: l.InviterName, Role: string(l.Role), Link: s.Links.to(clinic.Slug, "/invitations/"+token), Expires: clinic.in(l.ExpiresAt),
	})
	if err != nil {
		return fmt.Errorf("mail invitation: %w", err)
	}
	return nil
}

// SendBreakGlassNotice is the job that tells one administrator, or the clinic's own address when user_id is absent. Run twice,
// it tells twice.
func (s *Service) SendBreakGlassNotice(ctx context.Context, args json.RawMessage) error {
	var a struct {
		GrantID GrantID      `json:"grant_id"`
		UserID  ident.UserID `json:"user_id"`
	}
	if err := json.Unmarshal(args, &a); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	var (
		clinic clinicFacts
		grant  Grant
		to     Recipient
	)
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) (err error) {
		if clinic, err = readClinic(ctx, tx); err != nil {
			return err
		}
		if grant, err = readGrant(ctx, tx, a.GrantID); err != nil {
			return err
		}
		to.Email, to.Locale, err = noticeAddress(ctx, tx, clinic, a.UserID)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare notice: %w", err)
	}
	if to.Email == "" {
		return nil
	}
	to.Clinic = clinic.brand()
	err = s.Mailer.BreakGlassNotice(ctx, to, mail.BreakGlassNotice{
		Operator: grant.ActorName, Reason: grant.Reason, From: clinic.in(grant.OpenedAt), Until: clinic.in(grant.ExpiresAt),
		Link: s.Links.to(clinic.Slug, "/settings/break-glass"),
	})
	if err != nil {
		return fmt.Errorf("mail notice: %w", err)
	}
	return nil
}

// noticeAddress is where a notice goes; empty when the administrator has left meanwhile.
func noticeAddress(ctx context.Context, tx *postgres.Tx, clinic clinicFacts, user ident.UserID) (string, locale.Tag, error) {
	tag, _ := locale.Parse(clinic.Language)
	if user.IsZero() {
		return deref(clinic.Email), tag, nil
	}
	email, own, err := adminAddress(ctx, tx, user)
	if own, ok := locale.Parse(own); ok {
		tag = own
	}
	return email, tag, err
}
