package specialist

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
)

// Routes registers every endpoint of the package.
func (s *Service) Routes(api *httpapi.Server) {
	s.specialtyRoutes(api)
	s.specialistRoutes(api)
}

const (
	tag        = "Specialists"
	scopeRead  = "specialists:read"
	scopeWrite = "specialists:write"
)

func listErrors() []*apperror.Error {
	return []*apperror.Error{page.ErrSize, page.ErrSort, page.ErrFilter}
}

func (s *Service) specialistRoutes(api *httpapi.Server) {
	const path = "/v1/specialists"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-specialists", Tag: tag, Scope: scopeRead,
		Summary:  "List the clinic's specialists; login, contact and stamp for its staff only",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: listErrors(),
	}, s.listSpecialists)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-specialist", Tag: tag, Scope: scopeWrite, Summary: "Add a specialist, with or without a login",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{apperror.ErrInvalid, ErrTimezoneUnknown, ErrUserLinked, organization.ErrSlugTaken},
	}, s.createSpecialist)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-specialist", Tag: tag, Scope: scopeRead, Summary: "Read a specialist",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: []*apperror.Error{ErrNotFound},
	}, s.getSpecialist)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: path + "/{id}", ID: "update-specialist", Tag: tag, Scope: scopeWrite,
		Summary:  "Change a specialist (JSON Merge Patch)",
		Audience: httpapi.Member, Permission: auth.CatalogManage,
		Errors: []*apperror.Error{
			ErrNotFound, apperror.ErrInvalid, ErrTimezoneUnknown, ErrUserLinked, organization.ErrSlugTaken,
			apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired,
		},
	}, s.updateSpecialist)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "remove-specialist", Tag: tag, Scope: scopeWrite,
		Summary:  "Remove a specialist without visits to come; past visits keep the name",
		Audience: httpapi.Member, Permission: auth.CatalogManage,
		Errors: []*apperror.Error{ErrNotFound, ErrHasFutureAppointments, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.removeSpecialist)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: path + "/{id}/specialties", ID: "set-specialties", Tag: tag, Scope: scopeWrite,
		Summary:  "Replace what a specialist practises",
		Audience: httpapi.Member, Permission: auth.CatalogManage,
		Errors: []*apperror.Error{ErrNotFound, apperror.ErrInvalid, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.putSpecialties)
}

type specialistOutput struct {
	ID              string    `json:"id" format:"uuid"`
	UserID          *string   `json:"user_id" format:"uuid" doc:"The login; null for patients."`
	Name            string    `json:"name"`
	Title           *string   `json:"title"`
	Description     *string   `json:"description"`
	Slug            string    `json:"slug"`
	Email           *string   `json:"email" doc:"Null for patients."`
	Phone           *string   `json:"phone" doc:"E.164; null for patients."`
	StampNumber     *string   `json:"stamp_number" doc:"Null for patients."`
	Timezone        *string   `json:"scheduling_timezone" doc:"Zone of the working hours; null means that the public is offered nothing."`
	Active          bool      `json:"scheduling_active"`
	BufferBeforeMin int       `json:"buffer_before_min"`
	BufferAfterMin  int       `json:"buffer_after_min"`
	Colour          *string   `json:"colour"`
	SpecialtyIDs    []string  `json:"specialty_ids" nullable:"false"`
	CreatedAt       time.Time `json:"created_at"`
	UpdatedAt       time.Time `json:"updated_at"`
	RowVersion      int64     `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o specialistOutput) Version() int64 { return o.RowVersion }

func outputOf(p Specialist) specialistOutput {
	out := specialistOutput{
		ID: p.ID.String(), Name: p.Name, Title: p.Title, Description: p.Description, Slug: p.Slug, Email: p.Email, Phone: p.Phone,
		StampNumber: p.StampNumber, Timezone: p.Timezone, Active: p.Active, BufferBeforeMin: p.BufferBeforeMin,
		BufferAfterMin: p.BufferAfterMin, Colour: p.Colour, SpecialtyIDs: make([]string, len(p.SpecialtyIDs)),
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, RowVersion: p.RowVersion,
	}
	if !p.UserID.IsZero() {
		user := p.UserID.String()
		out.UserID = &user
	}
	for i, id := range p.SpecialtyIDs {
		out.SpecialtyIDs[i] = id.String()
	}
	return out
}

type listSpecialistsInput struct {
	page.Query
	Active      string `query:"scheduling_active" enum:"true,false"`
	SpecialtyID string `query:"specialty_id" format:"uuid"`
	Search      string `query:"search" maxLength:"200" doc:"Part of a name; accents and capitals do not matter."`
}

// flag reads an optional boolean of a query; the edge has checked the two words.
func flag(word string) *bool {
	if word == "" {
		return nil
	}
	value := word == "true"
	return &value
}

func (s *Service) listSpecialists(ctx context.Context, in *listSpecialistsInput) (page.Result[specialistOutput], error) {
	f := Find{Query: in.Query, Active: flag(in.Active), Search: in.Search}
	if in.SpecialtyID != "" {
		id, err := ident.Parse[Specialty](in.SpecialtyID)
		if err != nil {
			return page.Result[specialistOutput]{}, apperror.ErrBadRequest.At("query.specialty_id", "expected an id")
		}
		f.Specialty = id
	}
	r, err := s.List(ctx, f)
	return page.Map(r, outputOf), err
}

// Path is the specialist that an endpoint is about. It is exported because embedded path fields are part of what makes two keyed
// requests equal.
type Path struct {
	ID ID `path:"id" format:"uuid" doc:"Id of the specialist."`
}

func (s *Service) getSpecialist(ctx context.Context, in *Path) (specialistOutput, error) {
	p, err := s.Get(ctx, in.ID)
	return outputOf(p), err
}

type createSpecialistInput struct {
	Body struct {
		Name            string        `json:"name" minLength:"1" maxLength:"200"`
		Title           *string       `json:"title,omitempty" maxLength:"120"`
		Description     *string       `json:"description,omitempty" maxLength:"5000"`
		Slug            string        `json:"slug,omitempty" maxLength:"80" doc:"Made from the name when absent."`
		UserID          ident.UserID  `json:"user_id,omitempty" format:"uuid" doc:"Somebody of the clinic's staff who signs in as this specialist."`
		Email           *string       `json:"email,omitempty" maxLength:"254"`
		Phone           *string       `json:"phone,omitempty" maxLength:"40"`
		StampNumber     *string       `json:"stamp_number,omitempty" maxLength:"120"`
		Timezone        *string       `json:"scheduling_timezone,omitempty" maxLength:"64" doc:"IANA name."`
		Active          *bool         `json:"scheduling_active,omitempty" doc:"True when absent."`
		BufferBeforeMin int           `json:"buffer_before_min,omitempty" minimum:"0" maximum:"120"`
		BufferAfterMin  int           `json:"buffer_after_min,omitempty" minimum:"0" maximum:"120"`
		Colour          *string       `json:"colour,omitempty" maxLength:"7" doc:"#rrggbb"`
		SpecialtyIDs    []SpecialtyID `json:"specialty_ids,omitempty" maxItems:"50"`
	}
}

func (s *Service) createSpecialist(ctx context.Context, in *createSpecialistInput) (specialistOutput, error) {
	b := in.Body
	p, err := s.Create(ctx, Specialist{
		Name: b.Name, Title: b.Title, Description: b.Description, Slug: b.Slug, UserID: b.UserID, Email: b.Email, Phone: b.Phone,
		StampNumber: b.StampNumber, Timezone: b.Timezone, Active: b.Active == nil || *b.Active, BufferBeforeMin: b.BufferBeforeMin,
		BufferAfterMin: b.BufferAfterMin, Colour: b.Colour, SpecialtyIDs: b.SpecialtyIDs,
	})
	return outputOf(p), err
}

type updateSpecialistInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		Name            httpapi.Patch[string]       `json:"name,omitempty"`
		Title           httpapi.Patch[string]       `json:"title,omitempty"`
		Description     httpapi.Patch[string]       `json:"description,omitempty"`
		Slug            httpapi.Patch[string]       `json:"slug,omitempty" doc:"Null makes it from the name again."`
		UserID          httpapi.Patch[ident.UserID] `json:"user_id,omitempty" doc:"Null ends the link to the login."`
		Email           httpapi.Patch[string]       `json:"email,omitempty"`
		Phone           httpapi.Patch[string]       `json:"phone,omitempty"`
		StampNumber     httpapi.Patch[string]       `json:"stamp_number,omitempty"`
		Timezone        httpapi.Patch[string]       `json:"scheduling_timezone,omitempty"`
		Active          httpapi.Patch[bool]         `json:"scheduling_active,omitempty"`
		BufferBeforeMin httpapi.Patch[int]          `json:"buffer_before_min,omitempty"`
		BufferAfterMin  httpapi.Patch[int]          `json:"buffer_after_min,omitempty"`
		Colour          httpapi.Patch[string]       `json:"colour,omitempty"`
	}
}

func (s *Service) updateSpecialist(ctx context.Context, in *updateSpecialistInput) (specialistOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return specialistOutput{}, err
	}
	b := in.Body
	p, err := s.Update(ctx, in.ID, expected, func(p *Specialist) {
		p.Name, p.Slug, p.UserID, p.Active = b.Name.Or(p.Name), b.Slug.Or(p.Slug), b.UserID.Or(p.UserID), b.Active.Or(p.Active)
		p.Title, p.Description, p.Email = b.Title.OrPtr(p.Title), b.Description.OrPtr(p.Description), b.Email.OrPtr(p.Email)
		p.Phone, p.StampNumber = b.Phone.OrPtr(p.Phone), b.StampNumber.OrPtr(p.StampNumber)
		p.Timezone, p.Colour = b.Timezone.OrPtr(p.Timezone), b.Colour.OrPtr(p.Colour)
		p.BufferBeforeMin, p.BufferAfterMin = b.BufferBeforeMin.Or(p.BufferBeforeMin), b.BufferAfterMin.Or(p.BufferAfterMin)
	})
	return outputOf(p), err
}

type removeSpecialistInput struct {
	Path
	httpapi.IfMatch
}

func (s *Service) removeSpecialist(ctx context.Context, in *removeSpecialistInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return s.Remove(ctx, in.ID, expected)
}

type putSpecialtiesInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		SpecialtyIDs []SpecialtyID `json:"specialty_ids" nullable:"false" maxItems:"50"`
	}
}

func (s *Service) putSpecialties(ctx context.Context, in *putSpecialtiesInput) (specialistOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return specialistOutput{}, err
	}
	p, err := s.SetSpecialties(ctx, in.ID, expected, in.Body.SpecialtyIDs)
	return outputOf(p), err
}
