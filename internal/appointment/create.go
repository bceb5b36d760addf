package appointment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

// Create is a visit to be made. Exactly one of Guest, Patient and NewPatient says for whom: a guest's visit is booked, a patient's upcoming
// unless it is unconfirmed.
type Create struct {
	Request scheduling.Request
	Source  string
	// Guest is a visitor who books without an account.
	Guest *patient.Contact
	// Patient is one of the clinic's patients.
	Patient patient.ID
	// NewPatient is added first.
	NewPatient *patient.Make
	// Unconfirmed leaves a patient's visit booked, because nobody of the clinic has made it.
	Unconfirmed bool
	// Modality is empty to take the first that the service has.
	Modality string
	Note     string
	// PolicyVersion of the privacy notice that the booker was shown; 0 when staff books.
	PolicyVersion int
}

// CreateTx takes the start and writes the visit in the caller's transaction; one that is only booked gives the staff the task to call. slot_taken when somebody else was faster, slot_not_offered when
// the clinic does not offer that start.
func (s *Service) CreateTx(ctx context.Context, tx *postgres.Tx, c Create) (Appointment, error) {
	offered, err := s.takeTx(ctx, tx, c.Request)
	if err != nil {
		return Appointment{}, err
	}
	if c.Modality == "" {
		c.Modality = offered.Modality[0]
	}
	if !slices.Contains(offered.Modality, c.Modality) {
		return Appointment{}, apperror.ErrInvalid.At("body.modality", "is not offered for this service")
	}
	w, err := s.whoTx(ctx, tx, c)
	if err != nil {
		return Appointment{}, err
	}
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return Appointment{}, err
	}
	n := newRow{
		id: ident.New[Appointment](), who: w, offered: offered, create: c,
		cancelUntil: offered.Start.Add(-time.Duration(terms.Settings.CancelCutoffHours) * time.Hour),
	}
	if err := s.writeTx(ctx, tx, n); err != nil {
		return Appointment{}, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "appointment", EntityID: n.id.String(), PatientID: w.patient.UUID(),
		Changes: map[string]audit.Change{
			"status": {nil, string(w.status)}, "start_at": {nil, offered.Start}, "specialist_id": {nil, offered.Specialist.String()},
			"service_id": {nil, offered.Service.String()}, "price_minor": {nil, offered.PriceMinor}, "source": {nil, c.Source},
		},
	})
	err = s.Bus.PublishTx(ctx, tx, BookedFact{
		AppointmentID: n.id, PatientID: w.patient, ServiceID: offered.Service, SpecialistID: offered.Specialist, StartAt: offered.Start,
		Status: w.status, Source: c.Source,
	})
	if err != nil {
		return Appointment{}, err
	}
	if w.status == Booked {
		err = s.Tasks.AddTx(ctx, tx, task.New{
			Kind: task.ConfirmByPhone, SubjectType: "appointment", SubjectID: n.id.String(), DueAt: &offered.Start,
		})
		if err != nil {
			return Appointment{}, err
		}
	}
	return s.ReadTx(ctx, tx, n.id)
}

// takeTx locks whoever could be booked and asks the engine again under the locks. A candidate who became free in between is not locked;
// then the constraint decides. Most losers of a rush meet the winner's visit in one short statement: before the lock when they know whom they want,
// after it when the clinic chooses.
func (s *Service) takeTx(ctx context.Context, tx *postgres.Tx, r scheduling.Request) (scheduling.Offered, error) {
	candidates := []specialist.ID{r.Specialist}
	if r.Specialist.IsZero() {
		first, err := s.Offers.OfferedTx(ctx, tx, r)
		if err != nil {
			return scheduling.Offered{}, err
		}
		candidates = first.Candidates
	} else if err := someFree(ctx, tx, candidates, r.Start); err != nil {
		return scheduling.Offered{}, err
	}
	if err := lockSpecialists(ctx, tx, candidates); err != nil {
		return scheduling.Offered{}, err
	}
	if err := someFree(ctx, tx, candidates, r.Start); err != nil {
		return scheduling.Offered{}, err
	}
	return s.Offers.OfferedTx(ctx, tx, r)
}

// who is the person of a visit with the copy of the contact that the visit keeps.
type who struct {
	status  Status
	guest   patient.GuestID
	patient patient.ID
	name    string
	phone   patient.Phone
	email   string
	locale  string
}

func (s *Service) whoTx(ctx context.Context, tx *postgres.Tx, c Create) (who, error) {
	if c.Guest != nil {
		g, err := s.Patients.GuestTx(ctx, tx, *c.Guest)
		if err != nil {
			return who{}, err
		}
		return who{
			status: Booked, guest: g.ID, name: c.Guest.Name(), phone: c.Guest.Phone, email: c.Guest.Email, locale: string(c.Guest.Locale),
		}, nil
	}
	id := c.Patient
	if c.NewPatient != nil {
		var err error
		if id, err = s.Patients.MakeTx(ctx, tx, *c.NewPatient); err != nil {
			return who{}, err
		}
	}
	p, err := s.Patients.MatchTx(ctx, tx, id)
	if err != nil {
		return who{}, err
	}
	w := who{status: Upcoming, patient: p.ID, name: p.FirstName + " " + p.LastName, locale: "ro"}
	if c.Unconfirmed {
		w.status = Booked
	}
	if p.Phone != nil {
		w.phone = *p.Phone
	}
	if p.Email != nil {
		w.email = *p.Email
	}
	return w, nil
}

// newRow is a visit to be written.
type newRow struct {
	id          ID
	who         who
	offered     scheduling.Offered
	create      Create
	cancelUntil time.Time
	phone       *seal.Value
	reference   string
}

// referenceTries bounds how often a reference that is taken is drawn again; one in a million million is.
const referenceTries = 4

func (s *Service) writeTx(ctx context.Context, tx *postgres.Tx, n newRow) error {
	if n.who.phone != "" {
		sealed, err := s.Ring.SealString(n.who.phone.E164(), phonePlace(tx.Principal.OrgID, n.id))
		if err != nil {
			return fmt.Errorf("seal phone of appointment: %w", err)
		}
		n.phone = &sealed
	}
	for range referenceTries {
		n.reference = newReference()
		made, err := insert(ctx, tx, n)
		if err != nil {
			return taken(err)
		}
		if made {
			return nil
		}
	}
	return errors.New("no free reference was drawn")
}

// taken turns the constraints that have the last word into what they mean.
func taken(err error) error {
	switch postgres.Constraint(err) {
	case "appointments_specialist_no_overlap":
		return scheduling.ErrSlotTaken
	case "appointments_patient_no_overlap":
		return ErrPatientBusy
	}
	return err
}

// crockford are the signs of a reference: no I, L, O and U, which people misread.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newReference draws what people say on the phone: 8 signs, 40 bits.
func newReference() string {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw) // documented never to fail
	var b strings.Builder
	for _, x := range raw {
		b.WriteByte(crockford[x&31])
	}
	return b.String()
}

// Add is CreateTx for the staff, as a use case of its own.
func (s *Service) Add(ctx context.Context, c Create) (Appointment, error) {
	var out Appointment
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.CreateTx(ctx, tx, c)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("make appointment: %w", err)
	}
	return out, nil
}

// Book is CreateTx for an integration with a key, as a use case of its own. A key is nobody of the staff: what it books is confirmed by phone,
// and it makes guests, not patients.
func (s *Service) Book(ctx context.Context, c Create) (Appointment, error) {
	c.Unconfirmed = true
	var out Appointment
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.CreateTx(ctx, tx, c)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("book appointment: %w", err)
	}
	return out, nil
}
