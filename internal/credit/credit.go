package credit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// PlanID identifies a plan that was sold.
type PlanID = ident.ID[Plan]

// EntryID identifies a row of the ledger.
type EntryID = ident.ID[Entry]

// VisitID names a visit, which lives in a later package.
type VisitID = ident.ID[visitMark]

type visitMark struct{}

// VisitOf names a visit by its id.
func VisitOf(id uuid.UUID) VisitID { return ident.From[visitMark](id) }

// Plan is a plan as it was sold to a patient.
type Plan struct {
	ID            PlanID         `db:"id"`
	PatientID     patient.ID     `db:"patient_id"`
	ServicePlanID catalog.PlanID `db:"service_plan_id"`
	Name          string         `db:"name"`
	Type          string         `db:"type"`
	// PriceMinor is what was paid, ListMinor what the plan cost that day; they differ for PriceReason.
	PriceMinor  int64   `db:"price_minor"`
	ListMinor   int64   `db:"list_price_minor"`
	PriceReason *string `db:"price_reason"`
	Currency    string  `db:"currency"`
	// Sessions is nil for a plan of time.
	Sessions  *int      `db:"session_count"`
	SharePct  int       `db:"session_share_pct"`
	Telerehab bool      `db:"telerehab_access"`
	Library   bool      `db:"library_access"`
	Covered   []Covered `db:"covered"`
	// Days of the clinic, both included; zero is without end.
	StartsOn        civil.Date   `db:"starts_on"`
	AccessEndsOn    civil.Date   `db:"access_ends_on"`
	CreditsExpireOn civil.Date   `db:"credits_expire_on"`
	Status          Status       `db:"status"`
	SoldBy          ident.UserID `db:"sold_by"`
	CancelledAt     *time.Time   `db:"cancelled_at"`
	CancelReason    *string      `db:"cancel_reason"`
	RolledOn        civil.Date   `db:"rolled_on"`
	WarnedDays      *int         `db:"warned_days"`
	CreatedAt       time.Time    `db:"created_at"`
	RowVersion      int64        `db:"row_version"`
	// Balance is what is left.
	Balance Balance `db:"-"`
}

// Covered is a service that the sessions of a sold plan pay for, as it was on the day of the sale.
type Covered struct {
	ServiceID catalog.ServiceID `json:"service_id" format:"uuid"`
	Credits   int               `json:"credits" doc:"Sessions that one visit uses up."`
}

// credits answers how many sessions a visit of the service uses up, 0 when the plan does not pay for it. A plan that names no service pays
// for every one.
func (p Plan) credits(service catalog.ServiceID) int {
	if len(p.Covered) == 0 {
		return 1
	}
	for _, c := range p.Covered {
		if c.ServiceID == service {
			return c.Credits
		}
	}
	return 0
}

// Entry is one row of the ledger.
type Entry struct {
	ID          EntryID      `db:"id"`
	PatientID   patient.ID   `db:"patient_id"`
	PlanID      PlanID       `db:"patient_service_plan_id"`
	VisitID     VisitID      `db:"appointment_id"`
	OrderID     OrderID      `db:"order_id"`
	Kind        Kind         `db:"kind"`
	Attempt     int          `db:"attempt"`
	Available   int          `db:"d_available"`
	Reserved    int          `db:"d_reserved"`
	Consumed    int          `db:"d_consumed"`
	Recognised  int64        `db:"recognised_minor"`
	Currency    string       `db:"currency"`
	EffectiveOn civil.Date   `db:"effective_on"`
	Reason      *string      `db:"reason"`
	Reverses    EntryID      `db:"reverses_entry_id"`
	Actor       ident.UserID `db:"actor_user_id"`
	CreatedAt   time.Time    `db:"created_at"`
}

// What the use cases are refused with.
var (
	ErrPlanNotFound     = apperror.New(apperror.NotFound, "patient_service_plan_not_found", "There is no such plan of a patient.")
	ErrPlanNotPublished = apperror.New(apperror.Conflict, "plan_not_published", "Only a published plan is sold.")
	ErrPlanCancelled    = apperror.New(apperror.Conflict, "plan_cancelled", "This plan was cancelled.")
	ErrNoCredit         = apperror.New(apperror.PaymentRequired, "no_credit", "There are not enough sessions left.")
	ErrRefundTooHigh    = apperror.New(apperror.Conflict, "refund_too_high", "No more can be given back than was paid.")
	ErrReversed         = apperror.New(apperror.Conflict, "entry_reversed", "This entry was reversed already.")
)

// Clinics answers the facts of the transaction's clinic. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Patients answers a patient as the caller sees the person; patient.ErrNotFound for nobody. Package patient satisfies it.
type Patients interface {
	MatchTx(ctx context.Context, tx *postgres.Tx, id patient.ID) (patient.Patient, error)
}

// Catalogue answers what is sold. Package catalog satisfies it.
type Catalogue interface {
	PlanTx(ctx context.Context, tx *postgres.Tx, id catalog.PlanID) (catalog.Plan, error)
	ProductTx(ctx context.Context, tx *postgres.Tx, id catalog.ProductID) (catalog.Product, error)
	TakeStockTx(ctx context.Context, tx *postgres.Tx, id catalog.ProductID, pieces int) error
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB        *postgres.DB
	Trail     *audit.Trail
	Bus       *event.Bus
	Clinics   Clinics
	Patients  Patients
	Catalogue Catalogue
}

// Service is every use case on what patients bought. Safe for concurrent use.
type Service struct{ Deps }

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{d} }

// today is the day of the transaction in its clinic.
func (s *Service) today(ctx context.Context, tx *postgres.Tx) (civil.Date, error) {
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return civil.Date{}, err
	}
	return civil.DateOf(civil.Shown(tx.Now, terms.Timezone)), nil
}

// Access is one time-bound right of a patient.
type Access struct {
	Open bool
	// Until is the last day, included; zero while not open.
	Until civil.Date
}

// Entitlements is everything that a patient has.
type Entitlements struct {
	Patient            patient.ID
	Today              civil.Date
	Plans              []Plan
	Telerehab, Library Access
}

// Of answers what a patient has, the newest plan first; patient.ErrNotFound for everybody whom the caller may not see.
func (s *Service) Of(ctx context.Context, id patient.ID) (Entitlements, error) {
	out := Entitlements{Patient: id}
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if _, err = s.Patients.MatchTx(ctx, tx, id); err != nil {
			return err
		}
		if out.Today, err = s.today(ctx, tx); err != nil {
			return err
		}
		out.Plans, err = plansOf(ctx, tx, id)
		return err
	})
	for _, p := range out.Plans {
		if !hasAccess(p, out.Today) {
			continue
		}
		if p.Telerehab {
			out.Telerehab = out.Telerehab.orLater(p.AccessEndsOn)
		}
		if p.Library {
			out.Library = out.Library.orLater(p.AccessEndsOn)
		}
	}
	return out, err
}

func (a Access) orLater(day civil.Date) Access {
	if a.Open && a.Until.After(day) {
		return a
	}
	return Access{Open: true, Until: day}
}

// Detail is a plan with its rows, oldest first.
type Detail struct {
	Plan
	Entries []Entry
}

// Get reads one plan that was sold, with its rows.
func (s *Service) Get(ctx context.Context, id PlanID) (Detail, error) {
	var out Detail
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if out.Plan, err = planByID(ctx, tx, id); err != nil {
			return err
		}
		out.Entries, err = entriesOf(ctx, tx, id)
		return err
	})
	return out, err
}
