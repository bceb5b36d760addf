package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
)

const breakGlassTag = "Break-glass"

func (s *Service) breakGlassRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/admin/break-glass", ID: "open-break-glass", Tag: breakGlassTag,
		Summary:  "Open a clinic for at most an hour; the clinic is told before anything can be read",
		Audience: httpapi.Platform, Permission: auth.BreakGlassOpen, Status: http.StatusCreated,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrReasonTooShort, apperror.ErrInvalid},
	}, func(ctx context.Context, in *postGrantInput) (grantOutput, error) {
		g, err := s.OpenGrant(ctx, in.Body.OrganizationID, in.Body.Reason, in.Body.TTLMinutes)
		return grantOf(g), err
	})
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/admin/break-glass", ID: "list-break-glass", Tag: breakGlassTag,
		Summary:  "List the grants of all clinics",
		Audience: httpapi.Platform, Permission: auth.BreakGlassRead, Errors: listErrors(),
	}, s.listAllGrants)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/admin/break-glass/{id}", ID: "end-break-glass", Tag: breakGlassTag,
		Summary:  "End a grant before its time: an operator, or an administrator of the clinic",
		Audience: httpapi.Member, Permission: auth.BreakGlassEnd, Errors: []*apperror.Error{ErrGrantNotFound},
	}, func(ctx context.Context, in *grantPath) error { return s.EndGrant(ctx, in.ID) })
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/organizations/{id}/break-glass", ID: "list-clinic-break-glass", Tag: breakGlassTag,
		Summary:  "List who was let into the clinic, when and why",
		Audience: httpapi.Member, Permission: auth.BreakGlassRead, Errors: listErrors(middleware.ErrOrganizationNotFound),
	}, s.listClinicGrants)
}

type grantPath struct {
	ID GrantID `path:"id" format:"uuid"`
}

type postGrantInput struct {
	Body struct {
		OrganizationID ident.OrgID `json:"organization_id" format:"uuid"`
		Reason         string      `json:"reason" maxLength:"500" doc:"At least 20 characters; the clinic reads it."`
		TTLMinutes     int         `json:"ttl_minutes" minimum:"1" maximum:"60"`
	}
}

type grantOutput struct {
	ID             string     `json:"id" format:"uuid"`
	OrganizationID string     `json:"organization_id" format:"uuid"`
	ActorUserID    string     `json:"actor_user_id" format:"uuid"`
	ActorName      string     `json:"actor_name"`
	Reason         string     `json:"reason"`
	TTLMinutes     int        `json:"ttl_minutes"`
	Active         bool       `json:"active"`
	OpenedAt       time.Time  `json:"opened_at"`
	ExpiresAt      time.Time  `json:"expires_at"`
	EndedAt        *time.Time `json:"ended_at"`
	EndedBy        *string    `json:"ended_by"`
	CreatedAt      time.Time  `json:"created_at"`
}

func grantOf(g Grant) grantOutput {
	return grantOutput{
		ID: g.ID.String(), OrganizationID: g.OrgID.String(), ActorUserID: g.ActorUserID.String(), ActorName: g.ActorName, Reason: g.Reason,
		TTLMinutes: g.TTLMinutes, Active: g.Active, OpenedAt: g.OpenedAt, ExpiresAt: g.ExpiresAt, EndedAt: g.EndedAt,
		EndedBy: idOrNull(g.EndedBy), CreatedAt: g.CreatedAt,
	}
}

// GrantQuery holds the filters of both lists of grants.
type GrantQuery struct {
	page.Query
	Dates
	Active string `query:"active" enum:"true,false"`
}

func (q GrantQuery) filter() GrantFilter {
	return GrantFilter{Active: flagFrom(q.Active), Created: q.created(), Updated: q.updated()}
}

type listAllGrantsInput struct {
	GrantQuery
	OrganizationID ident.OrgID `query:"organization_id" format:"uuid"`
}

func (s *Service) listAllGrants(ctx context.Context, in *listAllGrantsInput) (page.Result[grantOutput], error) {
	w, err := in.Query.Check(grantOrder())
	if err != nil {
		return page.Result[grantOutput]{}, err
	}
	f := in.filter()
	f.OrgID = in.OrganizationID
	r, err := s.Grants(ctx, f, w)
	return page.Map(r, grantOf), err
}

type listClinicGrantsInput struct {
	ClinicPath
	GrantQuery
}

func (s *Service) listClinicGrants(ctx context.Context, in *listClinicGrantsInput) (page.Result[grantOutput], error) {
	w, err := in.Query.Check(grantOrder())
	if err != nil {
		return page.Result[grantOutput]{}, err
	}
	r, err := s.ClinicGrants(ctx, in.ID, in.filter(), w)
	return page.Map(r, grantOf), err
}
