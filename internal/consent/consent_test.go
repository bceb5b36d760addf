package consent_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

// people are one person who is a patient of two clinics, with an own record written at the first.
type people struct {
	api    *apitest.API
	a, b   apitest.Clinic
	atA    apitest.Client
	atB    apitest.Client
	staffB apitest.Client
	id     string
}

func newPeople(t *testing.T) people {
	t.Helper()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	w := people{api: api, a: api.Clinic("alpha"), b: api.Clinic("beta")}
	person := api.Person("ana")
	body := object{"first_name": "Ana", "last_name": "Pop", "phone": "0722 123 456", "email": person.Email, "account": "invite"}
	w.id = w.a.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated).ID()
	w.atA, w.atB, w.staffB = w.a.Client(person).App(auth.Portal), w.b.Client(person).App(auth.Portal), w.b.AsAdmin()
	w.atA.Get("/v1/patients").Must(http.StatusOK) // the first login
	body["phone"] = "0733 000 111"                // what clinic B knows itself
	w.b.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated)
	api.Clock.Advance(2_000_000_000)
	w.atB.Get("/v1/patients").Must(http.StatusOK)
	own := w.atA.Get("/v1/me/profile").Must(http.StatusOK)
	w.atA.With("If-Match", own.ETag()).Patch("/v1/me/profile", object{
		"allergies": []string{"Penicilină"}, "phone": "0744 999 888", "emergency_contact_name": "Maria Pop", "emergency_contact_phone": "0755 111 222",
	}).Must(http.StatusOK)
	return w
}

type seen struct {
	Phone          *string
	Withheld       bool
	WithheldFields []string `json:"withheld_fields"`
	ProfileShared  bool     `json:"profile_shared"`
	Profile        struct {
		Allergies []string
		Phone     *string `json:"emergency_contact_phone"`
	}
}

func (w people) seenAtB() seen {
	return apitest.Data[seen](w.staffB.Get("/v1/patients/" + w.id).Must(http.StatusOK))
}

var sharing = object{"accepted": true, "policy_version": 1}

// Verifies CORE-04: a patient with portable allergies, linked at clinic B: before the consent, after it, after it was taken back.
func TestSharing_beforeAfterAndRevoked(t *testing.T) {
	t.Parallel()
	w := newPeople(t)
	closed := func(when string) {
		t.Helper()
		got := w.seenAtB()
		if got.Profile.Allergies != nil || got.Profile.Phone != nil || !got.Withheld || !slices.Contains(got.WithheldFields, "allergies") || got.ProfileShared {
			t.Errorf("%s clinic B sees %+v", when, got)
		}
		if got.Phone == nil || *got.Phone != "+40733000111" {
			t.Errorf("%s clinic B does not see its own number", when)
		}
	}
	closed("before the consent")
	w.atB.Post("/v1/me/consents/profile_sharing/grant", sharing).Must(http.StatusOK)
	got := w.seenAtB()
	if !slices.Equal(got.Profile.Allergies, []string{"Penicilină"}) || *got.Profile.Phone != "+40755111222" || got.Withheld || *got.Phone != "+40733000111" {
		t.Errorf("after the consent clinic B sees %+v", got)
	}
	if at := apitest.Data[seen](w.a.AsAdmin().Get("/v1/patients/" + w.id).Must(http.StatusOK)); at.Profile.Allergies != nil {
		t.Error("a consent at clinic B opens the record at clinic A")
	}
	w.atB.Post("/v1/me/consents/profile_sharing/withdraw", object{}).Must(http.StatusOK)
	closed("after it was taken back")
	own := apitest.Data[[]seen](w.atB.Get("/v1/patients?include=profile").Must(http.StatusOK))
	if len(own) != 1 || !slices.Equal(own[0].Profile.Allergies, []string{"Penicilină"}) || own[0].Withheld {
		t.Errorf("the person sees %+v", own)
	}
	for _, kind := range []string{"patient.profile_shared", "patient.profile_unshared", "consent.granted", "consent.withdrawn"} {
		if n := value(t, w.api, "SELECT count(*)::text FROM outbox_events WHERE type = $1", kind); n != "1" {
			t.Errorf("%s events of %s", n, kind)
		}
	}
	if leak := value(t, w.api, "SELECT count(*)::text FROM audit_log WHERE changes::text LIKE '%Penicilin%' OR changes::text LIKE '%755111222%'"); leak != "0" {
		t.Error("the trail of a clinic holds what was not shared with it")
	}
}

func TestOwnership_theClinicDoesNotWriteWhatThePersonOwns(t *testing.T) {
	t.Parallel()
	w := newPeople(t)
	one := w.staffB.Get("/v1/patients/" + w.id).Must(http.StatusOK)
	edit := w.staffB.With("If-Match", one.ETag())
	edit.Patch("/v1/patients/"+w.id, object{"profile": object{"allergies": []string{}}}).Expect(http.StatusConflict, "profile_owned")
	edit.Patch("/v1/patients/"+w.id, object{"phone": "0766 222 333", "birth_date": "1980-02-29"}).Must(http.StatusOK)
	own := apitest.Data[struct {
		Phone     string
		BirthDate *string `json:"birth_date"`
		Allergies []string
	}](w.atB.Get("/v1/me/profile").Must(http.StatusOK))
	if own.Phone != "+40744999888" || own.BirthDate != nil || len(own.Allergies) != 1 {
		t.Errorf("the own record became %+v", own)
	}
}

type answered struct {
	Type, Status, Method, Title, Text string
	PolicyVersion                     int  `json:"policy_version"`
	AnsweredVersion                   *int `json:"answered_version"`
	Withdrawable                      bool
}

func TestConsents_nineTypesAndTheirRules(t *testing.T) {
	t.Parallel()
	w := newPeople(t)
	all := apitest.Data[[]answered](w.atA.Get("/v1/me/consents").Must(http.StatusOK))
	if len(all) != 9 {
		t.Fatalf("%d types", len(all))
	}
	for _, one := range all {
		if one.Status != "none" || one.PolicyVersion != 1 || one.Title == "" || one.Text == "" {
			t.Errorf("%s begins as %+v", one.Type, one)
		}
	}
	grant := func(kind string) apitest.Answer { return w.atA.Post("/v1/me/consents/"+kind+"/grant", sharing) }
	grant("telerehab_informed_consent").Expect(http.StatusUnprocessableEntity, "signature_required")
	grant("video_recording").Expect(http.StatusUnprocessableEntity, "signature_required")
	grant("unheard_of").Expect(http.StatusNotFound, "consent_type_not_found")
	grant("terms_of_service").Must(http.StatusOK)
	w.atA.Post("/v1/me/consents/terms_of_service/withdraw", object{}).Expect(http.StatusConflict, "not_withdrawable")
	w.atA.Post("/v1/me/consents/marketing/grant", object{"accepted": false, "policy_version": 1}).Expect(http.StatusUnprocessableEntity, "validation_error")
	w.atA.Post("/v1/me/consents/marketing/grant", object{"accepted": true, "policy_version": 2}).Expect(http.StatusConflict, "policy_outdated")
	grant("marketing").Must(http.StatusOK)
	grant("marketing").Must(http.StatusOK) // the same answer again is none
	w.atA.Post("/v1/me/consents/marketing/withdraw", object{}).Must(http.StatusOK)
	w.atA.Post("/v1/me/consents/marketing/withdraw", object{}).Must(http.StatusOK)

	acts := apitest.Data[[]answered](w.a.AsAdmin().Get("/v1/consents?type=marketing&patient_id=" + w.id).Must(http.StatusOK))
	if len(acts) != 2 || acts[0].Status != "withdrawn" || acts[1].Status != "granted" {
		t.Errorf("acts are %+v", acts)
	}
	if other := apitest.Data[[]answered](w.staffB.Get("/v1/consents").Must(http.StatusOK)); len(other) != 0 {
		t.Errorf("clinic B reads the consents of clinic A: %+v", other)
	}
	w.a.AsAdmin().Post("/v1/me/consents/marketing/grant", sharing).Expect(http.StatusForbidden, "forbidden")
	if kinds := apitest.Data[[]answered](w.a.AsAdmin().Get("/v1/consent-types").Must(http.StatusOK)); len(kinds) != 9 {
		t.Errorf("%d kinds", len(kinds))
	}
}

// What depends on a consent falls with it, in one transaction. The first is signed by drawing, which only the database can do here.
func TestWithdraw_takesDependentsAlong(t *testing.T) {
	t.Parallel()
	w := newPeople(t)
	w.atA.Post("/v1/me/consents/pose_data/grant", sharing).Must(http.StatusOK)
	run(t, w.api, `INSERT INTO consents (id, organization_id, patient_id, type, status, policy_document_id, policy_version, method, at)
		SELECT gen_random_uuid(), $1, $2, d.consent_type, 'granted', d.id, 1, 'drawn', now() - interval '1 day' FROM policy_documents d
		 WHERE d.organization_id = $1 AND d.consent_type = 'telerehab_informed_consent' AND d.language_code = 'ro'`, w.a.ID, w.id)

	w.atA.Post("/v1/me/consents/telerehab_informed_consent/withdraw", object{}).Must(http.StatusOK)

	state := map[string]string{}
	for _, one := range apitest.Data[[]answered](w.atA.Get("/v1/me/consents").Must(http.StatusOK)) {
		state[one.Type] = one.Status
	}
	if state["telerehab_informed_consent"] != "withdrawn" || state["pose_data"] != "withdrawn" || state["marketing"] != "none" {
		t.Errorf("states are %v", state)
	}
	caused := value(t, w.api, `SELECT string_agg(d.type || '<' || c.type, ' ') FROM consents d JOIN consents c ON c.id = d.caused_by`)
	if caused != "pose_data<telerehab_informed_consent" {
		t.Errorf("causes are %q", caused)
	}
}

// A row never changes, whoever asks: only the patient it speaks of may be re-pointed.
func TestConsents_areAppendOnly(t *testing.T) {
	t.Parallel()
	w := newPeople(t)
	w.atA.Post("/v1/me/consents/marketing/grant", sharing).Must(http.StatusOK)
	for _, statement := range []string{
		"UPDATE consents SET status = 'withdrawn'", "UPDATE consents SET at = now()", "DELETE FROM consents", "TRUNCATE consents CASCADE",
	} {
		if _, err := w.api.DB.Admin(t).Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
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

func run(t *testing.T, api *apitest.API, sql string, args ...any) {
	t.Helper()
	if _, err := api.DB.Super(t).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}
