package organization

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
)

// ErrBadParameters refuses a look-up that names no clinic, or two.
var ErrBadParameters = apperror.New(apperror.BadRequest, "bad_parameters", "Send exactly one of slug and domain.")

func (s *Service) publicRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/organizations/resolve", ID: "resolve-organization", Tag: tag,
		Summary:  "Find an active clinic by its slug or by a verified domain",
		Audience: httpapi.Open, Permission: auth.PublicRead,
		Errors: []*apperror.Error{ErrBadParameters, ErrNotFound},
	}, s.resolveOrganization)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/policies", ID: "list-public-policies", Tag: tag,
		Summary:  "Read the newest published policies of a clinic",
		Audience: httpapi.Public, Permission: auth.PublicRead,
		Errors: []*apperror.Error{ErrNotFound, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listPolicies)
}

type resolveInput struct {
	Slug   string `query:"slug" doc:"The clinic's short address."`
	Domain string `query:"domain" doc:"A host name, without port."`
}

type brandingOutput struct {
	ColorPrimary *string `json:"color_primary"`
	ColorAccent  *string `json:"color_accent"`
}

// publicOrganization is what a visitor of the clinic's site may know.
type publicOrganization struct {
	ID           string         `json:"id" format:"uuid"`
	Slug         string         `json:"slug"`
	Name         string         `json:"name"`
	Branding     brandingOutput `json:"branding"`
	LanguageCode string         `json:"language_code"`
	Timezone     string         `json:"timezone"`
	Currency     string         `json:"currency"`
	Features     Features       `json:"features"`
	EmbedOrigins []string       `json:"embed_origins" nullable:"false" doc:"https origins that may show the booking page in a frame."`
	Tagline      *string        `json:"tagline"`
	Email        *string        `json:"email"`
	Phone        *string        `json:"phone"`
	Website      *string        `json:"website"`
	AddressLine  *string        `json:"address_line"`
	Locality     *string        `json:"locality"`
	County       *string        `json:"county"`
	PostalCode   *string        `json:"postal_code"`
	Country      string         `json:"country"`
}

func (s *Service) resolveOrganization(ctx context.Context, in *resolveInput) (publicOrganization, error) {
	if (in.Slug == "") == (in.Domain == "") {
		return publicOrganization{}, ErrBadParameters
	}
	find, name := s.Resolve, in.Slug
	if in.Domain != "" {
		find, name = s.ResolveDomain, in.Domain
	}
	o, err := find(ctx, name)
	if err != nil {
		return publicOrganization{}, err
	}
	return publicOrganization{
		ID: o.ID.String(), Slug: o.Slug, Name: o.Name, Branding: brandingOutput{o.ColorPrimary, o.ColorAccent},
		LanguageCode: o.LanguageCode, Timezone: o.Timezone, Currency: o.Currency, Features: o.Features, EmbedOrigins: o.EmbedOrigins,
		Tagline: o.Tagline, Email: o.Email, Phone: o.Phone, Website: o.Website, AddressLine: o.AddressLine,
		Locality: o.Locality, County: o.County, PostalCode: o.PostalCode, Country: o.Country,
	}, nil
}

type listPoliciesInput struct {
	page.Query
	Organization string `query:"organization" doc:"Slug of the clinic, where headers cannot be set."`
	ConsentType  string `query:"consent_type" maxLength:"40"`
	LanguageCode string `query:"language_code" maxLength:"2"`
}

type policyOutput struct {
	ID             string     `json:"id" format:"uuid"`
	ConsentType    string     `json:"consent_type"`
	Version        int        `json:"version"`
	LanguageCode   string     `json:"language_code"`
	Title          string     `json:"title"`
	Markdown       string     `json:"markdown"`
	ContentHash    string     `json:"content_hash" doc:"SHA-256 of title, a line feed and markdown, in hex: what a consent refers to."`
	RequiresResign bool       `json:"requires_resign"`
	PublishedAt    *time.Time `json:"published_at"`
}

func (s *Service) listPolicies(ctx context.Context, in *listPoliciesInput) (page.Result[policyOutput], error) {
	r, err := s.Policies(ctx, FindPolicies{Query: in.Query, ConsentType: in.ConsentType, LanguageCode: in.LanguageCode})
	return page.Map(r, func(p Policy) policyOutput {
		return policyOutput{
			ID: p.ID.String(), ConsentType: p.ConsentType, Version: p.Version, LanguageCode: p.LanguageCode, Title: p.Title,
			Markdown: p.Markdown, ContentHash: hex.EncodeToString(p.ContentHash), RequiresResign: p.RequiresResign, PublishedAt: p.PublishedAt,
		}
	}), err
}
