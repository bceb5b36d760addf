package coreapi_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

// ownPatient is the clinic's patient who signs in as the world's patient.
func (w *world) ownPatient(org ident.OrgID) string {
	user := w.text("SELECT id::text FROM users WHERE email = $1", w.people[org][auth.Patient].Email)
	w.exec("INSERT INTO patients (id, user_id, first_name, last_name) VALUES ($1, $2, 'Ana', 'Own') ON CONFLICT (user_id) DO NOTHING", newID(), user)
	id := w.text("SELECT id::text FROM patients WHERE user_id = $1", user)
	w.exec(`INSERT INTO patient_org_profiles (id, organization_id, patient_id, display_first_name, display_last_name, name_key, file_number, source, account_state)
		VALUES ($1, $2, $3, 'Ana', 'Own', 'ana own', $4, 'staff', 'active') ON CONFLICT (organization_id, patient_id) DO NOTHING`, newID(), org, id, unique())
	return id
}

// ownSpecialist is the clinic's specialist who signs in as the world's specialist.
func (w *world) ownSpecialist(org ident.OrgID) string {
	user := w.text("SELECT id::text FROM users WHERE email = $1", w.people[org][auth.Specialist].Email)
	found := w.text("SELECT COALESCE((SELECT specialist_id::text FROM specialist_details WHERE organization_id = $1 AND user_id = $2), '')", org, user)
	if found == "" {
		found = w.specialistRow(org)
		w.exec("UPDATE specialist_details SET user_id = $2 WHERE specialist_id = $1", found, user)
	}
	return found
}

// nextHour numbers the hours of 2027, so that no visit of a world meets another.
var nextHour atomic.Int64

// visit is an appointment of the own specialist, of the own patient unless it is only booked.
func (w *world) visit(org ident.OrgID, status string) string {
	id, start := newID(), time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC).Add(time.Duration(nextHour.Add(1))*time.Hour)
	var patient *string
	if status != "booked" {
		own := w.ownPatient(org)
		patient = &own
	}
	w.exec(`INSERT INTO appointments (id, organization_id, reference, patient_id, contact_name, specialist_id, service_id, modality, start_at, end_at,
			timezone, status, currency, price_source, duration_min, source, cancel_until)
		VALUES ($1, $2, upper(right($8, 8)), $3, 'Ana Own', $4, $5, 'in_person', $6::timestamptz,
			$6::timestamptz + interval '30 minutes', 'Europe/Bucharest', $7, 'RON', 'service', 30, 'staff', $6)`,
		id, org, patient, w.ownSpecialist(org), w.service(org), start, status, id)
	return id
}

// freeSlot is a start that a service offers to everybody.
func (w *world) freeSlot(c apitest.Clinic) object {
	service := w.service(c.ID)
	from := w.api.Clock.Now().AddDate(0, 0, 3)
	found := apitest.Data[struct{ Slots []struct{ Start time.Time } }](w.api.Anonymous().In(c.ID).Get("/v1/public/availability?service_id=" + service +
		"&from=" + from.Format(time.DateOnly) + "&to=" + from.AddDate(0, 0, 6).Format(time.DateOnly)).Must(http.StatusOK))
	return object{"service_id": service, "start": found.Slots[0].Start}
}

// hold makes one and gives the request its id, its token and its client.
func (w *world) hold(c apitest.Clinic, r *request) {
	client := visitorOf()
	made := apitest.Data[struct {
		ID    string `json:"hold_id"`
		Token string `json:"hold_token"`
	}](w.api.Anonymous().In(c.ID).With("X-Client-Id", client).Post("/v1/public/holds", w.freeSlot(c)).Must(http.StatusCreated))
	r.path = strings.ReplaceAll(r.path, "{id}", made.ID)
	r.header["X-Client-Id"], r.header["X-Hold-Token"] = client, made.Token
}

// booking places one and points the request at it with the link's secret.
func (w *world) booking(c apitest.Clinic, r *request) {
	made := apitest.Data[struct {
		Reference string `json:"reference"`
		Token     string `json:"manage_token"`
	}](w.api.Anonymous().In(c.ID).With("Idempotency-Key", newID()).Post("/v1/public/bookings", w.bookingBody(c)).Must(http.StatusCreated))
	r.path = strings.ReplaceAll(r.path, "{reference}", made.Reference) + "?t=" + made.Token
}

func (w *world) bookingBody(c apitest.Clinic) object {
	return object{
		"slot": w.freeSlot(c), "privacy_policy_version": 1,
		"contact": object{"first_name": "Ana", "last_name": unique(), "phone": "+4072" + digits(7), "locale": "ro"},
	}
}

// patientInvitation is an open link to the portal; it answers the secret.
func (w *world) patientInvitation(c apitest.Clinic) string {
	token := unique() + strings.Repeat("x", 24)
	w.exec(`INSERT INTO patient_invitations (id, organization_id, patient_id, email, locale, token_hash, expires_at)
		VALUES ($1, $2, $3, $4, 'ro', sha256(convert_to($5, 'UTF8')), now() + interval '1 day')`,
		newID(), c.ID, w.patientRow(c.ID), unique()+"@example.test", token)
	return token
}

// visitBuilders are the builders of visits and of what guests do.
func visitBuilders() map[string]func(w *world, c apitest.Clinic, r *request) {
	type build = func(w *world, c apitest.Clinic, r *request)
	about := func(status string, body func(w *world, c apitest.Clinic) object) build {
		return func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{id}", w.visit(c.ID, status))
			if body != nil {
				r.body, r.header["Idempotency-Key"] = body(w, c), newID()
			}
		}
	}
	empty := func(*world, apitest.Clinic) object { return object{} }
	client := func(_ *world, _ apitest.Clinic, r *request) { r.header["X-Client-Id"] = visitorOf() }
	return map[string]build{
		"get-appointment": about("upcoming", nil), "confirm-appointment": about("upcoming", empty), "cancel-appointment": about("upcoming", empty),
		"onboard-appointment": func(w *world, c apitest.Clinic, r *request) {
			made := apitest.Data[struct{ Reference string }](w.api.Anonymous().In(c.ID).With("Idempotency-Key", newID()).
				Post("/v1/public/bookings", w.bookingBody(c)).Must(http.StatusCreated))
			r.path = strings.ReplaceAll(r.path, "{id}", w.text("SELECT id::text FROM appointments WHERE organization_id = $1 AND reference = $2", c.ID, made.Reference))
			r.body, r.header["Idempotency-Key"] = object{"patient_id": w.patientRow(c.ID)}, newID()
		},
		"create-appointment": func(w *world, c apitest.Clinic, r *request) {
			body := w.freeSlot(c)
			body["patient_id"] = w.patientRow(c.ID)
			r.body, r.header["Idempotency-Key"] = body, newID()
		},
		"list-patient-duplicates": func(w *world, c apitest.Clinic, r *request) { r.path += "?appointment_id=" + w.visit(c.ID, "booked") },
		"place-booking": func(w *world, c apitest.Clinic, r *request) {
			r.body, r.header["Idempotency-Key"] = w.bookingBody(c), newID()
		},
		"get-booking": (*world).booking,
		"create-hold": func(w *world, c apitest.Clinic, r *request) {
			client(w, c, r)
			r.body = w.freeSlot(c)
		},
		"extend-hold": (*world).hold, "release-hold": (*world).hold, "check-holds": client, "release-holds": client,
		"stream-public-availability": func(w *world, c apitest.Clinic, r *request) { r.path += "?service_id=" + w.service(c.ID) },
		"get-patient-invitation": func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{token}", w.patientInvitation(c))
		},
	}
}
