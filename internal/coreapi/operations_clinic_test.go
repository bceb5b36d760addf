package coreapi_test

import (
	"maps"
	"net/http"
	"strings"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/blob/blobtest"
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

func (w *world) licence(org ident.OrgID, specialist string) string {
	id := newID()
	w.exec(`INSERT INTO specialist_licences (id, organization_id, specialist_id, issuer_code, number, expires_on) VALUES ($1, $2, $3, 'CFZRO', $4, '2030-05-12')`,
		id, org, specialist, unique())
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

func (w *world) product(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO products (id, organization_id, name, slug, price_minor, currency, stock_tracked, stock, published)
		VALUES ($1, $2, $3, $3, 9900, 'RON', true, 50, true)`, id, org, "q"+unique())
	return id
}

// servicePlan is a published package of ten sessions.
func (w *world) servicePlan(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO service_plans (id, organization_id, name, slug, type, price_minor, currency, session_count, session_share_pct, status, is_public)
		VALUES ($1, $2, $3, $3, 'session_based', 100000, 'RON', 10, 100, 'published', true)`, id, org, "p"+unique())
	return id
}

// soldPlan is a package of ten sessions that the clinic's own patient bought.
func (w *world) soldPlan(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO patient_service_plans (id, organization_id, patient_id, service_plan_id, name, type, price_minor, list_price_minor, currency,
			session_count, session_share_pct, telerehab_access, library_access, starts_on, rolled_on)
		VALUES ($1, $2, $3, $4, 'Package', 'session_based', 100000, 100000, 'RON', 10, 100, false, false, CURRENT_DATE, CURRENT_DATE + 3650)`,
		id, org, w.ownPatient(org), w.servicePlan(org))
	w.exec(`INSERT INTO entitlement_ledger (id, organization_id, patient_id, patient_service_plan_id, kind, d_available, currency, effective_on)
		SELECT gen_random_uuid(), organization_id, patient_id, id, 'purchase', 10, 'RON', CURRENT_DATE FROM patient_service_plans WHERE id = $1`, id)
	return id
}

func (w *world) productOrder(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO patient_product_orders (id, organization_id, patient_id, product_id, quantity, price_minor, currency, source, status_at)
		VALUES ($1, $2, $3, $4, 1, 9900, 'RON', 'standalone', now())`, id, org, w.ownPatient(org), w.product(org))
	return id
}

// readyFile is an upload of the clinic's admin that belongs to nothing; publicPicture is the picture of a specialist, with its bytes.
func (w *world) readyFile(org ident.OrgID) string {
	id := newID()
	w.exec(`INSERT INTO files (id, organization_id, purpose, filename, content_type, upload_size, upload_sha256, detected_type, size, sha256,
			storage_key, status, uploaded_by, expires_unconfirmed_at, confirmed_at)
		SELECT $1::uuid, $2::uuid, 'avatar', 'a.png', 'image/png', 9, sha256('x'), 'image/png', 9, sha256('x'),
		       'org/' || $2::uuid::text || '/avatar/2026/11/' || $1::uuid::text, 'ready', u.id, now() + interval '1 day', now() FROM users u WHERE u.email = $3`,
		id, org, w.people[org][auth.Admin].Email)
	return id
}

func (w *world) publicPicture(org ident.OrgID) string {
	id, specialist := w.readyFile(org), w.specialistRow(org)
	w.exec("UPDATE files SET owner_type = 'specialist', owner_id = $2 WHERE id = $1", id, specialist)
	store := blobtest.New(w.t)
	if err := store.Put(w.t.Context(), "org/"+org.String()+"/avatar/2026/11/"+id, "image/png", []byte("\x89PNG\r\n\x1a\n.")); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// merge is one of two patients of the clinic, made a day ago.
func (w *world) merge(org ident.OrgID) string {
	id, from, into := newID(), w.patientRow(org), w.patientRow(org)
	w.exec("UPDATE patient_org_profiles SET status = 'merged', merged_into = $3, deleted_at = now() WHERE organization_id = $1 AND patient_id = $2", org, from, into)
	w.exec(`INSERT INTO patient_merges (id, organization_id, from_patient_id, into_patient_id, moved, from_account_state, from_status, merged_at, undo_until)
		VALUES ($1, $2, $3, $4, '{}', 'none', 'active', now() - interval '1 day', now() + interval '6 days')`, id, org, from, into)
	return id
}

// ownedPatient is a patient of the clinic with a personal number.
func (w *world) ownedPatient(c apitest.Clinic) string {
	return c.AsAdmin().Post("/v1/patients", object{
		"first_name": "Ana", "last_name": unique(), "phone": "+4072" + digits(7), "cnp": "1960101400011", "acknowledge_duplicates": w.withCNP(c.ID),
	}).Must(http.StatusCreated).ID()
}

// withCNP are the patients who were given the number before.
func (w *world) withCNP(org ident.OrgID) []string {
	list := w.text("SELECT COALESCE(string_agg(patient_id::text, ' '), '') FROM patient_org_profiles WHERE organization_id = $1 AND cnp_bidx IS NOT NULL", org)
	return strings.Fields(list)
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
	licence := func(versioned bool, body object) build {
		return func(w *world, c apitest.Clinic, r *request) {
			specialist := w.specialistRow(c.ID)
			r.path = strings.ReplaceAll(r.path, "{licenceId}", w.licence(c.ID, specialist))
			about(func(*world, ident.OrgID) string { return specialist }, versioned, body)(w, c, r)
		}
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
		"list-licences": about((*world).specialistRow, false, nil),
		"create-licence": func(w *world, c apitest.Clinic, r *request) {
			about((*world).specialistRow, false, object{"issuer_code": "CFZRO", "number": unique(), "expires_on": "2030-05-12"})(w, c, r)
		},
		"get-licence": licence(false, nil), "remove-licence": licence(true, nil),
		"update-licence": licence(true, object{"issued_on": "2025-05-12"}), "verify-licence": licence(true, object{"verified": true}),
		"get-service": about((*world).service, false, nil), "remove-service": about((*world).service, true, nil),
		"update-service": about((*world).service, true, object{"description": "Half an hour"}),
		"create-service": free(func(*world, apitest.Clinic) object { return object{"name": "Name " + unique(), "category": "therapy"} }),
		"set-service-specialists": func(w *world, c apitest.Clinic, r *request) {
			about((*world).service, true, object{"specialists": []object{{"specialist_id": w.specialistRow(c.ID)}}})(w, c, r)
		},
		"get-product": about((*world).product, false, nil), "remove-product": about((*world).product, true, nil),
		"update-product":   about((*world).product, true, object{"description": "Soft"}),
		"create-product":   free(func(*world, apitest.Clinic) object { return object{"name": "Name " + unique(), "price_minor": 9900} }),
		"get-service-plan": about((*world).servicePlan, false, nil), "remove-service-plan": about((*world).servicePlan, true, nil),
		"update-service-plan": about((*world).servicePlan, true, object{"description": "Ten times half an hour"}),
		"create-service-plan": free(func(*world, apitest.Clinic) object {
			return object{"name": "Name " + unique(), "type": "session_based", "price_minor": 100000, "session_count": 10}
		}),
		"list-public-service-plans": func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
		"sell-service-plan": func(w *world, c apitest.Clinic, r *request) {
			about((*world).servicePlan, false, object{"patient_id": w.patientRow(c.ID)})(w, c, r)
			r.header["Idempotency-Key"] = newID()
		},
		"get-entitlements": about((*world).ownPatient, false, nil), "get-patient-service-plan": about((*world).soldPlan, false, nil),
		"adjust-patient-service-plan": about((*world).soldPlan, false, object{"available": 1, "reason": "a gift of the clinic"}),
		"cancel-patient-service-plan": about((*world).soldPlan, false, object{"reason": "moved to another town"}),
		"refund-patient-service-plan": about((*world).soldPlan, false, object{"amount_minor": 100, "reason": "moved to another town"}),
		"get-product-order":           about((*world).productOrder, false, nil),
		"move-product-order":          about((*world).productOrder, false, object{"status": "prepared"}),
		"place-product-order": free(func(w *world, c apitest.Clinic) object {
			return object{"patient_id": w.patientRow(c.ID), "product_id": w.product(c.ID), "quantity": 1}
		}),
		"list-public-services":     func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
		"list-public-specialists":  func(_ *world, c apitest.Clinic, r *request) { r.path += "?organization=" + c.Slug },
		"find-availability":        slots,
		"find-public-availability": func(w *world, c apitest.Clinic, r *request) { slots(w, c, r); r.path += "&organization=" + c.Slug },
		"begin-upload": free(func(*world, apitest.Clinic) object {
			return object{"purpose": "avatar", "filename": "a.png", "content_type": "image/png", "size": 100, "sha256": strings.Repeat("0", 64)}
		}),
		"confirm-upload": about((*world).readyFile, false, object{}), "get-file": about((*world).readyFile, false, nil),
		"link-file": about((*world).readyFile, false, nil), "delete-file": about((*world).readyFile, false, nil),
		"download-file": func(w *world, c apitest.Clinic, r *request) {
			about((*world).readyFile, false, nil)(w, c, r)
			r.path += "?expires=1&signature=x"
		},
		"get-public-picture": func(w *world, c apitest.Clinic, r *request) {
			about((*world).publicPicture, false, nil)(w, c, r)
			r.path += "?organization=" + c.Slug
		},
		"set-specialist-picture": about((*world).specialistRow, true, object{"kind": "avatar", "file_id": nil}),
		"close-task":             about((*world).task, false, object{}),
		"merge-patients": free(func(w *world, c apitest.Clinic) object {
			return object{"from_patient_id": w.patientRow(c.ID), "into_patient_id": w.patientRow(c.ID)}
		}),
		"preview-patient-merge": func(w *world, c apitest.Clinic, r *request) {
			r.path += "?from=" + w.patientRow(c.ID) + "&into=" + w.patientRow(c.ID)
		},
		"undo-patient-merge": about((*world).merge, false, object{}),
		"change-task":        about((*world).task, true, object{"assignee_id": nil}),
		"get-patient":        about((*world).patientRow, false, nil), "invite-patient": about((*world).patientRow, false, object{}),
		"update-patient": about((*world).patientRow, true, object{"first_name": "Maria"}), "remove-patient": about((*world).patientRow, true, nil),
		"reveal-patient-field": func(w *world, c apitest.Clinic, r *request) {
			id := w.ownedPatient(c)
			r.path, r.body = strings.ReplaceAll(r.path, "{id}", id), object{"field": "cnp", "reason": "Invoice of the visit"}
		},
		"look-patients-up": func(w *world, _ apitest.Clinic, r *request) {
			w.exec(`UPDATE organization_settings SET settings = settings || '{"specialist_patient_lookup": true}'`)
			r.path += "?q=ana"
		},
		"get-own-profile": func(w *world, c apitest.Clinic, _ *request) { w.ownPatient(c.ID) },
		"update-own-profile": func(w *world, c apitest.Clinic, r *request) {
			w.ownPatient(c.ID)
			r.body = object{"occupation": "Teacher " + unique()}
			r.header["If-Match"] = `"` + w.text("SELECT p.row_version::text FROM patients p JOIN users u ON u.id = p.user_id WHERE u.email = $1", w.people[c.ID][auth.Patient].Email) + `"`
		},
		"list-own-consents": func(w *world, c apitest.Clinic, _ *request) { w.ownPatient(c.ID) },
		"grant-consent": func(w *world, c apitest.Clinic, r *request) {
			w.ownPatient(c.ID)
			r.path, r.body = strings.ReplaceAll(r.path, "{type}", "marketing"), object{"accepted": true, "policy_version": 1}
		},
		"withdraw-consent": func(w *world, c apitest.Clinic, r *request) {
			w.ownPatient(c.ID)
			r.path, r.body = strings.ReplaceAll(r.path, "{type}", "marketing"), object{}
		},
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
