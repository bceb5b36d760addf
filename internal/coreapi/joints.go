package coreapi

import (
	"context"
	"errors"
	"time"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/identity"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/signin"
	"github.com/restartix/platform/internal/specialist"
)

// details asks an external issuer about a subject that nobody knows yet.
type details struct{ issuer idp.Details }

// Details implements identity.Details.
func (d details) Details(ctx context.Context, s middleware.Subject) (email string, verified bool, name string, err error) {
	id, err := d.issuer.Details(ctx, idp.Identity{
		Issuer: s.Issuer, Subject: s.Subject, Email: s.Email,
		EmailVerified: s.EmailVerified, Name: s.Name, SessionID: s.LoginSessionID,
	}, s.Token)
	return id.Email, id.EmailVerified, id.Name, err
}

// minter signs impersonations with the built-in issuer.
type minter struct{ issuer *issuer.Issuer }

// MintImpersonation implements identity.TokenMinter.
func (m minter) MintImpersonation(ctx context.Context, i identity.Impersonation) (string, error) {
	token, err := m.issuer.ImpersonationToken(ctx, issuer.Impersonation{ID: i.ID, Actor: i.Actor, Target: i.Target, Mode: i.Mode, ExpiresAt: i.ExpiresAt})
	return token.Reveal(), err
}

// joiner tells identity who joined by accepting an invitation.
type joiner struct{ people *identity.Service }

// JoinedTx implements signin.Members.
func (j joiner) JoinedTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, joined []signin.Joined) error {
	out := make([]identity.Joined, len(joined))
	for i, one := range joined {
		out[i] = identity.Joined(one)
	}
	return j.people.JoinedTx(ctx, tx, user, out)
}

// factorSource tells identity which second steps a person has, and ends the devices of a blocked one. Sign-in is built after
// identity, so it is set last.
type factorSource struct {
	db      *postgres.DB
	signins *signin.Service
}

// Factors implements identity.Factors for the person of the context.
func (f *factorSource) Factors(ctx context.Context, _ ident.UserID) (identity.FactorCount, error) {
	var out identity.FactorCount
	err := f.db.InPersonTx(ctx, func(tx *postgres.Tx) error {
		have, err := f.signins.FactorsTx(ctx, tx)
		out = identity.FactorCount{TOTP: have.TOTP, Passkeys: have.Passkeys, RecoveryCodesLeft: have.RecoveryCodesLeft}
		return err
	})
	return out, err
}

// EndSessionsTx implements identity.Devices.
func (f *factorSource) EndSessionsTx(ctx context.Context, tx *postgres.Tx, user ident.UserID) error {
	return f.signins.EndSessionsTx(ctx, tx, user)
}

// specialtyUses tells the specialists which specialties the catalogue needs. The catalogue is built after them, so it is set last.
type specialtyUses struct{ catalog *catalog.Catalog }

// UsesSpecialtyTx implements specialist.SpecialtyUse.
func (u *specialtyUses) UsesSpecialtyTx(ctx context.Context, tx *postgres.Tx, id specialist.SpecialtyID) (bool, error) {
	return u.catalog.UsesSpecialtyTx(ctx, tx, id)
}

// visitBook tells the specialists and the engine what is booked. Visits are built after both, so they are set last.
type visitBook struct{ visits *appointment.Service }

// FutureTx implements specialist.Visits.
func (v *visitBook) FutureTx(ctx context.Context, tx *postgres.Tx, id specialist.ID) ([]string, error) {
	return v.visits.FutureTx(ctx, tx, id)
}

// BusyTx implements scheduling.Busy.
func (v *visitBook) BusyTx(ctx context.Context, tx *postgres.Tx, ids []specialist.ID, from, to time.Time) ([]scheduling.Block, error) {
	return v.visits.BusyTx(ctx, tx, ids, from, to)
}

// LastBookedTx implements scheduling.Busy.
func (v *visitBook) LastBookedTx(ctx context.Context, tx *postgres.Tx, ids []specialist.ID) (map[specialist.ID]time.Time, error) {
	return v.visits.LastBookedTx(ctx, tx, ids)
}

// letters sends the mails of sign-in. They speak for the platform, not for a clinic: an account belongs to a person.
type letters struct{ sender mail.Sender }

// SendSignIn implements signin.Mailer. A message that is refused for good counts as sent: trying again cannot help.
func (l letters) SendSignIn(ctx context.Context, m signin.Message) error {
	tag, _ := locale.Parse(m.Locale)
	message, err := mail.Render(tag, mail.Brand{Name: "RestartiX"}, contentOf(m))
	if err != nil {
		return err
	}
	message.To = m.To
	if err := l.sender.Send(ctx, message); err != nil && !errors.Is(err, mail.ErrRejected) {
		return err
	}
	return nil
}

func contentOf(m signin.Message) mail.Content {
	minutes := int((m.ExpiresIn + time.Minute - 1) / time.Minute)
	switch m.Template {
	case "sign_in_code":
		return mail.EmailCode{Code: m.Code.Reveal(), Minutes: minutes}
	case "password_reset":
		return mail.PasswordReset{Link: m.Link.Reveal(), Minutes: minutes}
	case "email_verify":
		return mail.EmailVerify{Link: m.Link.Reveal(), Minutes: minutes}
	}
	return mail.SecurityNotice{Event: m.Notice, At: m.At, Device: m.Device, Link: m.Link.Reveal()}
}
