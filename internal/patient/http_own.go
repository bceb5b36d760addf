package patient

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/locale"
)

func (s *Service) ownRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/me/profile", ID: "get-own-profile", Tag: tag,
		Summary:  "Read the own record, which goes with the person from clinic to clinic",
		Audience: httpapi.Member, Permission: auth.ProfileRead, Errors: []*apperror.Error{ErrNotFound},
	}, func(ctx context.Context, _ *struct{}) (personOutput, error) {
		p, err := s.OwnRecord(ctx)
		return personOf(p, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/me/profile", ID: "update-own-profile", Tag: tag,
		Summary:  "Change the own record; what a clinic wrote itself stays as it is there",
		Audience: httpapi.Member, Permission: auth.ProfileUpdate,
		Errors: []*apperror.Error{ErrNotFound, ErrOwned, apperror.ErrInvalid, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.patchOwn)
}

type ownInput struct {
	httpapi.IfMatch
	Body struct {
		FirstName httpapi.Patch[string]     `json:"first_name,omitempty"`
		LastName  httpapi.Patch[string]     `json:"last_name,omitempty"`
		Email     httpapi.Patch[string]     `json:"email,omitempty"`
		Phone     httpapi.Patch[string]     `json:"phone,omitempty"`
		BirthDate httpapi.Patch[civil.Date] `json:"birth_date,omitempty"`
		Sex       httpapi.Patch[string]     `json:"sex,omitempty" doc:"female, male, other or unknown"`
		Locale    httpapi.Patch[string]     `json:"locale,omitempty" doc:"ro or en"`
		ProfilePatch
	}
}

func (s *Service) patchOwn(ctx context.Context, in *ownInput) (personOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return personOutput{}, err
	}
	b := in.Body
	p, err := s.UpdateOwn(ctx, expected, func(p *Person) error {
		p.FirstName, p.LastName, p.Email = b.FirstName.Or(p.FirstName), b.LastName.Or(p.LastName), b.Email.OrPtr(p.Email)
		p.BirthDate = b.BirthDate.Or(p.BirthDate)
		if b.Sex.Present {
			if p.Sex = b.Sex.Value; b.Sex.Null {
				p.Sex = SexUnknown
			}
		}
		if b.Locale.Present && !b.Locale.Null {
			tag, ok := locale.Parse(b.Locale.Value)
			if !ok {
				return apperror.ErrInvalid.At("body.locale", "must be ro or en")
			}
			p.Locale = tag
		}
		if err := phonePatch(b.Phone, &p.Phone, "body.phone"); err != nil {
			return err
		}
		return b.apply(&p.Health, "body")
	})
	return personOf(p, err)
}
