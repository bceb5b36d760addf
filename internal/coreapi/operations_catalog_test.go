package coreapi_test

import (
	"strings"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

func (w *world) specialty(org ident.OrgID) string {
	id := newID()
	w.exec("INSERT INTO specialties (id, organization_id, title, slug) VALUES ($1, $2, 'Physiotherapy', $3)", id, org, "y"+unique())
	return id
}

func (w *world) specialist(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO specialists (id, organization_id, name, slug, scheduling_timezone) VALUES ($1, $2, 'Ana', $3, 'Europe/Bucharest')`, id, org, "s"+unique())
	w.exec("INSERT INTO specialist_details (organization_id, specialist_id) VALUES ($1, $2)", org, id)
	return id
}

// service is published, public and offered by nobody.
func (w *world) service(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO services (id, organization_id, name, slug, category, duration_min, currency, modality, is_public, published)
		VALUES ($1, $2, 'Massage', $3, 'therapy', 30, 'RON', '{in_person}', true, true)`, id, org, "v"+unique())
	return id
}

// catalogBuilders make right requests about specialists, services and hours.
func catalogBuilders() map[string]func(w *world, c apitest.Clinic, r *request) {
	type build = func(w *world, c apitest.Clinic, r *request)
	about := func(make func(w *world, org ident.OrgID) string, versioned bool, body func(w *world, c apitest.Clinic) any) build {
		return func(w *world, c apitest.Clinic, r *request) {
			if make != nil {
				r.path = strings.ReplaceAll(r.path, "{id}", make(w, c.ID))
			}
			if versioned {
				r.header["If-Match"] = `"1"`
			}
			if body != nil {
				r.body = body(w, c)
			}
		}
	}
	fixed := func(o object) func(*world, apitest.Clinic) any {
		return func(*world, apitest.Clinic) any { return o }
	}
	specialty, specialist, service := (*world).specialty, (*world).specialist, (*world).service
	times := func(w *world, c apitest.Clinic, r *request) {
		r.path += "?from=2027-01-04&to=2027-01-10&service_id=" + w.service(c.ID) + "&organization=" + c.Slug
	}
	out := map[string]build{
		"create-specialty":  about(nil, false, fixed(object{"title": "Speech"})),
		"get-specialty":     about(specialty, false, nil),
		"update-specialty":  about(specialty, true, fixed(object{"sort_order": 7})),
		"remove-specialty":  about(specialty, true, nil),
		"create-specialist": about(nil, false, fixed(object{"name": "Ana"})),
		"get-specialist":    about(specialist, false, nil),
		"update-specialist": about(specialist, true, fixed(object{"title": "Dr."})),
		"remove-specialist": about(specialist, true, nil),
		"set-specialties": about(specialist, true, func(w *world, c apitest.Clinic) any {
			return object{"specialty_ids": []string{w.specialty(c.ID)}}
		}),
		"create-service": about(nil, false, fixed(object{"name": "Massage", "category": "therapy"})),
		"get-service":    about(service, false, nil),
		"update-service": about(service, true, fixed(object{"duration_min": 45})),
		"remove-service": about(service, true, nil),
		"set-service-specialists": about(service, true, func(w *world, c apitest.Clinic) any {
			return object{"specialists": []object{{"specialist_id": w.specialist(c.ID)}}}
		}),
		"get-hours":           about(specialist, false, nil),
		"set-hours":           about(specialist, false, fixed(object{"hours": []object{{"weekday": 1, "start": "09:00", "end": "12:00"}}})),
		"list-date-overrides": about(specialist, false, nil),
		"add-date-override":   about(specialist, false, fixed(object{"date_from": "2027-01-04", "available": false})),
		"find-availability": func(w *world, c apitest.Clinic, r *request) {
			r.path += "?from=2027-01-04&to=2027-01-10&service_id=" + w.service(c.ID)
		},
		"find-public-availability": times,
	}
	out["remove-date-override"] = func(w *world, c apitest.Clinic, r *request) {
		of, id := w.specialist(c.ID), newID()
		w.exec(`INSERT INTO specialist_date_overrides (id, organization_id, specialist_id, date, available) VALUES ($1, $2, $3, '2027-01-04', false)`, id, c.ID, of)
		r.path = strings.NewReplacer("{id}", of, "{overrideId}", id).Replace(r.path)
	}
	for _, list := range []string{"list-public-services", "list-public-specialists"} {
		out[list] = func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug }
	}
	return out
}
