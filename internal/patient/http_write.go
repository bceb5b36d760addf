package patient

import (
	"context"
	"net/http"
	"slices"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
)

func (s *Service) writeRoutes(api *httpapi.Server) {
	changes := []*apperror.Error{ErrNotFound, apperror.ErrInvalid, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired}
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPatch, Path: "/v1/patients/{id}", ID: "update-patient", Tag: tag, Scope: "patients:write",
		Summary:  "Change what the clinic wrote about a patient, and the profile of a person without an account",
		Audience: httpapi.Member, Permission: auth.PatientManage,
		Errors: slices.Concat(changes, []*apperror.Error{ErrOwned, ErrFileNumberTaken}, cnpErrors()),
	}, s.patchPatient)
	httpapi.Empty(api, httpapi.Endpoint{
		Method: http.MethodDelete, Path: "/v1/patients/{id}", ID: "remove-patient", Tag: tag, Scope: "patients:write",
		Summary:  "Hide a patient from the clinic's lists; visits and documents keep the name",
		Audience: httpapi.Member, Permission: auth.PatientManage,
		Errors: []*apperror.Error{ErrNotFound, apperror.ErrPreconditionFailed, apperror.ErrPreconditionRequired},
	}, s.deletePatient)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/patients/{id}/reveal", ID: "reveal-patient-field", Tag: tag,
		Summary:  "Read a sealed value in clear, with a reason that the trail and the patient see",
		Audience: httpapi.Member, Permission: auth.PatientReveal,
		Errors: []*apperror.Error{ErrNotFound, ErrNothingToReveal, apperror.ErrInvalid},
	}, s.postReveal)
	httpapi.List(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/patients/lookup", ID: "look-patients-up", Tag: tag,
		Summary:  "Find people by name without a visit, ten at most, where the clinic allows it to its specialists",
		Audience: httpapi.Member, Permission: auth.PatientLookup, Errors: []*apperror.Error{apperror.ErrBadRequest},
	}, s.getLookup)
}

// residencePatch changes an address part by part.
type residencePatch struct {
	Line       httpapi.Patch[string] `json:"line,omitempty" maxLength:"200"`
	Locality   httpapi.Patch[string] `json:"locality,omitempty" maxLength:"100"`
	County     httpapi.Patch[string] `json:"county,omitempty" maxLength:"60"`
	PostalCode httpapi.Patch[string] `json:"postal_code,omitempty" doc:"Six digits."`
}

type insuranceBody struct {
	Kind    string `json:"kind" enum:"employer,private,state"`
	Insurer string `json:"insurer" minLength:"1" maxLength:"120"`
	Number  string `json:"number,omitempty" maxLength:"60" doc:"Absent keeps the number of the entry of this kind and insurer."`
}

// ProfilePatch changes what a person carries from clinic to clinic; an absent member stays as it is.
type ProfilePatch struct {
	Occupation            httpapi.Patch[string]          `json:"occupation,omitempty"`
	Residence             residencePatch                 `json:"residence,omitempty"`
	BloodType             httpapi.Patch[string]          `json:"blood_type,omitempty" doc:"0+, 0-, A+, A-, B+, B-, AB+ or AB-"`
	Allergies             httpapi.Patch[[]string]        `json:"allergies,omitempty"`
	ChronicConditions     httpapi.Patch[[]string]        `json:"chronic_conditions,omitempty"`
	EmergencyContactName  httpapi.Patch[string]          `json:"emergency_contact_name,omitempty"`
	EmergencyContactPhone httpapi.Patch[string]          `json:"emergency_contact_phone,omitempty"`
	InsuranceEntries      httpapi.Patch[[]insuranceBody] `json:"insurance_entries,omitempty"`
}

func (p ProfilePatch) empty() bool {
	return !p.Occupation.Present && !p.Residence.Line.Present && !p.Residence.Locality.Present && !p.Residence.County.Present &&
		!p.Residence.PostalCode.Present && !p.BloodType.Present && !p.Allergies.Present && !p.ChronicConditions.Present &&
		!p.EmergencyContactName.Present && !p.EmergencyContactPhone.Present && !p.InsuranceEntries.Present
}

// apply changes the record; the place of a refused phone lies below at.
func (p ProfilePatch) apply(h *Health, at string) error {
	h.Occupation, h.BloodType = p.Occupation.OrPtr(h.Occupation), p.BloodType.OrPtr(h.BloodType)
	r := &h.Residence
	r.Line, r.Locality = p.Residence.Line.OrPtr(r.Line), p.Residence.Locality.OrPtr(r.Locality)
	r.County, r.PostalCode = p.Residence.County.OrPtr(r.County), p.Residence.PostalCode.OrPtr(r.PostalCode)
	h.Allergies, h.ChronicConditions = p.Allergies.Or(h.Allergies), p.ChronicConditions.Or(h.ChronicConditions)
	h.EmergencyName = p.EmergencyContactName.OrPtr(h.EmergencyName)
	if p.InsuranceEntries.Present {
		sent := make([]Insurance, len(p.InsuranceEntries.Value))
		for i, one := range p.InsuranceEntries.Value {
			sent[i] = Insurance(one)
		}
		h.Insurance = KeepNumbers(sent, h.Insurance)
	}
	return phonePatch(p.EmergencyContactPhone, &h.EmergencyPhone, at+".emergency_contact_phone")
}

// phonePatch reads a number that was sent.
func phonePatch(p httpapi.Patch[string], to **Phone, place string) error {
	if !p.Present {
		return nil
	}
	if *to = nil; p.Null || p.Value == "" {
		return nil
	}
	number, ok := ParsePhone(p.Value)
	if !ok {
		return apperror.ErrInvalid.At(place, "is not a phone number")
	}
	*to = &number
	return nil
}

type updateInput struct {
	Path
	httpapi.IfMatch
	Body struct {
		FirstName  httpapi.Patch[string]     `json:"first_name,omitempty"`
		LastName   httpapi.Patch[string]     `json:"last_name,omitempty"`
		Email      httpapi.Patch[string]     `json:"email,omitempty"`
		Phone      httpapi.Patch[string]     `json:"phone,omitempty"`
		BirthDate  httpapi.Patch[civil.Date] `json:"birth_date,omitempty"`
		Sex        httpapi.Patch[string]     `json:"sex,omitempty" doc:"female, male, other or unknown"`
		CNP        httpapi.Patch[string]     `json:"cnp,omitempty"`
		FileNumber httpapi.Patch[string]     `json:"file_number,omitempty"`
		Status     httpapi.Patch[string]     `json:"status,omitempty" doc:"active or archived"`
		Profile    ProfilePatch              `json:"profile,omitempty" doc:"409 profile_owned for a person with an account."`
	}
}

func (s *Service) patchPatient(ctx context.Context, in *updateInput) (patientOutput, error) {
	expected, err := in.Expected()
	if err != nil {
		return patientOutput{}, err
	}
	b := in.Body
	p, err := s.Update(ctx, in.ID, expected, func(e *Entry, portable *Health) error {
		e.FirstName, e.LastName, e.Email = b.FirstName.OrPtr(e.FirstName), b.LastName.OrPtr(e.LastName), b.Email.OrPtr(e.Email)
		e.BirthDate, e.FileNumber, e.Status = b.BirthDate.Or(e.BirthDate), b.FileNumber.Or(e.FileNumber), b.Status.Or(e.Status)
		if b.Sex.Present {
			if e.Sex = b.Sex.Value; b.Sex.Null {
				e.Sex = SexUnknown
			}
		}
		if b.CNP.Present {
			var err error
			if e.CNP, err = cnpOf(b.CNP.Value); err != nil {
				return err
			}
		}
		if err := phonePatch(b.Phone, &e.Phone, "body.phone"); err != nil {
			return err
		}
		switch {
		case b.Profile.empty():
			return nil
		case portable == nil:
			return ErrOwned
		}
		return b.Profile.apply(portable, "body.profile")
	})
	return outputOf(p, err)
}

type removeInput struct {
	Path
	httpapi.IfMatch
}

func (s *Service) deletePatient(ctx context.Context, in *removeInput) error {
	expected, err := in.Expected()
	if err != nil {
		return err
	}
	return s.Remove(ctx, in.ID, expected)
}

type revealInput struct {
	Path
	Body struct {
		Field  string `json:"field" enum:"cnp,insurance_numbers"`
		Reason string `json:"reason" minLength:"10" maxLength:"500" doc:"Why; the trail and the patient see it."`
	}
}

type revealOutput struct {
	Field  string   `json:"field" enum:"cnp,insurance_numbers"`
	Values []string `json:"values" nullable:"false"`
}

func (s *Service) postReveal(ctx context.Context, in *revealInput) (revealOutput, error) {
	values, err := s.Reveal(ctx, in.ID, in.Body.Field, in.Body.Reason)
	if err != nil {
		return revealOutput{}, err
	}
	return revealOutput{Field: in.Body.Field, Values: values}, nil
}

type lookupInput struct {
	Q string `query:"q" required:"true" minLength:"3" maxLength:"100" doc:"Part of a name, at least 3 letters."`
}

type lookupOutput struct {
	ID        string `json:"id" format:"uuid"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

func (s *Service) getLookup(ctx context.Context, in *lookupInput) (page.Result[lookupOutput], error) {
	found, err := s.Lookup(ctx, in.Q)
	if err != nil {
		return page.Result[lookupOutput]{}, err
	}
	out := page.Result[lookupOutput]{Rows: make([]lookupOutput, len(found)), Total: len(found), Window: page.Window{Page: 1, Size: 10}}
	for i, one := range found {
		out.Rows[i] = lookupOutput{ID: one.ID.String(), FirstName: one.FirstName, LastName: one.LastName}
	}
	return out, nil
}
