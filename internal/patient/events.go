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

// Updated tells that something about a patient changed: the clinic's entry or the portable record.
type Updated struct {
	PatientID ID `json:"patient_id"`
}

// EventType implements event.Fact.
func (Updated) EventType() string { return "patient.updated" }

// Aggregate implements event.Fact.
func (e Updated) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }

// ProfileShared tells that a person lets the clinic read the portable record.
type ProfileShared struct {
	PatientID ID `json:"patient_id"`
}

// EventType implements event.Fact.
func (ProfileShared) EventType() string { return "patient.profile_shared" }

// Aggregate implements event.Fact.
func (e ProfileShared) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }

// ProfileUnshared tells that a person no longer lets the clinic read the portable record.
type ProfileUnshared struct {
	PatientID ID `json:"patient_id"`
}

// EventType implements event.Fact.
func (ProfileUnshared) EventType() string { return "patient.profile_unshared" }

// Aggregate implements event.Fact.
func (e ProfileUnshared) Aggregate() (kind, id string) { return "patient", e.PatientID.String() }
