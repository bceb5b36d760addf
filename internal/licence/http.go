package licence

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/specialist"
)

const tag = "Licences"

// Routes registers every endpoint of the package.
func (s *Service) Routes(api *httpapi.Server) {
	const path, one = "/v1/specialists/{id}/licences", "/v1/specialists/{id}/licences/{licenceId}"
	versioned := []*apperror.Error{specialist.ErrNotFound, ErrNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired}
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/licence-issuers", ID: "list-licence-issuers", Tag: tag, Summary: "The bodies whose licences can be entered",
		Audience: httpapi.Member, Permission: auth.LicenceRead,
	}, func(context.Context, *struct{}) ([]issuerOutput, error) { return issuerOutputs(), nil })
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: path, ID: "list-licences", Tag: tag, Summary: "List a specialist's licences",
		Audience: httpapi.Member, Permission: auth.LicenceRead, Errors: []*apperror.Error{specialist.ErrNotFound, page.ErrSize, page.ErrSort, page.ErrFilter},
	}, s.listLicences)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: path, ID: "create-licence", Tag: tag, Summary: "Enter a licence of a specialist",
		Audience: httpapi.Member, Permission: auth.LicenceManage, Status: http.StatusCreated,
		Errors: []*apperror.Error{specialist.ErrNotFound, apperror.ErrInvalid, ErrExists},
	}, s.createLicence)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: one, ID: "get-licence", Tag: tag, Summary: "Read a licence",
		Audience: httpapi.Member, Permission: auth.LicenceRead, Errors: []*apperror.Error{ErrNotFound},
	}, s.getLicence)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: one, ID: "update-licence", Tag: tag,
		Summary:  "Change a licence (JSON Merge Patch); other facts than those that were verified are not verified",
		Audience: httpapi.Member, Permission: auth.LicenceManage, Errors: append(versioned, apperror.ErrInvalid, ErrExists),
	}, s.updateLicence)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPut, Path: one + "/verification", ID: "verify-licence", Tag: tag,
		Summary:  "Note that the licence was compared with its document or register, or take that back",
		Audience: httpapi.Member, Permission: auth.LicenceManage, Errors: versioned,
	}, s.verifyLicence)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: one, ID: "remove-licence", Tag: tag, Summary: "Remove a licence",
		Audience: httpapi.Member, Permission: auth.LicenceManage, Errors: versioned,
	}, s.removeLicence)
}

type issuerOutput struct {
	Code       string `json:"code"`
	Country    string `json:"country" doc:"ISO 3166-1, two letters."`
	Name       string `json:"name" doc:"The official name."`
	Profession string `json:"profession"`
}

func issuerOutputs() []issuerOutput {
	all := Issuers()
	out := make([]issuerOutput, len(all))
	for i, issuer := range all {
		out[i] = issuerOutput(issuer)
	}
	return out
}

type licenceOutput struct {
	ID           string     `json:"id" format:"uuid"`
	SpecialistID string     `json:"specialist_id" format:"uuid"`
	IssuerCode   string     `json:"issuer_code"`
	Number       string     `json:"number"`
	IssuedOn     *string    `json:"issued_on" format:"date"`
	ExpiresOn    string     `json:"expires_on" format:"date" doc:"The first day without the licence."`
	DaysLeft     int        `json:"days_left" doc:"Days until expires_on in the clinic's zone; 0 or less when the licence has ended."`
	VerifiedBy   *string    `json:"verified_by" format:"uuid"`
	VerifiedAt   *time.Time `json:"verified_at"`
	FileID       *string    `json:"file_id" format:"uuid" doc:"The scan."`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
	RowVersion   int64      `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o licenceOutput) Version() int64 { return o.RowVersion }

func outputOf(l Licence, today civil.Date) licenceOutput {
	out := licenceOutput{
		ID: l.ID.String(), SpecialistID: l.SpecialistID.String(), IssuerCode: l.IssuerCode, Number: l.Number, ExpiresOn: l.ExpiresOn.String(),
		DaysLeft: l.ExpiresOn.Sub(today), VerifiedAt: l.VerifiedAt, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt, RowVersion: l.RowVersion,
	}
	if !l.IssuedOn.IsZero() {
		issued := l.IssuedOn.String()
		out.IssuedOn = &issued
	}
	if !l.VerifiedBy.IsZero() {
		by := l.VerifiedBy.String()
		out.VerifiedBy = &by
	}
	if !l.FileID.IsZero() {
		file := l.FileID.String()
		out.FileID = &file
	}
	return out
}

func answer(l Licence, today civil.Date, err error) (licenceOutput, error) {
	if err != nil {
		return licenceOutput{}, err
	}
	return outputOf(l, today), nil
}

type listLicencesInput struct {
	specialist.Path
	page.Query
}

func (s *Service) listLicences(ctx context.Context, in *listLicencesInput) (page.Result[licenceOutput], error) {
	r, today, err := s.List(ctx, in.ID, in.Query)
	return page.Map(r, func(l Licence) licenceOutput { return outputOf(l, today) }), err
}

// Path is the licence that an endpoint is about.
type Path struct {
	specialist.Path
	LicenceID ID `path:"licenceId" format:"uuid"`
}

func (s *Service) getLicence(ctx context.Context, in *Path) (licenceOutput, error) {
	return answer(s.Get(ctx, in.ID, in.LicenceID))
}

// dayOf reads a day of a body; empty is no day.
func dayOf(field, text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, apperror.ErrInvalid.At("body."+field, "expected YYYY-MM-DD")
	}
	return d, nil
}

type createLicenceInput struct {
	specialist.Path
	Body struct {
		IssuerCode string       `json:"issuer_code" minLength:"1" maxLength:"20"`
		Number     string       `json:"number" minLength:"1" maxLength:"60"`
		IssuedOn   string       `json:"issued_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD; absent when it is not known."`
		ExpiresOn  string       `json:"expires_on" maxLength:"10" doc:"YYYY-MM-DD: the first day without the licence."`
		FileID     ident.FileID `json:"file_id,omitempty" format:"uuid" doc:"An own upload of purpose licence_scan."`
	}
}

func (s *Service) createLicence(ctx context.Context, in *createLicenceInput) (licenceOutput, error) {
	issued, err := dayOf("issued_on", in.Body.IssuedOn)
	if err != nil {
		return licenceOutput{}, err
	}
	expires, err := dayOf("expires_on", in.Body.ExpiresOn)
	if err != nil {
		return licenceOutput{}, err
	}
	return answer(s.Create(ctx, Licence{
		SpecialistID: in.ID, IssuerCode: in.Body.IssuerCode, Number: in.Body.Number, IssuedOn: issued, ExpiresOn: expires,
		FileID: in.Body.FileID,
	}))
}

type updateLicenceInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		IssuerCode httpapi.Patch[string]       `json:"issuer_code,omitempty"`
		Number     httpapi.Patch[string]       `json:"number,omitempty"`
		IssuedOn   httpapi.Patch[string]       `json:"issued_on,omitempty" doc:"YYYY-MM-DD; null when it is not known."`
		ExpiresOn  httpapi.Patch[string]       `json:"expires_on,omitempty" doc:"YYYY-MM-DD"`
		FileID     httpapi.Patch[ident.FileID] `json:"file_id,omitempty" doc:"An own upload of purpose licence_scan; null takes the scan off."`
	}
}

func (s *Service) updateLicence(ctx context.Context, in *updateLicenceInput) (licenceOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return licenceOutput{}, err
	}
	b := in.Body
	issued, err := dayOf("issued_on", b.IssuedOn.Value)
	if err != nil {
		return licenceOutput{}, err
	}
	expires, err := dayOf("expires_on", b.ExpiresOn.Value)
	if err != nil {
		return licenceOutput{}, err
	}
	return answer(s.Update(ctx, in.ID, in.LicenceID, expected, func(l *Licence) {
		l.FileID = b.FileID.Or(l.FileID)
		l.IssuerCode, l.Number = b.IssuerCode.Or(l.IssuerCode), b.Number.Or(l.Number)
		if b.IssuedOn.Present {
			l.IssuedOn = issued
		}
		if b.ExpiresOn.Present {
			l.ExpiresOn = expires
		}
	}))
}

type verifyLicenceInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		Verified bool `json:"verified"`
	}
}

func (s *Service) verifyLicence(ctx context.Context, in *verifyLicenceInput) (licenceOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return licenceOutput{}, err
	}
	return answer(s.Verify(ctx, in.ID, in.LicenceID, expected, in.Body.Verified))
}

type removeLicenceInput struct {
	Path
	httpapi.IfMatch
}

func (s *Service) removeLicence(ctx context.Context, in *removeLicenceInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return s.Remove(ctx, in.ID, in.LicenceID, expected)
}
