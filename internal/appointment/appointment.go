package appointment

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

// What this package refuses. A visit that the caller may not see is not there.
var (
	ErrNotFound    = apperror.New(apperror.NotFound, "appointment_not_found", "There is no such appointment.")
	ErrPatientBusy = apperror.New(apperror.Conflict, "appointment_exists", "The patient has an appointment at that time already.")
	ErrTransition  = apperror.New(apperror.Conflict, "invalid_transition", "The appointment cannot be changed like this any more.")
	ErrCutoff      = apperror.New(apperror.Conflict, "cutoff_passed", "It is too late to cancel here. Call the clinic.")
)

// ID identifies a visit.
type ID = ident.ID[Appointment]

// Sources of a visit.
const (
	FromPublic = "public"
	FromStaff  = "staff"
)

// Appointment is a visit as the caller may see it. Zero ids and nil values are absent.
type Appointment struct {
	ID                   ID
	Reference            string
	Status               Status
	Start, End           time.Time
	Timezone             string
	SpecialistID         specialist.ID
	SpecialistName       string
	ServiceID            catalog.ServiceID
	ServiceName          *string
	PatientID            patient.ID
	PatientName          *string
	GuestID              patient.GuestID
	ContactName          *string
	ContactPhone         *patient.Phone
	ContactEmail         *string
	Locale               string
	PriceMinor           *int64
	Currency             string
	PriceSource          string
	DurationMin          int
	Modality             string
	Note                 *string
	Source               string
	CancelUntil          time.Time
	ConfirmedAt          *time.Time
	ConfirmedOnBehalf    bool
	CancelledAt          *time.Time
	CancelInitiator      *string
	CancelReason         *string
	Late                 bool
	CreatedAt, UpdatedAt time.Time
	RowVersion           int64
	// Allowed are the actions that the caller may take now.
	Allowed []Action
}

// Offers is the engine with the clinic's data. Package scheduling satisfies it.
type Offers interface {
	// OfferedTx answers everything that a visit at the start copies, or slot_not_offered, or slot_taken when only other visits or
	// holds are in the way.
	OfferedTx(ctx context.Context, tx *postgres.Tx, r scheduling.Request) (scheduling.Offered, error)
	// NextTx answers at most n starts that are offered from the request's own on.
	NextTx(ctx context.Context, tx *postgres.Tx, r scheduling.Request, n int) ([]time.Time, error)
}

// Patients finds and makes the people of visits. Package patient satisfies it.
type Patients interface {
	GuestTx(ctx context.Context, tx *postgres.Tx, c patient.Contact) (patient.Guest, error)
	MatchTx(ctx context.Context, tx *postgres.Tx, id patient.ID) (patient.Patient, error)
	MakeTx(ctx context.Context, tx *postgres.Tx, m patient.Make) (patient.ID, error)
	ConvertTx(ctx context.Context, tx *postgres.Tx, guest patient.GuestID, to patient.ID) error
	InviteTx(ctx context.Context, tx *postgres.Tx, p patient.Patient) error
	LikelyTx(ctx context.Context, tx *postgres.Tx, c patient.Contact) ([]patient.Patient, []patient.Candidate, error)
}

// Tasks adds work for the staff. Package task satisfies it.
type Tasks interface {
	AddTx(ctx context.Context, tx *postgres.Tx, n task.New) error
}

// Clinics answers the facts of the transaction's clinic. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB       *postgres.DB
	Ring     *seal.Ring
	Trail    *audit.Trail
	Bus      *event.Bus
	Offers   Offers
	Patients Patients
	Clinics  Clinics
	Tasks    Tasks
}

// Service is the visits of a clinic. Safe for concurrent use.
type Service struct{ Deps }

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{Deps: d} }

// Find narrows the list of visits. Zero values do not.
type Find struct {
	page.Query
	Statuses   []Status
	Specialist specialist.ID
	Patient    patient.ID
	// From and Until bound the start, both included.
	From, Until time.Time
}

// List answers the visits that the caller may see.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Appointment], error) {
	w, err := f.Check(order())
	if err != nil {
		return page.Result[Appointment]{}, err
	}
	out := page.Result[Appointment]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		rows, total, err := list(ctx, tx, f, w)
		if err != nil {
			return err
		}
		out.Total = total
		for _, r := range rows {
			a, err := s.open(tx, r)
			if err != nil {
				return err
			}
			out.Rows = append(out.Rows, a)
		}
		return nil
	})
	if err != nil {
		return page.Result[Appointment]{}, fmt.Errorf("list appointments: %w", err)
	}
	return out, nil
}

// Get reads one visit; ErrNotFound for everything that the caller may not see.
func (s *Service) Get(ctx context.Context, id ID) (Appointment, error) {
	var out Appointment
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.ReadTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("read appointment: %w", err)
	}
	return out, nil
}

// ReadTx is Get in the caller's transaction.
func (s *Service) ReadTx(ctx context.Context, tx *postgres.Tx, id ID) (Appointment, error) {
	r, err := byID(ctx, tx, id)
	if err != nil {
		return Appointment{}, err
	}
	return s.open(tx, r)
}

// open turns a row into a visit: the phone is opened and the caller's actions are worked out.
func (s *Service) open(tx *postgres.Tx, r row) (Appointment, error) {
	out := r.visit()
	out.Allowed = Allowed(out.Status, tx.Principal.Role, tx.Now, out.CancelUntil)
	if r.PhoneKey == nil {
		return out, nil
	}
	text, err := s.Ring.OpenString(seal.Value{Cipher: r.PhoneSealed, KeyVersion: *r.PhoneKey}, phonePlace(tx.Principal.OrgID, r.ID))
	if err != nil {
		return Appointment{}, fmt.Errorf("open phone of appointment %s: %w", r.ID, err)
	}
	phone := patient.Phone(text)
	out.ContactPhone = &phone
	return out, nil
}

// phonePlace is where the copy of the contact's phone is sealed.
func phonePlace(org ident.OrgID, id ID) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "appointments", Column: "contact_phone_encrypted", Row: id.String()}
}

// transition is ErrTransition with the actions that the caller still has.
func transition(tx *postgres.Tx, s Status, cancelUntil time.Time) error {
	return ErrTransition.With("status", string(s)).With("allowed", Allowed(s, tx.Principal.Role, tx.Now, cancelUntil))
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	return []seal.Column{seal.OfClinic("appointments", "contact_phone_encrypted", "contact_phone_key_version")}
}
