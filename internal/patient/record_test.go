package patient_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// record is a patient with everything that a screen shows.
type record struct {
	ID, Status     string
	Phone, Email   *string
	BirthDate      *string `json:"birth_date"`
	CNP            *string
	Withheld       bool
	WithheldFields []string `json:"withheld_fields"`
	Editable       bool     `json:"profile_editable"`
	Profile        *struct {
		Occupation       *string
		Allergies        []string
		BloodType        *string                                  `json:"blood_type"`
		InsuranceEntries []struct{ Kind, Insurer, Number string } `json:"insurance_entries"`
		Residence        struct{ Locality *string }
	}
}

func read(t *testing.T, c apitest.Client, id string) (record, string) {
	t.Helper()
	answer := c.Get("/v1/patients/" + id).Must(http.StatusOK)
	return apitest.Data[record](answer), answer.ETag()
}

func with(base object, more object) object {
	out := maps.Clone(base)
	maps.Copy(out, more)
	return out
}

// Verifies CORE-05: each code at the place of the field, and what is accepted is shown masked.
func TestCNP_overTheWire(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	admin := api.Clinic("alpha").AsAdmin()
	for number, code := range map[string]string{
		"1960101400012": "cnp_checksum", "2900229700129": "cnp_date", "196010140001": "cnp_length", "19601014000x1": "cnp_digits",
		"0960101400011": "cnp_prefix",
	} {
		refused := admin.Post("/v1/patients", with(ana(), object{"cnp": number})).Expect(http.StatusUnprocessableEntity, code)
		if strings.Contains(string(refused.Raw), number) {
			t.Errorf("the refused number is sent back: %s", refused.Raw)
		}
	}
	made := admin.Post("/v1/patients", with(ana(), object{"cnp": "1960101400011", "birth_date": "1996-01-01", "sex": "male"})).Must(http.StatusCreated)
	if got := apitest.Data[record](made); got.CNP == nil || *got.CNP != "1960101******" || got.BirthDate == nil || *got.BirthDate != "1996-01-01" {
		t.Errorf("made %+v", got)
	}
	admin.Post("/v1/patients", with(ana(), object{"birth_date": "2090-01-01"})).Expect(http.StatusUnprocessableEntity, "validation_error")
	other := object{"first_name": "Ion", "last_name": "Pop", "phone": "0733111222", "cnp": "1960101400011"}
	admin.Post("/v1/patients", other).Expect(http.StatusConflict, "duplicate_candidates") // the number alone is enough

	revealed := apitest.Data[struct{ Values []string }](admin.Post("/v1/patients/"+made.ID()+"/reveal",
		object{"field": "cnp", "reason": "Invoice of the visit"}).Must(http.StatusOK))
	if !slices.Equal(revealed.Values, []string{"1960101400011"}) {
		t.Errorf("revealed %v", revealed)
	}
	admin.Post("/v1/patients/"+made.ID()+"/reveal", object{"field": "cnp", "reason": "short"}).Expect(http.StatusUnprocessableEntity, "validation_error")
	admin.Post("/v1/patients/"+made.ID()+"/reveal", object{"field": "insurance_numbers", "reason": "Invoice of the visit"}).Expect(http.StatusNotFound, "value_not_found")
	rows := value(t, api, `SELECT count(*)::text FROM audit_log WHERE patient_id = $1 AND action = 'read' AND reason = 'Invoice of the visit'`, made.ID())
	if rows != "1" {
		t.Errorf("%s entries of the reveal", rows)
	}
	if leaks := value(t, api, "SELECT count(*)::text FROM audit_log WHERE changes::text LIKE '%1960101400011%'"); leaks != "0" {
		t.Errorf("%s entries of the trail hold the number", leaks)
	}
}

func TestRecord_clinicWritesAllOfAPersonWithoutAccount(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	admin := api.Clinic("alpha").AsAdmin()
	id := admin.Post("/v1/patients", ana()).Must(http.StatusCreated).ID()
	_, tag := read(t, admin, id)
	change := object{
		"last_name": "Ţepeş", "cnp": "1960101400011", "profile": object{
			"allergies": []string{"Penicillin", " "}, "blood_type": "A+", "residence": object{"locality": "Iaşi"},
			"insurance_entries": []object{{"kind": "state", "insurer": "CNAS", "number": "RO 1234567"}},
		},
	}
	admin.Patch("/v1/patients/"+id, change).Expect(http.StatusPreconditionRequired, "precondition_required")
	answer := admin.With("If-Match", tag).Patch("/v1/patients/"+id, change).Must(http.StatusOK)
	got := apitest.Data[record](answer)
	if !got.Editable || got.Profile == nil || !slices.Equal(got.Profile.Allergies, []string{"Penicillin"}) || *got.Profile.Residence.Locality != "Iași" ||
		got.Profile.InsuranceEntries[0].Number != "***567" || got.Withheld {
		t.Errorf("record is %+v", got)
	}
	if name := apitest.Data[shown](answer); name.LastName != "Țepeș" {
		t.Errorf("the name is stored as %s", name.LastName)
	}
	admin.With("If-Match", tag).Patch("/v1/patients/"+id, change).Expect(http.StatusPreconditionFailed, "precondition_failed")
	fresh := answer.ETag()
	// The list is edited by somebody who saw no number.
	answer = admin.With("If-Match", fresh).Patch("/v1/patients/"+id, object{"profile": object{
		"insurance_entries": []object{{"kind": "state", "insurer": "CNAS"}}, "occupation": nil,
	}}).Must(http.StatusOK)
	revealed := apitest.Data[struct{ Values []string }](admin.Post("/v1/patients/"+id+"/reveal",
		object{"field": "insurance_numbers", "reason": "Form of the insurer"}).Must(http.StatusOK))
	if !slices.Equal(revealed.Values, []string{"RO1234567"}) {
		t.Errorf("insurance number is %v", revealed.Values)
	}
	for place, wrong := range map[string]object{
		"body.profile.residence.postal_code": {"profile": object{"residence": object{"postal_code": "12"}}},
		"body.profile.blood_type":            {"profile": object{"blood_type": "C"}},
		"body.email":                         {"email": "nobody"},
		"body.phone":                         {"phone": "12"},
		"body.birth_date":                    {"birth_date": "2199-01-01"},
	} {
		refused := admin.With("If-Match", answer.ETag()).Patch("/v1/patients/"+id, wrong).Expect(http.StatusUnprocessableEntity, "validation_error")
		if !strings.Contains(string(refused.Raw), place) {
			t.Errorf("%s is not named in %s", place, refused.Raw)
		}
	}
}

func TestRecord_isHiddenAndItsNumberIsUnique(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	admin := clinic.AsAdmin()
	first := admin.Post("/v1/patients", ana()).Must(http.StatusCreated)
	second := admin.Post("/v1/patients", object{"first_name": "Ion", "last_name": "Pop", "phone": "0733111222"}).Must(http.StatusCreated)
	admin.With("If-Match", second.ETag()).Patch("/v1/patients/"+second.ID(), object{"file_number": "1"}).Expect(http.StatusConflict, "file_number_exists")

	admin.Delete("/v1/patients/"+first.ID()).Expect(http.StatusPreconditionRequired, "precondition_required")
	admin.With("If-Match", first.ETag()).Delete("/v1/patients/" + first.ID()).Must(http.StatusNoContent)
	admin.Get("/v1/patients/"+first.ID()).Expect(http.StatusNotFound, "patient_not_found")
	if list := apitest.Data[[]shown](admin.Get("/v1/patients").Must(http.StatusOK)); len(list) != 1 {
		t.Errorf("the list is %+v", list)
	}
	if kept := value(t, api, "SELECT count(*)::text FROM patient_org_profiles WHERE patient_id = $1", first.ID()); kept != "1" {
		t.Error("the row is gone")
	}
}

// Verifies DOM-06
func TestList_romanianOrderAndCedilla(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	admin := api.Clinic("alpha").AsAdmin()
	names := []string{"Ana", "Ăna", "Âna", "Iulia", "Înna", "Sava", "Șava"}
	shuffled := []string{"Șava", "Âna", "Iulia", "Sava", "Ăna", "Înna", "Ana"}
	for i, name := range shuffled {
		admin.Post("/v1/patients", object{"first_name": name, "last_name": "Test", "phone": "072200010" + string(rune('0'+i))}).Must(http.StatusCreated)
	}
	order := func(query string) []string {
		var out []string
		for _, p := range apitest.Data[[]shown](admin.Get("/v1/patients?search=test" + query).Must(http.StatusOK)) {
			out = append(out, p.FirstName)
		}
		return out
	}
	if got := order("&sort=name"); !slices.Equal(got, names) {
		t.Errorf("order is %v", got)
	}
	slices.Reverse(names)
	if got := order("&sort=-name"); !slices.Equal(got, names) {
		t.Errorf("reversed order is %v", got)
	}
	admin.Post("/v1/patients", object{"first_name": "Ştefan", "last_name": "Ţîrlea", "phone": "0722999888"}).Must(http.StatusCreated)
	found := apitest.Data[[]shown](admin.Get("/v1/patients?search=stefan%20tirlea").Must(http.StatusOK))
	if len(found) != 1 || found[0].FirstName != "Ștefan" || found[0].LastName != "Țîrlea" {
		t.Errorf("found %+v", found)
	}
}

func TestLookup_onlyWhereTheClinicAllows(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	admin := clinic.AsAdmin()
	id := admin.Post("/v1/patients", ana()).Must(http.StatusCreated).ID()
	specialist := clinic.Client(clinic.Member(auth.Specialist)).App(auth.Clinic)
	specialist.Get("/v1/patients/lookup?q=ste").Expect(http.StatusForbidden, "forbidden")
	path := "/v1/organizations/" + clinic.ID.String()
	tag := admin.Get(path).Must(http.StatusOK).ETag()
	admin.With("If-Match", tag).Patch(path, object{"settings": object{"specialist_patient_lookup": true}}).Must(http.StatusOK)

	specialist.Get("/v1/patients/lookup?q=st").Expect(http.StatusBadRequest, "bad_request")
	found := apitest.Data[[]object](specialist.Get("/v1/patients/lookup?q=STE").Must(http.StatusOK))
	if len(found) != 1 || found[0]["id"] != id || found[0]["last_name"] != "Ștefan" || len(found[0]) != 3 {
		t.Errorf("found %+v", found)
	}
	specialist.Get("/v1/patients/"+id).Expect(http.StatusNotFound, "patient_not_found")
	if list := apitest.Data[[]shown](specialist.Get("/v1/patients?search=ste").Must(http.StatusOK)); len(list) != 0 {
		t.Errorf("a specialist without a visit lists %+v", list)
	}
	if n := value(t, api, "SELECT count(*)::text FROM audit_log WHERE entity_type = 'patient_lookup' AND changes::text LIKE '%' || $1 || '%'", id); n != "1" {
		t.Errorf("%s entries of the lookup", n)
	}
}

// value asks the database past row-level security.
func value(t *testing.T, api *apitest.API, sql string, args ...any) string {
	t.Helper()
	var out string
	if err := api.DB.Super(t).QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
