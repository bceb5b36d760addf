package patient

import (
	"time"

	"github.com/restartix/platform/internal/civil"
)

type patientOutput struct {
	ID             string         `json:"id" format:"uuid"`
	FirstName      string         `json:"first_name"`
	LastName       string         `json:"last_name"`
	Email          *string        `json:"email" doc:"Null when absent, or when the person does not share it (withheld)."`
	Phone          *string        `json:"phone" doc:"E.164. Null when absent or withheld."`
	BirthDate      *string        `json:"birth_date" format:"date"`
	Sex            string         `json:"sex" enum:"female,male,other,unknown"`
	CNP            *string        `json:"cnp" doc:"Masked: 1960101******."`
	Withheld       bool           `json:"withheld"`
	WithheldFields []string       `json:"withheld_fields" nullable:"false" doc:"What is there and not shared with this clinic."`
	Profile        *ProfileOutput `json:"profile" doc:"What the person carries from clinic to clinic; null in a list that did not ask for it."`
	Editable       bool           `json:"profile_editable" doc:"The clinic may change the profile too: the person has no account."`
	ProfileShared  bool           `json:"profile_shared"`
	Status         string         `json:"status" enum:"active,archived"`
	AccountState   string         `json:"account_state" enum:"none,invited,active"`
	Source         string         `json:"source" enum:"public_booking,staff,self_signup,import"`
	FileNumber     string         `json:"file_number"`
	CreatedAt      time.Time      `json:"created_at"`
	UpdatedAt      time.Time      `json:"updated_at"`
	RowVersion     int64          `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o patientOutput) Version() int64 { return o.RowVersion }

type residenceOutput struct {
	Line       *string `json:"line"`
	Locality   *string `json:"locality"`
	County     *string `json:"county"`
	PostalCode *string `json:"postal_code"`
}

type insuranceOutput struct {
	Kind    string `json:"kind" enum:"employer,private,state"`
	Insurer string `json:"insurer"`
	Number  string `json:"number" doc:"Masked for the clinic; whole for the person."`
}

// ProfileOutput is what a person carries from clinic to clinic, as far as the reader may see it.
type ProfileOutput struct {
	Occupation            *string           `json:"occupation"`
	Residence             residenceOutput   `json:"residence"`
	BloodType             *string           `json:"blood_type"`
	Allergies             []string          `json:"allergies" doc:"Null when withheld."`
	ChronicConditions     []string          `json:"chronic_conditions" doc:"Null when withheld."`
	EmergencyContactName  *string           `json:"emergency_contact_name"`
	EmergencyContactPhone *string           `json:"emergency_contact_phone"`
	InsuranceEntries      []insuranceOutput `json:"insurance_entries" doc:"Null when withheld or absent."`
}

func healthOutput(h Health, number func(Insurance) string) ProfileOutput {
	out := ProfileOutput{
		Occupation: h.Occupation, Residence: residenceOutput(h.Residence), BloodType: h.BloodType, Allergies: h.Allergies,
		ChronicConditions: h.ChronicConditions, EmergencyContactName: h.EmergencyName, EmergencyContactPhone: e164(h.EmergencyPhone),
	}
	for _, one := range h.Insurance {
		out.InsuranceEntries = append(out.InsuranceEntries, insuranceOutput{Kind: one.Kind, Insurer: one.Insurer, Number: number(one)})
	}
	return out
}

func e164(p *Phone) *string {
	if p == nil {
		return nil
	}
	number := p.E164()
	return &number
}

func dayText(d civil.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.String()
	return &text
}

func output(p Patient) patientOutput {
	profile := healthOutput(p.Health, Insurance.Masked)
	out := patientOutput{
		ID: p.ID.String(), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, Phone: e164(p.Phone), BirthDate: dayText(p.BirthDate),
		Sex: p.Sex, Withheld: p.Withheld, WithheldFields: listOf(p.WithheldFields), Profile: &profile, Editable: p.Editable,
		ProfileShared: p.Shared, Status: p.Status, AccountState: p.AccountState, Source: p.Source, FileNumber: p.FileNumber,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, RowVersion: p.RowVersion,
	}
	if p.CNP != nil {
		masked := p.CNP.Masked()
		out.CNP = &masked
	}
	return out
}

func outputOf(p Patient, err error) (patientOutput, error) {
	if err != nil {
		return patientOutput{}, err
	}
	return output(p), nil
}

type personOutput struct {
	ID        string  `json:"id" format:"uuid"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Email     *string `json:"email"`
	Phone     *string `json:"phone" doc:"E.164"`
	BirthDate *string `json:"birth_date" format:"date"`
	Sex       string  `json:"sex" enum:"female,male,other,unknown"`
	Locale    string  `json:"locale" enum:"ro,en"`
	ProfileOutput
	RowVersion int64 `json:"row_version"`
}

// Version implements httpapi.Versioned.
func (o personOutput) Version() int64 { return o.RowVersion }

func personOf(p Person, err error) (personOutput, error) {
	if err != nil {
		return personOutput{}, err
	}
	return personOutput{
		ID: p.ID.String(), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, Phone: e164(p.Phone), BirthDate: dayText(p.BirthDate),
		Sex: p.Sex, Locale: string(p.Locale), ProfileOutput: healthOutput(p.Health, func(i Insurance) string { return i.Number }),
		RowVersion: p.RowVersion,
	}, nil
}
