package coreapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// Verifies API-05: of two editors with one version the second is told the current one; nobody changes a clinic without saying what
// they saw.
func TestVersions_secondEditorIsRefused(t *testing.T) {
	t.Parallel()
	api := generous(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	path := "/v1/organizations/" + clinic.ID.String()
	seen := clinic.AsAdmin().Get(path).Must(http.StatusOK).ETag()
	if !strings.HasPrefix(seen, `"`) {
		t.Fatalf("ETag is %s", seen)
	}
	editor := clinic.AsAdmin().With("If-Match", seen)
	first := editor.Patch(path, object{"tagline": "first"}).Must(http.StatusOK)
	if first.ETag() == seen || first.ETag() == "" {
		t.Errorf("the version stays %s", first.ETag())
	}
	refused := editor.Patch(path, object{"tagline": "second"}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	if !strings.Contains(refused.Raw, strings.Trim(first.ETag(), `"`)) {
		t.Errorf("the current version is not told: %s", refused)
	}
	clinic.AsAdmin().Patch(path, object{"tagline": "third"}).Expect(http.StatusPreconditionRequired, "precondition_required")
	clinic.AsAdmin().With("If-Match", "W/nonsense").Patch(path, object{"tagline": "fourth"}).Expect(http.StatusPreconditionFailed, "precondition_failed")
	if got := clinic.AsAdmin().Get(path); !strings.Contains(got.Raw, `"first"`) || got.ETag() != first.ETag() {
		t.Errorf("a refused change shows: %s", got)
	}
	api.AsSuperadmin().Delete(path).Expect(http.StatusPreconditionRequired, "precondition_required")
	api.AsSuperadmin().With("If-Match", seen).Delete(path).Expect(http.StatusPreconditionFailed, "precondition_failed")
}

// Verifies API-03 for numbered lists: sizes, sorts and filters that a list does not know are refused, and the parameter is named.
func TestPaging_unknownIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	lists := map[string]apitest.Client{
		w.path(w.a, "members"): w.a.AsAdmin(), w.path(w.a, "invitations"): w.a.AsAdmin(), w.path(w.a, "domains"): w.a.AsAdmin(),
		w.path(w.a, "api-keys"): w.a.AsAdmin(), w.path(w.a, "access-keys"): w.a.AsAdmin(), w.path(w.a, "break-glass"): w.a.AsAdmin(),
		"/v1/organizations": w.a.AsAdmin(), "/v1/admin/users": w.api.AsSuperadmin(), "/v1/admin/break-glass": w.api.AsSuperadmin(),
		"/v1/public/policies": w.api.Anonymous().With("X-Organization-Slug", "alpha"),
	}
	for path, c := range lists {
		c.Get(path + "?page_size=100").Expect(http.StatusOK)
		for _, size := range []string{"101", "-1", "1000000000"} {
			c.Get(path+"?page_size="+size).Expect(http.StatusBadRequest, "page_size_invalid")
		}
		if a := c.Get(path+"?foo=1").Expect(http.StatusBadRequest, "filter_unknown"); !strings.Contains(a.Raw, "foo") {
			t.Errorf("the parameter is not named: %s", a)
		}
		c.Get(path+"?sort=token_hash").Expect(http.StatusBadRequest, "sort_unknown")
		c.Get(path+"?page=1&page=2").Expect(http.StatusBadRequest, "bad_request")
		c.Get(path + "?page=-1").Expect(http.StatusBadRequest)
	}
}
