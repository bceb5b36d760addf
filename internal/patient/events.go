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
