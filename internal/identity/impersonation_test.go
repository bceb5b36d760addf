package identity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

type wireStarted struct {
	Token           string
	UserID          string    `json:"user_id"`
	ExpiresAt       time.Time `json:"expires_at"`
	ImpersonationID string    `json:"impersonation_id"`
}

// Verifies AUTH-13; the forbidden act is a change of the account, which stands for everything that is not declared allowed.
func TestImpersonate_isReasonedLimitedAndWatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("acting")
	admin, specialist, patient := w.person("admin", clinic, auth.Admin), w.person("specialist", clinic, auth.Specialist), w.person("patient", clinic, auth.Patient)
	as, path := i.as(admin).in(clinic).from(auth.Clinic), "/v1/patients/"+patient.ID.String()+"/impersonate"

	as.post(path, object{"reason": "123456789"}).expect(http.StatusUnprocessableEntity, "reason_too_short")
	as.post(path, object{"reason": "   1234567   "}).expect(http.StatusUnprocessableEntity, "reason_too_short")
	as.post("/v1/patients/"+specialist.ID.String()+"/impersonate", object{"reason": "Helps with the portal"}).expect(http.StatusNotFound, "patient_not_found")
	as.post("/v1/patients/"+ident.New[ident.User]().String()+"/impersonate", object{"reason": "Helps with the portal"}).expect(http.StatusNotFound, "patient_not_found")
	i.as(specialist).in(clinic).post(path, object{"reason": "Helps with the portal"}).expect(http.StatusForbidden, "forbidden")
	i.as(patient).in(clinic).post(path, object{"reason": "Helps with the portal"}).expect(http.StatusForbidden, "forbidden")

	started := data[wireStarted](as.post(path, object{"reason": "Helps with the portal", "mode": "assist"}).expect(http.StatusCreated))
	if started.UserID != patient.ID.String() || started.ExpiresAt.Sub(w.clock.now()) > time.Hour {
		t.Errorf("started: %+v", started)
	}
	acting := i.bearing(started.Token).in(clinic).from(auth.Portal)
	if me := data[wireMe](acting.get("/v1/me").expect(http.StatusOK)); me.ID != patient.ID.String() || *me.Role != "patient" {
		t.Errorf("acting as %+v", me)
	}
	acting.patch("/v1/me", object{"name": "Other"}).expect(http.StatusForbidden, "impersonation_forbidden")
	acting.put("/v1/me/switch-organization", object{"organization_id": clinic.String()}).expect(http.StatusForbidden, "impersonation_forbidden")
	acting.post(path, object{"reason": "Helps with the portal"}).expect(http.StatusForbidden, "impersonation_forbidden")
	acting.from(auth.Clinic).get("/v1/organizations/"+clinic.String()+"/members").expect(http.StatusForbidden, "not_a_member")
	if n := w.count("SELECT count(*) FROM audit_log WHERE impersonation_id = $1 AND action_context = 'impersonation' AND action = 'read' AND actor_user_id = $2", started.ImpersonationID, patient.ID); n != 1 {
		t.Errorf("%d audit rows of one read while acting, want 1", n)
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE impersonation_id = $1 AND action = 'denied'", started.ImpersonationID); n < 3 {
		t.Errorf("%d audit rows of three refusals while acting", n)
	}
	if n := w.count("SELECT count(*) FROM outbox_events WHERE type = 'impersonation.started' AND organization_id = $1", clinic); n != 1 {
		t.Errorf("%d events impersonation.started, want 1", n)
	}

	for range 2 {
		as.post(path, object{"reason": "Helps with the portal"}).expect(http.StatusCreated)
	}
	as.post(path, object{"reason": "Helps with the portal"}).expect(http.StatusTooManyRequests, "rate_limited")
	w.clock.advance(4 * time.Minute)
	as.post(path, object{"reason": "Helps with the portal"}).expect(http.StatusTooManyRequests, "rate_limited")

	// The patient may end it: it is the own account. Once ended it stays so.
	acting.delete("/v1/impersonations/" + started.ImpersonationID).expect(http.StatusNoContent)
	acting.get("/v1/me").expect(http.StatusUnauthorized, "unauthorized")
	as.delete("/v1/impersonations/"+started.ImpersonationID).expect(http.StatusNotFound, "impersonation_not_found")
	if by := w.text("SELECT ended_by::text FROM impersonations WHERE id = $1", started.ImpersonationID); by != admin.ID.String() {
		t.Errorf("ended by %s, want the administrator", by)
	}
	w.clock.advance(time.Minute)
	as.post(path, object{"reason": "Helps with the portal"}).expect(http.StatusCreated)
}

// Starts beyond the limit do not slip through together.
func TestImpersonate_parallelStartsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("parallel")
	admin, patient := w.person("admin", clinic, auth.Admin), w.person("patient", clinic, auth.Patient)
	codes := make(chan int, 12)
	for range 12 {
		go func() {
			codes <- i.as(admin).in(clinic).post("/v1/patients/"+patient.ID.String()+"/impersonate", object{"reason": strings.Repeat("r", 20)}).status
		}()
	}

	got := map[int]int{}
	for range 12 {
		got[<-codes]++
	}

	if got[http.StatusCreated] != 3 || got[http.StatusTooManyRequests] != 9 {
		t.Errorf("12 starts together answer %v, want 3 created and 9 refused", got)
	}
}
