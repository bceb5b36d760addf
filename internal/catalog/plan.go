package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// PlanID identifies a service plan.
type PlanID = ident.ID[Plan]

// The types of plan: what the price buys.
const (
	SessionBased = "session_based"
	TimeBased    = "time_based"
	Hybrid       = "hybrid"
)

// The states of a plan. Only a published one is sold.
const (
	Draft     = "draft"
	Published = "published"
	Archived  = "archived"
)

// PlanTypes are the types of plan.
func PlanTypes() []string { return []string{SessionBased, TimeBased, Hybrid} }

// PlanStatuses are the states of a plan.
func PlanStatuses() []string { return []string{Draft, Published, Archived} }

// Plan is what is sold at once for several visits, for a time, or both.
type Plan struct {
	ID          PlanID  `db:"id"`
	Name        string  `db:"name"`
	Slug        string  `db:"slug"`
	Description *string `db:"description"`
	Type        string  `db:"type"`
	PriceMinor  int64   `db:"price_minor"`
	Currency    string  `db:"currency"`
	// Sessions is nil for a plan of time.
	Sessions *int `db:"session_count"`
	// ValidityDays are the days in which the sessions are to be used, the first included; nil is without end.
	ValidityDays *int `db:"validity_days"`
	// WindowMonths is how long access lasts; nil for a plan of sessions.
	WindowMonths *int `db:"window_months"`
	Telerehab    bool `db:"telerehab_access"`
	Library      bool `db:"library_access"`
	// SharePct is how much of the price the sessions earn, from 0 to 100; the rest is earned by time.
	SharePct   int           `db:"session_share_pct"`
	Status     string        `db:"status"`
	IsPublic   bool          `db:"is_public"`
	Services   []PlanService `db:"-"`
	Products   []PlanProduct `db:"-"`
	CreatedAt  time.Time     `db:"created_at"`
	UpdatedAt  time.Time     `db:"updated_at"`
	RowVersion int64         `db:"row_version"`
}

// PlanService is a service that the sessions of a plan pay for.
type PlanService struct {
	PlanID    PlanID    `db:"service_plan_id" json:"-"`
	ServiceID ServiceID `db:"service_id" json:"service_id" format:"uuid"`
	// Credits from 1 to 10: sessions that one visit uses up.
	Credits int `db:"credits" json:"credits" doc:"Sessions that one visit uses up, 1 to 10."`
}

// PlanProduct is a thing that comes with a plan.
type PlanProduct struct {
	PlanID    PlanID    `db:"service_plan_id" json:"-"`
	ProductID ProductID `db:"product_id" json:"product_id" format:"uuid"`
	Quantity  int       `db:"quantity" json:"quantity" doc:"Pieces, 1 to 100."`
}

// What the use cases on plans are refused with.
var (
	ErrPlanNotFound = apperror.New(apperror.NotFound, "service_plan_not_found", "There is no such plan.")
	ErrPlanShape    = apperror.New(apperror.Invalid, "plan_shape", "A plan of sessions has a number of sessions, a plan of time has months, a hybrid one has both.")
)

// DefaultShare is the part of the price that sessions earn where nobody said otherwise, in percent.
func DefaultShare(planType string) int {
	switch planType {
	case SessionBased:
		return 100
	case Hybrid:
		return 50
	}
	return 0
}

// checkShape names every member that does not belong to the type, or is missing.
func (p *Plan) checkShape() error {
	sessions, months := p.Type != TimeBased, p.Type != SessionBased
	e := ErrPlanShape
	found := false
	note := func(wrong bool, field, message string) {
		if wrong {
			e, found = e.At("body."+field, message), true
		}
	}
	note(sessions && p.Sessions == nil, "session_count", "is needed for this type")
	note(!sessions && p.Sessions != nil, "session_count", "does not belong to this type")
	note(!sessions && p.ValidityDays != nil, "validity_days", "does not belong to this type")
	note(months && p.WindowMonths == nil, "window_months", "is needed for this type")
	note(!months && p.WindowMonths != nil, "window_months", "does not belong to this type")
	note(p.Type != Hybrid && p.SharePct != DefaultShare(p.Type), "session_share_pct", fmt.Sprintf("is %d for this type", DefaultShare(p.Type)))
	if found {
		return e
	}
	return nil
}

// check brings texts to their stored form and refuses what the product does not accept.
func (p *Plan) check() error {
	p.Name, p.Currency = strings.TrimSpace(p.Name), strings.ToUpper(strings.TrimSpace(p.Currency))
	tidy(&p.Description)
	e := checkName(nil, p.Name, p.Slug, p.Description)
	if !slices.Contains(PlanTypes(), p.Type) {
		e = at(e, "type", "expected one of "+strings.Join(PlanTypes(), ", "))
	}
	if !slices.Contains(PlanStatuses(), p.Status) {
		e = at(e, "status", "expected one of "+strings.Join(PlanStatuses(), ", "))
	}
	e = between(e, "price_minor", p.PriceMinor, 0, maxPrice)
	e = between(e, "session_share_pct", int64(p.SharePct), 0, 100)
	for field, bound := range map[string]struct {
		value *int
		high  int64
	}{"session_count": {p.Sessions, 1000}, "validity_days": {p.ValidityDays, 3650}, "window_months": {p.WindowMonths, 120}} {
		if bound.value != nil {
			e = between(e, field, int64(*bound.value), 1, bound.high)
		}
	}
	e = p.checkHolds(e)
	if e != nil {
		return e
	}
	return p.checkShape()
}

func (p *Plan) checkHolds(e *apperror.Error) *apperror.Error {
	services, products := map[ServiceID]bool{}, map[ProductID]bool{}
	for i, s := range p.Services {
		place := fmt.Sprintf("services[%d].", i)
		if services[s.ServiceID] {
			e = at(e, place+"service_id", "occurs twice")
		}
		services[s.ServiceID] = true
		e = between(e, place+"credits", int64(s.Credits), 1, 10)
	}
	for i, q := range p.Products {
		place := fmt.Sprintf("products[%d].", i)
		if products[q.ProductID] {
			e = at(e, place+"product_id", "occurs twice")
		}
		products[q.ProductID] = true
		e = between(e, place+"quantity", int64(q.Quantity), 1, 100)
	}
	return e
}

// FindPlans narrows a list of plans. Zero values do not.
type FindPlans struct {
	page.Query
	Type, Status string
	Service      ServiceID
	IsPublic     *bool
	// Search is part of a name; accents and capitals do not matter.
	Search string
}

// Plans answers the clinic's plans without the removed ones, as far as the caller's role sees them.
func (c *Catalog) Plans(ctx context.Context, f FindPlans) (page.Result[Plan], error) {
	var out page.Result[Plan]
	window, err := f.Check(page.Columns{
		ByName:  map[string]string{"name": "p.name", "price_minor": "p.price_minor", "created_at": "p.created_at"},
		Default: "p.name ASC", TieBreak: "p.id ASC",
	})
	if err != nil {
		return out, err
	}
	err = c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = listPlans(ctx, tx, f, window)
		return err
	})
	return out, err
}

// Plan reads one plan that was not removed.
func (c *Catalog) Plan(ctx context.Context, id PlanID) (Plan, error) {
	var out Plan
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = planByID(ctx, tx, id)
		return err
	})
	return out, err
}

// PlanTx is Plan inside a transaction of the caller.
func (c *Catalog) PlanTx(ctx context.Context, tx *postgres.Tx, id PlanID) (Plan, error) {
	return planByID(ctx, tx, id)
}

// CreatePlan makes a plan with what it holds. An empty slug is made from the name, an empty currency is the clinic's.
func (c *Catalog) CreatePlan(ctx context.Context, p Plan) (Plan, error) {
	if err := p.check(); err != nil {
		return Plan{}, err
	}
	p.ID = ident.New[Plan]()
	var out Plan
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := c.settle(ctx, tx, "service_plans", p.Name, &p.Slug, &p.Currency); err != nil {
			return err
		}
		if err := insertPlan(ctx, tx, p); err != nil {
			return err
		}
		if err := c.hold(ctx, tx, p); err != nil {
			return err
		}
		changes := audit.Created(p)
		changes["services"], changes["products"] = audit.Change{nil, p.Services}, audit.Change{nil, p.Products}
		c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "service_plan", EntityID: p.ID.String(), Changes: changes})
		var err error
		out, err = planByID(ctx, tx, p.ID)
		return err
	})
	return out, err
}

// hold writes what a plan holds, after it has seen that all of it exists.
func (c *Catalog) hold(ctx context.Context, tx *postgres.Tx, p Plan) error {
	services, products, err := countHeld(ctx, tx, p)
	if err != nil {
		return err
	}
	if services != len(p.Services) {
		return at(nil, "services", "names a service that does not exist")
	}
	if products != len(p.Products) {
		return at(nil, "products", "names a product that does not exist")
	}
	return replaceHeld(ctx, tx, p)
}

// UpdatePlan lets change edit a plan and writes the result as one version. What was sold stays as it was.
func (c *Catalog) UpdatePlan(ctx context.Context, id PlanID, expected int64, change func(*Plan)) (Plan, error) {
	var out Plan
	err := c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := lockedPlan(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := stale(before.RowVersion, expected); err != nil {
			return err
		}
		after := before
		change(&after)
		after.ID = before.ID
		if err := after.check(); err != nil {
			return err
		}
		if err := c.settle(ctx, tx, "service_plans", after.Name, &after.Slug, &after.Currency); err != nil {
			return err
		}
		changes := audit.Differences(before, after)
		if !slices.Equal(before.Services, after.Services) || !slices.Equal(before.Products, after.Products) {
			changes["services"], changes["products"] = audit.Change{before.Services, after.Services}, audit.Change{before.Products, after.Products}
			if err := c.hold(ctx, tx, after); err != nil {
				return err
			}
		}
		if len(changes) > 0 {
			if err := updatePlan(ctx, tx, after); err != nil {
				return err
			}
			c.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "service_plan", EntityID: id.String(), Changes: changes})
		}
		out, err = planByID(ctx, tx, id)
		return err
	})
	return out, err
}

// RemovePlan takes a plan out of every list; what was sold stays.
func (c *Catalog) RemovePlan(ctx context.Context, id PlanID, expected int64) error {
	return c.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := lockedPlan(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := stale(before.RowVersion, expected); err != nil {
			return err
		}
		if err := removePlan(ctx, tx, id); err != nil {
			return err
		}
		c.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "service_plan", EntityID: id.String(), Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}
