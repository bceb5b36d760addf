package patient

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/ratelimit"
)

const tag = "Patients"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients", ID: "list-patients", Tag: tag,
		Summary:  "List the patients of the clinic; a specialist sees those with a visit, a patient the own",
		Audience: httpapi.Member, Permission: auth.PatientRead, Scope: "patients:read",
		Errors: []*apperror.Error{apperror.ErrBadRequest, page.ErrSize, page.ErrSort},
	}, s.getPatients)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients", ID: "add-patient", Tag: tag, Status: http.StatusCreated,
		Summary:  "Add a patient, after the candidates who may be the same person were looked at",
		Audience: httpapi.Member, Permission: auth.PatientManage, Scope: "patients:write",
		Errors: slices.Concat([]*apperror.Error{ErrDuplicates, ErrEmailMissing, apperror.ErrInvalid}, cnpErrors()),
	}, s.postPatient)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/{id}", ID: "get-patient", Tag: tag, Summary: "Read one patient",
		Audience: httpapi.Member, Permission: auth.PatientRead, Scope: "patients:read", Errors: []*apperror.Error{ErrNotFound, ErrMerged},
	}, func(ctx context.Context, in *Path) (patientOutput, error) {
		p, err := s.Get(ctx, in.ID)
		return outputOf(p, err)
	})
	s.writeRoutes(api)
	s.ownRoutes(api)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients/{id}/invitation", ID: "invite-patient", Tag: tag,
		Summary:  "Send the patient a link to the portal, good for 72 hours; an earlier link stops working",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{ErrNotFound, ErrMerged, ErrAccountActive, ErrEmailMissing},
	}, func(ctx context.Context, in *Path) (patientOutput, error) {
		p, err := s.Invite(ctx, in.ID)
		return outputOf(p, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/patient-invitations/{token}", ID: "get-patient-invitation", Tag: tag,
		Summary:  "Read what the link of an invitation leads to; accept it by signing up",
		Audience: httpapi.Open, Permission: auth.PublicRead, Limit: ratelimit.AuthCode, Errors: []*apperror.Error{ErrInvitationNotFound},
	}, s.getInvitation)
	s.mergeRoutes(api)
}

type listInput struct {
	page.Query
	Search       string `query:"search" maxLength:"200" doc:"Part of a name or an address, a phone number or a file number; at least 2 characters."`
	Status       string `query:"status" enum:"active,archived"`
	AccountState string `query:"account_state" enum:"none,invited,active"`
	Source       string `query:"source" enum:"public_booking,staff,self_signup,import"`
	Include      string `query:"include" enum:"profile" doc:"Adds what the person carries from clinic to clinic, as far as it is shared."`
}

// Path is the patient that an endpoint is about. It is exported because embedded fields are part of what makes two keyed requests equal.
type Path struct {
	ID ID `path:"id" format:"uuid"`
}

// ContactBody is a person as the staff enters one.
type ContactBody struct {
	FirstName string `json:"first_name" minLength:"1" maxLength:"100"`
	LastName  string `json:"last_name" minLength:"1" maxLength:"100"`
	Phone     string `json:"phone" minLength:"3" maxLength:"40"`
	Email     string `json:"email,omitempty" maxLength:"254"`
	Locale    string `json:"locale,omitempty" enum:"ro,en"`
}

// Raw is the body as the domain checks it.
func (b ContactBody) Raw() RawContact {
	return RawContact(b)
}

type addInput struct {
	Body struct {
		ContactBody
		BirthDate             civil.Date `json:"birth_date,omitempty" format:"date"`
		Sex                   string     `json:"sex,omitempty" enum:"female,male,other,unknown"`
		CNP                   string     `json:"cnp,omitempty" maxLength:"40" doc:"Personal number; sealed, and never shown whole again without a reason."`
		AcknowledgeDuplicates []ID       `json:"acknowledge_duplicates,omitempty" maxItems:"100" doc:"Candidates that were looked at and are somebody else."`
		Account               string     `json:"account,omitempty" enum:"invite,none" doc:"Whether to invite the patient to the portal; none when absent."`
	}
}

func (s *Service) getPatients(ctx context.Context, in *listInput) (page.Result[patientOutput], error) {
	if n := len([]rune(in.Search)); n == 1 {
		return page.Result[patientOutput]{}, apperror.ErrBadRequest.At("query.search", "must have at least 2 characters")
	}
	found, err := s.List(ctx, Find{
		Query: in.Query, Search: in.Search, Status: in.Status, AccountState: in.AccountState, Source: in.Source,
	})
	return page.Map(found, func(p Patient) patientOutput {
		out := output(p)
		if in.Include != "profile" {
			out.Profile = nil
		}
		return out
	}), err
}

func (s *Service) postPatient(ctx context.Context, in *addInput) (patientOutput, error) {
	contact, err := in.Body.Raw().Check("body")
	if err != nil {
		return patientOutput{}, err
	}
	m := Make{
		Contact: contact, Source: FromStaff, Acknowledged: in.Body.AcknowledgeDuplicates, Invite: in.Body.Account == "invite",
		BirthDate: in.Body.BirthDate, Sex: in.Body.Sex,
	}
	if m.CNP, err = cnpOf(in.Body.CNP); err != nil {
		return patientOutput{}, err
	}
	p, err := s.Add(ctx, m)
	return outputOf(p, err)
}

// cnpOf reads a personal number; an empty text is none.
func cnpOf(text string) (*CNP, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no text is no number
	}
	c, err := ParseCNP(text)
	if refused, ok := errors.AsType[*apperror.Error](err); ok {
		return nil, refused.At("body.cnp", "is not a personal number")
	}
	return &c, err
}

func cnpErrors() []*apperror.Error {
	return []*apperror.Error{ErrCNPLength, ErrCNPDigits, ErrCNPPrefix, ErrCNPDate, ErrCNPCounty, ErrCNPSerial, ErrCNPChecksum}
}

type invitationInput struct {
	Token string `path:"token" minLength:"1" maxLength:"100"`
}

type invitationOutput struct {
	Email        string `json:"email"`
	State        string `json:"state" enum:"open,accepted,expired"`
	Organization struct {
		ID   string `json:"id" format:"uuid"`
		Name string `json:"name"`
		Slug string `json:"slug"`
	} `json:"organization"`
	ExpiresAt     time.Time `json:"expires_at"`
	AccountExists bool      `json:"account_exists" doc:"The address can sign in already; no password is asked for."`
}

func (s *Service) getInvitation(ctx context.Context, in *invitationInput) (invitationOutput, error) {
	p, err := s.Invitation(ctx, in.Token)
	if err != nil {
		return invitationOutput{}, err
	}
	out := invitationOutput{Email: p.Email, State: p.State, ExpiresAt: p.ExpiresAt, AccountExists: p.AccountExists}
	out.Organization.ID, out.Organization.Name, out.Organization.Slug = p.OrganizationID.String(), p.OrganizationName, p.OrganizationSlug
	return out, nil
}
