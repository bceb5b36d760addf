package consent

import (
	"context"
	"net/http"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
)

const tag = "Consents"

// Routes registers the endpoints of this package.
func (s *Service) Routes(api *httpapi.Server) {
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/me/consents", ID: "list-own-consents", Tag: tag,
		Summary:  "List what the clinic asks the patient to agree to, with the last answer to each",
		Audience: httpapi.Member, Permission: auth.ConsentGive, Errors: []*apperror.Error{patient.ErrNotFound},
	}, s.getMine)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/me/consents/{type}/grant", ID: "grant-consent", Tag: tag,
		Summary:  "Agree by ticking the box, to the text that was shown",
		Audience: httpapi.Member, Permission: auth.ConsentGive,
		Errors: []*apperror.Error{patient.ErrNotFound, ErrTypeNotFound, ErrSignatureNeeded, ErrVersionOutdated, apperror.ErrInvalid},
	}, s.postGrant)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/me/consents/{type}/withdraw", ID: "withdraw-consent", Tag: tag,
		Summary:  "Take a consent back, with those that depend on it",
		Audience: httpapi.Member, Permission: auth.ConsentGive,
		Errors: []*apperror.Error{patient.ErrNotFound, ErrTypeNotFound, ErrNotWithdrawable},
	}, func(ctx context.Context, in *withdrawInput) (ownOutput, error) {
		o, err := s.Withdraw(ctx, in.Type, languageOf(ctx))
		return ownOf(o), err
	})
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/consents", ID: "list-consents", Tag: tag,
		Summary:  "List what patients agreed to and took back, newest first",
		Audience: httpapi.Member, Permission: auth.ConsentRead,
		Errors: []*apperror.Error{apperror.ErrBadRequest, page.ErrSize, page.ErrSort},
	}, s.getConsents)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/consent-types", ID: "list-consent-types", Tag: tag,
		Summary:  "List the kinds of consent of the clinic with their published texts",
		Audience: httpapi.Member, Permission: auth.ConsentRead,
	}, s.getTypes)
}

// languageOf is the reader's language.
func languageOf(ctx context.Context) string {
	tag, _ := locale.Parse(auth.RequestOf(ctx).Language)
	return string(tag)
}

// whole is a list that is never longer than a page.
func whole[A, B any](rows []A, f func(A) B) page.Result[B] {
	return page.Map(page.Result[A]{Rows: rows, Total: len(rows), Window: page.Window{Page: 1, Size: page.MaxSize}}, f)
}

// TypeOutput is a kind of consent with its published text.
type TypeOutput struct {
	Type          string   `json:"type"`
	LegalBasis    string   `json:"legal_basis" enum:"contract,information_duty,informed_consent,consent,explicit_consent"`
	Method        string   `json:"method" enum:"checkbox,drawn"`
	Withdrawable  bool     `json:"withdrawable"`
	Dependents    []string `json:"dependents" nullable:"false" doc:"Types that are taken back with this one."`
	PolicyVersion int      `json:"policy_version" doc:"Version of the published text; 0 when there is none."`
	Title         string   `json:"title"`
	Text          string   `json:"text" doc:"Markdown."`
}

func typeOf(t Type) TypeOutput {
	out := TypeOutput{
		Type: t.Type, LegalBasis: t.LegalBasis, Method: t.Method, Withdrawable: t.Withdrawable, Dependents: t.Dependents,
		PolicyVersion: t.Version, Title: t.Title, Text: t.Text,
	}
	if out.Dependents == nil {
		out.Dependents = []string{}
	}
	return out
}

type ownOutput struct {
	TypeOutput
	Status          string     `json:"status" enum:"granted,withdrawn,none"`
	AnsweredVersion *int       `json:"answered_version" doc:"The text that was agreed to; null after a withdrawal and before an answer."`
	At              *time.Time `json:"at"`
}

func ownOf(o Own) ownOutput {
	out := ownOutput{TypeOutput: typeOf(o.Type), Status: o.Status}
	if o.Status != Never && o.Status != "" {
		at := o.At.UTC()
		out.At = &at
	}
	if o.Status == Granted {
		out.AnsweredVersion = &o.AnsweredVersion
	}
	return out
}

func (s *Service) getMine(ctx context.Context, _ *struct{}) (page.Result[ownOutput], error) {
	found, err := s.Mine(ctx, languageOf(ctx))
	return whole(found, ownOf), err
}

type grantInput struct {
	Type string `path:"type" maxLength:"40"`
	Body struct {
		Accepted      bool `json:"accepted" doc:"The box, ticked by the patient."`
		PolicyVersion int  `json:"policy_version" minimum:"1" doc:"Version of the text that was shown."`
	}
}

func (s *Service) postGrant(ctx context.Context, in *grantInput) (ownOutput, error) {
	if !in.Body.Accepted {
		return ownOutput{}, apperror.ErrInvalid.At("body.accepted", "must be ticked")
	}
	o, err := s.Grant(ctx, in.Type, in.Body.PolicyVersion, languageOf(ctx))
	return ownOf(o), err
}

type withdrawInput struct {
	Type string `path:"type" maxLength:"40"`
}

type listInput struct {
	page.Query
	PatientID string `query:"patient_id" format:"uuid"`
	Type      string `query:"type" maxLength:"40"`
	Status    string `query:"status" enum:"granted,withdrawn"`
}

type consentOutput struct {
	ID            string    `json:"id" format:"uuid"`
	PatientID     string    `json:"patient_id" format:"uuid"`
	Type          string    `json:"type"`
	Status        string    `json:"status" enum:"granted,withdrawn"`
	PolicyVersion *int      `json:"policy_version"`
	Method        string    `json:"method" enum:"checkbox,drawn"`
	Relation      string    `json:"relation" enum:"self,parent,child,spouse,guardian,other"`
	CausedBy      *string   `json:"caused_by" format:"uuid" doc:"The withdrawal that took this one with it."`
	At            time.Time `json:"at"`
}

func outputOf(c Consent) consentOutput {
	out := consentOutput{
		ID: c.ID.String(), PatientID: c.PatientID.String(), Type: c.Type, Status: c.Status, Method: c.Method, Relation: c.Relation, At: c.At.UTC(),
	}
	if c.PolicyVersion > 0 {
		out.PolicyVersion = &c.PolicyVersion
	}
	if c.CausedBy != nil {
		text := c.CausedBy.String()
		out.CausedBy = &text
	}
	return out
}

func (s *Service) getConsents(ctx context.Context, in *listInput) (page.Result[consentOutput], error) {
	f := Find{Query: in.Query, Type: in.Type, Status: in.Status}
	if in.PatientID != "" {
		id, err := ident.Parse[patient.Patient](in.PatientID)
		if err != nil {
			return page.Result[consentOutput]{}, apperror.ErrBadRequest.At("query.patient_id", "expected an id")
		}
		f.Patient = id
	}
	found, err := s.List(ctx, f)
	return page.Map(found, outputOf), err
}

func (s *Service) getTypes(ctx context.Context, _ *struct{}) (page.Result[TypeOutput], error) {
	found, err := s.Types(ctx, languageOf(ctx))
	return whole(found, typeOf), err
}
