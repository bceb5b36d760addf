package organization

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
)

// Routes registers every endpoint of the package.
func (s *Service) Routes(api *httpapi.Server) {
	s.organizationRoutes(api)
	s.publicRoutes(api)
	s.domainRoutes(api)
	s.adminRoutes(api)
}

const tag = "Organizations"

func (s *Service) organizationRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/organizations", ID: "list-organizations", Tag: tag,
		Summary:  "List the clinics that you belong to; all of them for a superadmin",
		Audience: httpapi.SignedIn, Permission: auth.OrganizationList,
		Errors: []*apperror.Error{page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listOrganizations)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/organizations", ID: "create-organization", Tag: tag,
		Summary:  "Create a clinic with its settings, policies and the invitation of its first admin",
		Audience: httpapi.Platform, Permission: auth.OrganizationCreate, Status: http.StatusCreated,
		Errors: []*apperror.Error{ErrSlugTaken, ErrSlugInvalid, apperror.ErrInvalid},
	}, s.createOrganization)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/organizations/{id}", ID: "get-organization", Tag: tag,
		Summary:  "Read a clinic; settings and legal identity for its staff only",
		Audience: httpapi.Member, Permission: auth.OrganizationRead,
		Errors: []*apperror.Error{ErrNotFound},
	}, s.getOrganization)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/organizations/{id}", ID: "update-organization", Tag: tag,
		Summary:  "Change a clinic's face, legal identity and settings (JSON Merge Patch)",
		Audience: httpapi.Member, Permission: auth.OrganizationUpdate,
		Errors: []*apperror.Error{
			ErrNotFound, ErrContrast, ErrStatusReserved, apperror.ErrInvalid, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired,
		},
	}, s.updateOrganization)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/organizations/{id}", ID: "archive-organization", Tag: tag,
		Summary:  "Archive a clinic: nobody signs in to it and its addresses end; its data stay",
		Audience: httpapi.Platform, Permission: auth.OrganizationArchive,
		Errors: []*apperror.Error{ErrNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.archiveOrganization)
}

// organizationOutput is a clinic as its members see it.
type organizationOutput struct {
	ID           string             `json:"id" format:"uuid"`
	Slug         string             `json:"slug"`
	Name         string             `json:"name"`
	LegalName    *string            `json:"legal_name" doc:"Null for patients and in lists."`
	TaxID        *string            `json:"tax_id" doc:"Null for patients and in lists."`
	Tagline      *string            `json:"tagline"`
	Email        *string            `json:"email"`
	Phone        *string            `json:"phone"`
	Website      *string            `json:"website"`
	AddressLine  *string            `json:"address_line"`
	Locality     *string            `json:"locality"`
	County       *string            `json:"county"`
	PostalCode   *string            `json:"postal_code"`
	Country      string             `json:"country"`
	ColorPrimary *string            `json:"color_primary"`
	ColorAccent  *string            `json:"color_accent"`
	LanguageCode string             `json:"language_code"`
	Timezone     string             `json:"timezone"`
	Currency     string             `json:"currency"`
	Status       string             `json:"status" enum:"active,suspended,archived"`
	Settings     *organizationRules `json:"settings,omitempty" doc:"Absent for patients and in lists."`
	CreatedAt    time.Time          `json:"created_at"`
	UpdatedAt    time.Time          `json:"updated_at"`
	version      int64
}

// Version implements httpapi.Versioned.
func (o organizationOutput) Version() int64 { return o.version }

// organizationRules are the settings with the two public ones, features and embed_origins, that stand beside them in the database.
type organizationRules struct {
	Settings
	Features     Features `json:"features"`
	EmbedOrigins []string `json:"embed_origins" nullable:"false"`
}

func outputOf(o Organization) organizationOutput {
	out := organizationOutput{
		ID: o.ID.String(), Slug: o.Slug, Name: o.Name, LegalName: o.LegalName, TaxID: o.TaxID, Tagline: o.Tagline, Email: o.Email,
		Phone: o.Phone, Website: o.Website, AddressLine: o.AddressLine, Locality: o.Locality, County: o.County,
		PostalCode: o.PostalCode, Country: o.Country, ColorPrimary: o.ColorPrimary, ColorAccent: o.ColorAccent,
		LanguageCode: o.LanguageCode, Timezone: o.Timezone, Currency: o.Currency, Status: string(o.Status),
		CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, version: o.RowVersion,
	}
	if o.Settings != nil {
		out.Settings = &organizationRules{Settings: *o.Settings, Features: o.Features, EmbedOrigins: o.EmbedOrigins}
	}
	return out
}

type listOrganizationsInput struct {
	page.Query
	Status string `query:"status" enum:"active,suspended,archived"`
	Search string `query:"search" maxLength:"200" doc:"Part of a name or slug, at least 2 characters."`
}

func (s *Service) listOrganizations(ctx context.Context, in *listOrganizationsInput) (page.Result[organizationOutput], error) {
	r, err := s.List(ctx, Find{Query: in.Query, Status: Status(in.Status), Search: in.Search})
	return page.Map(r, outputOf), err
}

type createOrganizationInput struct {
	Body struct {
		Slug         string `json:"slug" doc:"Address of the clinic: 3 to 63 lower-case letters, digits and hyphens. It cannot be changed later."`
		Name         string `json:"name" minLength:"1" maxLength:"200"`
		LanguageCode string `json:"language_code,omitempty" doc:"ISO 639-1; en when absent."`
		Timezone     string `json:"timezone,omitempty" doc:"IANA name; Europe/Bucharest when absent."`
		AdminEmail   string `json:"admin_email" maxLength:"254" doc:"Who is invited as the first admin."`
	}
}

func (s *Service) createOrganization(ctx context.Context, in *createOrganizationInput) (organizationOutput, error) {
	n := NewOrganization{
		Slug: in.Body.Slug, Name: in.Body.Name, LanguageCode: in.Body.LanguageCode, Timezone: in.Body.Timezone, AdminEmail: in.Body.AdminEmail,
	}
	if n.LanguageCode == "" {
		n.LanguageCode = "en"
	}
	if n.Timezone == "" {
		n.Timezone = "Europe/Bucharest"
	}
	o, err := s.Create(ctx, n)
	return outputOf(o), err
}

// ClinicPath is the clinic that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type ClinicPath struct {
	ID ident.OrgID `path:"id" format:"uuid" doc:"Id of the clinic."`
}

func (s *Service) getOrganization(ctx context.Context, in *ClinicPath) (organizationOutput, error) {
	o, err := s.Get(ctx, in.ID)
	return outputOf(o), err
}

type archiveOrganizationInput struct {
	ClinicPath
	httpapi.IfMatch
}

func (s *Service) archiveOrganization(ctx context.Context, in *archiveOrganizationInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return s.Archive(ctx, in.ID, expected)
}
