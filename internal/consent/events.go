package consent

import "github.com/restartix/platform/internal/patient"

// GrantedFact tells that a patient gave a consent.
type GrantedFact struct {
	ConsentID ID         `json:"consent_id"`
	PatientID patient.ID `json:"patient_id"`
	Type      string     `json:"type"`
}

// EventType implements event.Fact.
func (GrantedFact) EventType() string { return "consent.granted" }

// Aggregate implements event.Fact.
func (e GrantedFact) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }

// WithdrawnFact tells that a patient took a consent back, or that it fell with another.
type WithdrawnFact struct {
	ConsentID ID         `json:"consent_id"`
	PatientID patient.ID `json:"patient_id"`
	Type      string     `json:"type"`
}

// EventType implements event.Fact.
func (WithdrawnFact) EventType() string { return "consent.withdrawn" }

// Aggregate implements event.Fact.
func (e WithdrawnFact) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }
