package signin

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/seal"
)

// What a sign-in refuses.
var (
	// ErrInvalidCredentials is the one answer to every proof that does not hold, whatever is wrong with it.
	ErrInvalidCredentials = apperror.New(apperror.Unauthorized, "invalid_credentials", "That does not match. Check what you typed and try again.")
	ErrPasswordWeak       = apperror.New(apperror.Invalid, "password_weak", "Choose a password of at least 10 characters that is not a common one.")
	ErrInvitationExpired  = apperror.New(apperror.Gone, "invitation_expired", "This invitation is no longer valid. Ask the clinic for a new one.")
	ErrLinkUsed           = apperror.New(apperror.Gone, "link_used", "This link was used or is too old. Ask for a new one.")
	ErrTOTPExists         = apperror.New(apperror.Conflict, "totp_exists", "A code app is already set up. Turn it off first.")
	ErrTOTPNotBegun       = apperror.New(apperror.Conflict, "totp_not_begun", "Start setting up the code app again.")
	ErrPasskeyRefused     = apperror.New(apperror.Invalid, "passkey_refused", "This passkey could not be accepted. Try again.")
	ErrPasskeyNotFound    = apperror.New(apperror.NotFound, "passkey_not_found", "There is no such passkey.")
	ErrSessionNotFound    = apperror.New(apperror.NotFound, "login_session_not_found", "That device is not signed in.")
	ErrHandoffRefused     = apperror.New(apperror.Forbidden, "handoff_refused", "You do not belong to that clinic.")
)

// Lifetimes.
const (
	refreshLife  = 30 * 24 * time.Hour
	ticketLife   = 5 * time.Minute
	codeLife     = 10 * time.Minute
	resetLife    = time.Hour
	verifyLife   = 24 * time.Hour
	ceremonyLife = 5 * time.Minute
	handoffLife  = 30 * time.Second
)

// Secret is a credential on its way to its owner; it prints as a mark.
type Secret = proof.Secret

// SessionID identifies a device that is signed in.
type SessionID = ident.ID[auth.LoginSession]

// Clinics tells what a sign-in must know of clinics: where their apps are. Implementations are safe for concurrent use.
type Clinics interface {
	// ByHost finds the active clinic whose verified custom domain the host is; organization_not_found otherwise.
	ByHost(ctx context.Context, host string) (ident.OrgID, error)
	// Slug answers the slug of an active clinic.
	Slug(ctx context.Context, org ident.OrgID) (string, error)
}

// Joined is one membership that an invitation became. MembershipID is zero when the person belonged to the clinic before.
type Joined struct {
	OrganizationID ident.OrgID `json:"organization_id"`
	InvitationID   uuid.UUID   `json:"invitation_id"`
	MembershipID   *uuid.UUID  `json:"membership_id"`
	Role           auth.Role   `json:"role"`
	// PatientID and PreviousPatientID are set when a patient's invitation was taken up.
	PatientID         *uuid.UUID `json:"patient_id"`
	PreviousPatientID *uuid.UUID `json:"previous_patient_id"`
}

// Members is told of memberships in the transaction that made them, so that their audit rows and events are part of it.
type Members interface {
	JoinedTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, joined []Joined) error
}

// Domains are the parent domains of the three apps, with their port where it is not the scheme's own.
type Domains struct{ Scheme, Clinic, Portal, Console string }

// Deps are the collaborators of a Service. All are required.
type Deps struct {
	DB      *postgres.DB
	Ring    *seal.Ring
	Trail   *audit.Trail
	Limiter *ratelimit.Limiter
	Mailer  Mailer
	Clinics Clinics
	Members Members
	Domains Domains
	Issuer  *issuer.Issuer
}

// Service is the built-in issuer. Safe for concurrent use.
type Service struct {
	Deps
	hasher *proof.Hasher
	rule   proof.Rule
}

// New reads the shipped list of common passwords and touches nothing else.
func New(d Deps) *Service {
	return &Service{Deps: d, hasher: proof.NewHasher(), rule: proof.NewRule()}
}

// platform is the place of everything that belongs to no clinic.
func platform() string { return uuid.Nil.String() }

// mayChangeCredentials refuses an administrator who acts as a patient, also where the edge would let a read through.
func mayChangeCredentials(ctx context.Context) (auth.Principal, error) {
	p, ok := auth.From(ctx)
	if !ok || p.UserID.IsZero() {
		return p, apperror.ErrUnauthorized
	}
	if !p.ImpersonationID.IsZero() {
		return p, apperror.ErrForbidden
	}
	return p, nil
}

// record writes one audit row about a person; the actor is the context's.
func (s *Service) record(ctx context.Context, tx *postgres.Tx, user ident.UserID, action string, changes map[string]audit.Change) {
	s.Trail.RecordTx(ctx, tx, audit.Entry{Action: action, EntityType: "user", EntityID: user.String(), Changes: changes})
}

func subjectOf(user ident.UserID) string { return "user:" + user.String() }

// checkPassword applies the rule for new passwords.
func (s *Service) checkPassword(password Secret, email string) error {
	if s.rule.IsWeak(password, email) {
		return ErrPasswordWeak.At("body.password", "is too easy to guess")
	}
	return nil
}

// shortHash is how a guessable code is stored: keyed with a key that is not in the database, because all codes of six
// digits are tried in a second.
func (s *Service) shortHash(purpose string, user ident.UserID, code string) []byte {
	return s.Ring.BlindIndex(platform(), purpose, user.String()+":"+code)
}

// emailSubject names an address in counters and in the trail without saying it.
func (s *Service) emailSubject(email string) string {
	return "email:" + hex.EncodeToString(s.Ring.BlindIndex(platform(), "sign_in_email", proof.NormalEmail(email))[:12])
}

func totpPlace(user ident.UserID) seal.AAD {
	return seal.AAD{Org: platform(), Table: "totp_secrets", Column: "secret_encrypted", Row: user.String()}
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	return []seal.Column{
		seal.OfPlatform("totp_secrets", "secret_encrypted", "key_version", "user_id::text"),
		seal.OfPlatform("webauthn_credentials", "record_encrypted", "key_version", "id::text"),
	}
}
