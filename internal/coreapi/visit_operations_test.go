package coreapi_test

import (
	"crypto/sha256"
	"strings"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

// practice makes a specialist who works around the clock and a public service of 30 minutes, and answers a start far enough ahead.
func (w *world) practice(org ident.OrgID) (specialist, service string, start time.Time) {
	specialist, service = newID(), newID()
	w.exec("INSERT INTO specialists (id, organization_id, name, slug, scheduling_timezone) VALUES ($1, $2, 'Dan', $3, 'Europe/Bucharest')", specialist, org, "s"+unique())
	w.exec(`INSERT INTO specialist_hours (id, organization_id, specialist_id, weekday, start_local, end_local)
		SELECT gen_random_uuid(), $1, $2, d, 0, 1440 FROM generate_series(1, 7) d`, org, specialist)
	w.exec(`INSERT INTO services (id, organization_id, name, slug, category, duration_min, base_price_minor, currency, modality, is_public, published)
		VALUES ($1, $2, 'Evaluare', $3, 'therapy', 30, 20000, 'RON', '{in_person}', true, true)`, service, org, "v"+unique())
	w.exec("INSERT INTO service_specialists (organization_id, service_id, specialist_id) VALUES ($1, $2, $3)", org, service, specialist)
	return specialist, service, w.api.Clock.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 5).Add(9 * time.Hour)
}

// visitRow is a visit in the state, of a patient when the state wants one.
func (w *world) visitRow(org ident.OrgID, status string) string {
	specialist, service, start := w.practice(org)
	id := newID()
	var patient any
	if status != "booked" {
		patient = w.patientRow(org)
	}
	reference := strings.ToUpper(strings.NewReplacer("i", "1", "l", "1", "o", "0", "u", "V").Replace((unique() + "00000000")[:8]))
	w.exec(`INSERT INTO appointments (id, organization_id, reference, patient_id, contact_name, specialist_id, service_id, modality, start_at, end_at, timezone, status,
		price_minor, currency, price_source, duration_min, source, cancel_until)
		VALUES ($1, $2, $3, $4, 'Ana Pop', $5, $6, 'in_person', $7::timestamptz, $7::timestamptz + interval '30 minutes', 'Europe/Bucharest', $8, 20000, 'RON', 'service', 30,
		'public', $7::timestamptz - interval '1 day')`, id, org, reference, patient, specialist, service, start, status)
	return id
}

// secret is the text of a link and what is stored of it.
func secret() (token string, hash []byte) {
	token = unique() + unique()
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

func (w *world) patientLink(org ident.OrgID) string {
	token, hash := secret()
	w.exec(`INSERT INTO patient_invitations (id, organization_id, patient_id, email, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5, now() + interval '3 days')`,
		newID(), org, w.patientRow(org), unique()+"@example.test", hash)
	return token
}

// bookingPath is a booking with one of its links.
func (w *world) bookingPath(org ident.OrgID) string {
	token, hash := secret()
	visit := w.visitRow(org, "booked")
	w.exec(`INSERT INTO booking_links (id, organization_id, appointment_id, token_hash, sent_by, expires_at) VALUES ($1, $2, $3, $4, 'answer', now() + interval '30 days')`,
		newID(), org, visit, hash)
	return "/v1/public/bookings/" + w.text("SELECT reference FROM appointments WHERE id = $1", visit) + "?t=" + token
}

func somebody() object {
	return object{"first_name": "Ana" + unique(), "last_name": "Pop", "phone": "0722123456"}
}

// visitBuilders make right requests for visits, bookings and invitations of patients.
func visitBuilders() map[string]func(w *world, c apitest.Clinic, r *request) {
	type build = func(w *world, c apitest.Clinic, r *request)
	id := func(make func(w *world, org ident.OrgID) string) build {
		return func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{id}", make(w, c.ID))
		}
	}
	upcoming := func(w *world, org ident.OrgID) string { return w.visitRow(org, "upcoming") }
	booked := func(w *world, org ident.OrgID) string { return w.visitRow(org, "booked") }
	return map[string]build{
		"get-appointment": id(upcoming), "confirm-appointment": id(upcoming),
		"cancel-appointment": func(w *world, c apitest.Clinic, r *request) {
			id(upcoming)(w, c, r)
			r.body = object{"reason": "asked for by phone"}
		},
		"onboard-appointment": func(w *world, c apitest.Clinic, r *request) {
			id(booked)(w, c, r)
			r.header["Idempotency-Key"], r.body = unique(), object{"new_patient": somebody()}
		},
		"list-patient-duplicates": func(w *world, c apitest.Clinic, r *request) { r.path += "?appointment_id=" + booked(w, c.ID) },
		"create-appointment": func(w *world, c apitest.Clinic, r *request) {
			specialist, service, start := w.practice(c.ID)
			r.body = object{"service_id": service, "specialist_id": specialist, "start": start, "patient_id": w.patientRow(c.ID)}
		},
		"get-patient-invitation": func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{token}", w.patientLink(c.ID))
		},
		"get-booking": func(w *world, c apitest.Clinic, r *request) { r.path = w.bookingPath(c.ID) },
		"place-booking": func(w *world, c apitest.Clinic, r *request) {
			specialist, service, start := w.practice(c.ID)
			r.header["Idempotency-Key"] = unique()
			r.body = object{
				"slot": object{"service_id": service, "specialist_id": specialist, "start": start}, "contact": somebody(), "privacy_policy_version": 1,
			}
		},
	}
}
