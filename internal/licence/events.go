package licence

import "github.com/restartix/platform/internal/specialist"

// ExpiringFact tells that a licence ends in 60, 30 or 7 days; DaysLeft is what is really left.
type ExpiringFact struct {
	SpecialistID specialist.ID `json:"specialist_id"`
	LicenceID    ID            `json:"licence_id"`
	DaysLeft     int           `json:"days_left"`
}

// EventType implements event.Fact.
func (ExpiringFact) EventType() string { return "specialist.licence_expiring" }

// Aggregate implements event.Fact.
func (e ExpiringFact) Aggregate() (kind, id string) { return "specialist", e.SpecialistID.String() }

// ExpiredFact tells that a licence has ended. DaysLeft is 0, or less when nobody could tell it in time.
type ExpiredFact struct {
	SpecialistID specialist.ID `json:"specialist_id"`
	LicenceID    ID            `json:"licence_id"`
	DaysLeft     int           `json:"days_left"`
}

// EventType implements event.Fact.
func (ExpiredFact) EventType() string { return "specialist.licence_expired" }

// Aggregate implements event.Fact.
func (e ExpiredFact) Aggregate() (kind, id string) { return "specialist", e.SpecialistID.String() }
