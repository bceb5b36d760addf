package identity

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
)

const memberTag = "Members"

func (s *Service) memberRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/organizations/{id}/members", ID: "list-members", Tag: memberTag,
		Summary:  "List the staff of a clinic; patients only when their role is asked for",
		Audience: httpapi.Member, Permission: auth.MemberRead, Errors: listErrors(middleware.ErrOrganizationNotFound),
	}, s.listMembers)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/organizations/{id}/members", ID: "add-member", Tag: memberTag,
		Summary:  "Add somebody to the staff: at once when the address has an account (200), else by invitation (201)",
		Audience: httpapi.Member, Permission: auth.MemberManage, Also: http.StatusCreated,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrAlreadyMember, ErrInvitationExists, ErrRoleNotAllowed, apperror.ErrInvalid},
	}, s.postMember)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/organizations/{id}/members/{userId}", ID: "update-member", Tag: memberTag,
		Summary:  "Change the role of a member of the staff, suspend or readmit",
		Audience: httpapi.Member, Permission: auth.MemberManage,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrMemberNotFound, ErrLastAdmin, ErrRoleNotAllowed, apperror.ErrInvalid},
	}, s.patchMember)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/organizations/{id}/members/{userId}", ID: "remove-member", Tag: memberTag,
		Summary:  "Remove a member of the staff",
		Audience: httpapi.Member, Permission: auth.MemberManage,
		Errors: []*apperror.Error{middleware.ErrOrganizationNotFound, ErrMemberNotFound, ErrLastAdmin},
	}, func(ctx context.Context, in *MemberPath) error { return s.RemoveMember(ctx, in.ID, in.UserID) })
}

// MemberPath is the member of a clinic that an endpoint is about.
type MemberPath struct {
	ClinicPath
	UserID ident.UserID `path:"userId" format:"uuid"`
}

type memberOutput struct {
	UserID         string     `json:"user_id" format:"uuid"`
	Name           string     `json:"name"`
	Email          string     `json:"email"`
	Role           string     `json:"role" enum:"patient,specialist,customer_support,admin"`
	Status         string     `json:"status" enum:"active,suspended"`
	LastActivityAt *time.Time `json:"last_activity_at"`
	JoinedAt       time.Time  `json:"joined_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
}

func memberOf(m Member) memberOutput {
	return memberOutput{
		UserID: m.UserID.String(), Name: m.Name, Email: m.Email, Role: string(m.Role), Status: m.Status,
		LastActivityAt: m.LastActivityAt, JoinedAt: m.JoinedAt, UpdatedAt: m.UpdatedAt,
	}
}

type listMembersInput struct {
	ClinicPath
	page.Query
	Dates
	Role   string `query:"role" enum:"patient,specialist,customer_support,admin"`
	RoleIn string `query:"role.in" maxLength:"100" doc:"Several roles, separated by commas."`
	Status string `query:"status" enum:"active,suspended"`
	Search string `query:"search" maxLength:"200" doc:"Part of a name or an address, at least 2 characters."`
}

func (s *Service) listMembers(ctx context.Context, in *listMembersInput) (page.Result[memberOutput], error) {
	none := page.Result[memberOutput]{}
	w, err := in.Query.Check(memberOrder())
	if err != nil {
		return none, err
	}
	f := MemberFilter{Status: in.Status, Created: in.created(), Updated: in.updated()}
	if f.Search, err = searchFrom(in.Search); err != nil {
		return none, err
	}
	if in.Role != "" {
		f.Roles = []auth.Role{auth.Role(in.Role)}
	}
	if in.RoleIn != "" {
		for _, role := range strings.Split(in.RoleIn, ",") {
			if r := auth.Role(role); !r.IsStaff() && r != auth.Patient {
				return none, apperror.ErrBadRequest.At("query.role.in", "names an unknown role")
			}
			if in.Role == "" || in.Role == role {
				f.Roles = append(f.Roles, auth.Role(role))
			}
		}
	}
	r, err := s.Members(ctx, in.ID, f, w)
	return page.Map(r, memberOf), err
}

type postMemberInput struct {
	ClinicPath
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254"`
		Role  string `json:"role" maxLength:"40" doc:"specialist, customer_support or admin"`
	}
}

// addedOutput is a membership or an invitation; status tells which.
type addedOutput struct {
	Status       string     `json:"status" enum:"active,invited"`
	Email        string     `json:"email"`
	Role         string     `json:"role"`
	UserID       *string    `json:"user_id" doc:"Set with status active."`
	InvitationID *string    `json:"invitation_id" doc:"Set with status invited."`
	ExpiresAt    *time.Time `json:"expires_at" doc:"Set with status invited."`
}

// HTTPStatus implements httpapi.StatusOf.
func (o addedOutput) HTTPStatus() int {
	if o.InvitationID != nil {
		return http.StatusCreated
	}
	return http.StatusOK
}

// postMember echoes the address as it was sent: the account's own spelling is not the clinic's to learn before it is a member.
func (s *Service) postMember(ctx context.Context, in *postMemberInput) (addedOutput, error) {
	email := strings.TrimSpace(in.Body.Email)
	a, err := s.AddMember(ctx, in.ID, email, auth.Role(in.Body.Role))
	switch {
	case err != nil:
		return addedOutput{}, err
	case a.Invitation != nil:
		return addedOutput{
			Status: "invited", Email: a.Invitation.Email, Role: string(a.Invitation.Role), InvitationID: idOrNull(a.Invitation.ID),
			ExpiresAt: &a.Invitation.ExpiresAt,
		}, nil
	}
	return addedOutput{Status: StatusActive, Email: email, Role: string(a.Member.Role), UserID: idOrNull(a.Member.UserID)}, nil
}

type patchMemberInput struct {
	MemberPath
	Body struct {
		Role   string `json:"role,omitempty" maxLength:"40" doc:"specialist, customer_support or admin"`
		Status string `json:"status,omitempty" enum:"active,suspended"`
	}
}

func (s *Service) patchMember(ctx context.Context, in *patchMemberInput) (memberOutput, error) {
	m, err := s.ChangeMember(ctx, in.ID, in.UserID, MemberChange{Role: auth.Role(in.Body.Role), Status: in.Body.Status})
	return memberOf(m), err
}
