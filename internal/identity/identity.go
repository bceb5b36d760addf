package identity

import (
	"context"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
)

// What this package refuses.
var (
	ErrEmailInUse            = apperror.New(apperror.Conflict, "email_in_use", "Another account has this e-mail address. Sign in the way you did before.")
	ErrEmailRequired         = apperror.New(apperror.Forbidden, "email_required", "Your sign-in gives no e-mail address. Add one there and try again.")
	ErrLastAdmin             = apperror.New(apperror.Conflict, "last_admin", "A clinic keeps at least one administrator. Name another one first.")
	ErrAlreadyMember         = apperror.New(apperror.Conflict, "already_member", "This person already works in the clinic.")
	ErrRoleNotAllowed        = apperror.New(apperror.Invalid, "role_not_allowed", "This role cannot be given here.")
	ErrMemberNotFound        = apperror.New(apperror.NotFound, "member_not_found", "There is no such member.")
	ErrInvitationNotFound    = apperror.New(apperror.NotFound, "invitation_not_found", "There is no such open invitation.")
	ErrInvitationExists      = apperror.New(apperror.Conflict, "invitation_exists", "This address was invited already. Send the invitation again instead.")
	ErrUserNotFound          = apperror.New(apperror.NotFound, "user_not_found", "There is no such person.")
	ErrSelfBlock             = apperror.New(apperror.Conflict, "self_block", "You cannot block yourself.")
	ErrPatientNotFound       = apperror.New(apperror.NotFound, "patient_not_found", "There is no such patient.")
	ErrReasonTooShort        = apperror.New(apperror.Invalid, "reason_too_short", "Give a longer reason.")
	ErrImpersonationNotFound = apperror.New(apperror.NotFound, "impersonation_not_found", "There is no such running impersonation.")
	ErrGrantNotFound         = apperror.New(apperror.NotFound, "break_glass_not_found", "There is no such open grant.")
)

// Invitation marks the id of an invitation to the staff; Membership that of a row of user_organizations.
type (
	invitationMark struct{}
	membershipMark struct{}
	identityMark   struct{}
	// InvitationID identifies an invitation to the staff.
	InvitationID = ident.ID[invitationMark]
	// ImpersonationID identifies an administrator's acting as a patient.
	ImpersonationID = ident.ID[auth.Impersonation]
	// GrantID identifies a break-glass grant.
	GrantID = ident.ID[auth.BreakGlass]
)

// Details asks an external issuer what its token did not say. It is called once, for a subject that nobody knows yet.
type Details interface {
	Details(ctx context.Context, s middleware.Subject) (email string, verified bool, name string, err error)
}

// Factors tells which second steps a person has set up with the built-in issuer.
type Factors interface {
	Factors(ctx context.Context, user ident.UserID) (FactorCount, error)
}

// Devices ends what a person is signed in with, in the transaction that blocks the person.
type Devices interface {
	EndSessionsTx(ctx context.Context, tx *postgres.Tx, user ident.UserID) error
}

// FactorCount is what a person has set up. The zero value is nothing, or an issuer that keeps it to itself.
type FactorCount struct {
	TOTP              bool
	Passkeys          int
	RecoveryCodesLeft int
}

// TokenMinter signs the token of an impersonation: ES256, valid until ExpiresAt, never renewed.
type TokenMinter interface {
	MintImpersonation(ctx context.Context, i Impersonation) (string, error)
}

// Deps are the collaborators of a Service.
type Deps struct {
	DB     *postgres.DB
	Trail  *audit.Trail
	Bus    *event.Bus
	Mailer Mailer
	// Minter is nil when no issuer of ours exists; then nobody can be impersonated.
	Minter TokenMinter
	// Details is nil for issuers whose tokens say everything.
	Details Details
	// Factors is nil when second steps are kept elsewhere.
	Factors Factors
	// Devices is nil when login sessions are kept elsewhere; then a block works at the next request alone.
	Devices Devices
	// BuiltinIssuer is the exact iss of the built-in issuer, whose login sessions can be ended; empty with another driver.
	BuiltinIssuer string
	// Links says where the clinic app lives.
	Links Links
}

// Service is the people of the platform. Safe for concurrent use.
type Service struct {
	Deps
	cache *cache
	turns turns
}

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{Deps: d, cache: newCache(cacheLife)} }

// Register adds the package's jobs to the runner.
func (s *Service) Register(r *job.Runner) {
	r.Handle(jobInvitationMail, s.SendInvitation)
	r.Handle(jobBreakGlassMail, s.SendBreakGlassNotice)
}

// Subscribe adds the package's listeners to the bus.
func (s *Service) Subscribe(b *event.Bus) {
	b.Subscribe(MemberInvited{}.EventType(), "invitation_mail", s.mailInvitation)
}
