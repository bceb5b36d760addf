package coreapi_test

import (
	"maps"
	"strings"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

func (w *world) specialty(org ident.OrgID) string {
	id := newID()
	w.exec("INSERT INTO specialties (id, organization_id, title, slug, active) VALUES ($1, $2, $3, $3, true)", id, org, "s"+unique())
	return id
}

func (w *world) specialistRow(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO specialists (id, organization_id, name, slug, scheduling_timezone, scheduling_active) VALUES ($1, $2, $3, $3, 'Europe/Bucharest', true)`, id, org, "d"+unique())
	w.exec("INSERT INTO specialist_details (specialist_id, organization_id) VALUES ($1, $2)", id, org)
	return id
}

// service is published, and one specialist offers it on every weekday morning.
func (w *world) service(org ident.OrgID) string {
	id, specialist := newID(), w.specialistRow(org)
	w.exec(`INSERT INTO services (id, organization_id, name, slug, category, duration_min, base_price_minor, currency, modality, is_public, published)
		VALUES ($1, $2, $3, $3, 'therapy', 30, 20000, 'RON', '{in_person}', true, true)`, id, org, "v"+unique())
	w.exec("INSERT INTO service_specialists (organization_id, service_id, specialist_id) VALUES ($1, $2, $3)", org, id, specialist)
	w.exec(`INSERT INTO specialist_hours (id, organization_id, specialist_id, weekday, start_local, end_local)
		SELECT gen_random_uuid(), $1, $2, d, 540, 720 FROM generate_series(1, 5) d`, org, specialist)
	return id
}

func (w *world) override(org ident.OrgID, specialist string) string {
	id := newID()
	w.exec(`INSERT INTO specialist_date_overrides (id, organization_id, specialist_id, date, available, ranges) VALUES ($1, $2, $3, date '2027-05-04' + $4::integer, false, '[]')`, id, org, specialist, nextHour.Add(1))
	return id
}

func (w *world) task(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO tasks (id, organization_id, kind, subject_type, subject_id, title_key, due_at)
		VALUES ($1, $2, 'confirm_by_phone', 'appointment', gen_random_uuid(), 'task.confirm_by_phone', now())`, id, org)
	return id
}

// patientRow is a patient with a mail address and without an account.
func (w *world) patientRow(org ident.OrgID) string {
	id, name := newID(), unique()
	w.exec("INSERT INTO patients (id, first_name, last_name, email) VALUES ($1, 'Ana', $2, $3)", id, name, name+"@example.test")
	w.exec(`INSERT INTO patient_org_profiles (id, organization_id, patient_id, display_first_name, display_last_name, name_key, contact_email, file_number, source, account_state)
		VALUES ($1, $2, $3, 'Ana', $4, $4, $5, $4, 'staff', 'none')`, newID(), org, id, name, name+"@example.test")
	return id
}

// clinicBuilders are the builders of what a clinic works with.
func clinicBuilders() map[string]func(w *world, c apitest.Clinic, r *request) {
	type build = func(w *world, c apitest.Clinic, r *request)
	about := func(row func(w *world, org ident.OrgID) string, versioned bool, body object) build {
		return func(w *world, c apitest.Clinic, r *request) {
			r.path = strings.ReplaceAll(r.path, "{id}", row(w, c.ID))
			if versioned {
				r.header["If-Match"] = `"1"`
			}
			if body != nil {
				r.body = maps.Clone(body)
			}
		}
	}
	free := func(row func(w *world, c apitest.Clinic) object) build {
		return func(w *world, c apitest.Clinic, r *request) { r.body = row(w, c) }
	}
	slots := func(w *world, c apitest.Clinic, r *request) {
		from := w.api.Clock.Now().AddDate(0, 0, 3)
		r.path += "?service_id=" + w.service(c.ID) + "&from=" + from.Format("2006-01-02") + "&to=" + from.AddDate(0, 0, 6).Format("2006-01-02")
	}
	hours := object{"timezone": "Europe/Bucharest", "hours": []object{{"weekday": 1, "start": "09:00", "end": "12:00"}}}
	override := object{"date_from": "2027-06-01", "available": true, "ranges": []object{{"start": "10:00", "end": "12:00"}}, "merge": true}
	return map[string]build{
		"get-specialty": about((*world).specialty, false, nil), "remove-specialty": about((*world).specialty, true, nil),
		"update-specialty": about((*world).specialty, true, object{"title": "Kinetotherapy"}),
		"create-specialty": free(func(*world, apitest.Clinic) object { return object{"title": "Title " + unique()} }),
		"get-specialist":   about((*world).specialistRow, false, nil), "remove-specialist": about((*world).specialistRow, true, nil),
		"update-specialist": about((*world).specialistRow, true, object{"title": "Dr."}),
		"create-specialist": free(func(*world, apitest.Clinic) object { return object{"name": "Name " + unique()} }),
		"set-specialties": func(w *world, c apitest.Clinic, r *request) {
			about((*world).specialistRow, true, object{"specialty_ids": []string{w.specialty(c.ID)}})(w, c, r)
		},
		"get-hours": about((*world).specialistRow, false, nil), "set-hours": about((*world).ownSpecialist, false, hours),
		"list-date-overrides": about((*world).specialistRow, false, nil), "add-date-override": about((*world).ownSpecialist, false, override),
		"remove-date-override": func(w *world, c apitest.Clinic, r *request) {
			specialist := w.ownSpecialist(c.ID)
			r.path = strings.NewReplacer("{id}", specialist, "{overrideId}", w.override(c.ID, specialist)).Replace(r.path)
		},
		"get-service": about((*world).service, false, nil), "remove-service": about((*world).service, true, nil),
		"update-service": about((*world).service, true, object{"description": "Half an hour"}),
		"create-service": free(func(*world, apitest.Clinic) object { return object{"name": "Name " + unique(), "category": "therapy"} }),
		"set-service-specialists": func(w *world, c apitest.Clinic, r *request) {
			about((*world).service, true, object{"specialists": []object{{"specialist_id": w.specialistRow(c.ID)}}})(w, c, r)
		},
		"list-public-services":     func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
		"list-public-specialists":  func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
		"find-availability":        slots,
		"find-public-availability": func(w *world, c apitest.Clinic, r *request) { slots(w, c, r); r.path += "&organization=" + c.Slug },
		"close-task":               about((*world).task, false, object{}),
		"get-patient":              about((*world).patientRow, false, nil), "invite-patient": about((*world).patientRow, false, object{}),
		"add-patient": free(func(*world, apitest.Clinic) object {
			return object{"first_name": "Ana", "last_name": unique(), "phone": "+4072" + digits(7), "locale": "ro"}
		}),
	}
}

// digits are n digits that no other row has.
func digits(n int) string {
	text := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, newID()+newID())
	return text[len(text)-n:]
}
