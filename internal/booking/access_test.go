package booking_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres"
)

// Verifies AUTH-04
func TestAppointments_specialistOfAnotherClinic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	other := w.api.Clinic("beta")
	foreign := other.AsAdmin().Post("/v1/specialists", object{"name": "Eva", "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()

	_, err := w.api.DB.Admin(t).Exec(t.Context(), `INSERT INTO appointments (id, organization_id, reference, specialist_id, modality, start_at, end_at, timezone,
		status, currency, price_source, duration_min, source, cancel_until) VALUES (gen_random_uuid(), $1, 'ABCDEFGH', $2, 'in_person', now(), now() + interval '30 minutes',
		'Europe/Bucharest', 'booked', 'RON', 'service', 30, 'staff', now())`, w.clinic.ID, foreign)

	if postgres.Code(err) != "23503" || postgres.Constraint(err) != "appointments_specialist_fkey" {
		t.Errorf("a visit in A with a specialist of B: %v", err)
	}
	w.book(body(w.slot(w.starts()[0], foreign), contact("Ana", "0722123456"))).Expect(http.StatusUnprocessableEntity, "slot_not_offered")
}

// Verifies AUTH-01
func TestAppointments_ofAnotherClinicAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	v := w.booked(w.starts()[0], contact("Ana", "0722123456"))
	other := w.api.Clinic("beta").AsAdmin()

	other.Get("/v1/appointments/"+v.ID).Expect(http.StatusNotFound, "appointment_not_found")
	other.Post("/v1/appointments/"+v.ID+"/cancel", object{}).Expect(http.StatusNotFound, "appointment_not_found")
	other.With("Idempotency-Key", newKey()).Post("/v1/appointments/"+v.ID+"/onboard", newPatient("Ana", "0722123456")).
		Expect(http.StatusNotFound, "appointment_not_found")
	other.Get("/v1/patients/duplicates?appointment_id="+v.ID).Expect(http.StatusNotFound, "appointment_not_found")
	if list := apitest.Data[[]visit](other.Get("/v1/appointments").Must(http.StatusOK)); len(list) != 0 {
		t.Errorf("clinic B lists %+v", list)
	}
	if list := apitest.Data[[]object](other.Get("/v1/tasks").Must(http.StatusOK)); len(list) != 0 {
		t.Errorf("clinic B lists the tasks %+v", list)
	}
}

// Verifies AUTH-17
func TestAccessKey_needsItsScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	w.booked(w.starts()[0], contact("Ana", "0722123456"))
	made := w.clinic.AsAdmin().Post("/v1/organizations/"+w.clinic.ID.String()+"/access-keys", object{"name": "reader", "scopes": []string{"appointments:read"}}).
		Must(http.StatusCreated)
	key := w.api.Anonymous().With("Authorization", "Bearer "+apitest.Data[struct{ Secret string }](made).Secret)

	key.Post("/v1/appointments", object{"service_id": w.service, "start": time.Now().UTC().Format(time.RFC3339)}).Expect(http.StatusForbidden, "scope_missing")
	key.Get("/v1/patients").Expect(http.StatusForbidden, "scope_missing")
	if list := apitest.Data[[]visit](key.Get("/v1/appointments").Must(http.StatusOK)); len(list) != 1 {
		t.Errorf("the key reads %d visits, want 1", len(list))
	}
}

// A specialist sees the own visits and the patients of them; a cancelled visit takes the patient out of sight.
// Verifies AUTH-19
func TestSpecialist_seesLinkedPatientsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, apitest.Options{Quiet: true})
	free := w.starts()
	person := w.clinic.Member(auth.Specialist)
	admin := w.clinic.AsAdmin()
	row := admin.Get("/v1/specialists/" + w.specialists[0]).Must(http.StatusOK)
	admin.With("If-Match", row.ETag()).Patch("/v1/specialists/"+w.specialists[0], object{"user_id": w.api.UserID(person)}).Must(http.StatusOK)
	id := w.desk.Post("/v1/patients", object{"first_name": "Ana", "last_name": "Pop", "phone": "0722123456"}).Must(http.StatusCreated).ID()
	visitOf := func(start time.Time, specialist string) string {
		return w.desk.Post("/v1/appointments", object{"service_id": w.service, "specialist_id": specialist, "start": start, "patient_id": id}).
			Must(http.StatusCreated).ID()
	}
	foreign := visitOf(free[0], w.specialists[1])
	own := w.clinic.Client(person).App(auth.Clinic)
	own.Get("/v1/patients/"+id).Expect(http.StatusNotFound, "patient_not_found")
	own.Get("/v1/appointments/"+foreign).Expect(http.StatusNotFound, "appointment_not_found")

	linked := visitOf(free[1], w.specialists[0])
	own.Get("/v1/patients/" + id).Must(http.StatusOK)
	if list := apitest.Data[[]visit](own.Get("/v1/appointments").Must(http.StatusOK)); len(list) != 1 || list[0].ID != linked || len(list[0].Allowed) != 0 {
		t.Errorf("the specialist sees %+v", list)
	}
	w.desk.Post("/v1/appointments/"+linked+"/cancel", object{}).Must(http.StatusOK)
	own.Get("/v1/patients/"+id).Expect(http.StatusNotFound, "patient_not_found")
}

// What an integration makes is booked only: a guest with the task to call, or a patient whom the clinic has already. The staff's own is
// upcoming at once.
func TestAccessKey_booksOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	free := w.starts()
	made := w.clinic.AsAdmin().Post("/v1/organizations/"+w.clinic.ID.String()+"/access-keys", object{"name": "site", "scopes": []string{"appointments:write"}}).
		Must(http.StatusCreated)
	key := w.api.Anonymous().With("Authorization", "Bearer "+apitest.Data[struct{ Secret string }](made).Secret)
	known := w.desk.Post("/v1/patients", object{"first_name": "Ion", "last_name": "Pop", "phone": "0722123457"}).Must(http.StatusCreated).ID()
	with := func(start time.Time, more object) object {
		out := w.slot(start, w.specialists[0])
		maps.Copy(out, more)
		return out
	}

	guest := apitest.Data[visit](key.Post("/v1/appointments", with(free[0], newPatient("Ana", "0722123456"))).Must(http.StatusCreated))
	patient := apitest.Data[visit](key.Post("/v1/appointments", with(free[1], object{"patient_id": known})).Must(http.StatusCreated))
	key.Post("/v1/appointments", with(free[0], newPatient("Eva", "0722123458"))).Expect(http.StatusConflict, "slot_taken")
	key.Post("/v1/appointments", with(free[2], newPatient("Eva", "12"))).Expect(http.StatusUnprocessableEntity, "validation_error")
	key.Post("/v1/appointments", with(free[2], object{"patient_id": known, "ignore_notice": true})).Expect(http.StatusUnprocessableEntity, "validation_error")
	key.Post("/v1/appointments/"+guest.ID+"/cancel", object{}).Expect(http.StatusForbidden, "scope_missing")

	if guest.Status != "booked" || guest.PatientID != nil || patient.Status != "booked" || patient.PatientID == nil || *patient.PatientID != known {
		t.Errorf("a key made %+v and %+v", guest, patient)
	}
	if n := w.number("SELECT count(*) FROM patients"); n != 1 {
		t.Errorf("%d patients, want the one of the desk", n)
	}
	for _, v := range []visit{guest, patient} {
		if n := w.number("SELECT count(*) FROM tasks WHERE subject_id = $1 AND kind = 'confirm_by_phone' AND state = 'open'", v.ID); n != 1 {
			t.Errorf("%d tasks to call about %s", n, v.Reference)
		}
		if n := w.number("SELECT count(*) FROM audit_log WHERE entity_type = 'appointment' AND entity_id = $1 AND actor_kind = 'key'", v.ID); n != 1 {
			t.Errorf("%d rows of the trail name the key for %s", n, v.Reference)
		}
	}
	if got := apitest.Data[visit](w.onboard(patient.ID, object{"patient_id": known}).Must(http.StatusOK)); got.Status != "upcoming" {
		t.Errorf("taken over it is %s", got.Status)
	}
	if got := apitest.Data[visit](w.onboard(guest.ID, newPatient("Ana", "0722123456")).Must(http.StatusOK)); got.Status != "upcoming" {
		t.Errorf("taken over it is %s", got.Status)
	}
	own := w.desk.Post("/v1/appointments", with(free[3], object{"patient_id": known})).Must(http.StatusCreated)
	if got := apitest.Data[visit](own); got.Status != "upcoming" || w.number("SELECT count(*) FROM tasks WHERE subject_id = $1", got.ID) != 0 {
		t.Errorf("the desk made %s", own.Raw)
	}
}
