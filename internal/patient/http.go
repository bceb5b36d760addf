package patient

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
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
		Errors: []*apperror.Error{ErrDuplicates, ErrEmailMissing, apperror.ErrInvalid},
	}, s.postPatient)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/{id}", ID: "get-patient", Tag: tag, Summary: "Read one patient",
		Audience: httpapi.Member, Permission: auth.PatientRead, Scope: "patients:read", Errors: []*apperror.Error{ErrNotFound},
	}, func(ctx context.Context, in *patientInput) (patientOutput, error) {
		p, err := s.Get(ctx, in.ID)
		return outputOf(p, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients/{id}/invitation", ID: "invite-patient", Tag: tag,
		Summary:  "Send the patient a link to the portal, good for 72 hours; an earlier link stops working",
		Audience: httpapi.Member, Permission: auth.PatientManage, Errors: []*apperror.Error{ErrNotFound, ErrAccountActive, ErrEmailMissing},
	}, func(ctx context.Context, in *patientInput) (patientOutput, error) {
		p, err := s.Invite(ctx, in.ID)
		return outputOf(p, err)
	})
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/public/patient-invitations/{token}", ID: "get-patient-invitation", Tag: tag,
		Summary:  "Read what the link of an invitation leads to; accept it by signing up",
		Audience: httpapi.Open, Permission: auth.PublicRead, Limit: ratelimit.AuthCode, Errors: []*apperror.Error{ErrInvitationNotFound},
	}, s.getInvitation)
}

type listInput struct {
	page.Query
	Search string `query:"search" maxLength:"200" doc:"Part of a name or an address, a phone number or a file number; at least 2 characters."`
}

type patientInput struct {
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
		AcknowledgeDuplicates []ID   `json:"acknowledge_duplicates,omitempty" maxItems:"100" doc:"Candidates that were looked at and are somebody else."`
		Account               string `json:"account,omitempty" enum:"invite,none" doc:"Whether to invite the patient to the portal; none when absent."`
	}
}

type patientOutput struct {
	ID           string    `json:"id" format:"uuid"`
	FirstName    string    `json:"first_name"`
	LastName     string    `json:"last_name"`
	Email        *string   `json:"email" doc:"Null when absent, or when the person does not share it (withheld)."`
	Phone        *string   `json:"phone" doc:"E.164. Null when absent or withheld."`
	Withheld     bool      `json:"withheld"`
	AccountState string    `json:"account_state" enum:"none,invited,active"`
	Source       string    `json:"source" enum:"public_booking,staff,self_signup,import"`
	FileNumber   string    `json:"file_number"`
	CreatedAt    time.Time `json:"created_at"`
	RowVersion   int64     `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o patientOutput) Version() int64 { return o.RowVersion }

func output(p Patient) patientOutput {
	out := patientOutput{
		ID: p.ID.String(), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, Withheld: p.Withheld,
		AccountState: p.AccountState, Source: p.Source, FileNumber: p.FileNumber, CreatedAt: p.CreatedAt, RowVersion: p.RowVersion,
	}
	if p.Phone != nil {
		number := p.Phone.E164()
		out.Phone = &number
	}
	return out
}

func outputOf(p Patient, err error) (patientOutput, error) {
	if err != nil {
		return patientOutput{}, err
	}
	return output(p), nil
}

func (s *Service) getPatients(ctx context.Context, in *listInput) (page.Result[patientOutput], error) {
	if n := len([]rune(in.Search)); n == 1 {
		return page.Result[patientOutput]{}, apperror.ErrBadRequest.At("query.search", "must have at least 2 characters")
	}
	found, err := s.List(ctx, Find{Query: in.Query, Search: in.Search})
	return page.Map(found, output), err
}

func (s *Service) postPatient(ctx context.Context, in *addInput) (patientOutput, error) {
	contact, err := in.Body.Raw().Check("body")
	if err != nil {
		return patientOutput{}, err
	}
	p, err := s.Add(ctx, Make{
		Contact: contact, Source: FromStaff, Acknowledged: in.Body.AcknowledgeDuplicates, Invite: in.Body.Account == "invite",
	})
	return outputOf(p, err)
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
