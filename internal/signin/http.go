package signin

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/ratelimit"
)

// Routes registers every endpoint of the built-in issuer. With another identity driver none of them exists.
func (s *Service) Routes(api *httpapi.Server) {
	s.loginRoutes(api)
	s.mailRoutes(api)
	s.invitationRoutes(api)
	s.sessionRoutes(api)
	s.credentialRoutes(api)
	s.passkeyRoutes(api)
}

// open declares an endpoint that anybody may call: it gives out credentials, so its answers are never stored.
func open(method, path, id, summary, limit string, errs ...*apperror.Error) httpapi.Endpoint {
	return httpapi.Endpoint{
		Method: method, Path: "/v1/auth/" + path, ID: id, Summary: summary, Tag: "Sign-in", Audience: httpapi.Open,
		Permission: auth.AuthUse, Limit: limit, Credential: true, Errors: errs,
	}
}

// own declares an endpoint for the person's own credentials.
func own(method, path, id, summary string, permission auth.Permission, errs ...*apperror.Error) httpapi.Endpoint {
	return httpapi.Endpoint{
		Method: method, Path: path, ID: id, Summary: summary, Tag: "Sign-in", Audience: httpapi.SignedIn,
		Permission: permission, Limit: ratelimit.AuthAccount, Credential: true, Errors: errs,
	}
}

// PageHeaders is what the app says about the page that somebody signs in on. It is exported because the edge reads embedded
// structs only then.
type PageHeaders struct {
	App  string `header:"X-App" enum:"clinic,portal,console" doc:"The app that asks."`
	Org  string `header:"X-Organization-ID" doc:"The clinic of the page, a hint for links in mails."`
	Host string `header:"X-Forwarded-Host" doc:"The host of the page; it decides which passkeys fit."`
}

// org is the clinic of the page; something that is no id is none, because it is a hint here.
func (p PageHeaders) org() ident.OrgID {
	id, _ := ident.Parse[ident.Organization](p.Org)
	return id
}

func (p PageHeaders) app(named string) auth.App {
	if named != "" {
		return auth.App(named)
	}
	return auth.App(p.App)
}

type loginOutput struct {
	Status       string   `json:"status" enum:"ok,mfa_required,accepted" doc:"accepted: the invitation holds, now sign in."`
	AccessToken  Secret   `json:"access_token,omitempty"`
	RefreshToken Secret   `json:"refresh_token,omitempty"`
	ExpiresIn    int      `json:"expires_in,omitempty" doc:"Seconds that the access token lives."`
	UserID       string   `json:"user_id,omitempty"`
	MFAToken     Secret   `json:"mfa_token,omitempty" doc:"Ticket for the second step, good for five minutes and five tries."`
	Methods      []string `json:"methods,omitempty" doc:"What can take the second step: totp, recovery, passkey."`
}

func outputTokens(t Tokens) loginOutput {
	return loginOutput{
		Status: "ok", AccessToken: t.Access, RefreshToken: t.Refresh, ExpiresIn: int(t.ExpiresIn.Seconds()), UserID: t.UserID.String(),
	}
}

func outputLogin(l Login, err error) (loginOutput, error) {
	if err != nil {
		return loginOutput{}, err
	}
	if l.Tokens != nil {
		return outputTokens(*l.Tokens), nil
	}
	return loginOutput{Status: "mfa_required", MFAToken: l.Ticket, Methods: l.Methods}, nil
}

type loginInput struct {
	PageHeaders
	Body struct {
		Email    string `json:"email" minLength:"3" maxLength:"254"`
		Password Secret `json:"password" minLength:"1" maxLength:"1024"`
		App      string `json:"app,omitempty" enum:"clinic,portal,console"`
	}
}

type secondStepInput struct {
	Body struct {
		MFAToken Secret `json:"mfa_token" minLength:"1" maxLength:"200"`
		Code     string `json:"code" minLength:"6" maxLength:"64" doc:"Six digits of the code app, or a recovery code."`
	}
}

type refreshInput struct {
	Body struct {
		RefreshToken Secret `json:"refresh_token" minLength:"1" maxLength:"200"`
	}
}

func (s *Service) loginRoutes(api *httpapi.Server) {
	httpapi.One(api, open(http.MethodPost, "login", "log-in", "Sign in with a password", ratelimit.AuthLogin, ErrInvalidCredentials, middleware.ErrUserBlocked),
		func(ctx context.Context, in *loginInput) (loginOutput, error) {
			return outputLogin(s.LogIn(ctx, ByPassword{
				Email: in.Body.Email, Password: in.Body.Password, App: in.app(in.Body.App), OrgID: in.org(),
			}))
		})
	secondStep := func(ctx context.Context, in *secondStepInput) (loginOutput, error) {
		return outputLogin(s.SecondStep(ctx, in.Body.MFAToken, in.Body.Code))
	}
	httpapi.One(api, open(http.MethodPost, "totp/verify", "verify-totp", "Finish a sign-in with the code app", ratelimit.AuthLogin, ErrInvalidCredentials, middleware.ErrUserBlocked), secondStep)
	httpapi.One(api, open(http.MethodPost, "totp/recovery", "use-recovery-code", "Finish a sign-in with a recovery code", ratelimit.AuthLogin, ErrInvalidCredentials, middleware.ErrUserBlocked), secondStep)
	httpapi.One(api, open(http.MethodPost, "refresh", "refresh-tokens", "Replace a refresh token", ratelimit.AuthRefresh, apperror.ErrUnauthorized, middleware.ErrUserBlocked),
		func(ctx context.Context, in *refreshInput) (loginOutput, error) {
			t, err := s.Refresh(ctx, in.Body.RefreshToken)
			if err != nil {
				return loginOutput{}, err
			}
			return outputTokens(t), nil
		})
	httpapi.Empty(api, open(http.MethodPost, "logout", "log-out", "Sign this device out", ratelimit.AuthRefresh),
		func(ctx context.Context, in *refreshInput) error { return s.LogOut(ctx, in.Body.RefreshToken) })
}
