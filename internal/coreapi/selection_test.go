package coreapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// choice is one odd way to name a clinic and what it must answer.
type choice struct {
	name   string
	client apitest.Client
	want   string
}

func (w *world) choices() []choice {
	admin, a, b := w.api.As(w.a.Admin).App(auth.Clinic), w.a.ID.String(), w.b.ID.String()
	header := func(v string) apitest.Client { return admin.With("X-Organization-ID", v) }
	stranger := w.api.As(w.api.Person("stranger"))
	return []choice{
		{"own", header(a), "200"},
		{"own in capitals", header(strings.ToUpper(a)), "200"},
		{"foreign", header(b), "403:not_a_member"},
		{"nobody's", header(uuid.NewString()), "403:not_a_member"},
		{"no id", header("alpha"), "400:bad_request"},
		{"zero", header(uuid.Nil.String()), "400:bad_request"},
		{"braces", header("{" + a + "}"), "400:bad_request"},
		{"urn", header("urn:uuid:" + a), "400:bad_request"},
		{"list", header(a + "," + b), "400:bad_request"},
		{"space", header(" " + a), "400:bad_request"},
		{"cookie of another", header(a).With("Cookie", "__Host-org-id="+b), "400:org_mismatch"},
		{"cookie of the same", header(a).With("Cookie", "__Host-org-id="+a), "200"},
		{"cookie alone of a stranger", stranger.With("Cookie", "__Host-org-id="+a), "400:organization_required"},
		{"none of a stranger", stranger, "400:organization_required"},
		{"cookie without login", w.api.Anonymous().With("Cookie", "__Host-org-id="+a), "401:unauthorized"},
	}
}

func astray(choices []choice, path string) []string {
	var out []string
	for _, c := range choices {
		if got := outcome(c.client.Get(path)); got != c.want {
			out = append(out, fmt.Sprintf("%s: %s, want %s", c.name, got, c.want))
		}
	}
	return out
}

// Verifies AUTH-08 and A-6: the clinic of a request is the one that it names and the person belongs to, or none; never the first one,
// never the cookie's. Seen red: a choice that expects the wrong answer is named.
func TestSelection_clinicOfTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	choices, path := w.choices(), w.path(w.a, "")
	wrong := astray(choices, path)
	for _, one := range wrong {
		t.Error(one)
	}
	t.Run("an expectation that does not hold is named", func(t *testing.T) {
		t.Parallel()
		planted := []choice{{"planted", w.api.Anonymous(), "200"}}
		if len(astray(planted, path)) != 1 {
			t.Error("not named")
		}
	})
	w.api.AsSuperadmin().Get("/v1/admin/users").Expect(http.StatusOK)
	figure(t, "A-6", fmt.Sprintf("%d/%d", len(choices)-len(wrong), len(choices)), len(wrong) == 0)
}
