package catalog

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/specialist"
)

func (c *Catalog) publicRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/services", ID: "list-public-services", Tag: tag,
		Summary:  "List what the clinic offers to the public, with who offers it and at which price",
		Audience: httpapi.Public, Permission: auth.PublicRead, Errors: listErrors(),
	}, c.listPublicServices)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/specialists", ID: "list-public-specialists", Tag: tag,
		Summary:  "List the clinic's specialists, all or those who offer one public service",
		Audience: httpapi.Public, Permission: auth.PublicRead, Errors: append(listErrors(), apperror.ErrBadRequest),
	}, c.listPublicSpecialists)
}

// publicService is what a visitor of the clinic's site may know of a service.
type publicService struct {
	ID          string        `json:"id" format:"uuid"`
	Name        string        `json:"name"`
	Slug        string        `json:"slug"`
	Description *string       `json:"description"`
	Category    string        `json:"category" enum:"consultation,therapy,examination,procedure"`
	SpecialtyID *string       `json:"specialty_id" format:"uuid"`
	DurationMin *int          `json:"duration_min"`
	PriceMinor  *int64        `json:"price_minor" doc:"Null is a price on request, 0 is free."`
	Currency    string        `json:"currency"`
	OnRequest   bool          `json:"on_request"`
	Free        bool          `json:"free"`
	Modality    []string      `json:"modality" nullable:"false"`
	IsAddon     bool          `json:"is_addon" doc:"Never booked alone."`
	VideoURL    *string       `json:"video_url"`
	Specialists []publicOffer `json:"specialists" nullable:"false"`
}

type publicOffer struct {
	SpecialistID string `json:"specialist_id" format:"uuid"`
	PriceMinor   *int64 `json:"price_minor" doc:"Null is a price on request, 0 is free."`
	DurationMin  *int   `json:"duration_min"`
}

func publicOf(v Service) publicService {
	out := publicService{
		ID: v.ID.String(), Name: v.Name, Slug: v.Slug, Description: v.Description, Category: v.Category, SpecialtyID: textOf(v.SpecialtyID),
		DurationMin: v.DurationMin, PriceMinor: v.PriceMinor, Currency: v.Currency, OnRequest: v.PriceMinor == nil,
		Free: v.PriceMinor != nil && *v.PriceMinor == 0, Modality: v.Modality, IsAddon: v.IsAddon, VideoURL: v.VideoURL,
		Specialists: []publicOffer{},
	}
	for _, o := range v.Offers {
		out.Specialists = append(out.Specialists, publicOffer{
			SpecialistID: o.SpecialistID.String(), PriceMinor: firstOf(o.PriceMinor, v.PriceMinor), DurationMin: firstOf(o.DurationMin, v.DurationMin),
		})
	}
	return out
}

func firstOf[T any](own, general *T) *T {
	if own != nil {
		return own
	}
	return general
}

type publicServicesInput struct {
	page.Query
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
	Category     string `query:"category" enum:"consultation,therapy,examination,procedure"`
	SpecialtyID  string `query:"specialty_id" format:"uuid"`
	SpecialistID string `query:"specialist_id" format:"uuid"`
}

func (c *Catalog) listPublicServices(ctx context.Context, in *publicServicesInput) (page.Result[publicService], error) {
	shown := true
	f := Find{Query: in.Query, Category: in.Category, Published: &shown, IsPublic: &shown}
	var err error
	if f.Specialty, err = idOf[specialist.Specialty]("specialty_id", in.SpecialtyID); err != nil {
		return page.Result[publicService]{}, err
	}
	if f.Specialist, err = idOf[specialist.Specialist]("specialist_id", in.SpecialistID); err != nil {
		return page.Result[publicService]{}, err
	}
	r, err := c.List(ctx, f)
	return page.Map(r, publicOf), err
}

// publicSpecialist is what a visitor of the clinic's site may know of a specialist.
type publicSpecialist struct {
	ID           string   `json:"id" format:"uuid"`
	Name         string   `json:"name"`
	Title        *string  `json:"title"`
	Description  *string  `json:"description"`
	Slug         string   `json:"slug"`
	Timezone     *string  `json:"timezone" doc:"Null means that visits are arranged by call-back."`
	SpecialtyIDs []string `json:"specialty_ids" nullable:"false"`
}

type publicSpecialistsInput struct {
	page.Query
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
	ServiceID    string `query:"service_id" format:"uuid" doc:"Only those who offer this public service."`
}

func (c *Catalog) listPublicSpecialists(ctx context.Context, in *publicSpecialistsInput) (page.Result[publicSpecialist], error) {
	service, err := idOf[Service]("service_id", in.ServiceID)
	if err != nil {
		return page.Result[publicSpecialist]{}, err
	}
	r, err := c.Public(ctx, in.Query, service)
	return page.Map(r, func(p specialist.Specialist) publicSpecialist {
		out := publicSpecialist{
			ID: p.ID.String(), Name: p.Name, Title: p.Title, Description: p.Description, Slug: p.Slug, Timezone: p.Timezone,
			SpecialtyIDs: make([]string, len(p.SpecialtyIDs)),
		}
		for i, id := range p.SpecialtyIDs {
			out.SpecialtyIDs[i] = id.String()
		}
		return out
	}), err
}
