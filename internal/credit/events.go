package credit

import (
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/patient"
)

// PurchasedFact tells that a plan was sold. Sessions is absent for a plan of time.
type PurchasedFact struct {
	PlanID    PlanID     `json:"patient_service_plan_id"`
	PatientID patient.ID `json:"patient_id"`
	Type      string     `json:"type"`
	Sessions  *int       `json:"sessions,omitempty"`
}

// LowFact tells that few sessions are left.
type LowFact struct {
	PlanID    PlanID     `json:"patient_service_plan_id"`
	PatientID patient.ID `json:"patient_id"`
	Available int        `json:"available"`
}

// ExhaustedFact tells that the last session was used.
type ExhaustedFact struct {
	PlanID    PlanID     `json:"patient_service_plan_id"`
	PatientID patient.ID `json:"patient_id"`
}

// ExpiringFact tells that something of the plan ends in 14 days, or in 3. EndsOn is the last day.
type ExpiringFact struct {
	PlanID    PlanID     `json:"patient_service_plan_id"`
	PatientID patient.ID `json:"patient_id"`
	EndsOn    civil.Date `json:"ends_on"`
}

// ExpiredFact tells that the time of a plan is over.
type ExpiredFact struct {
	PlanID    PlanID     `json:"patient_service_plan_id"`
	PatientID patient.ID `json:"patient_id"`
	EndsOn    civil.Date `json:"ends_on"`
}

// OrderedFact tells that a product was ordered, alone or with a plan.
type OrderedFact struct {
	OrderID   OrderID           `json:"order_id"`
	ProductID catalog.ProductID `json:"product_id"`
	PatientID patient.ID        `json:"patient_id"`
}

// FulfilledFact tells that the patient has the product.
type FulfilledFact struct {
	OrderID   OrderID           `json:"order_id"`
	ProductID catalog.ProductID `json:"product_id"`
	PatientID patient.ID        `json:"patient_id"`
}

// EventType implements event.Fact.
func (PurchasedFact) EventType() string { return "service_plan.purchased" }

// EventType implements event.Fact.
func (LowFact) EventType() string { return "service_plan.sessions_low" }

// EventType implements event.Fact.
func (ExhaustedFact) EventType() string { return "service_plan.exhausted" }

// EventType implements event.Fact.
func (ExpiringFact) EventType() string { return "service_plan.expiring" }

// EventType implements event.Fact.
func (ExpiredFact) EventType() string { return "service_plan.expired" }

// EventType implements event.Fact.
func (OrderedFact) EventType() string { return "product_order.created" }

// EventType implements event.Fact.
func (FulfilledFact) EventType() string { return "product_order.fulfilled" }

// Aggregate implements event.Fact.
func (e PurchasedFact) Aggregate() (kind, id string) { return aggregate, e.PlanID.String() }

// Aggregate implements event.Fact.
func (e LowFact) Aggregate() (kind, id string) { return aggregate, e.PlanID.String() }

// Aggregate implements event.Fact.
func (e ExhaustedFact) Aggregate() (kind, id string) { return aggregate, e.PlanID.String() }

// Aggregate implements event.Fact.
func (e ExpiringFact) Aggregate() (kind, id string) { return aggregate, e.PlanID.String() }

// Aggregate implements event.Fact.
func (e ExpiredFact) Aggregate() (kind, id string) { return aggregate, e.PlanID.String() }

// Aggregate implements event.Fact.
func (e OrderedFact) Aggregate() (kind, id string) { return orderEntity, e.OrderID.String() }

// Aggregate implements event.Fact.
func (e FulfilledFact) Aggregate() (kind, id string) { return orderEntity, e.OrderID.String() }

// Names of the entities in the trail and in events.
const (
	aggregate   = "patient_service_plan"
	orderEntity = "patient_product_order"
)
