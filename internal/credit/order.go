package credit

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/money"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// OrderID identifies an order.
type OrderID = ident.ID[Order]

// OrderStatus is the state of an order.
type OrderStatus string

// The states of an order.
const (
	Pending        OrderStatus = "pending"
	Prepared       OrderStatus = "prepared"
	Shipped        OrderStatus = "shipped"
	Delivered      OrderStatus = "delivered"
	HandedOver     OrderStatus = "handed_over"
	OrderCancelled OrderStatus = "cancelled"
	Returned       OrderStatus = "returned"
)

// Next are the states into which an order may go from here; none at the end of its way.
func (s OrderStatus) Next() []OrderStatus {
	switch s {
	case Pending:
		return []OrderStatus{Prepared, OrderCancelled}
	case Prepared:
		return []OrderStatus{Shipped, HandedOver, OrderCancelled}
	case Shipped:
		return []OrderStatus{Delivered}
	case Delivered, HandedOver:
		return []OrderStatus{Returned}
	case OrderCancelled, Returned:
	}
	return nil
}

// Where an order comes from.
const (
	FromBundle     = "bundle"
	FromStandalone = "standalone"
)

// Order is a product that a patient bought.
type Order struct {
	ID          OrderID           `db:"id"`
	PatientID   patient.ID        `db:"patient_id"`
	PatientName *string           `db:"patient_name"`
	ProductID   catalog.ProductID `db:"product_id"`
	ProductName string            `db:"product_name"`
	// PlanID is the plan with which it came; zero for an order of its own.
	PlanID   PlanID `db:"patient_service_plan_id"`
	Quantity int    `db:"quantity"`
	// PriceMinor is the price of one piece on the day of the order; 0 for what came with a plan.
	PriceMinor int64       `db:"price_minor"`
	Currency   string      `db:"currency"`
	Source     string      `db:"source"`
	Status     OrderStatus `db:"status"`
	Address    *string     `db:"address"`
	Tracking   *string     `db:"tracking"`
	StatusAt   time.Time   `db:"status_at"`
	CreatedAt  time.Time   `db:"created_at"`
	RowVersion int64       `db:"row_version"`
}

// What the use cases on orders are refused with.
var (
	ErrOrderNotFound = apperror.New(apperror.NotFound, "product_order_not_found", "There is no such order.")
	ErrTransition    = apperror.ErrTransition
)

// FindOrders narrows a list of orders. Zero values do not.
type FindOrders struct {
	page.Query
	Statuses []string
	Patient  patient.ID
	Product  catalog.ProductID
}

// Orders lists orders as far as the caller's role sees them, the newest first.
func (s *Service) Orders(ctx context.Context, f FindOrders) (page.Result[Order], error) {
	var out page.Result[Order]
	w, err := f.Check(page.Columns{
		ByName:  map[string]string{"created_at": "o.created_at", "status_at": "o.status_at"},
		Default: "o.created_at DESC", TieBreak: "o.id DESC",
	})
	if err != nil {
		return out, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = listOrders(ctx, tx, f, w)
		return err
	})
	return out, err
}

// Order reads one order.
func (s *Service) Order(ctx context.Context, id OrderID) (Order, error) {
	var out Order
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = orderByID(ctx, tx, id, "")
		return err
	})
	return out, err
}

// NewOrder is what is ordered for whom.
type NewOrder struct {
	Patient  patient.ID
	Product  catalog.ProductID
	Quantity int
	Address  *string
	bundle   PlanID
}

// Place orders a product that is sold on its own. catalog.ErrOutOfStock when there are not enough pieces.
func (s *Service) Place(ctx context.Context, n NewOrder) (Order, error) {
	var out Order
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if _, err = s.Patients.MatchTx(ctx, tx, n.Patient); err != nil {
			return err
		}
		out, err = s.order(ctx, tx, n)
		return err
	})
	return out, err
}

func (s *Service) order(ctx context.Context, tx *postgres.Tx, n NewOrder) (Order, error) {
	if n.Quantity < 1 || n.Quantity > 1000 {
		return Order{}, apperror.ErrInvalid.At("body.quantity", "must be between 1 and 1000")
	}
	product, err := s.Catalogue.ProductTx(ctx, tx, n.Product)
	if err != nil {
		return Order{}, err
	}
	if err := s.Catalogue.TakeStockTx(ctx, tx, n.Product, n.Quantity); err != nil {
		return Order{}, err
	}
	o := Order{
		ID: ident.New[Order](), PatientID: n.Patient, ProductID: n.Product, PlanID: n.bundle, Quantity: n.Quantity, PriceMinor: product.PriceMinor,
		Currency: product.Currency, Source: FromStandalone, Status: Pending, Address: n.Address,
	}
	if !n.bundle.IsZero() {
		o.Source, o.PriceMinor = FromBundle, 0
	}
	if err := insertOrder(ctx, tx, o); err != nil {
		return Order{}, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: orderEntity, EntityID: o.ID.String(), PatientID: o.PatientID.UUID(), Changes: map[string]audit.Change{
			"product_id": {nil, o.ProductID.String()}, "quantity": {nil, o.Quantity}, "price_minor": {nil, o.PriceMinor}, "source": {nil, o.Source},
			"status": {nil, string(o.Status)},
		},
	})
	if err := s.Bus.PublishTx(ctx, tx, OrderedFact{o.ID, o.ProductID, o.PatientID}); err != nil {
		return Order{}, err
	}
	return orderByID(ctx, tx, o.ID, "")
}

// Move brings an order one step further. A tracking number is kept when one is given.
func (s *Service) Move(ctx context.Context, id OrderID, to OrderStatus, tracking *string) (Order, error) {
	if tracking != nil {
		text := strings.TrimSpace(*tracking)
		tracking = &text
		if utf8.RuneCountInString(text) > 100 {
			return Order{}, apperror.ErrInvalid.At("body.tracking", "has at most 100 characters")
		}
		if text == "" {
			tracking = nil
		}
	}
	var out Order
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		o, err := orderByID(ctx, tx, id, " FOR UPDATE OF o")
		if err != nil {
			return err
		}
		if err := s.move(ctx, tx, o, to, tracking); err != nil {
			return err
		}
		out, err = orderByID(ctx, tx, id, "")
		return err
	})
	return out, err
}

func (s *Service) move(ctx context.Context, tx *postgres.Tx, o Order, to OrderStatus, tracking *string) error {
	if !slices.Contains(o.Status.Next(), to) {
		return ErrTransition.With("from", string(o.Status)).With("allowed", o.Status.Next())
	}
	if err := setOrderStatus(ctx, tx, o.ID, to, tracking); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: orderEntity, EntityID: o.ID.String(), PatientID: o.PatientID.UUID(),
		Changes: map[string]audit.Change{"status": {string(o.Status), string(to)}},
	})
	switch to {
	case OrderCancelled, Returned:
		if err := s.Catalogue.TakeStockTx(ctx, tx, o.ProductID, -o.Quantity); err != nil {
			return err
		}
		if to == Returned {
			return s.takeBack(ctx, tx, o)
		}
	case Delivered, HandedOver:
		if err := s.earnProduct(ctx, tx, o); err != nil {
			return err
		}
		return s.Bus.PublishTx(ctx, tx, FulfilledFact{o.ID, o.ProductID, o.PatientID})
	case Pending, Prepared, Shipped:
	}
	return nil
}

// earnProduct recognises the price of an order of its own; what came with a plan is inside the plan's price.
func (s *Service) earnProduct(ctx context.Context, tx *postgres.Tx, o Order) error {
	if o.Source != FromStandalone {
		return nil
	}
	price, err := money.Of(o.PriceMinor, o.Currency).Times(int64(o.Quantity))
	if err != nil {
		return err
	}
	return s.writeOrder(ctx, tx, o, Entry{Kind: ProductKind, Recognised: price.Minor})
}

// takeBack undoes what an order had earned.
func (s *Service) takeBack(ctx context.Context, tx *postgres.Tx, o Order) error {
	earned, err := entryOfOrder(ctx, tx, o.ID)
	if err != nil || len(earned) == 0 {
		return err
	}
	reason := "the product was returned, order of " + strconv.Itoa(o.Quantity)
	return s.writeOrder(ctx, tx, o, Entry{Kind: Reversal, Recognised: -earned[0].Recognised, Reverses: earned[0].ID, Reason: &reason})
}

func (s *Service) writeOrder(ctx context.Context, tx *postgres.Tx, o Order, e Entry) error {
	today, err := s.today(ctx, tx)
	if err != nil {
		return err
	}
	e.ID, e.PatientID, e.OrderID, e.Currency, e.EffectiveOn = ident.New[Entry](), o.PatientID, o.ID, o.Currency, today
	if err := insertEntry(ctx, tx, e); err != nil {
		return err
	}
	s.recordEntry(ctx, tx, e)
	return nil
}

// cancelOrdersOf cancels what came with a plan and was not sent yet.
func (s *Service) cancelOrdersOf(ctx context.Context, tx *postgres.Tx, id PlanID) error {
	open, err := openOrdersOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, o := range open {
		if err := s.move(ctx, tx, o, OrderCancelled, nil); err != nil {
			return err
		}
	}
	return nil
}
