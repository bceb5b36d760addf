package scheduling

import (
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/specialist"
)

// AvailabilityChanged tells that the hours or the exceptions of a specialist are others now.
type AvailabilityChanged struct {
	SpecialistID specialist.ID `json:"specialist_id"`
	// From and To are the first and last local day that changed; both are no day when the whole week did.
	From civil.Date `json:"date_from"`
	To   civil.Date `json:"date_to"`
}

// EventType implements event.Fact.
func (AvailabilityChanged) EventType() string { return "availability.changed" }

// Aggregate implements event.Fact.
func (e AvailabilityChanged) Aggregate() (kind, id string) {
	return "specialist", e.SpecialistID.String()
}
