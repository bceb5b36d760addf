package patient

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/locale"
)

// The sexes that a record knows.
const (
	SexFemale  = "female"
	SexMale    = "male"
	SexOther   = "other"
	SexUnknown = "unknown"
)

// Residence is where a person lives. PostalCode has six digits.
type Residence struct{ Line, Locality, County, PostalCode *string }

// Insurance is one policy that a person is covered by. Kind is employer, private or state.
type Insurance struct {
	Kind    string `json:"kind"`
	Insurer string `json:"insurer"`
	Number  string `json:"number"`
}

// Masked is the number as it is shown: its last three characters, or nothing of a short one.
func (i Insurance) Masked() string {
	if runes := []rune(i.Number); len(runes) > 6 {
		return "***" + string(runes[len(runes)-3:])
	}
	return "***"
}

// Health is what a person carries from clinic to clinic besides who they are. Nil is absent or withheld.
type Health struct {
	Occupation        *string
	Residence         Residence
	BloodType         *string
	Allergies         []string
	ChronicConditions []string
	EmergencyName     *string
	EmergencyPhone    *Phone
	Insurance         []Insurance
}

// Person is the portable record, which belongs to the person. BirthDate zero is unknown; Phone and Email are nil when there is none.
type Person struct {
	ID                  ID
	FirstName, LastName string
	BirthDate           civil.Date
	Sex                 string
	Phone               *Phone
	Email               *string
	Locale              locale.Tag
	Health
	RowVersion int64
}

// Entry is what one clinic wrote about a person. Nil and zero leave the portable value standing, where it is shared.
type Entry struct {
	FirstName, LastName *string
	Email               *string
	Phone               *Phone
	BirthDate           civil.Date
	Sex                 string
	CNP                 *CNP
	FileNumber          string
	Status              string
}

// refusal collects what is wrong, each at its place.
type refusal struct{ err *apperror.Error }

func (r *refusal) at(place, message string) {
	if r.err == nil {
		r.err = apperror.ErrInvalid
	}
	r.err = r.err.At(place, message)
}

func (r *refusal) answer() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// name puts a name that is there into stored form.
func (r *refusal) name(place string, name *string) *string {
	if name == nil {
		return nil
	}
	clean := cleanName(*name)
	if !isName(clean) {
		r.at(place, "must be a name of at most 100 characters")
	}
	return &clean
}

// text trims a text that is there; an empty one is none.
func (r *refusal) text(place string, text *string, most int) *string {
	if text == nil {
		return nil
	}
	clean := cleanName(*text)
	if utf8.RuneCountInString(clean) > most {
		r.at(place, "is too long")
	}
	if clean == "" {
		return nil
	}
	return &clean
}

func (r *refusal) list(place string, in []string) []string {
	out := make([]string, 0, len(in))
	for _, one := range in {
		clean := cleanName(one)
		if n := utf8.RuneCountInString(clean); n > 200 {
			r.at(place, "has an entry that is too long")
		}
		if clean != "" && !slices.Contains(out, clean) {
			out = append(out, clean)
		}
	}
	if len(out) > 50 {
		r.at(place, "has too many entries")
	}
	return out
}

func (r *refusal) email(place string, email *string) *string {
	if email == nil || strings.TrimSpace(*email) == "" {
		return nil
	}
	clean := strings.TrimSpace(*email)
	if !isAddress(clean) {
		r.at(place, "is not an e-mail address")
	}
	return &clean
}

func (r *refusal) birth(place string, d, today civil.Date) {
	if !d.IsZero() && (d.After(today) || d.Year < 1850) {
		r.at(place, "must be a day in the past")
	}
}

func (r *refusal) sex(place, sex string) {
	if !slices.Contains([]string{SexFemale, SexMale, SexOther, SexUnknown}, sex) {
		r.at(place, "must be female, male, other or unknown")
	}
}

var (
	postalCode = regexp.MustCompile(`^[0-9]{6}$`)
	bloodTypes = []string{"0+", "0-", "A+", "A-", "B+", "B-", "AB+", "AB-"} //nolint:gochecknoglobals // never written
)

// check puts the record into stored form. The places of what is wrong lie below at.
func (h *Health) check(r *refusal, at string) {
	h.Occupation = r.text(at+".occupation", h.Occupation, 120)
	h.Residence.Line = r.text(at+".residence.line", h.Residence.Line, 200)
	h.Residence.Locality = r.text(at+".residence.locality", h.Residence.Locality, 100)
	h.Residence.County = r.text(at+".residence.county", h.Residence.County, 60)
	h.Residence.PostalCode = r.text(at+".residence.postal_code", h.Residence.PostalCode, 6)
	if code := h.Residence.PostalCode; code != nil && !postalCode.MatchString(*code) {
		r.at(at+".residence.postal_code", "must have six digits")
	}
	if h.BloodType != nil && !slices.Contains(bloodTypes, *h.BloodType) {
		r.at(at+".blood_type", "is not a blood type")
	}
	h.Allergies = r.list(at+".allergies", h.Allergies)
	h.ChronicConditions = r.list(at+".chronic_conditions", h.ChronicConditions)
	h.EmergencyName = r.text(at+".emergency_contact_name", h.EmergencyName, 200)
	if len(h.Insurance) > 10 {
		r.at(at+".insurance_entries", "has too many entries")
	}
	for i := range h.Insurance {
		one := &h.Insurance[i]
		one.Insurer, one.Number = cleanName(one.Insurer), strings.Join(strings.Fields(one.Number), "")
		if !slices.Contains([]string{"employer", "private", "state"}, one.Kind) || one.Insurer == "" || one.Number == "" ||
			utf8.RuneCountInString(one.Insurer) > 120 || utf8.RuneCountInString(one.Number) > 60 {
			r.at(at+".insurance_entries", "needs a kind, an insurer and a number")
		}
	}
}

// KeepNumbers gives each entry that was sent without a number that of the entry of the same kind and insurer: who edits the list may not
// have been shown the numbers.
func KeepNumbers(sent, known []Insurance) []Insurance {
	out := slices.Clone(sent)
	for i := range out {
		if out[i].Number != "" {
			continue
		}
		for _, k := range known {
			if k.Kind == out[i].Kind && k.Insurer == out[i].Insurer {
				out[i].Number = k.Number
			}
		}
	}
	return out
}
