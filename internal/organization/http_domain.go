package organization

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
)

func (s *Service) domainRoutes(api *httpapi.Server) {
	const path = "/v1/organizations/{id}/domains"
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-domains", Tag: tag, Summary: "List the clinic's domains",
		Audience: httpapi.Member, Permission: auth.DomainManage,
		Errors: []*apperror.Error{ErrNotFound, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listDomains)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "add-domain", Tag: tag,
		Summary:  "Claim a domain; the answer shows the TXT record that proves it within seven days",
		Audience: httpapi.Member, Permission: auth.DomainManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{ErrNotFound, ErrDomainInvalid, ErrDomainExists, ErrDomainQuota},
	}, s.addDomain)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path + "/{domainId}/verify", ID: "verify-domain", Tag: tag,
		Summary:  "Look the TXT record up and take the domain over",
		Audience: httpapi.Member, Permission: auth.DomainManage,
		Errors: []*apperror.Error{ErrNotFound, ErrDomainNotFound, ErrDomainTaken, ErrTXTNotFound, ErrClaimExpired},
	}, s.verifyDomain)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: path + "/{domainId}", ID: "remove-domain", Tag: tag,
		Summary:  "Remove a domain; it stops resolving at once",
		Audience: httpapi.Member, Permission: auth.DomainManage,
		Errors: []*apperror.Error{ErrNotFound, ErrDomainNotFound},
	}, s.removeDomain)
}

type domainOutput struct {
	ID             string     `json:"id" format:"uuid"`
	Domain         string     `json:"domain"`
	App            string     `json:"app" enum:"clinic,portal"`
	Status         string     `json:"status" enum:"pending,verified,failed"`
	TXTName        string     `json:"txt_name" doc:"Where the TXT record must stand."`
	TXTValue       string     `json:"txt_value" doc:"What the TXT record must say."`
	VerifiedAt     *time.Time `json:"verified_at"`
	LastCheckedAt  *time.Time `json:"last_checked_at"`
	ClaimExpiresAt time.Time  `json:"claim_expires_at"`
	CreatedAt      time.Time  `json:"created_at"`
}

func domainOutputOf(d Domain) domainOutput {
	return domainOutput{
		ID: d.ID.String(), Domain: d.Domain, App: d.App, Status: string(d.Status), TXTName: d.TXTName(), TXTValue: d.TXTValue(),
		VerifiedAt: d.VerifiedAt, LastCheckedAt: d.LastCheckedAt, ClaimExpiresAt: d.ClaimExpiresAt, CreatedAt: d.CreatedAt,
	}
}

type clinicListInput struct {
	ClinicPath
	page.Query
}

func (s *Service) listDomains(ctx context.Context, in *clinicListInput) (page.Result[domainOutput], error) {
	r, err := s.Domains(ctx, in.ID, in.Query)
	return page.Map(r, domainOutputOf), err
}

type addDomainInput struct {
	ClinicPath
	Body struct {
		Domain string `json:"domain" maxLength:"1000"`
		App    string `json:"app" enum:"clinic,portal"`
	}
}

func (s *Service) addDomain(ctx context.Context, in *addDomainInput) (domainOutput, error) {
	d, err := s.AddDomain(ctx, in.ID, in.Body.Domain, in.Body.App)
	return domainOutputOf(d), err
}

// DomainPath is one domain of a clinic; exported like ClinicPath.
type DomainPath struct {
	ClinicPath
	DomainID DomainID `path:"domainId" format:"uuid"`
}

// verifyDomainInput accepts an empty object as body; there is nothing to say.
type verifyDomainInput struct {
	DomainPath
	Body *struct{} `required:"false"`
}

func (s *Service) verifyDomain(ctx context.Context, in *verifyDomainInput) (domainOutput, error) {
	d, err := s.VerifyDomain(ctx, in.ID, in.DomainID)
	return domainOutputOf(d), err
}

func (s *Service) removeDomain(ctx context.Context, in *DomainPath) error {
	return s.RemoveDomain(ctx, in.ID, in.DomainID)
}
