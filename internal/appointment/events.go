package appointment

import (
	"time"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/specialist"
)

// BookedFact tells that a visit was made. PatientID is absent for a guest.
type BookedFact struct {
	AppointmentID ID                `json:"appointment_id"`
	PatientID     patient.ID        `json:"patient_id,omitzero"`
	ServiceID     catalog.ServiceID `json:"service_id,omitzero"`
	SpecialistID  specialist.ID     `json:"specialist_id"`
	StartAt       time.Time         `json:"start_at"`
	Status        Status            `json:"status"`
	Source        string            `json:"source"`
}

// OnboardedFact tells that the staff took a guest's booking over.
type OnboardedFact struct {
	AppointmentID ID         `json:"appointment_id"`
	PatientID     patient.ID `json:"patient_id"`
	StartAt       time.Time  `json:"start_at"`
}

// ConfirmedFact tells that the patient will come; OnBehalf when the staff said so.
type ConfirmedFact struct {
	AppointmentID ID         `json:"appointment_id"`
	PatientID     patient.ID `json:"patient_id"`
	OnBehalf      bool       `json:"on_behalf"`
}

// CancelledFact tells that a visit will not take place. Initiator is patient or clinic; Late is after the agreed instant.
type CancelledFact struct {
	AppointmentID ID         `json:"appointment_id"`
	PatientID     patient.ID `json:"patient_id,omitzero"`
	Initiator     string     `json:"initiator"`
	Late          bool       `json:"late"`
	ReasonCode    string     `json:"reason_code"`
}

// EventType implements event.Fact.
func (BookedFact) EventType() string { return "appointment.booked" }

// EventType implements event.Fact.
func (OnboardedFact) EventType() string { return "appointment.onboarded" }

// EventType implements event.Fact.
func (ConfirmedFact) EventType() string { return "appointment.confirmed" }

// EventType implements event.Fact.
func (CancelledFact) EventType() string { return "appointment.cancelled" }

// Aggregate implements event.Fact.
func (e BookedFact) Aggregate() (kind, id string) { return "appointment", e.AppointmentID.String() }

// Aggregate implements event.Fact.
func (e OnboardedFact) Aggregate() (kind, id string) {
	return "appointment", e.AppointmentID.String()
}

// Aggregate implements event.Fact.
func (e ConfirmedFact) Aggregate() (kind, id string) {
	return "appointment", e.AppointmentID.String()
}

// Aggregate implements event.Fact.
func (e CancelledFact) Aggregate() (kind, id string) {
	return "appointment", e.AppointmentID.String()
}
