package identity_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
)

// next is the cursor of a feed's answer, "" at its end.
func (r reply) next() string {
	r.t.Helper()
	var envelope struct {
		Pagination struct {
			NextCursor *string `json:"next_cursor"`
		}
	}
	must(r.t, json.Unmarshal([]byte(r.raw), &envelope))
	if envelope.Pagination.NextCursor == nil {
		return ""
	}
	return *envelope.Pagination.NextCursor
}

func TestAuditLogs_areReadPagedAndAuditedThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic, other := w.clinic("trail"), w.clinic("other-trail")
	admin, stranger := w.person("admin", clinic, auth.Admin), w.person("stranger", other, auth.Admin)
	operator := w.operator("operator")
	as := i.as(admin).in(clinic)
	for _, email := range []string{"a@x.ro", "b@x.ro", "c@x.ro"} {
		as.post("/v1/organizations/"+clinic.String()+"/members", object{"email": email, "role": "specialist"}).expect(http.StatusCreated)
	}

	// Readings add rows at the head; a feed neither loses nor repeats one.
	seen := map[string]bool{}
	r := as.get("/v1/audit-logs?entity=staff_invitation&page_size=2").expect(http.StatusOK)
	first := r.next()
	for range 2 {
		for _, e := range data[[]wireEntry](r) {
			if seen[e.ID] || e.EntityType != "staff_invitation" {
				t.Errorf("entry %+v is repeated or of another kind", e)
			}
			seen[e.ID] = true
		}
		if r.next() == "" {
			break
		}
		r = as.get("/v1/audit-logs?entity=staff_invitation&page_size=2&cursor=" + r.next()).expect(http.StatusOK)
	}
	if len(seen) != 3 || r.next() != "" {
		t.Errorf("the feed shows %d of 3 entries, then %q", len(seen), r.next())
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE organization_id = $1 AND entity_type = 'audit_log' AND action = 'read' AND actor_user_id = $2", clinic, admin.ID); n != 2 {
		t.Errorf("%d audit rows of two readings", n)
	}

	as.get("/v1/audit-logs?entity=user&page_size=2&cursor="+first).expect(http.StatusBadRequest, "cursor_invalid")
	as.get("/v1/audit-logs?cursor=forged").expect(http.StatusBadRequest, "cursor_invalid")
	i.as(stranger).in(other).get("/v1/audit-logs?entity=staff_invitation&page_size=2&cursor="+first).expect(http.StatusBadRequest, "cursor_invalid")
	as.get("/v1/audit-logs?page_size=101").expect(http.StatusBadRequest, "page_size_invalid")
	as.get("/v1/audit-logs?row_mac=1").expect(http.StatusBadRequest, "filter_unknown")
	for query, want := range map[string]int{
		"?action=create&user_id=" + admin.ID.String(): 3, "?action=create&user_id=" + stranger.ID.String(): 0,
		"?action=create&occurred_at.gte=2999-01-01T00:00:00Z": 0, "?action=create&occurred_at.lte=2999-01-01T00:00:00Z": 3,
		"?action=create&context=impersonation": 0, "?request_id=none": 0,
	} {
		if got := data[[]wireEntry](as.get("/v1/audit-logs" + query).expect(http.StatusOK)); len(got) != want {
			t.Errorf("%s answers %d entries, want %d", query, len(got), want)
		}
	}

	entry := data[[]wireEntry](as.get("/v1/audit-logs?action=create"))[0]
	one := data[struct {
		wireEntry
		RowMAC string `json:"row_mac"`
	}](as.get("/v1/audit-logs/" + entry.ID).expect(http.StatusOK))
	if one.ID != entry.ID || len(one.RowMAC) != 64 {
		t.Errorf("one entry reads %+v", one)
	}
	i.as(stranger).in(other).get("/v1/audit-logs/"+entry.ID).expect(http.StatusNotFound, "audit_log_not_found")
	i.as(w.person("specialist", clinic, auth.Specialist)).in(clinic).get("/v1/audit-logs").expect(http.StatusForbidden, "forbidden")

	// An operator without a clinic reads the platform's chain and nothing of a clinic.
	console := i.as(operator).from(auth.Console)
	console.get("/v1/admin/users").expect(http.StatusOK)
	platform := data[[]wireEntry](console.get("/v1/audit-logs?entity=user").expect(http.StatusOK))
	if len(platform) != 1 || *platform[0].ActorRole != "superadmin" {
		t.Errorf("the platform's chain shows %+v", platform)
	}
	console.get("/v1/audit-logs/"+entry.ID).expect(http.StatusNotFound, "audit_log_not_found")

	w.clock.advance(25 * time.Hour)
	as.get("/v1/audit-logs?entity=staff_invitation&page_size=2&cursor="+first).expect(http.StatusGone, "cursor_expired")
}

func TestSecurityEvents_areReadAndAcknowledgedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic, other := w.clinic("events"), w.clinic("other-events")
	admin, specialist, stranger := w.person("admin", clinic, auth.Admin), w.person("specialist", clinic, auth.Specialist), w.person("stranger", other, auth.Admin)
	console := i.as(w.operator("operator")).from(auth.Console)
	for range 3 {
		i.as(specialist).in(clinic).get("/v1/audit-logs").expect(http.StatusForbidden)
	}
	type wireEvent struct {
		ID, Kind, Subject string
		Count             int
		AcknowledgedBy    *string `json:"acknowledged_by"`
	}
	as := i.as(admin).in(clinic)

	found := data[[]wireEvent](as.get("/v1/security-events?kind=permission_denied_burst&acknowledged=false").expect(http.StatusOK))
	counted := 0
	for _, e := range found {
		counted += e.Count
	}
	if counted != 3 || found[0].Subject != "user:"+specialist.ID.String() {
		t.Fatalf("three refusals are counted as %+v", found)
	}
	path := "/v1/security-events/" + found[0].ID
	i.as(stranger).in(other).post(path+"/ack", nil).expect(http.StatusNotFound, "security_event_not_found")
	i.as(specialist).in(clinic).post(path+"/ack", nil).expect(http.StatusForbidden, "forbidden")
	console.post(path+"/ack", nil).expect(http.StatusNotFound, "security_event_not_found")
	for range 2 {
		if e := data[wireEvent](as.post(path+"/ack", nil).expect(http.StatusOK)); *e.AcknowledgedBy != admin.ID.String() {
			t.Errorf("after acknowledging: %+v", e)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE entity_type = 'security_event' AND action = 'update' AND organization_id = $1", clinic); n != 1 {
		t.Errorf("%d audit rows of one acknowledgement", n)
	}
	if r := as.get("/v1/security-events?page_size=1").expect(http.StatusOK); r.next() != "" {
		as.get("/v1/security-events?page_size=1&cursor=" + r.next()).expect(http.StatusOK)
	}
	console.get("/v1/security-events").expect(http.StatusOK)
}
