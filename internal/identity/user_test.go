package identity_test

import (
	"net/http"
	"testing"

	"github.com/restartix/platform/internal/auth"
)

type wireUser struct {
	ID, Email, Name string
	BlockedReason   *string `json:"blocked_reason"`
	Organizations   []struct {
		ref
		Role, Status string
	}
}

func TestUsers_areListedForOperatorsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic, other := w.clinic("people"), w.clinic("elsewhere")
	operator, admin := w.operator("operator"), w.person("admin", clinic, auth.Admin, auth.Patient)
	w.person("Ștefania", other, auth.Specialist)
	console := i.as(operator).from(auth.Console)
	names := func(query string) (out []string) {
		t.Helper()
		for _, u := range data[[]wireUser](console.get("/v1/admin/users" + query).expect(http.StatusOK)) {
			out = append(out, u.Name)
		}
		return out
	}

	console.patch("/v1/admin/users/"+admin.ID.String(), object{"blocked": true, "reason": "Lost device"}).expect(http.StatusOK)
	for query, want := range map[string]int{
		"": 3, "?search=stefania": 1, "?search=ADMIN%40": 1, "?blocked=true": 1, "?blocked=false": 2, "?platform_role=superadmin": 1,
		"?organization_id=" + other.String(): 1, "?page_size=2&page=2": 1, "?created_at.gt=2999-01-01T00:00:00Z": 0,
	} {
		if got := names(query); len(got) != want {
			t.Errorf("%q answers %v, want %d", query, got, want)
		}
	}
	blocked := data[[]wireUser](console.get("/v1/admin/users?blocked=true"))[0]
	if *blocked.BlockedReason != "Lost device" || len(blocked.Organizations) != 2 || blocked.Organizations[0].Slug != "people" {
		t.Errorf("the blocked person reads %+v", blocked)
	}
	if n := w.count("SELECT count(*) FROM outbox_events WHERE type = 'user.blocked' AND organization_id IS NULL AND aggregate_id = $1", admin.ID); n != 1 {
		t.Errorf("%d events user.blocked, want 1", n)
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE organization_id IS NULL AND action = 'read' AND entity_type = 'user'"); n != 10 {
		t.Errorf("%d audit rows of ten lists", n)
	}

	console.get("/v1/admin/users?sort=blocked_reason").expect(http.StatusBadRequest, "sort_unknown")
	console.patch("/v1/admin/users/"+clinic.String(), object{"blocked": true, "reason": "x"}).expect(http.StatusNotFound, "user_not_found")
	console.patch("/v1/admin/users/"+admin.ID.String(), object{"blocked": false, "platform_role": "superadmin"}).expect(http.StatusUnprocessableEntity)
	console.patch("/v1/admin/users/"+admin.ID.String(), object{"blocked": false}).expect(http.StatusOK)
	i.as(admin).in(clinic).get("/v1/admin/users").expect(http.StatusForbidden, "forbidden")
	i.as(operator).from(auth.Portal).get("/v1/admin/users").expect(http.StatusForbidden, "forbidden")
}
