package licence_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
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
