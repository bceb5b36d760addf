package catalog

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/specialist"
)

const (
	tag        = "Services"
	scopeRead  = "services:read"
	scopeWrite = "services:write"
)

func listErrors() []*apperror.Error {
	return []*apperror.Error{page.ErrSize, page.ErrSort, page.ErrFilter}
}

// Routes registers every endpoint of the package.
func (c *Catalog) Routes(api *httpapi.Server) {
	c.publicRoutes(api)
	const path = "/v1/services"
	changed := []*apperror.Error{ErrNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired}
	refused := []*apperror.Error{apperror.ErrInvalid, ErrCurrencyNotAllowed, organization.ErrSlugTaken}
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-services", Tag: tag, Scope: scopeRead,
		Summary:  "List the clinic's services; published ones only for patients",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: listErrors(),
	}, c.listServices)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-service", Tag: tag, Scope: scopeWrite,
		Summary:  "Add a service; without price it is on request, without length it is reached by call-back",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Status: http.StatusCreated, Errors: refused,
	}, c.createService)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-service", Tag: tag, Scope: scopeRead, Summary: "Read a service",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: []*apperror.Error{ErrNotFound},
	}, c.getService)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: path + "/{id}", ID: "update-service", Tag: tag, Scope: scopeWrite,
		Summary:  "Change a service (JSON Merge Patch); visits that are booked keep their price and length",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: append(refused, changed...),
	}, c.updateService)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "remove-service", Tag: tag, Scope: scopeWrite,
		Summary:  "Remove a service; visits that are booked stay",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: changed,
	}, c.removeService)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: path + "/{id}/specialists", ID: "set-service-specialists", Tag: tag, Scope: scopeWrite,
		Summary:  "Replace who offers a service, at which price and length",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Errors: append(changed, apperror.ErrInvalid),
	}, c.putOffers)
}

// offerWire is one specialist's offer on the wire.
type offerWire struct {
	SpecialistID specialist.ID `json:"specialist_id" format:"uuid"`
	Priority     int           `json:"priority" doc:"1 to 100, lower first."`
	Weight       int           `json:"weight" doc:"1 to 10: share of new visits where specialists take turns."`
	PriceMinor   *int64        `json:"custom_price_minor" doc:"Null is the service's price."`
	DurationMin  *int          `json:"custom_duration_min" doc:"Null is the service's length."`
	Active       bool          `json:"is_active"`
}

// offerInput is an offer as it is sent; pointers tell an absent member from a false or zero one.
type offerInput struct {
	SpecialistID specialist.ID `json:"specialist_id" format:"uuid"`
	Priority     *int          `json:"priority,omitempty" doc:"1 to 100, lower first; 50 when absent."`
	Weight       *int          `json:"weight,omitempty" doc:"1 to 10: share of new visits where specialists take turns; 1 when absent."`
	PriceMinor   *int64        `json:"custom_price_minor,omitempty" doc:"Absent or null is the service's price."`
	DurationMin  *int          `json:"custom_duration_min,omitempty" doc:"Absent or null is the service's length."`
	Active       *bool         `json:"is_active,omitempty" doc:"True when absent."`
}

func (in offerInput) offer() Offer {
	out := Offer{SpecialistID: in.SpecialistID, Priority: 50, Weight: 1, PriceMinor: in.PriceMinor, DurationMin: in.DurationMin, Active: true}
	if in.Priority != nil {
		out.Priority = *in.Priority
	}
	if in.Weight != nil {
		out.Weight = *in.Weight
	}
	if in.Active != nil {
		out.Active = *in.Active
	}
	return out
}

type serviceOutput struct {
	ID              string      `json:"id" format:"uuid"`
	Name            string      `json:"name"`
	Slug            string      `json:"slug"`
	Description     *string     `json:"description"`
	Category        string      `json:"category" enum:"consultation,therapy,examination,procedure"`
	SpecialtyID     *string     `json:"specialty_id" format:"uuid"`
	DurationMin     *int        `json:"duration_min"`
	BufferBeforeMin int         `json:"buffer_before_min"`
	BufferAfterMin  int         `json:"buffer_after_min"`
	PriceMinor      *int64      `json:"base_price_minor" doc:"Null is a price on request, 0 is free."`
	Currency        string      `json:"currency"`
	OnRequest       bool        `json:"on_request"`
	Free            bool        `json:"free"`
	Modality        []string    `json:"modality" nullable:"false"`
	IsAddon         bool        `json:"is_addon"`
	IsPublic        bool        `json:"is_public"`
	Published       bool        `json:"published"`
	SelfBook        bool        `json:"self_book"`
	RoomRequired    bool        `json:"room_required"`
	VideoURL        *string     `json:"video_url"`
	SortOrder       int         `json:"sort_order"`
	Specialists     []offerWire `json:"specialists" nullable:"false"`
	CreatedAt       time.Time   `json:"created_at"`
	UpdatedAt       time.Time   `json:"updated_at"`
	RowVersion      int64       `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o serviceOutput) Version() int64 { return o.RowVersion }

func outputOf(v Service) serviceOutput {
	out := serviceOutput{
		ID: v.ID.String(), Name: v.Name, Slug: v.Slug, Description: v.Description, Category: v.Category, SpecialtyID: textOf(v.SpecialtyID),
		DurationMin: v.DurationMin, BufferBeforeMin: v.BufferBeforeMin, BufferAfterMin: v.BufferAfterMin, PriceMinor: v.PriceMinor,
		Currency: v.Currency, OnRequest: v.PriceMinor == nil, Free: v.PriceMinor != nil && *v.PriceMinor == 0, Modality: v.Modality,
		IsAddon: v.IsAddon, IsPublic: v.IsPublic, Published: v.Published, SelfBook: v.SelfBook, RoomRequired: v.RoomRequired,
		VideoURL: v.VideoURL, SortOrder: v.SortOrder, Specialists: make([]offerWire, len(v.Offers)),
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, RowVersion: v.RowVersion,
	}
	for i, o := range v.Offers {
		out.Specialists[i] = offerWire{
			SpecialistID: o.SpecialistID, Priority: o.Priority, Weight: o.Weight, PriceMinor: o.PriceMinor, DurationMin: o.DurationMin, Active: o.Active,
		}
	}
	return out
}

func textOf[T any](id ident.ID[T]) *string {
	if id.IsZero() {
		return nil
	}
	text := id.String()
	return &text
}

type listServicesInput struct {
	page.Query
	Category     string `query:"category" enum:"consultation,therapy,examination,procedure"`
	SpecialtyID  string `query:"specialty_id" format:"uuid"`
	SpecialistID string `query:"specialist_id" format:"uuid" doc:"Services that this specialist offers."`
	Published    string `query:"published" enum:"true,false"`
	IsPublic     string `query:"is_public" enum:"true,false"`
	Search       string `query:"search" maxLength:"200" doc:"Part of a name; accents and capitals do not matter."`
}

// flag reads an optional boolean of a query; the edge has checked the two words.
func flag(word string) *bool {
	if word == "" {
		return nil
	}
	value := word == "true"
	return &value
}

// idOf reads an optional id of a query.
func idOf[T any](name, text string) (ident.ID[T], error) {
	if text == "" {
		return ident.ID[T]{}, nil
	}
	id, err := ident.Parse[T](text)
	if err != nil {
		return id, apperror.ErrBadRequest.At("query."+name, "expected an id")
	}
	return id, nil
}

func (c *Catalog) listServices(ctx context.Context, in *listServicesInput) (page.Result[serviceOutput], error) {
	f := Find{Query: in.Query, Category: in.Category, Published: flag(in.Published), IsPublic: flag(in.IsPublic), Search: in.Search}
	var err error
	if f.Specialty, err = idOf[specialist.Specialty]("specialty_id", in.SpecialtyID); err != nil {
		return page.Result[serviceOutput]{}, err
	}
	if f.Specialist, err = idOf[specialist.Specialist]("specialist_id", in.SpecialistID); err != nil {
		return page.Result[serviceOutput]{}, err
	}
	r, err := c.List(ctx, f)
	return page.Map(r, outputOf), err
}

// Path is the service that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type Path struct {
	ID ServiceID `path:"id" format:"uuid" doc:"Id of the service."`
}

func (c *Catalog) getService(ctx context.Context, in *Path) (serviceOutput, error) {
	v, err := c.Get(ctx, in.ID)
	return outputOf(v), err
}

type createServiceInput struct {
	Body struct {
		Name            string                 `json:"name" minLength:"1" maxLength:"200"`
		Slug            string                 `json:"slug,omitempty" maxLength:"80" doc:"Made from the name when absent."`
		Description     *string                `json:"description,omitempty" maxLength:"5000"`
		Category        string                 `json:"category" enum:"consultation,therapy,examination,procedure"`
		SpecialtyID     specialist.SpecialtyID `json:"specialty_id,omitempty" format:"uuid"`
		DurationMin     *int                   `json:"duration_min,omitempty" minimum:"5" maximum:"480"`
		BufferBeforeMin int                    `json:"buffer_before_min,omitempty" minimum:"0" maximum:"120"`
		BufferAfterMin  int                    `json:"buffer_after_min,omitempty" minimum:"0" maximum:"120"`
		PriceMinor      *int64                 `json:"base_price_minor,omitempty" minimum:"0" doc:"Absent is a price on request, 0 is free."`
		Currency        string                 `json:"currency,omitempty" maxLength:"3" doc:"The clinic's when absent."`
		Modality        []string               `json:"modality,omitempty" enum:"in_person,video,phone,home_visit" doc:"In person when absent."`
		IsAddon         bool                   `json:"is_addon,omitempty"`
		IsPublic        bool                   `json:"is_public,omitempty"`
		Published       bool                   `json:"published,omitempty"`
		SelfBook        bool                   `json:"self_book,omitempty"`
		RoomRequired    bool                   `json:"room_required,omitempty"`
		VideoURL        *string                `json:"video_url,omitempty" maxLength:"500"`
		SortOrder       int                    `json:"sort_order,omitempty" minimum:"0" maximum:"10000"`
	}
}

func (c *Catalog) createService(ctx context.Context, in *createServiceInput) (serviceOutput, error) {
	b := in.Body
	if len(b.Modality) == 0 {
		b.Modality = []string{"in_person"}
	}
	v, err := c.Create(ctx, Service{
		Name: b.Name, Slug: b.Slug, Description: b.Description, Category: b.Category, SpecialtyID: b.SpecialtyID, DurationMin: b.DurationMin,
		BufferBeforeMin: b.BufferBeforeMin, BufferAfterMin: b.BufferAfterMin, PriceMinor: b.PriceMinor, Currency: b.Currency, Modality: b.Modality,
		IsAddon: b.IsAddon, IsPublic: b.IsPublic, Published: b.Published, SelfBook: b.SelfBook, RoomRequired: b.RoomRequired,
		VideoURL: b.VideoURL, SortOrder: b.SortOrder,
	})
	return outputOf(v), err
}

type updateServiceInput struct {
	Path
	httpapi.IfMatch
	Body servicePatch
}

// servicePatch holds every member that may be changed; an absent one stays as it is.
type servicePatch struct {
	Name            httpapi.Patch[string]                 `json:"name,omitempty"`
	Slug            httpapi.Patch[string]                 `json:"slug,omitempty" doc:"Null makes it from the name again."`
	Description     httpapi.Patch[string]                 `json:"description,omitempty"`
	Category        httpapi.Patch[string]                 `json:"category,omitempty"`
	SpecialtyID     httpapi.Patch[specialist.SpecialtyID] `json:"specialty_id,omitempty"`
	DurationMin     httpapi.Patch[int]                    `json:"duration_min,omitempty"`
	BufferBeforeMin httpapi.Patch[int]                    `json:"buffer_before_min,omitempty"`
	BufferAfterMin  httpapi.Patch[int]                    `json:"buffer_after_min,omitempty"`
	PriceMinor      httpapi.Patch[int64]                  `json:"base_price_minor,omitempty" doc:"Null is a price on request, 0 is free."`
	Currency        httpapi.Patch[string]                 `json:"currency,omitempty" doc:"Null is the clinic's."`
	Modality        httpapi.Patch[[]string]               `json:"modality,omitempty"`
	IsAddon         httpapi.Patch[bool]                   `json:"is_addon,omitempty"`
	IsPublic        httpapi.Patch[bool]                   `json:"is_public,omitempty"`
	Published       httpapi.Patch[bool]                   `json:"published,omitempty"`
	SelfBook        httpapi.Patch[bool]                   `json:"self_book,omitempty"`
	RoomRequired    httpapi.Patch[bool]                   `json:"room_required,omitempty"`
	VideoURL        httpapi.Patch[string]                 `json:"video_url,omitempty"`
	SortOrder       httpapi.Patch[int]                    `json:"sort_order,omitempty"`
}

func (p servicePatch) apply(v *Service) {
	v.Name, v.Slug, v.Category, v.Currency = p.Name.Or(v.Name), p.Slug.Or(v.Slug), p.Category.Or(v.Category), p.Currency.Or(v.Currency)
	v.Description, v.VideoURL, v.SpecialtyID = p.Description.OrPtr(v.Description), p.VideoURL.OrPtr(v.VideoURL), p.SpecialtyID.Or(v.SpecialtyID)
	v.DurationMin, v.PriceMinor = p.DurationMin.OrPtr(v.DurationMin), p.PriceMinor.OrPtr(v.PriceMinor)
	v.BufferBeforeMin, v.BufferAfterMin = p.BufferBeforeMin.Or(v.BufferBeforeMin), p.BufferAfterMin.Or(v.BufferAfterMin)
	v.IsAddon, v.IsPublic, v.Published = p.IsAddon.Or(v.IsAddon), p.IsPublic.Or(v.IsPublic), p.Published.Or(v.Published)
	v.SelfBook, v.RoomRequired, v.SortOrder = p.SelfBook.Or(v.SelfBook), p.RoomRequired.Or(v.RoomRequired), p.SortOrder.Or(v.SortOrder)
	v.Modality = p.Modality.Or(v.Modality)
}

func (c *Catalog) updateService(ctx context.Context, in *updateServiceInput) (serviceOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return serviceOutput{}, err
	}
	v, err := c.Update(ctx, in.ID, expected, in.Body.apply)
	return outputOf(v), err
}

type removeServiceInput struct {
	Path
	httpapi.IfMatch
}

func (c *Catalog) removeService(ctx context.Context, in *removeServiceInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return c.Remove(ctx, in.ID, expected)
}

type putOffersInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		Specialists []offerInput `json:"specialists" nullable:"false" maxItems:"200"`
	}
}

func (c *Catalog) putOffers(ctx context.Context, in *putOffersInput) (serviceOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return serviceOutput{}, err
	}
	offers := make([]Offer, len(in.Body.Specialists))
	for i, o := range in.Body.Specialists {
		offers[i] = o.offer()
	}
	v, err := c.SetOffers(ctx, in.ID, expected, offers)
	return outputOf(v), err
}
