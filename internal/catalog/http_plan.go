package catalog

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
)

const planTag = "Service plans"

func (c *Catalog) planRoutes(api *httpapi.Server) {
	const path = "/v1/service-plans"
	changed := []*apperror.Error{ErrPlanNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired}
	refused := []*apperror.Error{apperror.ErrInvalid, ErrPlanShape, ErrCurrencyNotAllowed, organization.ErrSlugTaken}
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/service-plans", ID: "list-public-service-plans", Tag: planTag,
		Summary:  "List the plans that the clinic sells to the public",
		Audience: httpapi.Public, Permission: auth.PublicRead, Errors: listErrors(),
	}, c.listPublicPlans)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-service-plans", Tag: planTag, Scope: scopeRead,
		Summary:  "List the clinic's plans; published ones only for patients",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: append(listErrors(), apperror.ErrBadRequest),
	}, c.listPlans)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-service-plan", Tag: planTag, Scope: scopeWrite,
		Summary:  "Add a plan: sessions, time, or both",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Status: http.StatusCreated, Errors: refused,
	}, c.createPlan)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-service-plan", Tag: planTag, Scope: scopeRead, Summary: "Read a plan",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: []*apperror.Error{ErrPlanNotFound},
	}, func(ctx context.Context, in *PlanPath) (planOutput, error) {
		p, err := c.Plan(ctx, in.ID)
		return planOf(p), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: path + "/{id}", ID: "update-service-plan", Tag: planTag, Scope: scopeWrite,
		Summary:  "Change a plan (JSON Merge Patch); what was sold stays as it was",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: append(refused, changed...),
	}, func(ctx context.Context, in *updatePlanInput) (planOutput, error) {
		expected, err := in.Expected()
		if err != nil {
			return planOutput{}, err
		}
		p, err := c.UpdatePlan(ctx, in.ID, expected, in.Body.apply)
		return planOf(p), err
	})
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "remove-service-plan", Tag: planTag, Scope: scopeWrite,
		Summary:  "Remove a plan; what was sold stays",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: changed,
	}, func(ctx context.Context, in *removePlanInput) error {
		expected, err := in.Expected()
		if err != nil {
			return err
		}
		return c.RemovePlan(ctx, in.ID, expected)
	})
}

// PlanPath is the plan that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type PlanPath struct {
	ID PlanID `path:"id" format:"uuid" doc:"Id of the plan."`
}

type removePlanInput struct {
	PlanPath
	httpapi.IfMatch
}

type listPlansInput struct {
	page.Query
	Type      string `query:"type" enum:"session_based,time_based,hybrid"`
	Status    string `query:"status" enum:"draft,published,archived"`
	ServiceID string `query:"service_id" format:"uuid" doc:"Plans that pay for this service."`
	IsPublic  string `query:"is_public" enum:"true,false"`
	Search    string `query:"search" maxLength:"200" doc:"Part of a name; accents and capitals do not matter."`
}

func (c *Catalog) listPlans(ctx context.Context, in *listPlansInput) (page.Result[planOutput], error) {
	service, err := idOf[Service]("service_id", in.ServiceID)
	if err != nil {
		return page.Result[planOutput]{}, err
	}
	r, err := c.Plans(ctx, FindPlans{
		Query: in.Query, Type: in.Type, Status: in.Status, Service: service, IsPublic: flag(in.IsPublic), Search: in.Search,
	})
	return page.Map(r, planOf), err
}

type planOutput struct {
	ID           string        `json:"id" format:"uuid"`
	Name         string        `json:"name"`
	Slug         string        `json:"slug"`
	Description  *string       `json:"description"`
	Type         string        `json:"type" enum:"session_based,time_based,hybrid"`
	PriceMinor   int64         `json:"price_minor"`
	Currency     string        `json:"currency"`
	Sessions     *int          `json:"session_count"`
	ValidityDays *int          `json:"validity_days" doc:"Days in which the sessions are to be used, the first included; null is without end."`
	WindowMonths *int          `json:"window_months" doc:"Months of access."`
	Telerehab    bool          `json:"telerehab_access"`
	Library      bool          `json:"library_access"`
	SharePct     int           `json:"session_share_pct" doc:"Percent of the price that the sessions earn; the rest is earned by time."`
	Status       string        `json:"status" enum:"draft,published,archived"`
	IsPublic     bool          `json:"is_public"`
	Services     []PlanService `json:"services" nullable:"false"`
	Products     []PlanProduct `json:"products" nullable:"false"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
	RowVersion   int64         `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o planOutput) Version() int64 { return o.RowVersion }

func planOf(p Plan) planOutput {
	return planOutput{
		ID: p.ID.String(), Name: p.Name, Slug: p.Slug, Description: p.Description, Type: p.Type, PriceMinor: p.PriceMinor, Currency: p.Currency,
		Sessions: p.Sessions, ValidityDays: p.ValidityDays, WindowMonths: p.WindowMonths, Telerehab: p.Telerehab, Library: p.Library,
		SharePct: p.SharePct, Status: p.Status, IsPublic: p.IsPublic, Services: append([]PlanService{}, p.Services...),
		Products: append([]PlanProduct{}, p.Products...), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, RowVersion: p.RowVersion,
	}
}

type createPlanInput struct {
	Body struct {
		Name         string        `json:"name" minLength:"1" maxLength:"200"`
		Slug         string        `json:"slug,omitempty" maxLength:"80" doc:"Made from the name when absent."`
		Description  *string       `json:"description,omitempty" maxLength:"5000"`
		Type         string        `json:"type" enum:"session_based,time_based,hybrid"`
		PriceMinor   int64         `json:"price_minor" minimum:"0"`
		Currency     string        `json:"currency,omitempty" maxLength:"3" doc:"The clinic's when absent."`
		Sessions     *int          `json:"session_count,omitempty" minimum:"1" maximum:"1000"`
		ValidityDays *int          `json:"validity_days,omitempty" minimum:"1" maximum:"3650"`
		WindowMonths *int          `json:"window_months,omitempty" minimum:"1" maximum:"120"`
		Telerehab    bool          `json:"telerehab_access,omitempty"`
		Library      bool          `json:"library_access,omitempty"`
		SharePct     *int          `json:"session_share_pct,omitempty" minimum:"0" maximum:"100" doc:"By type when absent: 100, 0, 50."`
		Status       string        `json:"status,omitempty" enum:"draft,published,archived" doc:"Draft when absent."`
		IsPublic     bool          `json:"is_public,omitempty"`
		Services     []PlanService `json:"services,omitempty" maxItems:"100"`
		Products     []PlanProduct `json:"products,omitempty" maxItems:"20"`
	}
}

func (c *Catalog) createPlan(ctx context.Context, in *createPlanInput) (planOutput, error) {
	b := in.Body
	plan := Plan{
		Name: b.Name, Slug: b.Slug, Description: b.Description, Type: b.Type, PriceMinor: b.PriceMinor, Currency: b.Currency, Sessions: b.Sessions,
		ValidityDays: b.ValidityDays, WindowMonths: b.WindowMonths, Telerehab: b.Telerehab, Library: b.Library, SharePct: DefaultShare(b.Type),
		Status: Draft, IsPublic: b.IsPublic, Services: b.Services, Products: b.Products,
	}
	if b.SharePct != nil {
		plan.SharePct = *b.SharePct
	}
	if b.Status != "" {
		plan.Status = b.Status
	}
	p, err := c.CreatePlan(ctx, plan)
	return planOf(p), err
}

type updatePlanInput struct {
	PlanPath
	httpapi.IfMatch
	Body planPatch
}

// planPatch holds every member that may be changed; an absent one stays as it is.
type planPatch struct {
	Name         httpapi.Patch[string]        `json:"name,omitempty"`
	Slug         httpapi.Patch[string]        `json:"slug,omitempty" doc:"Null makes it from the name again."`
	Description  httpapi.Patch[string]        `json:"description,omitempty"`
	Type         httpapi.Patch[string]        `json:"type,omitempty" doc:"session_based, time_based or hybrid."`
	PriceMinor   httpapi.Patch[int64]         `json:"price_minor,omitempty"`
	Currency     httpapi.Patch[string]        `json:"currency,omitempty" doc:"Null is the clinic's."`
	Sessions     httpapi.Patch[int]           `json:"session_count,omitempty"`
	ValidityDays httpapi.Patch[int]           `json:"validity_days,omitempty"`
	WindowMonths httpapi.Patch[int]           `json:"window_months,omitempty"`
	Telerehab    httpapi.Patch[bool]          `json:"telerehab_access,omitempty"`
	Library      httpapi.Patch[bool]          `json:"library_access,omitempty"`
	SharePct     httpapi.Patch[int]           `json:"session_share_pct,omitempty" doc:"Null, or a new type, is the type's own."`
	Status       httpapi.Patch[string]        `json:"status,omitempty" doc:"draft, published or archived."`
	IsPublic     httpapi.Patch[bool]          `json:"is_public,omitempty"`
	Services     httpapi.Patch[[]PlanService] `json:"services,omitempty" doc:"The whole list."`
	Products     httpapi.Patch[[]PlanProduct] `json:"products,omitempty" doc:"The whole list."`
}

func (p planPatch) apply(v *Plan) {
	v.Name, v.Slug, v.Currency, v.Description = p.Name.Or(v.Name), p.Slug.Or(v.Slug), p.Currency.Or(v.Currency), p.Description.OrPtr(v.Description)
	changed := p.Type.Or(v.Type) != v.Type
	v.Type, v.PriceMinor, v.Status = p.Type.Or(v.Type), p.PriceMinor.Or(v.PriceMinor), p.Status.Or(v.Status)
	v.Sessions, v.ValidityDays, v.WindowMonths = p.Sessions.OrPtr(v.Sessions), p.ValidityDays.OrPtr(v.ValidityDays), p.WindowMonths.OrPtr(v.WindowMonths)
	v.Telerehab, v.Library, v.IsPublic = p.Telerehab.Or(v.Telerehab), p.Library.Or(v.Library), p.IsPublic.Or(v.IsPublic)
	switch {
	case p.SharePct.Present && !p.SharePct.Null:
		v.SharePct = p.SharePct.Value
	case p.SharePct.Null || changed:
		v.SharePct = DefaultShare(v.Type)
	}
	v.Services, v.Products = p.Services.Or(v.Services), p.Products.Or(v.Products)
}

type publicPlansInput struct {
	page.Query
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
}

// publicPlan is what a visitor of the clinic's site may know of a plan.
type publicPlan struct {
	ID           string        `json:"id" format:"uuid"`
	Name         string        `json:"name"`
	Slug         string        `json:"slug"`
	Description  *string       `json:"description"`
	Type         string        `json:"type" enum:"session_based,time_based,hybrid"`
	PriceMinor   int64         `json:"price_minor"`
	Currency     string        `json:"currency"`
	Sessions     *int          `json:"session_count"`
	ValidityDays *int          `json:"validity_days"`
	WindowMonths *int          `json:"window_months"`
	Telerehab    bool          `json:"telerehab_access"`
	Library      bool          `json:"library_access"`
	Services     []PlanService `json:"services" nullable:"false" doc:"Public services that the sessions pay for."`
}

func (c *Catalog) listPublicPlans(ctx context.Context, in *publicPlansInput) (page.Result[publicPlan], error) {
	shown := true
	r, err := c.Plans(ctx, FindPlans{Query: in.Query, Status: Published, IsPublic: &shown})
	return page.Map(r, func(p Plan) publicPlan {
		return publicPlan{
			ID: p.ID.String(), Name: p.Name, Slug: p.Slug, Description: p.Description, Type: p.Type, PriceMinor: p.PriceMinor, Currency: p.Currency,
			Sessions: p.Sessions, ValidityDays: p.ValidityDays, WindowMonths: p.WindowMonths, Telerehab: p.Telerehab, Library: p.Library,
			Services: append([]PlanService{}, p.Services...),
		}
	}), err
}
