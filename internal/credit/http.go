package credit

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
)

const tag = "Entitlements"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/service-plans/{id}/enrollments", ID: "sell-service-plan", Tag: tag, Status: http.StatusCreated, KeyRequired: true,
		Summary:  "Sell a published plan to a patient; another price needs a reason",
		Audience: httpapi.Member, Permission: auth.PlanSell,
		Errors: []*apperror.Error{
			catalog.ErrPlanNotFound, ErrPlanNotPublished, patient.ErrNotFound, catalog.ErrProductNotFound, catalog.ErrOutOfStock, apperror.ErrInvalid,
		},
	}, s.postSale)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/{id}/entitlements", ID: "get-entitlements", Tag: tag,
		Summary:  "What a patient has: plans with their sessions, and access that is open today",
		Audience: httpapi.Member, Permission: auth.EntitlementRead, Errors: []*apperror.Error{patient.ErrNotFound},
	}, func(ctx context.Context, in *patientInput) (entitlementsOutput, error) {
		e, err := s.Of(ctx, in.ID)
		if err != nil {
			return entitlementsOutput{}, err
		}
		return entitlements(e), nil
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patient-service-plans/{id}", ID: "get-patient-service-plan", Tag: tag,
		Summary:  "Read one plan of a patient with the rows of its ledger, oldest first",
		Audience: httpapi.Member, Permission: auth.EntitlementRead, Errors: []*apperror.Error{ErrPlanNotFound},
	}, func(ctx context.Context, in *pathInput) (detailOutput, error) {
		d, err := s.Get(ctx, in.ID)
		if err != nil {
			return detailOutput{}, err
		}
		return detail(d), nil
	})
	s.changeRoutes(api)
	s.orderRoutes(api)
}

func (s *Service) changeRoutes(api *httpapi.Server) {
	const path = "/v1/patient-service-plans/{id}"
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/adjust", ID: "adjust-patient-service-plan", Tag: tag,
		Summary:  "Correct the sessions of a plan, or note that some were used, with a reason",
		Audience: httpapi.Member, Permission: auth.EntitlementManage,
		Errors: []*apperror.Error{ErrPlanNotFound, ErrPlanCancelled, ErrNoCredit, apperror.ErrInvalid},
	}, func(ctx context.Context, in *adjustInput) (planOutput, error) {
		p, err := s.Adjust(ctx, in.ID, Adjustment{
			Available: in.Body.Available, Consumed: in.Body.Consumed, Recognised: in.Body.Recognised, Reason: in.Body.Reason,
		})
		return planOf(p), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/cancel", ID: "cancel-patient-service-plan", Tag: tag,
		Summary:  "Cancel a plan; what came with it and was not sent yet is cancelled too",
		Audience: httpapi.Member, Permission: auth.EntitlementManage, Errors: []*apperror.Error{ErrPlanNotFound, ErrPlanCancelled, apperror.ErrInvalid},
	}, func(ctx context.Context, in *reasonInput) (planOutput, error) {
		p, err := s.Cancel(ctx, in.ID, in.Body.Reason)
		return planOf(p), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/refund", ID: "refund-patient-service-plan", Tag: tag,
		Summary:  "Write down that money was given back",
		Audience: httpapi.Member, Permission: auth.EntitlementManage, Errors: []*apperror.Error{ErrPlanNotFound, ErrRefundTooHigh, apperror.ErrInvalid},
	}, func(ctx context.Context, in *refundInput) (planOutput, error) {
		p, err := s.Refund(ctx, in.ID, in.Body.AmountMinor, in.Body.Reason)
		return planOf(p), err
	})
}

type pathInput struct {
	ID PlanID `path:"id" format:"uuid"`
}

type patientInput struct {
	ID patient.ID `path:"id" format:"uuid"`
}

type saleInput struct {
	ID   catalog.PlanID `path:"id" format:"uuid" doc:"Id of the plan."`
	Body struct {
		PatientID  patient.ID `json:"patient_id" format:"uuid"`
		StartsOn   string     `json:"starts_on,omitempty" format:"date" doc:"First day; today when absent."`
		PriceMinor *int64     `json:"price_minor,omitempty" minimum:"0" doc:"The plan's price when absent."`
		Reason     string     `json:"reason,omitempty" maxLength:"500" doc:"Why the price is another one, at least 10 characters."`
	}
}

type adjustInput struct {
	ID   PlanID `path:"id" format:"uuid"`
	Body struct {
		Available  int    `json:"available,omitempty" minimum:"-1000" maximum:"1000" doc:"Added to the free sessions."`
		Consumed   int    `json:"consumed,omitempty" minimum:"-1000" maximum:"1000" doc:"Added to the used sessions."`
		Recognised *int64 `json:"recognised_minor,omitempty" minimum:"-100000000000" maximum:"100000000000" doc:"What it earns; the worth of the used sessions when absent."`
		Reason     string `json:"reason" minLength:"10" maxLength:"500"`
	}
}

type reasonInput struct {
	ID   PlanID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"10" maxLength:"500"`
	}
}

type refundInput struct {
	ID   PlanID `path:"id" format:"uuid"`
	Body struct {
		AmountMinor int64  `json:"amount_minor" minimum:"1"`
		Reason      string `json:"reason" minLength:"10" maxLength:"500"`
	}
}

type planOutput struct {
	ID              string     `json:"id" format:"uuid"`
	PatientID       string     `json:"patient_id" format:"uuid"`
	ServicePlanID   string     `json:"service_plan_id" format:"uuid"`
	Name            string     `json:"name"`
	Type            string     `json:"type" enum:"session_based,time_based,hybrid"`
	Status          string     `json:"status" enum:"active,exhausted,expired,cancelled"`
	PriceMinor      int64      `json:"price_minor"`
	Currency        string     `json:"currency"`
	Sessions        *int       `json:"session_count" doc:"Sessions that were bought."`
	Available       int        `json:"available" doc:"Sessions that are free."`
	Reserved        int        `json:"reserved" doc:"Sessions that wait for their visit."`
	Consumed        int        `json:"consumed"`
	Telerehab       bool       `json:"telerehab_access"`
	Library         bool       `json:"library_access"`
	StartsOn        civil.Date `json:"starts_on" format:"date"`
	AccessEndsOn    *string    `json:"access_ends_on" format:"date" doc:"Last day of access, included."`
	CreditsExpireOn *string    `json:"credits_expire_on" format:"date" doc:"Last day of the sessions, included."`
	Covered         []Covered  `json:"covered" nullable:"false" doc:"Services that the sessions pay for; none is every service."`
	CancelledAt     *time.Time `json:"cancelled_at"`
	CreatedAt       time.Time  `json:"created_at"`
	RowVersion      int64      `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o planOutput) Version() int64 { return o.RowVersion }

func planOf(p Plan) planOutput {
	return planOutput{
		ID: p.ID.String(), PatientID: p.PatientID.String(), ServicePlanID: p.ServicePlanID.String(), Name: p.Name, Type: p.Type, Status: string(p.Status),
		PriceMinor: p.PriceMinor, Currency: p.Currency, Sessions: p.Sessions, Available: p.Balance.Available, Reserved: p.Balance.Reserved,
		Consumed: p.Balance.Consumed, Telerehab: p.Telerehab, Library: p.Library, StartsOn: p.StartsOn, AccessEndsOn: dayOrNull(p.AccessEndsOn),
		CreditsExpireOn: dayOrNull(p.CreditsExpireOn), Covered: append([]Covered{}, p.Covered...), CancelledAt: p.CancelledAt,
		CreatedAt: p.CreatedAt, RowVersion: p.RowVersion,
	}
}

func dayOrNull(d civil.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.String()
	return &text
}

type entryOutput struct {
	ID          string     `json:"id" format:"uuid"`
	Kind        string     `json:"kind" enum:"purchase,reserve,consume,release,expire,period,visit,product,adjust,reversal,refund"`
	Available   int        `json:"available"`
	Reserved    int        `json:"reserved"`
	Consumed    int        `json:"consumed"`
	Recognised  int64      `json:"recognised_minor"`
	Currency    string     `json:"currency"`
	EffectiveOn civil.Date `json:"effective_on" format:"date"`
	VisitID     *string    `json:"appointment_id" format:"uuid"`
	Reason      *string    `json:"reason"`
	CreatedAt   time.Time  `json:"created_at"`
}

type detailOutput struct {
	planOutput
	Entries []entryOutput `json:"entries" nullable:"false"`
}

func detail(d Detail) detailOutput {
	out := detailOutput{planOutput: planOf(d.Plan), Entries: make([]entryOutput, len(d.Entries))}
	for i, e := range d.Entries {
		out.Entries[i] = entryOutput{
			ID: e.ID.String(), Kind: string(e.Kind), Available: e.Available, Reserved: e.Reserved, Consumed: e.Consumed, Recognised: e.Recognised,
			Currency: e.Currency, EffectiveOn: e.EffectiveOn, VisitID: idOrNull(e.VisitID), Reason: e.Reason, CreatedAt: e.CreatedAt,
		}
	}
	return out
}

func idOrNull[T any](id ident.ID[T]) *string {
	if id.IsZero() {
		return nil
	}
	text := id.String()
	return &text
}

type accessOutput struct {
	Open  bool    `json:"open"`
	Until *string `json:"until" format:"date" doc:"Last day, included."`
}

type entitlementsOutput struct {
	PatientID string       `json:"patient_id" format:"uuid"`
	Today     civil.Date   `json:"today" format:"date" doc:"The day in the clinic, by which access is open or not."`
	Available int          `json:"available" doc:"Free sessions of all active plans."`
	Telerehab accessOutput `json:"telerehab"`
	Library   accessOutput `json:"library"`
	Plans     []planOutput `json:"plans" nullable:"false"`
}

func entitlements(e Entitlements) entitlementsOutput {
	out := entitlementsOutput{
		PatientID: e.Patient.String(), Today: e.Today, Plans: make([]planOutput, len(e.Plans)),
		Telerehab: accessOutput{e.Telerehab.Open, dayOrNull(e.Telerehab.Until)}, Library: accessOutput{e.Library.Open, dayOrNull(e.Library.Until)},
	}
	for i, p := range e.Plans {
		out.Plans[i] = planOf(p)
		if p.Status == Active {
			out.Available += p.Balance.Available
		}
	}
	return out
}

func (s *Service) postSale(ctx context.Context, in *saleInput) (planOutput, error) {
	sale := Sale{Plan: in.ID, Patient: in.Body.PatientID, PriceMinor: in.Body.PriceMinor, Reason: in.Body.Reason}
	if in.Body.StartsOn != "" {
		day, err := civil.ParseDate(in.Body.StartsOn)
		if err != nil {
			return planOutput{}, apperror.ErrInvalid.At("body.starts_on", "expected a day that exists")
		}
		sale.StartsOn = day
	}
	p, err := s.Sell(ctx, sale)
	return planOf(p), err
}
