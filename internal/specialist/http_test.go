package specialist_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

type specialist struct {
	ID           string   `json:"id"`
	UserID       *string  `json:"user_id"`
	Name         string   `json:"name"`
	Slug         string   `json:"slug"`
	Email        *string  `json:"email"`
	Phone        *string  `json:"phone"`
	Timezone     *string  `json:"scheduling_timezone"`
	SpecialtyIDs []string `json:"specialty_ids"`
}

type specialty struct {
	ID, Title, Slug string
	Active          bool
}

func names(list []specialist) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Name)
	}
	return out
}

func TestSpecialists_roundTrip(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	doctor := c.Member(auth.Specialist)
	practice := apitest.Data[[]specialty](admin.Get("/v1/specialties").Must(http.StatusOK))
	if len(practice) != 6 || practice[0].Title != "Fizioterapie" || practice[2].Slug != "recuperare-medicala" {
		t.Fatalf("a new clinic begins with %v", practice)
	}

	made := admin.Post("/v1/specialists", object{
		"name": " Marry Joe ", "phone": "0722 123 456", "email": "marry@example.test", "user_id": api.UserID(doctor),
		"scheduling_timezone": "Europe/Bucharest", "specialty_ids": []string{practice[0].ID, practice[0].ID},
	}).Must(http.StatusCreated)
	p := apitest.Data[specialist](made)

	if p.Name != "Marry Joe" || p.Slug != "marry-joe" || p.Phone == nil || *p.Phone != "+40722123456" || !slices.Equal(p.SpecialtyIDs, []string{practice[0].ID}) {
		t.Errorf("made %s", made.Raw)
	}
	path := "/v1/specialists/" + p.ID
	admin.Patch(path, object{"title": "Dr."}).Expect(http.StatusPreconditionRequired, "precondition_required")
	admin.With("If-Match", `"99"`).Patch(path, object{"title": "Dr."}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	changed := admin.With("If-Match", made.ETag()).Patch(path, object{"title": "Dr.", "phone": nil, "colour": "#AABBCC"}).Must(http.StatusOK)
	if got := apitest.Data[specialist](changed); got.Phone != nil || changed.ETag() == made.ETag() {
		t.Errorf("changed %s", changed.Raw)
	}
	second := apitest.Data[specialist](admin.Post("/v1/specialists", object{"name": "Marry Joe"}).Must(http.StatusCreated))
	if second.Slug != "marry-joe-2" {
		t.Errorf("the second Marry Joe has the address %s", second.Slug)
	}
	put := admin.With("If-Match", changed.ETag()).Put(path+"/specialties", object{"specialty_ids": []string{practice[1].ID, practice[2].ID}}).Must(http.StatusOK)
	if got := apitest.Data[specialist](put); len(got.SpecialtyIDs) != 2 {
		t.Errorf("practises %s", put.Raw)
	}
	filtered := apitest.Data[[]specialist](admin.Get("/v1/specialists?specialty_id=" + practice[1].ID + "&search=MARRY").Must(http.StatusOK))
	if len(filtered) != 1 || filtered[0].ID != p.ID {
		t.Errorf("of the specialty: %v", names(filtered))
	}
	admin.With("If-Match", put.ETag()).Delete(path).Must(http.StatusNoContent)
	admin.Get(path).Expect(http.StatusNotFound, "specialist_not_found")
	if got := apitest.Data[[]specialist](admin.Get("/v1/specialists").Must(http.StatusOK)); len(got) != 1 {
		t.Errorf("after the removal: %v", names(got))
	}
	// The login is free again.
	admin.Post("/v1/specialists", object{"name": "Marry Joe", "user_id": api.UserID(doctor), "slug": "marry-joe"}).Must(http.StatusCreated)
	if strings.Contains(api.Logs.String(), "0722") || strings.Contains(api.Logs.String(), "+40722123456") {
		t.Error("a phone number stands in the log")
	}
}

func TestSpecialists_refused(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c, other := api.Clinic("alpha"), api.Clinic("beta")
	admin := c.AsAdmin()
	doctor := c.Member(auth.Specialist)
	admin.Post("/v1/specialists", object{"name": "Ana", "slug": "ana", "user_id": api.UserID(doctor)}).Must(http.StatusCreated)
	foreign := apitest.Data[[]specialty](other.AsAdmin().Get("/v1/specialties").Must(http.StatusOK))[0]

	for name, try := range map[string]struct {
		body   object
		status int
		code   string
	}{
		"no name":             {object{"name": "  "}, http.StatusUnprocessableEntity, "validation_error"},
		"unknown member":      {object{"name": "B", "salary": 1}, http.StatusUnprocessableEntity, "validation_error"},
		"slug taken":          {object{"name": "B", "slug": "ana"}, http.StatusConflict, "slug_taken"},
		"bad slug":            {object{"name": "B", "slug": "Ana!"}, http.StatusUnprocessableEntity, "validation_error"},
		"login taken":         {object{"name": "B", "user_id": api.UserID(doctor)}, http.StatusConflict, "user_already_linked"},
		"login of nobody":     {object{"name": "B", "user_id": "01900000-0000-7000-8000-000000000000"}, http.StatusUnprocessableEntity, "validation_error"},
		"login of another":    {object{"name": "B", "user_id": api.UserID(other.Admin)}, http.StatusUnprocessableEntity, "validation_error"},
		"unknown zone":        {object{"name": "B", "scheduling_timezone": "Europe/Bucuresti"}, http.StatusUnprocessableEntity, "timezone_unknown"},
		"zone of the server":  {object{"name": "B", "scheduling_timezone": "Local"}, http.StatusUnprocessableEntity, "timezone_unknown"},
		"buffer":              {object{"name": "B", "buffer_after_min": 121}, http.StatusUnprocessableEntity, "validation_error"},
		"phone":               {object{"name": "B", "phone": "12"}, http.StatusUnprocessableEntity, "validation_error"},
		"colour":              {object{"name": "B", "colour": "red"}, http.StatusUnprocessableEntity, "validation_error"},
		"email":               {object{"name": "B", "email": "nobody"}, http.StatusUnprocessableEntity, "validation_error"},
		"specialty elsewhere": {object{"name": "B", "specialty_ids": []string{foreign.ID}}, http.StatusUnprocessableEntity, "validation_error"},
	} {
		if a := admin.Post("/v1/specialists", try.body); a.Status != try.status || a.Code() != try.code {
			t.Errorf("%s: %s", name, a)
		}
	}
	if got := apitest.Data[[]specialist](admin.Get("/v1/specialists").Must(http.StatusOK)); len(got) != 1 {
		t.Errorf("refusals left %v", names(got))
	}
	admin.Get("/v1/specialists?sort=phone").Expect(http.StatusBadRequest, "sort_unknown")
}

// What other roles see: staff everything, a patient the public face, another clinic nothing.
func TestSpecialists_byRole(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c, other := api.Clinic("alpha"), api.Clinic("beta")
	made := c.AsAdmin().Post("/v1/specialists", object{
		"name": "Ana", "phone": "0722123456", "email": "ana@example.test", "stamp_number": "A-1",
	}).Must(http.StatusCreated)
	path := "/v1/specialists/" + made.ID()

	staff := apitest.Data[specialist](c.Client(c.Member(auth.CustomerSupport)).Get(path).Must(http.StatusOK))
	patient := c.Client(c.Member(auth.Patient)).App(auth.Portal)
	seen := patient.Get(path).Must(http.StatusOK)

	if staff.Phone == nil || staff.Email == nil {
		t.Error("staff does not see the contact")
	}
	if got := apitest.Data[specialist](seen); got.Phone != nil || got.Email != nil || got.UserID != nil || strings.Contains(seen.Raw, "A-1") {
		t.Errorf("a patient sees %s", seen.Raw)
	}
	patient.Post("/v1/specialists", object{"name": "B"}).Expect(http.StatusForbidden, "forbidden")
	c.Client(c.Member(auth.Specialist)).Post("/v1/specialists", object{"name": "B"}).Expect(http.StatusForbidden, "forbidden")
	other.AsAdmin().Get(path).Expect(http.StatusNotFound, "specialist_not_found")
	other.AsAdmin().With("If-Match", made.ETag()).Patch(path, object{"name": "C"}).Expect(http.StatusNotFound, "specialist_not_found")
	other.AsAdmin().With("If-Match", made.ETag()).Delete(path).Expect(http.StatusNotFound, "specialist_not_found")
}

func TestSpecialties_roundTrip(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()

	made := admin.Post("/v1/specialties", object{"title": "Logopedie", "sort_order": 5}).Must(http.StatusCreated)
	path := "/v1/specialties/" + made.ID()
	hidden := admin.With("If-Match", made.ETag()).Patch(path, object{"active": false}).Must(http.StatusOK)
	patient := c.Client(c.Member(auth.Patient)).App(auth.Portal)

	patient.Get(path).Expect(http.StatusNotFound, "specialty_not_found")
	if got := apitest.Data[[]specialty](patient.Get("/v1/specialties").Must(http.StatusOK)); len(got) != 6 {
		t.Errorf("a patient sees %v", got)
	}
	if got := apitest.Data[[]specialty](admin.Get("/v1/specialties?active=false").Must(http.StatusOK)); len(got) != 1 || got[0].Slug != "logopedie" {
		t.Errorf("hidden ones: %v", got)
	}
	admin.Post("/v1/specialists", object{"name": "Ana", "specialty_ids": []string{made.ID()}}).Must(http.StatusCreated)
	admin.With("If-Match", hidden.ETag()).Delete(path).Expect(http.StatusConflict, "specialty_in_use")
	service := admin.Post("/v1/specialties", object{"title": "Logopedie 2"}).Must(http.StatusCreated)
	admin.Post("/v1/services", object{"name": "Vorbire", "category": "therapy", "specialty_id": service.ID()}).Must(http.StatusCreated)
	admin.With("If-Match", service.ETag()).Delete("/v1/specialties/"+service.ID()).Expect(http.StatusConflict, "specialty_in_use")
	unused := admin.Post("/v1/specialties", object{"title": "Logopedie", "slug": "alta"}).Must(http.StatusCreated)
	admin.With("If-Match", unused.ETag()).Delete("/v1/specialties/" + unused.ID()).Must(http.StatusNoContent)
	admin.Get("/v1/specialties/"+unused.ID()).Expect(http.StatusNotFound, "specialty_not_found")
	admin.Post("/v1/specialties", object{"title": "Alta", "slug": "alta"}).Must(http.StatusCreated)
	admin.Post("/v1/specialties", object{"title": "Alta", "slug": "alta"}).Expect(http.StatusConflict, "slug_taken")
}
