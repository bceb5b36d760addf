package coreapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/httpapi"
)

// underGrant are the operations that an operator reaches with a grant only.
func underGrant(endpoints []httpapi.Endpoint) []httpapi.Endpoint {
	table := auth.Table()
	return slices.DeleteFunc(slices.Clone(endpoints), func(e httpapi.Endpoint) bool {
		return table[e.Permission][auth.Superadmin] != auth.Granted
	})
}

// emergency opens clinic A to the operator and answers every broken promise of each operation that a grant opens: closed without one,
// open and written down with one, closed in the other clinic, and reading only.
func (w *world) emergency(operations []httpapi.Endpoint, grant func()) []string {
	var wrong []string
	say := func(e httpapi.Endpoint, what string, args ...any) {
		wrong = append(wrong, e.ID+": "+fmt.Sprintf(what, args...))
	}
	console := w.api.AsSuperadmin()
	ask := func(e httpapi.Endpoint, about apitest.Clinic) string {
		return outcome(w.right(e.Method, e.Path, e.ID, about).by(console.In(about.ID)))
	}
	for _, e := range operations {
		if e.Method != http.MethodGet {
			say(e, "is no read")
		}
		if got := ask(e, w.a); got != "403:break_glass_required" {
			say(e, "answers %s without a grant", got)
		}
	}
	grant()
	for _, e := range operations {
		if got := ask(e, w.a); got != "200" {
			say(e, "answers %s under a grant", got)
		}
		if n := w.text("SELECT count(*)::text FROM audit_log WHERE organization_id = $1 AND action = 'read' AND entity_id = $2 AND break_glass_id IS NOT NULL",
			w.a.ID, e.ID); n != "1" {
			say(e, "left %s rows in the clinic's trail", n)
		}
		if got := ask(e, w.b); got != "403:break_glass_required" {
			say(e, "answers %s in a clinic without a grant", got)
		}
	}
	return wrong
}

// Every operation that a grant opens, the visits and patients among them, and every one that changes something and stays closed.
// Seen red: two tables whose policies refuse under a grant, in TestEmergency_seenRed.
// Verifies AUTH-10
func TestEmergency_everyRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	operations := underGrant(w.api.App.Routes())
	opened := map[string]bool{}
	for _, e := range operations {
		opened[e.ID] = true
	}
	for _, id := range []string{
		"list-appointments", "get-appointment", "list-patients", "get-patient", "find-availability", "stream-availability", "list-tasks",
		"get-hours", "list-date-overrides", "list-specialists", "list-services", "list-members",
	} {
		if !opened[id] {
			t.Errorf("no grant opens %s", id)
		}
	}
	open := func() {
		w.api.AsSuperadmin().Post("/v1/admin/break-glass", object{
			"organization_id": w.a.ID.String(), "reason": "Restoring a lost calendar of the clinic", "ttl_minutes": 5,
		}).Must(http.StatusCreated)
	}

	for _, wrong := range w.emergency(operations, open) {
		t.Error(wrong)
	}

	// What is closed to operators stays closed under a grant: everything that changes the clinic, its keys and its integrations.
	console := w.api.AsSuperadmin().In(w.a.ID)
	for _, e := range w.api.App.Routes() {
		if auth.Table()[e.Permission][auth.Superadmin] != auth.Deny {
			continue
		}
		if got := outcome(w.right(e.Method, e.Path, e.ID, w.a).by(console)); got != "403:forbidden" {
			t.Errorf("%s answers %s under a grant", e.ID, got)
		}
	}
}

func TestEmergency_seenRed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	operations := slices.DeleteFunc(underGrant(w.api.App.Routes()), func(e httpapi.Endpoint) bool { return e.ID != "get-appointment" && e.ID != "get-patient" })
	w.exec("DROP POLICY appointments_break_glass ON appointments")
	w.exec("DROP POLICY patient_org_profiles_break_glass ON patient_org_profiles")

	wrong := w.emergency(operations, func() {
		w.grant(w.a.ID)
		w.api.Clock.Advance(2 * time.Second)
	})

	if len(wrong) != 2 {
		t.Errorf("two policies are gone, found %v", wrong)
	}
}
