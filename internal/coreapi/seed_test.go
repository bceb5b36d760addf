package coreapi_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// The demo clinic has the first day: five services to look at, and times to book within a week of any day.
func TestSeed_fillsTheFirstDay(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	if _, err := api.App.Seed(t.Context(), filepath.Join(t.TempDir(), "demo.json")); err != nil {
		t.Fatal(err)
	}
	visitor := api.Anonymous().With("X-Organization-Slug", "armonia")

	type service struct {
		ID, Name    string
		Price       *int64 `json:"price_minor"`
		Specialists []struct{ ID string }
	}
	services := apitest.Data[[]service](visitor.Get("/v1/public/services").Must(http.StatusOK))
	people := apitest.Data[[]struct{ Name string }](visitor.Get("/v1/public/specialists").Must(http.StatusOK))

	if len(services) != 5 || len(people) != 3 || len(services[0].Specialists) != 2 || services[0].Price == nil || *services[0].Price != 20000 {
		t.Fatalf("the demo clinic offers %+v by %v", services, people)
	}
	from := api.Clock.Now().AddDate(0, 0, 1)
	window := "&from=" + from.Format(time.DateOnly) + "&to=" + from.AddDate(0, 0, 6).Format(time.DateOnly)
	for i, want := range []struct {
		slots    int
		callback bool
	}{{4 + 16 + 16 - 1, false}, {4 + 16 + 16 - 1, false}, {0, true}, {0, true}, {0, true}} {
		got := apitest.Data[struct {
			Slots    []struct{ Start time.Time }
			Callback bool
		}](visitor.Get("/v1/public/availability?service_id=" + services[i].ID + window).Must(http.StatusOK))
		if len(got.Slots) != want.slots || got.Callback != want.callback {
			t.Errorf("%s: %d times in a week, callback %t; want %d, %t", services[i].Name, len(got.Slots), got.Callback, want.slots, want.callback)
		}
	}
}

// The account of the patient owns a patient of the clinic whose portal is open and who has a visit to come.
func TestSeed_makesThePatientOneOfTheClinic(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	if _, err := api.App.Seed(t.Context(), filepath.Join(t.TempDir(), "demo.json")); err != nil {
		t.Fatal(err)
	}

	var state, status string
	var ahead bool
	err := api.DB.Super(t).QueryRow(t.Context(), `
		SELECT o.account_state, a.status, a.start_at > $1
		  FROM users u JOIN patients p ON p.user_id = u.id JOIN patient_org_profiles o ON o.patient_id = p.id
		  JOIN appointments a ON a.patient_id = p.id
		 WHERE u.email = 'pacient@demo.test'`, api.Clock.Now()).Scan(&state, &status, &ahead)
	if err != nil || state != "active" || status != "upcoming" || !ahead {
		t.Errorf("the demo patient is %q with a visit %q, to come %t, error %v", state, status, ahead, err)
	}
}
