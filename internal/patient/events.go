package patient

// Created tells that a clinic has a new patient.
type Created struct {
	PatientID ID     `json:"patient_id"`
	Source    string `json:"source"`
}

// EventType implements event.Fact.
func (Created) EventType() string { return "patient.created" }

// Aggregate implements event.Fact.
func (e Created) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }

// Onboarded tells that a person became a patient of the clinic through a door: staff or portal.
type Onboarded struct {
	PatientID     ID     `json:"patient_id"`
	AppointmentID string `json:"appointment_id,omitempty"`
	Door          string `json:"door"`
}

// EventType implements event.Fact.
func (Onboarded) EventType() string { return "patient.onboarded" }

// Aggregate implements event.Fact.
func (e Onboarded) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }
