package specialist

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

func (s *Service) specialtyRoutes(api *httpapi.Server) {
	const path = "/v1/specialties"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-specialties", Tag: tag, Scope: scopeRead,
		Summary:  "List the clinic's specialties; active ones only for patients",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: listErrors(),
	}, s.listSpecialties)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-specialty", Tag: tag, Scope: scopeWrite, Summary: "Add a specialty",
		Audience: httpapi.Member, Permission: auth.CatalogManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{apperror.ErrInvalid, organization.ErrSlugTaken},
	}, s.createSpecialty)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path + "/{id}", ID: "get-specialty", Tag: tag, Scope: scopeRead, Summary: "Read a specialty",
		Audience: httpapi.Member, Permission: auth.CatalogRead, Errors: []*apperror.Error{ErrSpecialtyNotFound},
	}, s.getSpecialty)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: path + "/{id}", ID: "update-specialty", Tag: tag, Scope: scopeWrite,
		Summary:  "Change a specialty (JSON Merge Patch)",
		Audience: httpapi.Member, Permission: auth.CatalogManage,
		Errors: []*apperror.Error{
			ErrSpecialtyNotFound, apperror.ErrInvalid, organization.ErrSlugTaken, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired,
		},
	}, s.patchSpecialty)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{id}", ID: "remove-specialty", Tag: tag, Scope: scopeWrite,
		Summary:  "Remove a specialty that nobody has",
		Audience: httpapi.Member, Permission: auth.CatalogManage,
		Errors: []*apperror.Error{ErrSpecialtyNotFound, ErrSpecialtyInUse, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.deleteSpecialty)
}

type specialtyOutput struct {
	ID          string    `json:"id" format:"uuid"`
	Title       string    `json:"title"`
	Slug        string    `json:"slug"`
	Description *string   `json:"description"`
	SortOrder   int       `json:"sort_order"`
	Active      bool      `json:"active"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	RowVersion  int64     `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o specialtyOutput) Version() int64 { return o.RowVersion }

func specialtyOutputOf(y Specialty) specialtyOutput {
	return specialtyOutput{
		ID: y.ID.String(), Title: y.Title, Slug: y.Slug, Description: y.Description, SortOrder: y.SortOrder, Active: y.Active,
		CreatedAt: y.CreatedAt, UpdatedAt: y.UpdatedAt, RowVersion: y.RowVersion,
	}
}

type listSpecialtiesInput struct {
	page.Query
	Active string `query:"active" enum:"true,false"`
}

func (s *Service) listSpecialties(ctx context.Context, in *listSpecialtiesInput) (page.Result[specialtyOutput], error) {
	r, err := s.Specialties(ctx, FindSpecialties{Query: in.Query, Active: flag(in.Active)})
	return page.Map(r, specialtyOutputOf), err
}

// SpecialtyPath is the specialty that an endpoint is about.
type SpecialtyPath struct {
	ID SpecialtyID `path:"id" format:"uuid" doc:"Id of the specialty."`
}

func (s *Service) getSpecialty(ctx context.Context, in *SpecialtyPath) (specialtyOutput, error) {
	y, err := s.Specialty(ctx, in.ID)
	return specialtyOutputOf(y), err
}

type createSpecialtyInput struct {
	Body struct {
		Title       string  `json:"title" minLength:"1" maxLength:"120"`
		Slug        string  `json:"slug,omitempty" maxLength:"80" doc:"Made from the title when absent."`
		Description *string `json:"description,omitempty" maxLength:"5000"`
		SortOrder   int     `json:"sort_order,omitempty" minimum:"0" maximum:"10000"`
		Active      *bool   `json:"active,omitempty" doc:"True when absent."`
	}
}

func (s *Service) createSpecialty(ctx context.Context, in *createSpecialtyInput) (specialtyOutput, error) {
	b := in.Body
	y, err := s.CreateSpecialty(ctx, Specialty{
		Title: b.Title, Slug: b.Slug, Description: b.Description, SortOrder: b.SortOrder, Active: b.Active == nil || *b.Active,
	})
	return specialtyOutputOf(y), err
}

type patchSpecialtyInput struct {
	SpecialtyPath
	httpapi.IfMatch
	Body struct {
		Title       httpapi.Patch[string] `json:"title,omitempty"`
		Slug        httpapi.Patch[string] `json:"slug,omitempty" doc:"Null makes it from the title again."`
		Description httpapi.Patch[string] `json:"description,omitempty"`
		SortOrder   httpapi.Patch[int]    `json:"sort_order,omitempty"`
		Active      httpapi.Patch[bool]   `json:"active,omitempty"`
	}
}

func (s *Service) patchSpecialty(ctx context.Context, in *patchSpecialtyInput) (specialtyOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return specialtyOutput{}, err
	}
	b := in.Body
	y, err := s.UpdateSpecialty(ctx, in.ID, expected, func(y *Specialty) {
		y.Title, y.Slug, y.Description = b.Title.Or(y.Title), b.Slug.Or(y.Slug), b.Description.OrPtr(y.Description)
		y.SortOrder, y.Active = b.SortOrder.Or(y.SortOrder), b.Active.Or(y.Active)
	})
	return specialtyOutputOf(y), err
}

type deleteSpecialtyInput struct {
	SpecialtyPath
	httpapi.IfMatch
}

func (s *Service) deleteSpecialty(ctx context.Context, in *deleteSpecialtyInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return s.RemoveSpecialty(ctx, in.ID, expected)
}
