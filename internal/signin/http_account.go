package signin

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/ratelimit"
)

type nothing struct{}

type deviceOutput struct {
	ID         string  `json:"id"`
	App        string  `json:"app,omitempty"`
	Device     string  `json:"device" doc:"Kind of device, for example Firefox on Linux."`
	IP         *string `json:"ip"`
	CreatedAt  string  `json:"created_at"`
	LastUsedAt string  `json:"last_used_at"`
	Current    bool    `json:"current"`
}

type deviceInput struct {
	ID string `path:"id"`
}

type handoffInput struct {
	Body struct {
		OrganizationID string `json:"organization_id" maxLength:"36"`
		App            string `json:"app" enum:"clinic,portal"`
	}
}

type handoffOutput struct {
	Code Secret `json:"code"`
	URL  Secret `json:"url" doc:"Open it on the other host within 30 seconds."`
}

type redeemInput struct {
	PageHeaders
	Body struct {
		Code Secret `json:"code" minLength:"1" maxLength:"200"`
	}
}

func (s *Service) sessionRoutes(api *httpapi.Server) {
	httpapi.Empty(api, own(http.MethodPost, "/v1/auth/logout-all", "log-out-everywhere", "Sign every device out", auth.MeSessions),
		func(ctx context.Context, _ *nothing) error { return s.EndAll(ctx) })
	httpapi.One(api, own(http.MethodGet, "/v1/me/login-sessions", "list-login-sessions", "List the devices that are signed in", auth.MeSessions),
		func(ctx context.Context, _ *nothing) ([]deviceOutput, error) {
			list, err := s.Devices(ctx)
			out := make([]deviceOutput, len(list))
			for i, d := range list {
				out[i] = deviceOutput{
					ID: d.ID.String(), App: string(d.App), Device: d.Agent, IP: nullable(d.IP), CreatedAt: outputTime(d.CreatedAt),
					LastUsedAt: outputTime(d.LastUsedAt), Current: d.Current,
				}
			}
			return out, err
		})
	httpapi.Empty(api, own(http.MethodDelete, "/v1/me/login-sessions", "end-other-login-sessions", "Sign the other devices out", auth.MeSessions),
		func(ctx context.Context, _ *nothing) error { return s.EndOthers(ctx) })
	httpapi.Empty(api, own(http.MethodDelete, "/v1/me/login-sessions/{id}", "end-login-session", "Sign one device out", auth.MeSessions, ErrSessionNotFound),
		func(ctx context.Context, in *deviceInput) error {
			id, err := ident.Parse[auth.LoginSession](in.ID)
			if err != nil || id.IsZero() {
				return ErrSessionNotFound
			}
			return s.EndDevice(ctx, id)
		})
	httpapi.One(api, own(http.MethodPost, "/v1/auth/handoff", "hand-off", "Take this device to another clinic's host", auth.MeSessions, ErrHandoffRefused),
		func(ctx context.Context, in *handoffInput) (handoffOutput, error) {
			org, err := ident.Parse[ident.Organization](in.Body.OrganizationID)
			if err != nil {
				return handoffOutput{}, apperror.ErrInvalid.At("body.organization_id", "is not an id")
			}
			h, err := s.HandOff(ctx, org, auth.App(in.Body.App))
			return handoffOutput(h), err
		})
	httpapi.One(api, open(http.MethodPost, "handoff/redeem", "redeem-handoff", "Sign the target host in with a handoff code", ratelimit.AuthRefresh, apperror.ErrUnauthorized),
		func(ctx context.Context, in *redeemInput) (loginOutput, error) {
			t, err := s.Redeem(ctx, in.Body.Code, in.org(), in.app(""))
			if err != nil {
				return loginOutput{}, err
			}
			return outputTokens(t), nil
		})
}

type changePasswordInput struct {
	Body struct {
		CurrentPassword Secret `json:"current_password" minLength:"1" maxLength:"1024"`
		Password        Secret `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type passwordInput struct {
	Body struct {
		Password Secret `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type activateInput struct {
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"12"`
	}
}

type enrolOutput struct {
	Secret Secret `json:"secret" doc:"Base32, for typing into a code app."`
	URL    Secret `json:"otpauth_url" doc:"For a QR code."`
}

type recoveryOutput struct {
	RecoveryCodes []Secret `json:"recovery_codes" doc:"Shown once."`
}

func (s *Service) credentialRoutes(api *httpapi.Server) {
	httpapi.Empty(api, own(http.MethodPost, "/v1/auth/password/change", "change-password", "Change the own password", auth.MeCredentials, ErrInvalidCredentials, ErrPasswordWeak),
		func(ctx context.Context, in *changePasswordInput) error {
			return s.ChangePassword(ctx, in.Body.CurrentPassword, in.Body.Password)
		})
	httpapi.One(api, own(http.MethodPost, "/v1/auth/totp/enrol", "enrol-totp", "Start to set up a code app", auth.MeCredentials, ErrTOTPExists, middleware.ErrMFARequired),
		func(ctx context.Context, _ *nothing) (enrolOutput, error) {
			e, err := s.EnrolTOTP(ctx)
			return enrolOutput(e), err
		})
	httpapi.One(api, own(http.MethodPost, "/v1/auth/totp/activate", "activate-totp", "Confirm the code app with its first code", auth.MeCredentials, ErrTOTPExists, ErrTOTPNotBegun, ErrInvalidCredentials),
		func(ctx context.Context, in *activateInput) (recoveryOutput, error) {
			codes, err := s.ActivateTOTP(ctx, in.Body.Code)
			return recoveryOutput{RecoveryCodes: codes}, err
		})
	httpapi.Empty(api, own(http.MethodPost, "/v1/auth/totp/disable", "disable-totp", "Remove the code app", auth.MeCredentials, ErrInvalidCredentials, middleware.ErrMFARequired),
		func(ctx context.Context, in *passwordInput) error { return s.DisableTOTP(ctx, in.Body.Password) })
}

type pageInput struct{ PageHeaders }

type ceremonyOutput struct {
	CeremonyID string          `json:"ceremony_id"`
	Options    json.RawMessage `json:"options" doc:"For navigator.credentials, as JSON."`
}

func outputCeremony(c Ceremony, err error) (ceremonyOutput, error) {
	return ceremonyOutput{CeremonyID: c.ID.String(), Options: c.Options}, err
}

type finishInput struct {
	Body struct {
		CeremonyID string         `json:"ceremony_id" maxLength:"36"`
		Credential map[string]any `json:"credential" doc:"The credential as PublicKeyCredential.toJSON writes it."`
		Name       string         `json:"name,omitempty" maxLength:"100"`
	}
}

// parts reads the id and the response; an id that is none names a ceremony that does not exist.
func (in *finishInput) parts() (ident.ID[Ceremony], json.RawMessage, error) {
	id, _ := ident.Parse[Ceremony](in.Body.CeremonyID)
	response, err := json.Marshal(in.Body.Credential)
	if err != nil {
		return id, nil, apperror.ErrInvalid.At("body.credential", "is not valid")
	}
	return id, response, nil
}

type passkeyOutput struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	RPID       string  `json:"rp_id" doc:"The domain that it works on."`
	CreatedAt  string  `json:"created_at"`
	LastUsedAt *string `json:"last_used_at"`
}

func outputPasskey(p Passkey) passkeyOutput {
	out := passkeyOutput{ID: p.ID.String(), Name: p.Name, RPID: p.RPID, CreatedAt: outputTime(p.CreatedAt)}
	if p.LastUsedAt != nil {
		used := outputTime(*p.LastUsedAt)
		out.LastUsedAt = &used
	}
	return out
}

func (s *Service) passkeyRoutes(api *httpapi.Server) {
	httpapi.One(api, own(http.MethodPost, "/v1/auth/passkeys/register/begin", "begin-passkey", "Start to add a passkey", auth.MeCredentials, middleware.ErrMFARequired),
		func(ctx context.Context, in *pageInput) (ceremonyOutput, error) {
			return outputCeremony(s.BeginRegister(ctx, in.app(""), in.Host))
		})
	httpapi.One(api, own(http.MethodPost, "/v1/auth/passkeys/register/finish", "finish-passkey", "Add the passkey", auth.MeCredentials, ErrPasskeyRefused),
		func(ctx context.Context, in *finishInput) (passkeyOutput, error) {
			id, response, err := in.parts()
			if err != nil {
				return passkeyOutput{}, err
			}
			p, err := s.FinishRegister(ctx, id, response, in.Body.Name)
			return outputPasskey(p), err
		})
	httpapi.One(api, own(http.MethodGet, "/v1/auth/passkeys", "list-passkeys", "List the own passkeys", auth.MeCredentials),
		func(ctx context.Context, _ *nothing) ([]passkeyOutput, error) {
			list, err := s.Passkeys(ctx)
			out := make([]passkeyOutput, len(list))
			for i, p := range list {
				out[i] = outputPasskey(p)
			}
			return out, err
		})
	httpapi.Empty(api, own(http.MethodDelete, "/v1/auth/passkeys/{id}", "remove-passkey", "Remove a passkey", auth.MeCredentials, ErrPasskeyNotFound),
		func(ctx context.Context, in *deviceInput) error {
			id, err := ident.Parse[Passkey](in.ID)
			if err != nil || id.IsZero() {
				return ErrPasskeyNotFound
			}
			return s.RemovePasskey(ctx, id)
		})
	httpapi.One(api, open(http.MethodPost, "passkeys/login/begin", "begin-passkey-login", "Start to sign in with a passkey", ratelimit.AuthLogin),
		func(ctx context.Context, in *pageInput) (ceremonyOutput, error) {
			return outputCeremony(s.BeginPasskeyLogin(ctx, in.app(""), in.Host))
		})
	httpapi.One(api, open(http.MethodPost, "passkeys/login/finish", "finish-passkey-login", "Sign in with a passkey", ratelimit.AuthLogin, ErrInvalidCredentials, middleware.ErrUserBlocked),
		func(ctx context.Context, in *finishInput) (loginOutput, error) {
			id, response, err := in.parts()
			if err != nil {
				return loginOutput{}, err
			}
			return outputLogin(s.FinishPasskeyLogin(ctx, id, response))
		})
}
