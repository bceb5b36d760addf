package signin

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/ratelimit"
)

type emailInput struct {
	PageHeaders
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254"`
	}
}

type codeInput struct {
	PageHeaders
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254"`
		Code  string `json:"code" minLength:"6" maxLength:"12"`
	}
}

type resetInput struct {
	Body struct {
		Token    Secret `json:"token" minLength:"1" maxLength:"200"`
		Password Secret `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type verifyInput struct {
	Body struct {
		Token Secret `json:"token" minLength:"1" maxLength:"200"`
	}
}

func (s *Service) mailRoutes(api *httpapi.Server) {
	httpapi.Empty(api, open(http.MethodPost, "code", "request-code", "Send a sign-in code by mail", ratelimit.AuthCode),
		func(ctx context.Context, in *emailInput) error {
			return s.RequestCode(ctx, in.Body.Email, in.app(""), in.org())
		})
	httpapi.One(api, open(http.MethodPost, "code/verify", "verify-code", "Sign in with a mailed code", ratelimit.AuthLogin, ErrInvalidCredentials),
		func(ctx context.Context, in *codeInput) (loginOutput, error) {
			return outputLogin(s.VerifyCode(ctx, ByCode{Email: in.Body.Email, Code: in.Body.Code, App: in.app("")}))
		})
	httpapi.Empty(api, open(http.MethodPost, "password/forgot", "forgot-password", "Send a link that sets a new password", ratelimit.AuthCode),
		func(ctx context.Context, in *emailInput) error {
			return s.RequestReset(ctx, in.Body.Email, in.app(""), in.org())
		})
	httpapi.Empty(api, open(http.MethodPost, "password/reset", "reset-password", "Set a new password with a mailed link", ratelimit.AuthCode, ErrLinkUsed, ErrPasswordWeak),
		func(ctx context.Context, in *resetInput) error {
			return s.ResetPassword(ctx, in.Body.Token, in.Body.Password)
		})
	httpapi.Empty(api, open(http.MethodPost, "email/verify", "verify-email", "Prove an address with a mailed link", ratelimit.AuthCode, ErrLinkUsed),
		func(ctx context.Context, in *verifyInput) error { return s.VerifyEmail(ctx, in.Body.Token) })
}

type invitationInput struct {
	Token Secret `path:"token" maxLength:"200"`
}

type invitationOutput struct {
	Email         string             `json:"email"`
	Role          string             `json:"role"`
	Organization  organizationOutput `json:"organization"`
	ExpiresAt     string             `json:"expires_at"`
	AccountExists bool               `json:"account_exists" doc:"The address can sign in already; no password is asked for."`
}

type organizationOutput struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

type acceptInput struct {
	PageHeaders
	Token Secret `path:"token" maxLength:"200"`
	Body  struct {
		NewPerson
	}
}

// NewPerson is what somebody who cannot sign in yet gives. It is exported because the edge reads embedded structs only then.
type NewPerson struct {
	Name     string `json:"name,omitempty" maxLength:"200"`
	Password Secret `json:"password,omitempty" maxLength:"1024"`
	Locale   string `json:"locale,omitempty" enum:"ro,en"`
}

type signupInput struct {
	PageHeaders
	Body struct {
		NewPerson
		InvitationToken Secret `json:"invitation_token" minLength:"1" maxLength:"200"`
	}
}

func (s *Service) invitationRoutes(api *httpapi.Server) {
	httpapi.One(api, open(http.MethodGet, "invitations/{token}", "get-invitation", "Read an invitation by its link", ratelimit.AuthCode, ErrInvitationExpired),
		func(ctx context.Context, in *invitationInput) (invitationOutput, error) {
			i, err := s.Invitation(ctx, in.Token)
			if err != nil {
				return invitationOutput{}, err
			}
			return invitationOutput{
				Email: i.Email, Role: string(i.Role), ExpiresAt: outputTime(i.ExpiresAt), AccountExists: i.AccountExists,
				Organization: organizationOutput{ID: i.OrganizationID.String(), Name: i.OrganizationName, Slug: i.OrganizationSlug},
			}, nil
		})
	httpapi.One(api, open(http.MethodPost, "invitations/{token}/accept", "accept-invitation", "Accept an invitation", ratelimit.AuthCode, ErrInvitationExpired, ErrPasswordWeak, middleware.ErrUserBlocked),
		func(ctx context.Context, in *acceptInput) (loginOutput, error) {
			return s.accept(ctx, in.Token, in.Body.NewPerson, in.app(""))
		})
	httpapi.One(api, open(http.MethodPost, "signup", "sign-up", "Make an account with an invitation", ratelimit.AuthCode, ErrInvitationExpired, ErrPasswordWeak, middleware.ErrUserBlocked),
		func(ctx context.Context, in *signupInput) (loginOutput, error) {
			return s.accept(ctx, in.Body.InvitationToken, in.Body.NewPerson, in.app(""))
		})
}

func (s *Service) accept(ctx context.Context, token Secret, p NewPerson, app auth.App) (loginOutput, error) {
	done, err := s.AcceptInvitation(ctx, Accept{Token: token, Name: p.Name, Password: p.Password, Locale: p.Locale, App: app})
	if err != nil {
		return loginOutput{}, err
	}
	if done.Tokens == nil {
		return loginOutput{Status: "accepted"}, nil
	}
	return outputTokens(*done.Tokens), nil
}

// wireTime is RFC 3339 with milliseconds (product/12 §1).
const wireTime = "2006-01-02T15:04:05.000Z"

func outputTime(t time.Time) string { return t.UTC().Format(wireTime) }
