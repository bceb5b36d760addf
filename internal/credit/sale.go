package credit

import (
	"context"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// Sale is what is sold to whom.
type Sale struct {
	Plan    catalog.PlanID
	Patient patient.ID
	// StartsOn is the first day; zero is today.
	StartsOn civil.Date
	// PriceMinor replaces the plan's price, for the Reason; nil keeps it.
	PriceMinor *int64
	Reason     string
}

const (
	// maxStart is how far from today a plan may begin, in days.
	maxStart = 366
	maxPrice = 100_000_000_000
)

// Sell sells a plan in a transaction of its own.
func (s *Service) Sell(ctx context.Context, sale Sale) (Plan, error) {
	var out Plan
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.PurchaseTx(ctx, tx, sale)
		return err
	})
	return out, err
}

// PurchaseTx sells a published plan: the patient gets a copy of it, its sessions, and an order for each product that comes with it.
// catalog.ErrOutOfStock when one is not there; then nothing is sold.
func (s *Service) PurchaseTx(ctx context.Context, tx *postgres.Tx, sale Sale) (Plan, error) {
	offered, err := s.Catalogue.PlanTx(ctx, tx, sale.Plan)
	if err != nil {
		return Plan{}, err
	}
	if offered.Status != catalog.Published {
		return Plan{}, ErrPlanNotPublished
	}
	if _, err := s.Patients.MatchTx(ctx, tx, sale.Patient); err != nil {
		return Plan{}, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return Plan{}, err
	}
	p, err := sold(offered, sale, today)
	if err != nil {
		return Plan{}, err
	}
	if err := insertPlan(ctx, tx, p); err != nil {
		return Plan{}, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: aggregate, EntityID: p.ID.String(), PatientID: p.PatientID.UUID(), Changes: audit.Created(p),
	})
	if err := s.Bus.PublishTx(ctx, tx, PurchasedFact{p.ID, p.PatientID, p.Type, p.Sessions}); err != nil {
		return Plan{}, err
	}
	h := held{plan: p, today: today}
	if _, err := s.write(ctx, tx, h, Entry{Kind: Purchase, Available: sessionsOf(p)}); err != nil {
		return Plan{}, err
	}
	for _, q := range offered.Products {
		if _, err := s.order(ctx, tx, NewOrder{Patient: p.PatientID, Product: q.ProductID, Quantity: q.Quantity, bundle: p.ID}); err != nil {
			return Plan{}, err
		}
	}
	return planByID(ctx, tx, p.ID)
}

func sessionsOf(p Plan) int {
	if p.Sessions == nil {
		return 0
	}
	return *p.Sessions
}

// sold is the copy of a plan that a patient gets.
func sold(of catalog.Plan, sale Sale, today civil.Date) (Plan, error) {
	p := Plan{
		ID: ident.New[Plan](), PatientID: sale.Patient, ServicePlanID: of.ID, Name: of.Name, Type: of.Type, PriceMinor: of.PriceMinor,
		ListMinor: of.PriceMinor, Currency: of.Currency, Sessions: of.Sessions, SharePct: of.SharePct, Telerehab: of.Telerehab, Library: of.Library,
		Covered: []Covered{}, StartsOn: sale.StartsOn, Status: Active, RolledOn: today,
	}
	for _, v := range of.Services {
		p.Covered = append(p.Covered, Covered{v.ServiceID, v.Credits})
	}
	if p.StartsOn.IsZero() {
		p.StartsOn = today
	}
	if days := p.StartsOn.Sub(today); days > maxStart || days < -maxStart {
		return p, apperror.ErrInvalid.At("body.starts_on", "is at most a year from today")
	}
	if of.ValidityDays != nil {
		p.CreditsExpireOn = lastDay(p.StartsOn, *of.ValidityDays)
	}
	if of.WindowMonths != nil {
		p.AccessEndsOn = lastDayOfMonths(p.StartsOn, *of.WindowMonths)
	}
	if end := lastOf(p); !end.IsZero() && end.Before(today) {
		return p, apperror.ErrInvalid.At("body.starts_on", "lies so far back that everything is over")
	}
	if sale.PriceMinor == nil || *sale.PriceMinor == of.PriceMinor {
		return p, nil
	}
	if *sale.PriceMinor < 0 || *sale.PriceMinor > maxPrice {
		return p, apperror.ErrInvalid.At("body.price_minor", "is not a price")
	}
	reason, err := reasonOf(sale.Reason)
	p.PriceMinor, p.PriceReason = *sale.PriceMinor, reason
	return p, err
}

// Adjust corrects a plan; see AdjustTx.
func (s *Service) Adjust(ctx context.Context, id PlanID, a Adjustment) (Plan, error) {
	if a.Available == 0 && a.Consumed == 0 && (a.Recognised == nil || *a.Recognised == 0) {
		return Plan{}, apperror.ErrInvalid.At("body.available", "says what is to be corrected")
	}
	return s.change(ctx, id, func(tx *postgres.Tx) error {
		_, err := s.AdjustTx(ctx, tx, id, a)
		return err
	})
}

func (s *Service) change(ctx context.Context, id PlanID, fn func(tx *postgres.Tx) error) (Plan, error) {
	var out Plan
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if err = fn(tx); err != nil {
			return err
		}
		out, err = planByID(ctx, tx, id)
		return err
	})
	return out, err
}

// Cancel ends a plan: its free sessions and its access are gone, and what came with it and was not sent yet is not sent. Sessions that
// visits hold stay with them.
func (s *Service) Cancel(ctx context.Context, id PlanID, why string) (Plan, error) {
	reason, err := reasonOf(why)
	if err != nil {
		return Plan{}, err
	}
	return s.change(ctx, id, func(tx *postgres.Tx) error {
		h, err := s.hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if h.plan.Status == Cancelled {
			return ErrPlanCancelled
		}
		if err := setCancelled(ctx, tx, id, *reason); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "transition", EntityType: aggregate, EntityID: id.String(), PatientID: h.plan.PatientID.UUID(), Reason: *reason,
			Changes: map[string]audit.Change{"status": {string(h.plan.Status), string(Cancelled)}},
		})
		h.plan.Status = Cancelled
		if h.book.Available > 0 {
			if _, err := s.write(ctx, tx, h, Entry{Kind: Adjust, Available: -h.book.Available, Reason: reason}); err != nil {
				return err
			}
		}
		return s.cancelOrdersOf(ctx, tx, id)
	})
}

// Refund writes that money was given back; together never more than was paid (ErrRefundTooHigh).
func (s *Service) Refund(ctx context.Context, id PlanID, minor int64, why string) (Plan, error) {
	reason, err := reasonOf(why)
	if err != nil {
		return Plan{}, err
	}
	if minor <= 0 {
		return Plan{}, apperror.ErrInvalid.At("body.amount_minor", "is more than nothing")
	}
	return s.change(ctx, id, func(tx *postgres.Tx) error {
		h, err := s.hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if h.book.Refunded+minor > h.plan.PriceMinor {
			return ErrRefundTooHigh.With("refundable_minor", h.plan.PriceMinor-h.book.Refunded)
		}
		_, err = s.write(ctx, tx, h, Entry{Kind: Refund, Recognised: -minor, Reason: reason})
		return err
	})
}
