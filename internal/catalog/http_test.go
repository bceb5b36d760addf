package catalog_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

type service struct {
	ID, Name, Slug, Currency string
	DurationMin              *int   `json:"duration_min"`
	BasePrice                *int64 `json:"base_price_minor"`
	Price                    *int64 `json:"price_minor"`
	OnRequest                bool   `json:"on_request"`
	Free                     bool
	Modality                 []string
	Specialists              []struct {
		ID       string `json:"specialist_id"`
		Priority int    `json:"priority"`
		Price    *int64 `json:"price_minor"`
		Active   bool   `json:"is_active"`
	}
}

func namesOf(list []service) string {
	var out []string
	for _, v := range list {
		out = append(out, v.Name)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestServices_roundTrip(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	ana := admin.Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	ion := admin.Post("/v1/specialists", object{"name": "Ion"}).Must(http.StatusCreated).ID()

	made := admin.Post("/v1/services", object{"name": "Evaluare", "category": "consultation", "duration_min": 30, "base_price_minor": 20000}).Must(http.StatusCreated)
	path := "/v1/services/" + made.ID()
	if v := apitest.Data[service](made); v.Currency != "RON" || v.Slug != "evaluare" || v.OnRequest || v.Free || !slices.Equal(v.Modality, []string{"in_person"}) {
		t.Errorf("made %s", made.Raw)
	}
	offered := admin.With("If-Match", made.ETag()).Put(path+"/specialists", object{"specialists": []object{
		{"specialist_id": ion, "priority": 60}, {"specialist_id": ana, "custom_price_minor": 15000, "custom_duration_min": 45},
	}}).Must(http.StatusOK)
	v := apitest.Data[service](offered)
	if len(v.Specialists) != 2 || v.Specialists[0].ID != ana || v.Specialists[0].Priority != 50 || !v.Specialists[0].Active {
		t.Errorf("offered %s", offered.Raw)
	}
	changed := admin.With("If-Match", offered.ETag()).Patch(path, object{"base_price_minor": nil, "modality": []string{"video", "phone"}}).Must(http.StatusOK)
	if v = apitest.Data[service](changed); !v.OnRequest || v.BasePrice != nil || len(v.Specialists) != 2 {
		t.Errorf("changed %s", changed.Raw)
	}
	emptied := admin.With("If-Match", changed.ETag()).Put(path+"/specialists", object{"specialists": []object{}}).Must(http.StatusOK)
	if v = apitest.Data[service](emptied); len(v.Specialists) != 0 || emptied.ETag() == changed.ETag() {
		t.Errorf("emptied %s", emptied.Raw)
	}
	admin.With("If-Match", changed.ETag()).Delete(path).Expect(http.StatusPreconditionFailed, "precondition_failed")
	admin.With("If-Match", emptied.ETag()).Delete(path).Must(http.StatusNoContent)
	admin.Get(path).Expect(http.StatusNotFound, "service_not_found")
}

func TestServices_refused(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c, other := api.Clinic("alpha"), api.Clinic("beta")
	admin := c.AsAdmin()
	foreign := other.AsAdmin().Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	for name, try := range map[string]struct {
		body object
		code string
	}{
		"category":       {object{"name": "A", "category": "magic"}, "validation_error"},
		"short":          {object{"name": "A", "category": "therapy", "duration_min": 4}, "validation_error"},
		"long":           {object{"name": "A", "category": "therapy", "duration_min": 481}, "validation_error"},
		"negative price": {object{"name": "A", "category": "therapy", "base_price_minor": -1}, "validation_error"},
		"currency":       {object{"name": "A", "category": "therapy", "currency": "USD"}, "currency_not_allowed"},
		"modality":       {object{"name": "A", "category": "therapy", "modality": []string{"telepathy"}}, "validation_error"},
		"video":          {object{"name": "A", "category": "therapy", "video_url": "http://x.test"}, "validation_error"},
		"specialty":      {object{"name": "A", "category": "therapy", "specialty_id": foreign}, "validation_error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			admin.Post("/v1/services", try.body).Expect(http.StatusUnprocessableEntity, try.code)
		})
	}
	made := admin.Post("/v1/services", object{"name": "A", "category": "therapy"}).Must(http.StatusCreated)
	put := admin.With("If-Match", made.ETag())
	for name, offers := range map[string][]object{
		"specialist of another clinic": {{"specialist_id": foreign}},
		"priority":                     {{"specialist_id": foreign, "priority": 101}},
		"twice":                        {{"specialist_id": foreign}, {"specialist_id": foreign}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			put.Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": offers}).Expect(http.StatusUnprocessableEntity, "validation_error")
		})
	}
	other.AsAdmin().Get("/v1/services/"+made.ID()).Expect(http.StatusNotFound, "service_not_found")
	c.Client(c.Member(auth.CustomerSupport)).Post("/v1/services", object{"name": "B", "category": "therapy"}).Expect(http.StatusForbidden, "forbidden")
}

// Verifies AUTH-18, CORE-15: a visitor sees what is published and public, a patient what is published, staff everything.
// Verifies CORE-13: no price is on request, 0 is free.
func TestServices_whatIsPublished(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	ana := admin.Post("/v1/specialists", object{"name": "Ana", "email": "ana@example.test", "phone": "0722123456"}).Must(http.StatusCreated)
	away := admin.Post("/v1/specialists", object{"name": "Away", "scheduling_active": false}).Must(http.StatusCreated).ID()
	ids := map[string]string{}
	for name, body := range map[string]object{
		"public":    {"published": true, "is_public": true},
		"free":      {"published": true, "is_public": true, "base_price_minor": 0},
		"member":    {"published": true},
		"draft":     {"is_public": true},
		"elsewhere": {},
	} {
		body["name"], body["category"] = name, "therapy"
		made := admin.Post("/v1/services", body).Must(http.StatusCreated)
		ids[name] = made.ID()
		admin.With("If-Match", made.ETag()).Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": []object{
			{"specialist_id": ana.ID(), "custom_price_minor": 5}, {"specialist_id": away},
		}}).Must(http.StatusOK)
	}
	visitor, patient := api.Anonymous().In(c.ID), c.Client(c.Member(auth.Patient)).App(auth.Portal)

	public := visitor.Get("/v1/public/services?sort=name").Must(http.StatusOK)
	list := apitest.Data[[]service](public)
	if got := namesOf(list); got != "free public" {
		t.Errorf("a visitor sees %s", got)
	}
	for _, v := range list {
		if v.Free != (v.Name == "free") || v.OnRequest != (v.Name == "public") || (v.Price == nil) != v.OnRequest {
			t.Errorf("%s: free %t, on request %t", v.Name, v.Free, v.OnRequest)
		}
		if len(v.Specialists) != 1 || v.Specialists[0].ID != ana.ID() || *v.Specialists[0].Price != 5 {
			t.Errorf("%s is offered by %v", v.Name, v.Specialists)
		}
	}
	for _, inner := range []string{"priority", "weight", "row_version", "self_book", "buffer"} {
		if strings.Contains(public.Raw, inner) {
			t.Errorf("a visitor sees %s: %s", inner, public.Raw)
		}
	}
	if got := namesOf(apitest.Data[[]service](patient.Get("/v1/services").Must(http.StatusOK))); got != "free member public" {
		t.Errorf("a patient sees %s", got)
	}
	patient.Get("/v1/services/"+ids["draft"]).Expect(http.StatusNotFound, "service_not_found")
	if got := namesOf(apitest.Data[[]service](admin.Get("/v1/services").Must(http.StatusOK))); got != "draft elsewhere free member public" {
		t.Errorf("an admin sees %s", got)
	}
	specialists := func(query string) string {
		a := visitor.Get("/v1/public/specialists" + query).Must(http.StatusOK)
		for _, private := range []string{"example.test", "0722", "user_id", "colour"} {
			if strings.Contains(a.Raw, private) {
				t.Errorf("a visitor sees %s of a specialist: %s", private, a.Raw)
			}
		}
		return namesOf(apitest.Data[[]service](a))
	}
	if all, of, draft := specialists(""), specialists("?service_id="+ids["free"]), specialists("?service_id="+ids["draft"]); all != "Ana" || of != "Ana" || draft != "" {
		t.Errorf("a visitor sees the specialists %q, of a public service %q, of a draft %q", all, of, draft)
	}
}

func TestServices_filters(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	ana := admin.Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	for i := range 3 {
		made := admin.Post("/v1/services", object{"name": fmt.Sprint("S", i), "category": "therapy", "published": true, "is_public": true}).Must(http.StatusCreated)
		admin.With("If-Match", made.ETag()).Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": []object{{"specialist_id": ana}}}).Must(http.StatusOK)
	}
	if got := apitest.Data[[]service](api.Anonymous().In(c.ID).Get("/v1/public/services?specialist_id=" + ana).Must(http.StatusOK)); len(got) != 3 {
		t.Errorf("of the specialist: %s", namesOf(got))
	}
	if got := apitest.Data[[]service](admin.Get("/v1/services?category=procedure").Must(http.StatusOK)); len(got) != 0 {
		t.Errorf("of another category: %s", namesOf(got))
	}
}
