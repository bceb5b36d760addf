package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
)

func (s *Service) impersonationRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients/{id}/impersonate", ID: "start-impersonation", Tag: "Impersonation",
		Summary:  "Act as a patient for an hour; the id is the user id of a member with the role patient",
		Audience: httpapi.Member, Permission: auth.ImpersonationStart, Status: http.StatusCreated, Credential: true,
		Errors: []*apperror.Error{ErrPatientNotFound, ErrReasonTooShort, apperror.ErrRateLimited, apperror.ErrInvalid},
	}, s.postImpersonation)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/impersonations/{id}", ID: "end-impersonation", Tag: "Impersonation",
		Summary:  "Stop acting as a patient; the token is refused from the next request on",
		Audience: httpapi.Member, Permission: auth.ImpersonationEnd, Impersonation: "always",
		Errors: []*apperror.Error{ErrImpersonationNotFound},
	}, func(ctx context.Context, in *impersonationPath) error { return s.EndImpersonation(ctx, in.ID) })
}

type impersonationPath struct {
	ID ImpersonationID `path:"id" format:"uuid"`
}

type postImpersonationInput struct {
	ID   ident.UserID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" maxLength:"500" doc:"At least 10 characters; the patient can read it."`
		Mode   string `json:"mode,omitempty" enum:"view,assist" doc:"view reads; assist may save form values too. view when absent."`
	}
}

type startedOutput struct {
	Token           string    `json:"token" doc:"Shown once; valid for an hour, never renewed."`
	UserID          string    `json:"user_id" format:"uuid"`
	ExpiresAt       time.Time `json:"expires_at"`
	ImpersonationID string    `json:"impersonation_id" format:"uuid"`
}

func (s *Service) postImpersonation(ctx context.Context, in *postImpersonationInput) (startedOutput, error) {
	mode := in.Body.Mode
	if mode == "" {
		mode = ModeView
	}
	i, err := s.Impersonate(ctx, in.ID, mode, in.Body.Reason)
	return startedOutput{Token: i.Token, UserID: i.Target.String(), ExpiresAt: i.ExpiresAt, ImpersonationID: i.ID.String()}, err
}
