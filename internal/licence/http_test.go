package licence_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
)

func TestLicences_roundTrip(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin := c.AsAdmin()
	id := admin.Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	path := "/v1/specialists/" + id + "/licences"
	made := admin.Post(path, object{"issuer_code": "cfzro", "number": "  B   12 ", "issued_on": "2025-05-12", "expires_on": "2031-05-12"}).Must(http.StatusCreated)
	l := apitest.Data[licence](made)
	if l.IssuerCode != "CFZRO" || l.Number != "B 12" || l.IssuedOn == nil || *l.IssuedOn != "2025-05-12" || l.ExpiresOn != "2031-05-12" || l.VerifiedBy != nil {
		t.Errorf("made %s", made.Raw)
	}
	one := path + "/" + l.ID

	admin.Post(path, object{"issuer_code": "CFZRO", "number": "b 12", "expires_on": "2031-05-12"}).Expect(http.StatusConflict, "licence_exists")
	admin.Post(path, object{"issuer_code": "CMR", "number": "B 12", "expires_on": "2032-05-12"}).Must(http.StatusCreated)
	admin.Put(one+"/verification", object{"verified": true}).Expect(http.StatusPreconditionRequired, "precondition_required")
	verified := admin.With("If-Match", made.ETag()).Put(one+"/verification", object{"verified": true}).Must(http.StatusOK)
	if v := apitest.Data[licence](verified); v.VerifiedBy == nil || *v.VerifiedBy != api.UserID(c.Admin) || v.VerifiedAt == nil {
		t.Errorf("verified %s", verified.Raw)
	}
	same := admin.With("If-Match", verified.ETag()).Patch(one, object{"number": "B 12"}).Must(http.StatusOK)
	if v := apitest.Data[licence](same); v.VerifiedBy == nil || same.ETag() != verified.ETag() {
		t.Errorf("nothing changed, and it is %s", same.Raw)
	}
	admin.With("If-Match", made.ETag()).Patch(one, object{"expires_on": "2032-01-01"}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	changed := admin.With("If-Match", same.ETag()).Patch(one, object{"expires_on": "2032-01-01", "issued_on": nil}).Must(http.StatusOK)
	if v := apitest.Data[licence](changed); v.VerifiedBy != nil || v.IssuedOn != nil || v.ExpiresOn != "2032-01-01" {
		t.Errorf("other facts are still verified: %s", changed.Raw)
	}
	if list := apitest.Data[[]licence](admin.Get(path).Must(http.StatusOK)); len(list) != 2 || list[0].IssuerCode != "CMR" {
		t.Errorf("listed %+v", list)
	}
	admin.With("If-Match", changed.ETag()).Delete(one).Must(http.StatusNoContent)
	admin.Get(one).Expect(http.StatusNotFound, "licence_not_found")
	admin.Post(path, object{"issuer_code": "CFZRO", "number": "B 12", "expires_on": "2031-05-12"}).Must(http.StatusCreated)

	for name, body := range map[string]object{
		"unknown issuer":   {"issuer_code": "NASA", "number": "1", "expires_on": "2031-05-12"},
		"no number":        {"issuer_code": "CMR", "number": "  ", "expires_on": "2031-05-12"},
		"no such day":      {"issuer_code": "CMR", "number": "1", "expires_on": "2031-02-30"},
		"no end":           {"issuer_code": "CMR", "number": "1", "expires_on": ""},
		"ended before it":  {"issuer_code": "CMR", "number": "1", "issued_on": "2031-05-12", "expires_on": "2031-05-12"},
		"an unknown field": {"issuer_code": "CMR", "number": "1", "expires_on": "2031-05-12", "file": "x"},
	} {
		if a := admin.Post(path, body); a.Status != http.StatusUnprocessableEntity || a.Code() != "validation_error" {
			t.Errorf("%s: %s", name, a)
		}
	}
	if issuers := admin.Get("/v1/licence-issuers").Must(http.StatusOK); !strings.Contains(issuers.Raw, "Colegiul Fizioterapeuților din România") {
		t.Errorf("issuers: %s", issuers.Raw)
	}
}

// Licences are the administrator's; the same number in another clinic is another licence.
func TestLicences_byRole(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c, other := api.Clinic("alpha"), api.Clinic("beta")
	id := c.AsAdmin().Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	path := "/v1/specialists/" + id + "/licences"
	body := object{"issuer_code": "CFZRO", "number": "B 12", "expires_on": "2031-05-12"}
	made := c.AsAdmin().Post(path, body).Must(http.StatusCreated)
	for _, role := range []auth.Role{auth.Specialist, auth.CustomerSupport} {
		c.Client(c.Member(role)).Get(path).Expect(http.StatusForbidden, "forbidden")
		c.Client(c.Member(role)).Post(path, body).Expect(http.StatusForbidden, "forbidden")
	}
	c.Client(c.Member(auth.Patient)).App(auth.Portal).Get(path).Expect(http.StatusForbidden, "forbidden")
	stranger := other.AsAdmin()
	stranger.Get(path).Expect(http.StatusNotFound, "specialist_not_found")
	stranger.Post(path, body).Expect(http.StatusNotFound, "specialist_not_found")
	theirs := stranger.Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID()
	stranger.Post("/v1/specialists/"+theirs+"/licences", body).Must(http.StatusCreated)
	stranger.With("If-Match", made.ETag()).Patch("/v1/specialists/"+theirs+"/licences/"+made.ID(), object{"number": "1"}).Expect(http.StatusNotFound, "licence_not_found")
	c.AsAdmin().Get("/v1/specialists/" + id + "/licences/" + made.ID()).Must(http.StatusOK)
}

// upload is a file of the person that the store has and the product has checked.
func upload(t *testing.T, api *apitest.API, c apitest.Clinic, user, purpose, status string) string {
	t.Helper()
	id := ident.New[ident.File]().String()
	_, err := api.DB.Super(t).Exec(t.Context(), `
		INSERT INTO files (id, organization_id, purpose, filename, content_type, upload_size, upload_sha256, detected_type, size, sha256, storage_key,
			status, uploaded_by, confirmed_at, expires_unconfirmed_at)
		VALUES ($1::uuid, $2::uuid, $3::text, 'licenta.pdf', 'application/pdf', 10, sha256('x'), 'application/pdf', 10, sha256('x'),
			'org/' || $2::text || '/' || $3::text || '/2026/11/' || $1::text, $4, $5, now(), now() + interval '1 day')`,
		id, c.ID, purpose, status, user)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// The scan is an own upload made for it; it stays with its licence, and another scan has to be verified again.
func TestLicences_scan(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	c := api.Clinic("alpha")
	admin, me := c.AsAdmin(), api.UserID(c.Admin)
	path := "/v1/specialists/" + admin.Post("/v1/specialists", object{"name": "Ana"}).Must(http.StatusCreated).ID() + "/licences"
	enter := func(number, file string) apitest.Answer {
		return admin.Post(path, object{"issuer_code": "CMR", "number": number, "expires_on": "2031-05-12", "file_id": file})
	}
	scan, other := upload(t, api, c, me, "licence_scan", "ready"), upload(t, api, c, me, "licence_scan", "ready")

	enter("1", upload(t, api, c, me, "avatar", "ready")).Expect(http.StatusNotFound, "file_not_found")
	enter("1", upload(t, api, c, me, "licence_scan", "pending")).Expect(http.StatusUnprocessableEntity, "file_not_ready")
	enter("1", upload(t, api, c, api.UserID(c.Member(auth.CustomerSupport)), "licence_scan", "ready")).Expect(http.StatusNotFound, "file_not_found")
	if list := apitest.Data[[]licence](admin.Get(path).Must(http.StatusOK)); len(list) != 0 {
		t.Errorf("refusals left %+v", list)
	}
	made := enter("1", scan).Must(http.StatusCreated)
	if l := apitest.Data[licence](made); l.FileID == nil || *l.FileID != scan {
		t.Errorf("made %s", made.Raw)
	}
	enter("2", scan).Expect(http.StatusNotFound, "file_not_found")
	one := path + "/" + made.ID()
	verified := admin.With("If-Match", made.ETag()).Put(one+"/verification", object{"verified": true}).Must(http.StatusOK)
	changed := admin.With("If-Match", verified.ETag()).Patch(one, object{"file_id": other}).Must(http.StatusOK)
	if l := apitest.Data[licence](changed); *l.FileID != other || l.VerifiedAt != nil {
		t.Errorf("another scan: %s", changed.Raw)
	}
	none := admin.With("If-Match", changed.ETag()).Patch(one, object{"file_id": nil}).Must(http.StatusOK)
	if l := apitest.Data[licence](none); l.FileID != nil {
		t.Errorf("without a scan: %s", none.Raw)
	}
}
