package patient_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

// shown is a patient as the API shows one.
type shown struct {
	ID, Email, Phone string
	FirstName        string `json:"first_name"`
	LastName         string `json:"last_name"`
	AccountState     string `json:"account_state"`
	FileNumber       string `json:"file_number"`
	Withheld         bool
}

func ana() object {
	return object{"first_name": "Ana", "last_name": "Ștefan", "phone": "0722 123 456", "email": "ana@example.test"}
}

// Verifies AUTH-01
func TestPatients_ofAnotherClinicAreNotThere(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	a, b := api.Clinic("alpha"), api.Clinic("beta")
	own := a.AsAdmin().Post("/v1/patients", ana()).Must(http.StatusCreated)
	other := b.AsAdmin().Post("/v1/patients", ana()).Must(http.StatusCreated)

	a.AsAdmin().Get("/v1/patients/"+other.ID()).Expect(http.StatusNotFound, "patient_not_found")
	a.AsAdmin().Post("/v1/patients/"+other.ID()+"/invitation", nil).Expect(http.StatusNotFound, "patient_not_found")
	list := apitest.Data[[]shown](a.AsAdmin().Get("/v1/patients").Must(http.StatusOK))
	if len(list) != 1 || list[0].ID != own.ID() {
		t.Errorf("the list of clinic A is %+v", list)
	}
	if found := apitest.Data[[]shown](a.AsAdmin().Get("/v1/patients?search=0722123456").Must(http.StatusOK)); len(found) != 1 {
		t.Errorf("the same number in two clinics finds %d patients", len(found))
	}
}

func TestPatients_searchFoldsAndFindsNumbers(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	support := clinic.Client(clinic.Member(auth.CustomerSupport)).App(auth.Clinic)
	id := support.Post("/v1/patients", ana()).Must(http.StatusCreated).ID()
	support.Post("/v1/patients", object{"first_name": "Ion", "last_name": "Pop", "phone": "+40733000111"}).Must(http.StatusCreated)

	for _, search := range []string{"stefan", "ANA", "tefan an", "%2B40722123456", "0722.123.456", "ana@", "1"} {
		if search == "1" {
			support.Get("/v1/patients?search=1").Expect(http.StatusBadRequest, "bad_request")
			continue
		}
		found := apitest.Data[[]shown](support.Get("/v1/patients?search=" + strings.ReplaceAll(search, " ", "%20")).Must(http.StatusOK))
		if len(found) != 1 || found[0].ID != id || found[0].Phone != "+40722123456" || found[0].FileNumber != "1" {
			t.Errorf("search %q: %+v", search, found)
		}
	}
	clinic.Client(clinic.Member(auth.Specialist)).App(auth.Clinic).Get("/v1/patients/"+id).Expect(http.StatusNotFound, "patient_not_found")
}

func TestPatients_duplicatesAreLookedAtFirst(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	first := clinic.AsAdmin().Post("/v1/patients", ana()).Must(http.StatusCreated).ID()
	again := ana()
	again["first_name"], again["last_name"] = "ANA", "stefan"

	refused := clinic.AsAdmin().Post("/v1/patients", again).Expect(http.StatusConflict, "duplicate_candidates")
	problem := apitest.JSON[struct {
		Candidates []struct {
			PatientID string `json:"patient_id"`
			Score     int
		}
	}](refused)
	if len(problem.Candidates) != 1 || problem.Candidates[0].PatientID != first || problem.Candidates[0].Score != 100 {
		t.Fatalf("candidates: %+v", problem)
	}
	again["acknowledge_duplicates"] = []string{first}
	clinic.AsAdmin().Post("/v1/patients", again).Must(http.StatusCreated)
	other := ana()
	other["first_name"] = "Maria"
	clinic.AsAdmin().Post("/v1/patients", other).Must(http.StatusCreated) // the same number alone is a family
}

var link = regexp.MustCompile(`http://(\w+)\.portal\.[^/\s]+/invitations/([A-Za-z0-9_-]{43})`)

// invited waits for the mail to the address and answers the secret of its link.
func invited(t *testing.T, api *apitest.API, address string, mails int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	came := api.Mail.Await(ctx, address, mails)
	if len(came) < mails {
		t.Fatalf("%d mails came, want %d", len(came), mails)
	}
	found := link.FindStringSubmatch(came[mails-1].Text)
	if found == nil {
		t.Fatalf("no link in %s", came[mails-1].Text)
	}
	return found[2]
}

func TestInvitation_makesTheAccountOnce(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	clinic := api.Clinic("alpha")
	body := ana()
	body["account"] = "invite"
	made := apitest.Data[shown](clinic.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated))
	if made.AccountState != "invited" {
		t.Fatalf("account is %s", made.AccountState)
	}
	first := invited(t, api, "ana@example.test", 1)
	clinic.AsAdmin().Post("/v1/patients/"+made.ID+"/invitation", nil).Must(http.StatusOK)
	second := invited(t, api, "ana@example.test", 2)

	state := func(token string) string {
		return apitest.Data[struct{ State string }](api.Anonymous().Get("/v1/public/patient-invitations/" + token).Must(http.StatusOK)).State
	}
	if state(first) != "expired" || state(second) != "open" {
		t.Errorf("links are %s and %s", state(first), state(second))
	}
	accept := object{"password": "Correct-horse-7-battery", "name": "Ana Ștefan"}
	api.Anonymous().Post("/v1/auth/invitations/"+first+"/accept", accept).Expect(http.StatusGone, "invitation_expired")
	api.Anonymous().Post("/v1/auth/invitations/"+second+"/accept", accept).Must(http.StatusOK)
	api.Anonymous().Post("/v1/auth/invitations/"+second+"/accept", accept).Expect(http.StatusGone, "invitation_expired")
	if state(second) != "accepted" {
		t.Errorf("the used link is %s", state(second))
	}
	got := apitest.Data[shown](clinic.AsAdmin().Get("/v1/patients/" + made.ID).Must(http.StatusOK))
	if got.AccountState != "active" {
		t.Errorf("account is %s", got.AccountState)
	}
	clinic.AsAdmin().Post("/v1/patients/"+made.ID+"/invitation", nil).Expect(http.StatusConflict, "account_exists")
}

func TestInvitation_expiresAfterThreeDays(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	clinic := api.Clinic("alpha")
	body := ana()
	body["account"] = "invite"
	clinic.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated)
	token := invited(t, api, "ana@example.test", 1)

	api.Clock.Advance(72*time.Hour + time.Minute)

	api.Anonymous().Post("/v1/auth/invitations/"+token+"/accept", object{"password": "Correct-horse-7-battery"}).Expect(http.StatusGone, "invitation_expired")
}

// The first login with the invited address makes the person the patient, whichever issuer it came from; in a second clinic the
// person stays the same one and everything of that clinic moves to it.
func TestInvitation_firstLoginLinksOnePersonInTwoClinics(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	a, b := api.Clinic("alpha"), api.Clinic("beta")
	person := api.Person("ana")
	body := ana()
	body["email"], body["account"] = person.Email, "invite"
	inA := a.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated).ID()

	portal := func(c apitest.Clinic) apitest.Client { return c.Client(person).App(auth.Portal) }
	own := apitest.Data[[]shown](portal(a).Get("/v1/patients").Must(http.StatusOK))
	if len(own) != 1 || own[0].ID != inA || own[0].AccountState != "active" {
		t.Fatalf("own patients in A: %+v", own)
	}
	before := b.AsAdmin().Post("/v1/patients", body).Must(http.StatusCreated).ID()
	api.Clock.Advance(2 * time.Second)
	own = apitest.Data[[]shown](portal(b).Get("/v1/patients").Must(http.StatusOK))
	if len(own) != 1 || own[0].ID != inA {
		t.Errorf("own patients in B: %+v, want %s", own, inA)
	}
	b.AsAdmin().Get("/v1/patients/"+before).Expect(http.StatusNotFound, "patient_not_found")
	b.AsAdmin().Get("/v1/patients/" + inA).Must(http.StatusOK)
	portal(a).Post("/v1/patients", ana()).Expect(http.StatusForbidden, "forbidden")
}
