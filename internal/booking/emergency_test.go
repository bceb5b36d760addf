package booking_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

type seen struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     *string
	Phone     *string
	Withheld  bool
}

// An operator reads visits and patients for as long as the grant lives, and the clinic reads of each of it.
// Verifies AUTH-10
func TestEmergency_visitsAndPatients(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	free := w.starts()
	v := w.booked(free[0], contact("Ana", "0722123456"))
	patient := w.desk.Post("/v1/patients", object{"first_name": "Ion", "last_name": "Pop", "phone": "0722123457"}).Must(http.StatusCreated).ID()
	other := w.api.Clinic("beta")
	operator := w.api.AsSuperadmin()
	console := operator.In(w.clinic.ID)
	reads := []string{
		"/v1/appointments/" + v.ID, "/v1/appointments", "/v1/patients/" + patient, "/v1/patients", "/v1/tasks",
		"/v1/availability?service_id=" + w.service + "&from=" + free[0].Format(time.DateOnly) + "&to=" + free[0].Format(time.DateOnly),
	}
	for _, path := range reads {
		console.Get(path).Expect(http.StatusForbidden, "break_glass_required")
	}

	grant := operator.Post("/v1/admin/break-glass", object{
		"organization_id": w.clinic.ID.String(), "reason": "Restoring a lost calendar of the clinic", "ttl_minutes": 5,
	}).Must(http.StatusCreated).ID()
	for _, path := range reads {
		console.Get(path).Must(http.StatusOK)
		operator.In(other.ID).Get(path).Expect(http.StatusForbidden, "break_glass_required")
	}
	if got := apitest.Data[visit](console.Get("/v1/appointments/" + v.ID)); got.Contact.Phone == nil || *got.Contact.Phone != "+40722123456" || len(got.Allowed) != 0 {
		t.Errorf("the operator sees the visit as %+v", got)
	}
	if got := apitest.Data[[]seen](console.Get("/v1/patients")); len(got) != 1 || got[0].FirstName != "Ion" || got[0].Phone == nil || got[0].Withheld {
		t.Errorf("the operator sees the patients as %+v", got)
	}
	console.Post("/v1/appointments/"+v.ID+"/cancel", object{}).Expect(http.StatusForbidden, "forbidden")
	console.Post("/v1/patients", object{"first_name": "Eva", "last_name": "Pop", "phone": "0722123458"}).Expect(http.StatusForbidden, "forbidden")
	entries := apitest.Data[[]struct {
		EntityID     string  `json:"entity_id"`
		ActorRole    string  `json:"actor_role"`
		BreakGlassID *string `json:"break_glass_id"`
	}](w.clinic.AsAdmin().Get("/v1/audit-logs?context=break_glass&action=read").Must(http.StatusOK))
	if len(entries) != len(reads)+2 {
		t.Errorf("%d reads left %d rows", len(reads)+2, len(entries))
	}
	for _, e := range entries {
		if e.BreakGlassID == nil || *e.BreakGlassID != grant || e.ActorRole != "superadmin" {
			t.Errorf("the clinic's trail says %+v", e)
		}
	}

	w.api.Clock.Advance(5 * time.Minute)
	for _, path := range reads {
		console.Get(path).Expect(http.StatusForbidden, "break_glass_required")
	}
}

// What belongs to the person alone is not an operator's to see: neither the name that the clinic did not enter, nor what the person
// shares with the clinic.
func TestEmergency_portablePersonStaysClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	start := w.starts()[0]
	patient := w.desk.Post("/v1/patients", object{"first_name": "Ion", "last_name": "Pop", "phone": "0722123457", "email": "ion@example.test"}).Must(http.StatusCreated).ID()
	made := w.desk.Post("/v1/appointments", object{"service_id": w.service, "start": start, "patient_id": patient}).Must(http.StatusCreated).ID()
	if _, err := w.api.DB.Admin(t).Exec(t.Context(), `UPDATE patient_org_profiles SET profile_shared = true, display_first_name = NULL, contact_email = NULL,
		contact_phone_encrypted = NULL, contact_phone_key_version = NULL, contact_phone_bidx = NULL`); err != nil {
		t.Fatal(err)
	}
	if got := apitest.Data[seen](w.desk.Get("/v1/patients/" + patient).Must(http.StatusOK)); got.FirstName != "Ion" || got.Email == nil || got.Phone == nil || got.Withheld {
		t.Errorf("the desk sees %+v", got)
	}
	operator := w.api.AsSuperadmin()
	operator.Post("/v1/admin/break-glass", object{
		"organization_id": w.clinic.ID.String(), "reason": "Restoring a lost calendar of the clinic", "ttl_minutes": 5,
	}).Must(http.StatusCreated)
	console := operator.In(w.clinic.ID)

	if got := apitest.Data[seen](console.Get("/v1/patients/" + patient).Must(http.StatusOK)); got.FirstName != "" || got.LastName != "Pop" ||
		got.Email != nil || got.Phone != nil || !got.Withheld {
		t.Errorf("the operator sees %+v", got)
	}
	if got := apitest.Data[visit](console.Get("/v1/appointments/" + made).Must(http.StatusOK)); got.PatientName != nil {
		t.Errorf("the operator sees the name %q", *got.PatientName)
	}
}
