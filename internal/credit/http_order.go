package credit

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
)

const orderTag = "Product orders"

func (s *Service) orderRoutes(api *httpapi.Server) {
	const path = "/v1/patient-product-orders"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-product-orders", Tag: orderTag, Summary: "List orders of products, the newest first",
		Audience: httpapi.Member, Permission: auth.OrderRead, Errors: []*apperror.Error{apperror.ErrBadRequest, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.getOrders)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "place-product-order", Tag: orderTag, Status: http.StatusCreated, Summary: "Order a product for a patient",
		Audience: httpapi.Member, Permission: auth.OrderManage,
		Errors: []*apperror.Error{patient.ErrNotFound, catalog.ErrProductNotFound, catalog.ErrOutOfStock, apperror.ErrInvalid},
	}, func(ctx context.Context, in *placeInput) (orderOutput, error) {
		o, err := s.Place(ctx, NewOrder{Patient: in.Body.PatientID, Product: in.Body.ProductID, Quantity: in.Body.Quantity, Address: in.Body.Address})
		return orderOf(o), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-product-order", Tag: orderTag, Summary: "Read one order",
		Audience: httpapi.Member, Permission: auth.OrderRead, Errors: []*apperror.Error{ErrOrderNotFound},
	}, func(ctx context.Context, in *orderInput) (orderOutput, error) {
		o, err := s.Order(ctx, in.ID)
		return orderOf(o), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/{id}/status", ID: "move-product-order", Tag: orderTag, Summary: "Bring an order one step further",
		Audience: httpapi.Member, Permission: auth.OrderManage, Errors: []*apperror.Error{ErrOrderNotFound, ErrTransition, apperror.ErrInvalid},
	}, func(ctx context.Context, in *moveInput) (orderOutput, error) {
		o, err := s.Move(ctx, in.ID, OrderStatus(in.Body.Status), in.Body.Tracking)
		return orderOf(o), err
	})
}

type orderInput struct {
	ID OrderID `path:"id" format:"uuid"`
}

type listOrdersInput struct {
	page.Query
	Status   string            `query:"status" enum:"pending,prepared,shipped,delivered,handed_over,cancelled,returned"`
	StatusIn string            `query:"status.in" maxLength:"100" doc:"Several states, separated by commas."`
	Patient  patient.ID        `query:"patient_id" format:"uuid"`
	Product  catalog.ProductID `query:"product_id" format:"uuid"`
}

func orderStatuses() []string {
	return []string{"pending", "prepared", "shipped", "delivered", "handed_over", "cancelled", "returned"}
}

func (s *Service) getOrders(ctx context.Context, in *listOrdersInput) (page.Result[orderOutput], error) {
	f := FindOrders{Query: in.Query, Patient: in.Patient, Product: in.Product}
	if in.Status != "" {
		f.Statuses = []string{in.Status}
	}
	if in.StatusIn != "" {
		for _, text := range strings.Split(in.StatusIn, ",") {
			if !slices.Contains(orderStatuses(), text) {
				return page.Result[orderOutput]{}, apperror.ErrBadRequest.At("query.status.in", "names an unknown state")
			}
			f.Statuses = append(f.Statuses, text)
		}
	}
	r, err := s.Orders(ctx, f)
	return page.Map(r, orderOf), err
}

type placeInput struct {
	Body struct {
		PatientID patient.ID        `json:"patient_id" format:"uuid"`
		ProductID catalog.ProductID `json:"product_id" format:"uuid"`
		Quantity  int               `json:"quantity" minimum:"1" maximum:"1000"`
		Address   *string           `json:"address,omitempty" maxLength:"500" doc:"Absent: the patient takes it along."`
	}
}

type moveInput struct {
	ID   OrderID `path:"id" format:"uuid"`
	Body struct {
		Status   string  `json:"status" enum:"prepared,shipped,delivered,handed_over,cancelled,returned"`
		Tracking *string `json:"tracking,omitempty" maxLength:"100"`
	}
}

type orderOutput struct {
	ID          string    `json:"id" format:"uuid"`
	PatientID   string    `json:"patient_id" format:"uuid"`
	PatientName *string   `json:"patient_name"`
	ProductID   string    `json:"product_id" format:"uuid"`
	ProductName string    `json:"product_name"`
	PlanID      *string   `json:"patient_service_plan_id" format:"uuid" doc:"The plan with which it came."`
	Quantity    int       `json:"quantity"`
	PriceMinor  int64     `json:"price_minor" doc:"Of one piece; 0 for what came with a plan."`
	Currency    string    `json:"currency"`
	Source      string    `json:"source" enum:"bundle,standalone"`
	Status      string    `json:"status" enum:"pending,prepared,shipped,delivered,handed_over,cancelled,returned"`
	Address     *string   `json:"address"`
	Tracking    *string   `json:"tracking"`
	Allowed     []string  `json:"allowed" nullable:"false" doc:"States into which it may go now."`
	StatusAt    time.Time `json:"status_at"`
	CreatedAt   time.Time `json:"created_at"`
	RowVersion  int64     `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o orderOutput) Version() int64 { return o.RowVersion }

func orderOf(o Order) orderOutput {
	out := orderOutput{
		ID: o.ID.String(), PatientID: o.PatientID.String(), PatientName: o.PatientName, ProductID: o.ProductID.String(), ProductName: o.ProductName,
		PlanID: idOrNull(o.PlanID), Quantity: o.Quantity, PriceMinor: o.PriceMinor, Currency: o.Currency, Source: o.Source, Status: string(o.Status),
		Address: o.Address, Tracking: o.Tracking, Allowed: []string{}, StatusAt: o.StatusAt, CreatedAt: o.CreatedAt, RowVersion: o.RowVersion,
	}
	for _, next := range o.Status.Next() {
		out.Allowed = append(out.Allowed, string(next))
	}
	return out
}
