package identity

import (
	"context"
	"net/http"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/middleware"
)

func (s *Service) meRoutes(api *httpapi.Server) {
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/me", ID: "get-me", Tag: "Me",
		Summary:  "Read the own account, its clinics, and the role in the clinic of the request",
		Audience: httpapi.SignedIn, Permission: auth.MeRead, Errors: []*apperror.Error{middleware.ErrNotMember},
	}, func(ctx context.Context, _ *nothing) (meOutput, error) {
		p, err := s.Me(ctx)
		return meOf(p), err
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/me", ID: "update-me", Tag: "Me",
		Summary:  "Change the own name and language (JSON Merge Patch)",
		Audience: httpapi.SignedIn, Permission: auth.MeUpdate, Errors: []*apperror.Error{apperror.ErrInvalid},
	}, s.patchMe)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: "/v1/me/switch-organization", ID: "switch-organization", Tag: "Me",
		Summary:  "Choose the clinic of requests that name none",
		Audience: httpapi.SignedIn, Permission: auth.MeUpdate, Errors: []*apperror.Error{middleware.ErrNotMember},
	}, func(ctx context.Context, in *switchInput) (belongingOutput, error) {
		b, err := s.SwitchOrganization(ctx, in.Body.OrganizationID)
		return belongingOf(b), err
	})
}

type switchInput struct {
	Body struct {
		OrganizationID ident.OrgID `json:"organization_id" format:"uuid"`
	}
}

type patchMeInput struct {
	Body struct {
		Name   httpapi.Patch[string] `json:"name,omitempty" doc:"At most 200 characters."`
		Locale httpapi.Patch[string] `json:"locale,omitempty" doc:"ro or en; null follows the device."`
	}
}

func (s *Service) patchMe(ctx context.Context, in *patchMeInput) (meOutput, error) {
	var c ProfileChange
	if in.Body.Name.Present {
		if len([]rune(in.Body.Name.Value)) > 200 {
			return meOutput{}, apperror.ErrInvalid.At("body.name", "has more than 200 characters")
		}
		c.Name = &in.Body.Name.Value
	}
	if in.Body.Locale.Present {
		if v := locale.Tag(in.Body.Locale.Value); !in.Body.Locale.Null && v != locale.Romanian && v != locale.English {
			return meOutput{}, apperror.ErrInvalid.At("body.locale", "expected ro or en")
		}
		c.Locale = &in.Body.Locale.Value
	}
	p, err := s.UpdateMe(ctx, c)
	return meOf(p), err
}

type organizationRef struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

type belongingOutput struct {
	ID    string   `json:"id" format:"uuid"`
	Slug  string   `json:"slug"`
	Name  string   `json:"name"`
	Roles []string `json:"roles" nullable:"false"`
}

type mfaOutput struct {
	Required          bool `json:"required" doc:"The clinic, or the platform, asks for a second step."`
	Verified          bool `json:"verified" doc:"This sign-in had one."`
	TOTP              bool `json:"totp"`
	Passkeys          int  `json:"passkeys"`
	RecoveryCodesLeft int  `json:"recovery_codes_left"`
}

type actingOutput struct {
	ID   string `json:"id" format:"uuid"`
	Mode string `json:"mode" enum:"view,assist"`
}

type meOutput struct {
	ID                  string            `json:"id" format:"uuid"`
	Email               string            `json:"email"`
	Name                string            `json:"name"`
	Locale              *string           `json:"locale"`
	Role                *string           `json:"role" doc:"Role in the clinic of the request; null without one."`
	PlatformRole        *string           `json:"platform_role"`
	CurrentOrganization *organizationRef  `json:"current_organization"`
	Organizations       []belongingOutput `json:"organizations" nullable:"false"`
	SpecialistID        *string           `json:"specialist_id"`
	PatientID           *string           `json:"patient_id"`
	CaregiverOf         []string          `json:"caregiver_of" nullable:"false"`
	MFA                 mfaOutput         `json:"mfa"`
	GatesPending        []string          `json:"gates_pending" nullable:"false"`
	Impersonation       *actingOutput     `json:"impersonation" doc:"Set while an administrator acts as this person."`
	BreakGlassID        *string           `json:"break_glass_id" doc:"The grant that the request reads under."`
}

func belongingOf(b Belonging) belongingOutput {
	return belongingOutput{ID: b.ID.String(), Slug: b.Slug, Name: b.Name, Roles: rolesOut(b.Roles)}
}

func meOf(p Profile) meOutput {
	out := meOutput{
		ID: p.ID.String(), Email: p.Email, Name: p.Name, Locale: p.Locale, PlatformRole: p.PlatformRole,
		Organizations: make([]belongingOutput, len(p.Organizations)), CaregiverOf: []string{}, GatesPending: []string{},
		MFA: mfaOutput{
			Required: p.MFARequired, Verified: p.Principal.MFA, TOTP: p.Factors.TOTP, Passkeys: p.Factors.Passkeys,
			RecoveryCodesLeft: p.Factors.RecoveryCodesLeft,
		},
		BreakGlassID: idOrNull(p.Principal.BreakGlassID),
	}
	for i, b := range p.Organizations {
		out.Organizations[i] = belongingOf(b)
		if b.ID == p.Principal.OrgID {
			out.CurrentOrganization = &organizationRef{ID: b.ID.String(), Name: b.Name, Slug: b.Slug}
		}
	}
	if !p.Principal.OrgID.IsZero() || p.Principal.Role == auth.Superadmin {
		role := string(p.Principal.Role)
		out.Role = &role
	}
	if !p.Principal.ImpersonationID.IsZero() {
		out.Impersonation = &actingOutput{ID: p.Principal.ImpersonationID.String(), Mode: p.Principal.ImpersonationMode}
		// Which other clinics the patient belongs to is none of this administrator's business.
		out.Organizations = []belongingOutput{}
		for _, b := range p.Organizations {
			if b.ID == p.Principal.OrgID {
				out.Organizations = append(out.Organizations, belongingOf(b))
			}
		}
		out.PlatformRole = nil
	}
	return out
}
