package licence

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

// What this package refuses.
var (
	ErrNotFound = apperror.New(apperror.NotFound, "licence_not_found", "There is no such licence.")
	ErrExists   = apperror.New(apperror.Conflict, "licence_exists", "A licence of this issuer with this number is already entered.")
)

// ID identifies a licence.
type ID = ident.ID[Licence]

// Licence is one licence of one specialist.
type Licence struct {
	ID           ID            `db:"id"`
	SpecialistID specialist.ID `db:"specialist_id"`
	IssuerCode   string        `db:"issuer_code"`
	Number       string        `db:"number"`
	// IssuedOn is no day when it is not known; the licence then holds since always.
	IssuedOn civil.Date `db:"issued_on"`
	// ExpiresOn is the first day without the licence.
	ExpiresOn civil.Date `db:"expires_on"`
	// VerifiedBy is zero, and VerifiedAt nil, while nobody has compared the entry with the document.
	VerifiedBy ident.UserID `db:"verified_by"`
	VerifiedAt *time.Time   `db:"verified_at"`
	// FileID is the scan; zero without one.
	FileID     ident.FileID `db:"file_id"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
	RowVersion int64        `db:"row_version"`
}

// Clinics answers the facts of the transaction's clinic. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Files gives uploads to the records that need them. Package file satisfies it.
type Files interface {
	// AttachTx refuses a file that is not ready, of another purpose, of another owner, or not the caller's own upload.
	AttachTx(ctx context.Context, tx *postgres.Tx, id ident.FileID, purpose, ownerType string, ownerID uuid.UUID) error
}

// Tasks makes work for the staff. Package task satisfies it.
type Tasks interface {
	AddOnceTx(ctx context.Context, tx *postgres.Tx, n task.New) error
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB          *postgres.DB
	Trail       *audit.Trail
	Bus         *event.Bus
	Clinics     Clinics
	Specialists *specialist.Service
	Visits      specialist.Visits
	Tasks       Tasks
	Files       Files
}

// Service is every use case on licences. Safe for concurrent use.
type Service struct{ Deps }

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{d} }

// at adds a place to the collected refusal; e is nil as long as nothing was refused.
func at(e *apperror.Error, field, message string) *apperror.Error {
	if e == nil {
		e = apperror.ErrInvalid
	}
	return e.At("body."+field, message)
}

// check brings the texts to their stored form and refuses what the product does not accept.
func (l *Licence) check() error {
	l.Number = strings.Join(strings.Fields(l.Number), " ")
	l.IssuerCode = strings.ToUpper(strings.TrimSpace(l.IssuerCode))
	var e *apperror.Error
	if !isIssuer(l.IssuerCode) {
		e = at(e, "issuer_code", "is none of the issuers")
	}
	if n := utf8.RuneCountInString(l.Number); n == 0 || n > 60 {
		e = at(e, "number", "has 1 to 60 characters")
	}
	if l.ExpiresOn.IsZero() {
		e = at(e, "expires_on", "expected YYYY-MM-DD")
	}
	if !l.IssuedOn.IsZero() && !l.ExpiresOn.IsZero() && !l.IssuedOn.Before(l.ExpiresOn) {
		e = at(e, "expires_on", "is after issued_on")
	}
	if e != nil {
		return e
	}
	return nil
}

// sameFacts tells that what somebody compared with the document is as it was.
func (l Licence) sameFacts(o Licence) bool {
	return l.IssuerCode == o.IssuerCode && l.Number == o.Number && l.IssuedOn == o.IssuedOn && l.ExpiresOn == o.ExpiresOn && l.FileID == o.FileID
}

func stale(current int64) error {
	return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(current, 10)))
}
