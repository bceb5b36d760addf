package coreapi_test

import (
	"net/http"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// The first breath: a clinic is made, its admin joins by the invited address, and sees the clinic in /v1/me.
func TestAPI_firstClinic(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)

	clinic := api.Clinic("alpha")

	me := apitest.Data[struct {
		Role                string `json:"role"`
		CurrentOrganization struct {
			Slug string `json:"slug"`
		} `json:"current_organization"`
	}](clinic.AsAdmin().Get("/v1/me").Must(http.StatusOK))
	if me.Role != string(auth.Admin) || me.CurrentOrganization.Slug != "alpha" {
		t.Errorf("me is %+v", me)
	}
	api.Anonymous().Get("/v1/public/organizations/resolve?slug=alpha").Must(http.StatusOK)
}
