package organization

import (
	"context"
	"log/slog"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/seal"
)

// ErrNotFound is the one answer for a clinic that is not there and for one that is not the caller's.
var ErrNotFound = middleware.ErrOrganizationNotFound

// Status of a clinic.
type Status string

// The states of a clinic. Only an active one resolves.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
	Archived  Status = "archived"
)

// Features are the parts of the product that a clinic switches on. They are public: the apps show or hide by them.
type Features struct {
	Waitlist     bool `json:"waitlist"`
	Messages     bool `json:"messages"`
	PoseSessions bool `json:"pose_sessions"`
}

// DefaultFeatures are what a clinic starts with; the column's default says the same.
func DefaultFeatures() Features { return Features{Waitlist: true, Messages: true} }

// Organization is a clinic. Nil texts were never given.
type Organization struct {
	ID           ident.OrgID `db:"id"`
	Slug         string      `db:"slug"`
	Name         string      `db:"name"`
	Tagline      *string     `db:"tagline"`
	Email        *string     `db:"email"`
	Phone        *string     `db:"phone"`
	Website      *string     `db:"website"`
	AddressLine  *string     `db:"address_line"`
	Locality     *string     `db:"locality"`
	County       *string     `db:"county"`
	PostalCode   *string     `db:"postal_code"`
	Country      string      `db:"country"`
	ColorPrimary *string     `db:"color_primary"`
	ColorAccent  *string     `db:"color_accent"`
	LanguageCode string      `db:"language_code"`
	Timezone     string      `db:"timezone"`
	Currency     string      `db:"currency"`
	Features     Features    `db:"features"`
	EmbedOrigins []string    `db:"embed_origins"`
	Status       Status      `db:"status"`
	CreatedAt    time.Time   `db:"created_at"`
	UpdatedAt    time.Time   `db:"updated_at"`
	// RowVersion moves with every change of the clinic or of its settings.
	RowVersion int64 `db:"row_version"`
	// LegalName, TaxID and Settings are nil where the caller's role does not read them (patients, lists).
	LegalName *string   `db:"legal_name"`
	TaxID     *string   `db:"tax_id"`
	Settings  *Settings `db:"settings"`
}

// Inviter invites the first admin of a new clinic, in the transaction that makes the clinic. Package identity satisfies it.
type Inviter interface {
	InviteTx(ctx context.Context, tx *postgres.Tx, org ident.OrgID, email string, role auth.Role, locale string) error
}

// Starter gives a new clinic what another package begins with, in the transaction that makes the clinic and in the clinic's context.
type Starter interface {
	StartTx(ctx context.Context, tx *postgres.Tx, language locale.Tag) error
}

// TXTResolver answers the exact texts of all TXT records of a name. A name without records is no error; an error means that
// nobody knows.
type TXTResolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Sites are the platform's own hosts: parents of the slug hosts and the Console's. A port is allowed and ignored.
type Sites struct{ Clinic, Portal, Console string }

// Deps are the collaborators. All but Starters are required.
type Deps struct {
	DB      *postgres.DB
	Redis   *redisdb.Client
	Ring    *seal.Ring
	Trail   *audit.Trail
	Bus     *event.Bus
	TXT     TXTResolver
	Inviter Inviter
	// Starters run in order, after the clinic, its policies and its first invitation.
	Starters []Starter
	Sites    Sites
	Log      *slog.Logger
}

// Service is every use case on clinics. Safe for concurrent use.
type Service struct {
	Deps
	hosts hosts
}

// New makes the service; it connects to nothing.
func New(d Deps) *Service {
	return &Service{Deps: d, hosts: newHosts(d.Sites)}
}

// InClinic runs fn on the rows of one clinic: a superadmin as the owner, everybody else in the own clinic only. The owner
// passes row-level security, so every statement below also names the clinic.
func (s *Service) InClinic(ctx context.Context, org ident.OrgID, fn func(*postgres.Tx) error) error {
	p, ok := auth.From(ctx)
	if !ok {
		return postgres.ErrNoPrincipal
	}
	if p.Role == auth.Superadmin {
		return s.DB.InPlatformTx(ctx, org, func(tx *postgres.Tx) error {
			if err := exists(ctx, tx, org); err != nil {
				return err
			}
			return fn(tx)
		})
	}
	if org.IsZero() || p.OrgID != org {
		return ErrNotFound
	}
	return s.DB.InTx(ctx, fn)
}

// Get reads one clinic: the own one, or any for a superadmin.
func (s *Service) Get(ctx context.Context, org ident.OrgID) (Organization, error) {
	var o Organization
	err := s.InClinic(ctx, org, func(tx *postgres.Tx) error {
		var err error
		o, err = byID(ctx, tx, org)
		return err
	})
	return o, err
}

// Archive ends the clinic's log-ins and its addresses; its data stay.
func (s *Service) Archive(ctx context.Context, org ident.OrgID, expected int64) error {
	_, err := s.Update(ctx, org, expected, func(o *Organization) { o.Status = Archived })
	return err
}

// errVersion answers a stale version with the current one, as every versioned entity does.
func errVersion(current int64) error {
	return apperror.ErrPreconditionFailed.With("etag", quoted(current))
}
