package appointment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

// nextSlots is how many other starts are proposed when the booked one is not offered any more.
const nextSlots = 5

// Onboard is how the staff takes a guest's booking over. Exactly one of Patient and NewPatient is set.
type Onboard struct {
	ID         ID
	Patient    patient.ID
	NewPatient *patient.Make
	// Invite sends an invitation to the portal, when the patient has an address and no account.
	Invite bool
}

// Onboarded is the visit and the patient that it belongs to now.
type Onboarded struct {
	Appointment Appointment
	Patient     patient.Patient
}

// Onboard makes the booking the visit of a patient, in one transaction. Of two at once one wins; the other finds a visit that is not booked
// any more. slot_not_offered, with the next starts, when the clinic does not offer the time any more.
func (s *Service) Onboard(ctx context.Context, o Onboard) (Onboarded, error) {
	var out Onboarded
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.lockTx(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if before.Status != Booked {
			return transition(tx, before.Status, before.CancelUntil)
		}
		if err := s.stillOffered(ctx, tx, before); err != nil {
			return err
		}
		id, first, err := s.patientOf(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := s.takeOver(ctx, tx, before, id, first); err != nil {
			return err
		}
		if out.Patient, err = s.welcome(ctx, tx, id, o.Invite); err != nil {
			return err
		}
		out.Appointment, err = s.ReadTx(ctx, tx, o.ID)
		return err
	})
	if err != nil {
		return Onboarded{}, fmt.Errorf("onboard appointment: %w", err)
	}
	return out, nil
}

// welcome invites the patient when asked to, and answers the patient as the clinic knows the person afterwards.
func (s *Service) welcome(ctx context.Context, tx *postgres.Tx, id patient.ID, invite bool) (patient.Patient, error) {
	p, err := s.Patients.MatchTx(ctx, tx, id)
	if err != nil || !invite {
		return p, err
	}
	if err := s.Patients.InviteTx(ctx, tx, p); err != nil {
		return patient.Patient{}, err
	}
	return s.Patients.MatchTx(ctx, tx, id)
}

// stillOffered asks the engine about the visit's own time, the visit itself left out.
func (s *Service) stillOffered(ctx context.Context, tx *postgres.Tx, a Appointment) error {
	if err := lockSpecialists(ctx, tx, []specialist.ID{a.SpecialistID}); err != nil {
		return err
	}
	r := scheduling.Request{Viewer: scheduling.Staff, Service: a.ServiceID, Specialist: a.SpecialistID, Start: a.Start, IgnoreNotice: true}
	tx.Attach(leftOutKey{}, a.ID)
	defer tx.Attach(leftOutKey{}, nil)
	_, err := s.Offers.OfferedTx(ctx, tx, r)
	if !errors.Is(err, scheduling.ErrSlotNotOffered) && !errors.Is(err, scheduling.ErrSlotTaken) {
		return err
	}
	starts, err := s.Offers.NextTx(ctx, tx, r, nextSlots)
	if err != nil {
		return err
	}
	// The same code as for a start that was never offered; here it conflicts with what is booked, so it is a 409.
	gone := *scheduling.ErrSlotNotOffered
	gone.Kind = apperror.Conflict
	return gone.With("next_slots", starts)
}

func (s *Service) patientOf(ctx context.Context, tx *postgres.Tx, o Onboard) (id patient.ID, first bool, err error) {
	if o.NewPatient != nil {
		id, err = s.Patients.MakeTx(ctx, tx, *o.NewPatient)
		return id, true, err
	}
	p, err := s.Patients.MatchTx(ctx, tx, o.Patient)
	return p.ID, false, err
}

func (s *Service) takeOver(ctx context.Context, tx *postgres.Tx, a Appointment, id patient.ID, first bool) error {
	if err := setOnboarded(ctx, tx, a.ID, id); err != nil {
		return taken(err)
	}
	if !a.GuestID.IsZero() {
		if err := s.Patients.ConvertTx(ctx, tx, a.GuestID, id); err != nil {
			return err
		}
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: "appointment", EntityID: a.ID.String(), PatientID: id.UUID(),
		Changes: map[string]audit.Change{"status": {string(Booked), string(Upcoming)}, "patient_id": {nil, id.String()}},
	})
	if err := s.Bus.PublishTx(ctx, tx, OnboardedFact{AppointmentID: a.ID, PatientID: id, StartAt: a.Start}); err != nil {
		return err
	}
	if !first {
		return nil
	}
	return s.Bus.PublishTx(ctx, tx, patient.Onboarded{PatientID: id, AppointmentID: a.ID.String(), Door: "staff"})
}

// Confirm notes that the patient will come: the patient says so, or the staff on behalf. Doing it again changes nothing.
func (s *Service) Confirm(ctx context.Context, id ID) (Appointment, error) {
	return s.change(ctx, id, "confirm appointment", func(tx *postgres.Tx, before Appointment) error {
		if before.Status == Confirmed {
			return nil
		}
		if !before.Status.Can(Confirmed) {
			return transition(tx, before.Status, before.CancelUntil)
		}
		onBehalf := tx.Principal.Role != auth.Patient
		if err := setConfirmed(ctx, tx, id, onBehalf); err != nil {
			return err
		}
		s.recordMove(ctx, tx, before, Confirmed, map[string]audit.Change{"confirmed_on_behalf": {nil, onBehalf}})
		return s.Bus.PublishTx(ctx, tx, ConfirmedFact{AppointmentID: id, PatientID: before.PatientID, OnBehalf: onBehalf})
	})
}

// Cancel ends a visit before it takes place. A patient may until the agreed instant (cutoff_passed afterwards), the staff always; after
// that instant the cancellation counts as late.
func (s *Service) Cancel(ctx context.Context, id ID, reason string) (Appointment, error) {
	return s.change(ctx, id, "cancel appointment", func(tx *postgres.Tx, before Appointment) error {
		if !before.Status.Can(Cancelled) {
			return transition(tx, before.Status, before.CancelUntil)
		}
		initiator, late := "clinic", tx.Now.After(before.CancelUntil)
		if tx.Principal.Role == auth.Patient {
			initiator = "patient"
			if late {
				return ErrCutoff.With("cancel_until", before.CancelUntil)
			}
		}
		if err := setCancelled(ctx, tx, id, initiator, reason, late); err != nil {
			return err
		}
		s.recordMove(ctx, tx, before, Cancelled, map[string]audit.Change{"cancel_initiator": {nil, initiator}, "late": {nil, late}})
		return s.Bus.PublishTx(ctx, tx, CancelledFact{
			AppointmentID: id, PatientID: before.PatientID, Initiator: initiator, Late: late, ReasonCode: "requested",
		})
	})
}

// change locks the visit, lets fn move it, and reads it again.
func (s *Service) change(ctx context.Context, id ID, doing string, fn func(*postgres.Tx, Appointment) error) (Appointment, error) {
	var out Appointment
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.lockTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := fn(tx, before); err != nil {
			return err
		}
		out, err = s.ReadTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("%s: %w", doing, err)
	}
	return out, nil
}

// lockTx keeps the visit still until the end of the transaction and reads it as it is then.
func (s *Service) lockTx(ctx context.Context, tx *postgres.Tx, id ID) (Appointment, error) {
	if err := lock(ctx, tx, id); err != nil {
		return Appointment{}, err
	}
	return s.ReadTx(ctx, tx, id)
}

func (s *Service) recordMove(ctx context.Context, tx *postgres.Tx, before Appointment, to Status, more map[string]audit.Change) {
	more["status"] = audit.Change{string(before.Status), string(to)}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: "appointment", EntityID: before.ID.String(), PatientID: before.PatientID.UUID(), Changes: more,
	})
}

// LikelyPatients answers the patients who may be the guest of a booking, most likely first, each with its score.
func (s *Service) LikelyPatients(ctx context.Context, id ID) ([]patient.Patient, []patient.Candidate, error) {
	var (
		people []patient.Patient
		scores []patient.Candidate
	)
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		a, err := s.ReadTx(ctx, tx, id)
		if err != nil || a.ContactName == nil || a.ContactPhone == nil {
			return err
		}
		people, scores, err = s.Patients.LikelyTx(ctx, tx, patient.Contact{FirstName: *a.ContactName, Phone: *a.ContactPhone})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("look for the patient of a booking: %w", err)
	}
	return people, scores, nil
}

// leftOutKey marks the visit that does not count as busy while its own time is checked.
type leftOutKey struct{}

// BusyTx implements scheduling.Busy.
func (s *Service) BusyTx(ctx context.Context, tx *postgres.Tx, specialists []specialist.ID, from, to time.Time) ([]scheduling.Block, error) {
	leftOut, _ := tx.Attached(leftOutKey{}).(ID)
	return busy(ctx, tx, specialists, from, to, leftOut)
}

// FutureTx implements specialist.Visits.
func (s *Service) FutureTx(ctx context.Context, tx *postgres.Tx, id specialist.ID) ([]string, error) {
	return future(ctx, tx, id)
}

// LastBookedTx implements scheduling.Busy.
func (s *Service) LastBookedTx(ctx context.Context, tx *postgres.Tx, specialists []specialist.ID) (map[specialist.ID]time.Time, error) {
	return lastBooked(ctx, tx, specialists)
}
