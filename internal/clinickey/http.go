package clinickey

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
)

// Routes registers every endpoint of the package.
func (s *Service) Routes(api *httpapi.Server) {
	s.integrationRoutes(api)
	s.accessKeyRoutes(api)
}

// clinicList asks for one page of a clinic's keys.
type clinicList struct {
	organization.ClinicPath
	page.Query
}

const tag = "Organizations"

func (s *Service) integrationRoutes(api *httpapi.Server) {
	const path = "/v1/organizations/{id}/api-keys"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-integrations", Tag: tag,
		Summary:  "List the services whose keys are kept; never the keys",
		Audience: httpapi.Member, Permission: auth.IntegrationManage,
		Errors: []*apperror.Error{organization.ErrNotFound, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listIntegrations)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "keep-integration", Tag: tag,
		Summary:  "Keep the key of another service, sealed, in place of an earlier one",
		Audience: httpapi.Member, Permission: auth.IntegrationManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{organization.ErrNotFound, apperror.ErrInvalid},
	}, s.keepIntegration)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{service}", ID: "forget-integration", Tag: tag, Summary: "Delete the key of a service",
		Audience: httpapi.Member, Permission: auth.IntegrationManage,
		Errors: []*apperror.Error{organization.ErrNotFound, ErrIntegrationNotFound},
	}, s.forgetIntegration)
}

type integrationOutput struct {
	Service   string    `json:"service"`
	Last4     string    `json:"last4" doc:"The last four characters of the key; stars for a short one."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func integrationOutputOf(i Integration) integrationOutput {
	return integrationOutput{Service: i.Service, Last4: i.Last4, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt}
}

func (s *Service) listIntegrations(ctx context.Context, in *clinicList) (page.Result[integrationOutput], error) {
	r, err := s.Integrations(ctx, in.ID, in.Query)
	return page.Map(r, integrationOutputOf), err
}

type keepIntegrationInput struct {
	organization.ClinicPath
	Body struct {
		Service string `json:"service" enum:"payments,sms,smtp,video,crm"`
		APIKey  string `json:"api_key" minLength:"8" maxLength:"2000" doc:"Sealed at once and never answered again."`
	}
}

func (s *Service) keepIntegration(ctx context.Context, in *keepIntegrationInput) (integrationOutput, error) {
	i, err := s.KeepKey(ctx, in.ID, in.Body.Service, in.Body.APIKey)
	return integrationOutputOf(i), err
}

type integrationPath struct {
	organization.ClinicPath
	Service string `path:"service" maxLength:"40"`
}

func (s *Service) forgetIntegration(ctx context.Context, in *integrationPath) error {
	return s.ForgetKey(ctx, in.ID, in.Service)
}

func (s *Service) accessKeyRoutes(api *httpapi.Server) {
	const path = "/v1/organizations/{id}/access-keys"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-access-keys", Tag: tag, Summary: "List the keys that call this API for the clinic",
		Audience: httpapi.Member, Permission: auth.AccessKeyManage,
		Errors: []*apperror.Error{organization.ErrNotFound, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listAccessKeys)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-access-key", Tag: tag, Summary: "Create a key; its secret is in this answer only",
		Audience: httpapi.Member, Permission: auth.AccessKeyManage, Status: http.StatusCreated, Credential: true,
		Errors: []*apperror.Error{organization.ErrNotFound, ErrUnknownScope, apperror.ErrInvalid},
	}, s.createAccessKey)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{keyId}", ID: "revoke-access-key", Tag: tag, Summary: "Revoke a key at once",
		Audience: httpapi.Member, Permission: auth.AccessKeyManage,
		Errors: []*apperror.Error{organization.ErrNotFound, ErrAccessKeyNotFound},
	}, s.revokeAccessKey)
}

type accessKeyOutput struct {
	ID           string     `json:"id" format:"uuid"`
	Name         string     `json:"name"`
	Prefix       string     `json:"prefix"`
	Scopes       []string   `json:"scopes" nullable:"false"`
	AllowedCIDRs []string   `json:"allowed_cidrs" nullable:"false" doc:"Networks that may use the key; empty means any."`
	ExpiresAt    *time.Time `json:"expires_at"`
	LastUsedAt   *time.Time `json:"last_used_at"`
	RevokedAt    *time.Time `json:"revoked_at"`
	CreatedAt    time.Time  `json:"created_at"`
	Secret       string     `json:"secret,omitempty" doc:"Only in the answer that creates the key."`
}

func accessKeyOutputOf(k AccessKey) accessKeyOutput {
	networks := make([]string, len(k.AllowedCIDRs))
	for i, n := range k.AllowedCIDRs {
		networks[i] = n.String()
	}
	return accessKeyOutput{
		ID: k.ID.String(), Name: k.Name, Prefix: k.Prefix, Scopes: k.Scopes, AllowedCIDRs: networks,
		ExpiresAt: k.ExpiresAt, LastUsedAt: k.LastUsedAt, RevokedAt: k.RevokedAt, CreatedAt: k.CreatedAt,
	}
}

func (s *Service) listAccessKeys(ctx context.Context, in *clinicList) (page.Result[accessKeyOutput], error) {
	r, err := s.AccessKeys(ctx, in.ID, in.Query)
	return page.Map(r, accessKeyOutputOf), err
}

type createAccessKeyInput struct {
	organization.ClinicPath
	Body struct {
		Name         string     `json:"name" minLength:"1" maxLength:"100"`
		Scopes       []string   `json:"scopes" minItems:"1" maxItems:"50" nullable:"false" doc:"resource:read or resource:write."`
		AllowedCIDRs []string   `json:"allowed_cidrs,omitempty" maxItems:"50" doc:"Networks that may use the key; absent means any."`
		ExpiresAt    *time.Time `json:"expires_at,omitempty"`
	}
}

func (s *Service) createAccessKey(ctx context.Context, in *createAccessKeyInput) (accessKeyOutput, error) {
	n := NewAccessKey{Name: in.Body.Name, Scopes: in.Body.Scopes, ExpiresAt: in.Body.ExpiresAt}
	for _, text := range in.Body.AllowedCIDRs {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return accessKeyOutput{}, apperror.ErrInvalid.At("body.allowed_cidrs", "expected networks, for example 203.0.113.0/24")
		}
		n.AllowedCIDRs = append(n.AllowedCIDRs, network.Masked())
	}
	k, secret, err := s.CreateAccessKey(ctx, in.ID, n)
	out := accessKeyOutputOf(k)
	out.Secret = secret
	return out, err
}

type accessKeyPath struct {
	organization.ClinicPath
	KeyID AccessKeyID `path:"keyId" format:"uuid"`
}

func (s *Service) revokeAccessKey(ctx context.Context, in *accessKeyPath) error {
	return s.RevokeAccessKey(ctx, in.ID, in.KeyID)
}
