package coreapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/idp/idptest"
)

// A token whose signature was just checked is believed again, and not for longer: neither past its own end nor by another spelling. Seen
// red: with an hour instead of a second, and without regard for the end of the token, the last request was served.
func TestVerified_endsWithTheToken(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	person := api.Person("short")
	ends := api.Clock.Now().Add(52 * time.Minute)
	bearer := "Bearer " + person.With(idptest.Claims{"exp": ends.Unix()}).Token(t)
	client := api.Anonymous().With("Authorization", bearer)
	for range 2 {
		client.Get("/v1/me").Must(http.StatusOK)
	}
	api.Anonymous().With("Authorization", bearer+"x").Get("/v1/me").Expect(http.StatusUnauthorized, "unauthorized")
	api.Anonymous().With("Authorization", bearer[:len(bearer)-2]).Get("/v1/me").Expect(http.StatusUnauthorized, "unauthorized")
	api.Clock.Advance(50 * time.Minute)
	client.Get("/v1/me").Must(http.StatusOK)
	api.Clock.Advance(9 * time.Minute) // beyond the end and the minute that clocks may differ
	client.Get("/v1/me").Expect(http.StatusUnauthorized, "unauthorized")
}
