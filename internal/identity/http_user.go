package identity

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

func (s *Service) userRoutes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/admin/users", ID: "list-users", Tag: "Platform",
		Summary:  "List the people of the platform",
		Audience: httpapi.Platform, Permission: auth.UserAdminister, Errors: listErrors(),
	}, s.listUsers)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/admin/users/{id}", ID: "update-user", Tag: "Platform",
		Summary:  "Block or unblock a person; a block counts within a second",
		Audience: httpapi.Platform, Permission: auth.UserAdminister,
		Errors: []*apperror.Error{ErrUserNotFound, ErrSelfBlock, apperror.ErrInvalid},
	}, func(ctx context.Context, in *patchUserInput) (userOutput, error) {
		u, err := s.SetBlocked(ctx, in.ID, in.Body.Blocked, in.Body.Reason)
		return userOf(u), err
	})
}

type patchUserInput struct {
	ID   ident.UserID `path:"id" format:"uuid"`
	Body struct {
		Blocked bool   `json:"blocked"`
		Reason  string `json:"reason,omitempty" maxLength:"500" doc:"Required to block; only operators read it."`
	}
}

type userClinicOutput struct {
	ID     string `json:"id" format:"uuid"`
	Name   string `json:"name"`
	Slug   string `json:"slug"`
	Role   string `json:"role"`
	Status string `json:"status" enum:"active,suspended"`
}

type userOutput struct {
	ID              string             `json:"id" format:"uuid"`
	Email           string             `json:"email"`
	EmailVerifiedAt *time.Time         `json:"email_verified_at"`
	Name            string             `json:"name"`
	Locale          *string            `json:"locale"`
	PlatformRole    *string            `json:"platform_role"`
	BlockedAt       *time.Time         `json:"blocked_at"`
	BlockedReason   *string            `json:"blocked_reason"`
	LastActivityAt  *time.Time         `json:"last_activity_at"`
	Organizations   []userClinicOutput `json:"organizations" nullable:"false"`
	CreatedAt       time.Time          `json:"created_at"`
	UpdatedAt       time.Time          `json:"updated_at"`
}

func userOf(u User) userOutput {
	out := userOutput{
		ID: u.ID.String(), Email: u.Email, EmailVerifiedAt: u.EmailVerifiedAt, Name: u.Name, Locale: u.Locale, PlatformRole: u.PlatformRole,
		BlockedAt: u.BlockedAt, BlockedReason: u.BlockedReason, LastActivityAt: u.LastActivityAt, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
		Organizations: make([]userClinicOutput, len(u.Organizations)),
	}
	for i, c := range u.Organizations {
		out.Organizations[i] = userClinicOutput{ID: c.ID.String(), Name: c.Name, Slug: c.Slug, Role: string(c.Role), Status: c.Status}
	}
	return out
}

type listUsersInput struct {
	page.Query
	Dates
	Search         string      `query:"search" maxLength:"200" doc:"Part of a name or an address, at least 2 characters."`
	Blocked        string      `query:"blocked" enum:"true,false"`
	PlatformRole   string      `query:"platform_role" enum:"superadmin"`
	OrganizationID ident.OrgID `query:"organization_id" format:"uuid"`
}

func (s *Service) listUsers(ctx context.Context, in *listUsersInput) (page.Result[userOutput], error) {
	none := page.Result[userOutput]{}
	w, err := in.Query.Check(userOrder())
	if err != nil {
		return none, err
	}
	f := UserFilter{
		Blocked: flagFrom(in.Blocked), PlatformRole: in.PlatformRole, OrgID: in.OrganizationID, Created: in.created(), Updated: in.updated(),
	}
	if f.Search, err = searchFrom(in.Search); err != nil {
		return none, err
	}
	r, err := s.Users(ctx, f, w)
	return page.Map(r, userOf), err
}
