package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
)

func (s *Service) invitationRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/organizations/{id}/invitations", ID: "list-invitations", Tag: memberTag,
		Summary:  "List the invitations to the staff",
		Audience: httpapi.Member, Permission: auth.MemberRead, Errors: listErrors(middleware.ErrOrganizationNotFound),
	}, s.listInvitations)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/organizations/{id}/invitations/{invitationId}", ID: "revoke-invitation", Tag: memberTag,
		Summary:  "Withdraw an invitation; its link stops working at once",
		Audience: httpapi.Member, Permission: auth.MemberManage,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrInvitationNotFound},
	}, func(ctx context.Context, in *InvitationPath) error { return s.Revoke(ctx, in.ID, in.InvitationID) })
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/organizations/{id}/invitations/{invitationId}/resend", ID: "resend-invitation", Tag: memberTag,
		Summary:  "Send an invitation again, with a new link and its full time",
		Audience: httpapi.Member, Permission: auth.MemberManage,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrInvitationNotFound},
	}, func(ctx context.Context, in *InvitationPath) (invitationOutput, error) {
		i, err := s.Resend(ctx, in.ID, in.InvitationID)
		return invitationOf(i), err
	})
}

// InvitationPath is the invitation of a clinic that an endpoint is about.
type InvitationPath struct {
	ClinicPath
	InvitationID InvitationID `path:"invitationId" format:"uuid"`
}

type invitationOutput struct {
	ID        string    `json:"id" format:"uuid"`
	Email     string    `json:"email"`
	Role      string    `json:"role" enum:"specialist,customer_support,admin"`
	Status    string    `json:"status" enum:"open,expired,accepted,revoked"`
	InvitedBy *string   `json:"invited_by" doc:"Id of the person who invited."`
	ExpiresAt time.Time `json:"expires_at"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func invitationOf(i Invitation) invitationOutput {
	out := invitationOutput{
		ID: i.ID.String(), Email: i.Email, Role: string(i.Role), Status: i.State, ExpiresAt: i.ExpiresAt, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
	}
	if i.InvitedBy != nil {
		out.InvitedBy = idOrNull(*i.InvitedBy)
	}
	return out
}

type listInvitationsInput struct {
	ClinicPath
	page.Query
	Dates
	Status string `query:"status" enum:"open,expired,accepted,revoked"`
	Role   string `query:"role" enum:"specialist,customer_support,admin"`
	Search string `query:"search" maxLength:"200" doc:"Part of an address, at least 2 characters."`
}

func (s *Service) listInvitations(ctx context.Context, in *listInvitationsInput) (page.Result[invitationOutput], error) {
	none := page.Result[invitationOutput]{}
	w, err := in.Query.Check(invitationOrder())
	if err != nil {
		return none, err
	}
	f := InvitationFilter{State: in.Status, Role: in.Role, Created: in.created(), Updated: in.updated()}
	if f.Search, err = searchFrom(in.Search); err != nil {
		return none, err
	}
	r, err := s.Invitations(ctx, in.ID, f, w)
	return page.Map(r, invitationOf), err
}
