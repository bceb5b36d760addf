package booking_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres"
)

func newPatient(first, phone string) object {
	return object{"new_patient": object{"first_name": first, "last_name": "Pop", "phone": phone}}
}

// Verifies SCH-17
func TestOnboard_twiceAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	v := w.booked(w.starts()[0], contact("Ana", "0722123456"))

	got := tally(atOnce(2, func(int) apitest.Answer { return w.onboard(v.ID, newPatient("Ana", "0722123456")) }))

	if got["200"] != 1 || got["409 invalid_transition"] != 1 {
		t.Fatalf("answers %v", got)
	}
	after := apitest.Data[visit](w.desk.Get("/v1/appointments/" + v.ID).Must(http.StatusOK))
	if after.Status != "upcoming" || after.PatientID == nil || *after.PatientName != "Ana Pop" || !slices.Equal(after.Allowed, []string{"confirm", "cancel"}) {
		t.Errorf("the visit is %+v", after)
	}
	if n := w.number("SELECT count(*) FROM patient_org_profiles"); n != 1 {
		t.Errorf("%d patients, want 1", n)
	}
	if n := w.number("SELECT count(*) FROM guest_contacts WHERE converted_patient_id IS NOT NULL"); n != 1 {
		t.Errorf("the guest was not converted")
	}
	if n := w.number("SELECT count(*) FROM outbox_events WHERE type = 'appointment.onboarded'"); n != 1 {
		t.Errorf("%d facts of onboarding, want 1", n)
	}
}

func TestOnboard_duplicatesAndPatientOfTheClinic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, apitest.Options{Quiet: true})
	free := w.starts()
	known := w.desk.Post("/v1/patients", object{"first_name": "Ana", "last_name": "Pop", "phone": "0722123456"}).Must(http.StatusCreated).ID()
	v := w.booked(free[0], contact("Ana", "0722123456"))
	likely := w.desk.Get("/v1/patients/duplicates?appointment_id=" + v.ID).Must(http.StatusOK)
	if !strings.Contains(likely.Raw, known) || !strings.Contains(likely.Raw, `"score":100`) {
		t.Errorf("likely patients: %s", likely.Raw)
	}

	w.onboard(v.ID, newPatient("Ana", "0722123456")).Expect(http.StatusConflict, "duplicate_candidates")
	w.onboard(v.ID, object{}).Expect(http.StatusUnprocessableEntity, "validation_error")
	w.onboard(v.ID, object{"patient_id": known}).Must(http.StatusOK)

	second := apitest.Data[placed](w.book(body(w.slot(free[0], w.specialists[1]), contact("Ana", "0722123456"))).Must(http.StatusCreated))
	i := slices.IndexFunc(w.visits(), func(v visit) bool { return v.Reference == second.Reference })
	w.onboard(w.visits()[i].ID, object{"patient_id": known}).Expect(http.StatusConflict, "appointment_exists")
}

// Verifies SCH-08
func TestSlot_firstWinsAndBlockedDayIsNotOnboarded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	free := w.starts()
	got := tally(atOnce(2, func(i int) apitest.Answer {
		return w.book(body(w.slot(free[0], w.specialists[0]), contact("Ana", fmt.Sprintf("072212345%d", i))))
	}))
	if got["201"] != 1 || got["409 slot_taken"] != 1 {
		t.Fatalf("answers %v", got)
	}
	v := w.visits()[0]

	_, err := w.api.DB.Admin(t).Exec(t.Context(), `INSERT INTO appointments (id, organization_id, reference, specialist_id, modality, start_at, end_at,
		timezone, status, currency, price_source, duration_min, source, cancel_until)
		SELECT gen_random_uuid(), organization_id, 'ZZZZZZZZ', specialist_id, modality, start_at + interval '10 minutes', end_at, timezone, 'booked', currency,
		price_source, 20, source, cancel_until FROM appointments WHERE id = $1`, v.ID)
	if postgres.Constraint(err) != "appointments_specialist_no_overlap" {
		t.Errorf("an overlapping row by hand: %v", err)
	}

	day := v.Start.In(time.FixedZone("Bucharest", 2*3600)).Format(time.DateOnly)
	w.clinic.AsAdmin().Post("/v1/specialists/"+w.specialists[0]+"/date-overrides", object{
		"date_from": day, "date_to": day, "available": false, "ranges": []object{},
	}).Must(http.StatusCreated)
	refused := w.onboard(v.ID, newPatient("Ana", "0722123450")).Expect(http.StatusConflict, "slot_not_offered")
	next := apitest.JSON[struct {
		NextSlots []time.Time `json:"next_slots"`
	}](refused).NextSlots
	if len(next) == 0 || !next[0].After(v.Start) {
		t.Errorf("next slots %v after %s", next, v.Start)
	}
	if n := w.number("SELECT count(*) FROM patient_org_profiles"); n != 0 {
		t.Errorf("a refused onboarding left %d patients", n)
	}
}

// The road of a guest to a visit that the patient confirms and cancels alone.
func TestJourney_patientConfirmsAndCancels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{})
	person := w.api.Person("ana")
	v := w.booked(w.starts()[0], contact("Ana", "0722123456"))
	b := newPatient("Ana", "0722123456")
	b["new_patient"].(object)["email"] = person.Email
	b["send_invite"] = true
	if got := apitest.Data[visit](w.onboard(v.ID, b).Must(http.StatusOK)); got.Account != "invited" {
		t.Errorf("account is %q", got.Account)
	}

	portal := w.clinic.Client(person).App(auth.Portal)
	own := apitest.Data[[]visit](portal.Get("/v1/appointments").Must(http.StatusOK))
	if len(own) != 1 || own[0].ID != v.ID || !slices.Equal(own[0].Allowed, []string{"confirm", "cancel"}) {
		t.Fatalf("the patient sees %+v", own)
	}
	stranger := w.clinic.Client(w.clinic.Member(auth.Patient)).App(auth.Portal)
	stranger.Get("/v1/appointments/"+v.ID).Expect(http.StatusNotFound, "appointment_not_found")
	stranger.Post("/v1/appointments/"+v.ID+"/confirm", nil).Expect(http.StatusNotFound, "appointment_not_found")
	for range 2 {
		done := apitest.Data[visit](portal.Post("/v1/appointments/"+v.ID+"/confirm", nil).Must(http.StatusOK))
		if done.Status != "confirmed" || done.ConfirmedOnBehalf {
			t.Errorf("confirmed: %+v", done)
		}
	}
	if n := w.number("SELECT count(*) FROM outbox_events WHERE type = 'appointment.confirmed'"); n != 1 {
		t.Errorf("%d facts of confirming, want 1", n)
	}
	w.onboard(v.ID, newPatient("Ana", "0722123456")).Expect(http.StatusConflict, "invalid_transition")
	portal.Post("/v1/appointments/"+v.ID+"/onboard", object{}).Expect(http.StatusForbidden, "forbidden")
	gone := apitest.Data[visit](portal.Post("/v1/appointments/"+v.ID+"/cancel", object{"reason": "Am răcit"}).Must(http.StatusOK))
	if gone.Status != "cancelled" || *gone.CancelInitiator != "patient" || gone.Late || len(gone.Allowed) != 0 {
		t.Errorf("cancelled: %+v", gone)
	}
	w.desk.Post("/v1/appointments/"+v.ID+"/cancel", object{}).Expect(http.StatusConflict, "invalid_transition")
	w.book(body(w.slot(v.Start, w.specialists[0]), contact("Ion", "0733000111"))).Must(http.StatusCreated)
}

// The agreed instant is 24 hours before the start, to the second; the desk cancels later too, and that counts as late.
func TestCancel_cutoff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, apitest.Options{Quiet: true})
	free := w.starts()
	person := w.api.Person("ana")
	b := newPatient("Ana", "0722123456")
	b["new_patient"].(object)["email"], b["send_invite"] = person.Email, true
	first, second := w.booked(free[0], contact("Ana", "0722123456")), w.booked(free[1], contact("Ana", "0722123456"))
	patientID := *apitest.Data[visit](w.onboard(first.ID, b).Must(http.StatusOK)).PatientID
	w.onboard(second.ID, object{"patient_id": patientID}).Must(http.StatusOK)
	portal := w.clinic.Client(person).App(auth.Portal)
	portal.Get("/v1/me").Must(http.StatusOK)

	w.api.Move(second.Start.Add(-24*time.Hour + time.Minute))
	portal = w.clinic.Client(person).App(auth.Portal)
	portal.Post("/v1/appointments/"+first.ID+"/cancel", object{}).Expect(http.StatusConflict, "cutoff_passed")
	portal.Post("/v1/appointments/"+second.ID+"/cancel", object{}).Expect(http.StatusConflict, "cutoff_passed")
	late := apitest.Data[visit](w.clinic.AsAdmin().Post("/v1/appointments/"+first.ID+"/cancel", object{"reason": "Medicul lipsește"}).Must(http.StatusOK))
	if !late.Late || *late.CancelInitiator != "clinic" {
		t.Errorf("cancelled by the clinic: %+v", late)
	}
}
