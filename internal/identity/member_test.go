package identity_test

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

type wireAdded struct {
	Status       string
	UserID       *string `json:"user_id"`
	InvitationID *string `json:"invitation_id"`
}

type wireMember struct {
	UserID       string `json:"user_id"`
	Name, Email  string
	Role, Status string
}

// Verifies AUTH-12
func TestMembers_invitedPersonJoinsAtFirstLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("inviting")
	admin := w.person("admin", clinic, auth.Admin)
	members := "/v1/organizations/" + clinic.String() + "/members"

	added := data[wireAdded](i.as(admin).in(clinic).post(members, object{"email": "Ana@x.ro", "role": "specialist"}).expect(http.StatusCreated))
	if added.Status != "invited" || added.InvitationID == nil || added.UserID != nil {
		t.Errorf("an unknown address answers %+v", added)
	}
	me := data[wireMe](i.with(newcomer("ana", "ana@x.ro", true)).in(clinic).from(auth.Clinic).get("/v1/me").expect(http.StatusOK))
	if *me.Role != "specialist" {
		t.Errorf("in the first request the role is %s", *me.Role)
	}
	if n := w.count("SELECT count(*) FROM staff_invitations WHERE id = $1 AND accepted_at IS NOT NULL", *added.InvitationID); n != 1 {
		t.Error("the invitation is not accepted")
	}
	for _, event := range []string{"member.invited", "member.joined"} {
		if n := w.count("SELECT count(*) FROM outbox_events WHERE type = $1 AND organization_id = $2", event, clinic); n != 1 {
			t.Errorf("%d events %s, want 1", n, event)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE organization_id = $1 AND entity_type = 'user_organization' AND action = 'create'", clinic); n != 1 {
		t.Errorf("%d audit rows of the membership in the clinic's chain, want 1", n)
	}

	i.as(admin).in(clinic).delete(members+"/"+admin.ID.String()).expect(http.StatusConflict, "last_admin")
	i.as(admin).in(clinic).patch(members+"/"+admin.ID.String(), object{"role": "specialist"}).expect(http.StatusConflict, "last_admin")
	i.as(admin).in(clinic).patch(members+"/"+admin.ID.String(), object{"status": "suspended"}).expect(http.StatusConflict, "last_admin")
	i.as(admin).in(clinic).patch(members+"/"+me.ID, object{"role": "admin"}).expect(http.StatusOK)
	i.as(admin).in(clinic).delete(members + "/" + admin.ID.String()).expect(http.StatusNoContent)
	if n := w.count("SELECT count(*) FROM outbox_events WHERE type = 'member.role_changed'"); n != 1 {
		t.Errorf("%d events member.role_changed, want 1: refused changes leave none", n)
	}
}

func TestMembers_addKnownPersonAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic, other := w.clinic("adding"), w.clinic("other")
	admin, known, blocked := w.person("admin", clinic, auth.Admin), w.person("known", other, auth.Admin), w.person("blocked", other, auth.Specialist)
	w.exec("UPDATE users SET blocked_at = now() WHERE id = $1", blocked.ID)
	unverified := w.person("unverified", other, auth.Specialist)
	w.exec("UPDATE users SET email_verified_at = NULL WHERE id = $1", unverified.ID)
	members := "/v1/organizations/" + clinic.String() + "/members"
	as := i.as(admin).in(clinic)

	if a := data[wireAdded](as.post(members, object{"email": known.Email, "role": "specialist"}).expect(http.StatusOK)); a.Status != "active" || *a.UserID != known.ID.String() {
		t.Errorf("a known address answers %+v", a)
	}
	as.post(members, object{"email": known.Email, "role": "specialist"}).expect(http.StatusConflict, "already_member")
	as.post(members, object{"email": known.Email, "role": "admin"}).expect(http.StatusConflict, "already_member")
	as.post(members, object{"email": blocked.Email, "role": "specialist"}).expect(http.StatusOK)
	as.post(members, object{"email": unverified.Email, "role": "specialist"}).expect(http.StatusCreated)
	as.post(members, object{"email": "nobody@x.ro", "role": "specialist"}).expect(http.StatusCreated)
	as.post(members, object{"email": "nobody@x.ro", "role": "admin"}).expect(http.StatusConflict, "invitation_exists")
	as.post(members, object{"email": "patient@x.ro", "role": "patient"}).expect(http.StatusUnprocessableEntity, "role_not_allowed")
	as.post(members, object{"email": "boss@x.ro", "role": "superadmin"}).expect(http.StatusUnprocessableEntity, "role_not_allowed")
	as.patch(members+"/"+known.ID.String(), object{"role": "patient"}).expect(http.StatusUnprocessableEntity, "role_not_allowed")
	as.post(members, object{"email": "no address", "role": "admin"}).expect(http.StatusUnprocessableEntity, "validation_error")
	as.post(members, object{"email": "a@x.ro\r\nBcc: b@x.ro", "role": "admin"}).expect(http.StatusUnprocessableEntity, "validation_error")

	// Another clinic's administrator, other roles, other paths.
	i.as(known).in(other).from(auth.Clinic).post(members, object{"email": "x@x.ro", "role": "admin"}).expect(http.StatusNotFound, "organization_not_found")
	i.as(known).in(clinic).get(members).expect(http.StatusForbidden, "forbidden")
	i.as(admin).in(other).get(members).expect(http.StatusForbidden, "not_a_member")
	as.patch(members+"/"+ident.New[ident.User]().String(), object{"status": "suspended"}).expect(http.StatusNotFound, "member_not_found")
	as.delete(members+"/"+unverified.ID.String()).expect(http.StatusNotFound, "member_not_found")
}

func TestMembers_listIsPagedFilteredAndSorted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("listing")
	admin := w.person("admin", clinic, auth.Admin)
	w.person("Ștefan", clinic, auth.Specialist)
	w.person("zoe", clinic, auth.CustomerSupport)
	w.person("patient", clinic, auth.Patient)
	list := func(query string) []string {
		t.Helper()
		var names []string
		for _, m := range data[[]wireMember](i.as(admin).in(clinic).get("/v1/organizations/" + clinic.String() + "/members" + query).expect(http.StatusOK)) {
			names = append(names, m.Name)
		}
		return names
	}

	for query, want := range map[string][]string{
		"?sort=email&search=example":                       {"admin", "zoe", "Ștefan"},
		"?sort=-joined_at&page_size=1&page=2":              {"Ștefan"},
		"?role=patient":                                    {"patient"},
		"?role.in=specialist,patient&sort=email":           {"patient", "Ștefan"},
		"?search=stef":                                     {"Ștefan"},
		"?search=ZOE%40EXAMPLE":                            {"zoe"},
		"?status=suspended":                                nil,
		"?created_at.gte=2999-01-01T00:00:00Z":             nil,
		"?updated_at.lt=2999-01-01T00:00:00Z&search=admin": {"admin"},
	} {
		if got := list(query); !slices.Equal(got, want) {
			t.Errorf("%s answers %v, want %v", query, got, want)
		}
	}
	members := "/v1/organizations/" + clinic.String() + "/members"
	as := i.as(admin).in(clinic)
	as.get(members+"?foo=1").expect(http.StatusBadRequest, "filter_unknown")
	as.get(members+"?sort=blocked_reason").expect(http.StatusBadRequest, "sort_unknown")
	as.get(members+"?page_size=101").expect(http.StatusBadRequest, "page_size_invalid")
	as.get(members + "?search=a").expect(http.StatusBadRequest)
	as.get(members + "?role.in=superadmin").expect(http.StatusBadRequest)
}

var linkInMail = regexp.MustCompile(`https://inviting\.clinic\.example\.test/invitations/([A-Za-z0-9_-]{43})`)

func TestInvitations_mailCarriesTheOnlyCopyOfTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("inviting")
	admin := w.person("admin", clinic, auth.Admin)
	as, invitations := i.as(admin).in(clinic), "/v1/organizations/"+clinic.String()+"/invitations"
	i.work()
	token := func() string {
		t.Helper()
		m := w.mails.next(t)
		found := linkInMail.FindStringSubmatch(m.Text)
		if m.To != "ana@x.ro" || found == nil {
			t.Fatalf("the mail to %s has no link:\n%s", m.To, m.Text)
		}
		return found[1]
	}
	opens := func(token string) int {
		sum := sha256.Sum256([]byte(token))
		return w.count("SELECT count(*) FROM staff_invitations WHERE token_hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2", sum[:], w.clock.now())
	}

	id := *data[wireAdded](as.post("/v1/organizations/"+clinic.String()+"/members", object{"email": "ana@x.ro", "role": "specialist"}).expect(http.StatusCreated)).InvitationID
	first := token()
	if opens(first) != 1 {
		t.Error("the link of the first mail does not open")
	}
	w.clock.advance(15 * 24 * time.Hour)
	if list := data[[]struct{ ID, Status string }](as.get(invitations + "?status=expired")); len(list) != 1 || list[0].ID != id {
		t.Errorf("after 15 days the expired invitations are %v", list)
	}
	as.post(invitations+"/"+id+"/resend", nil).expect(http.StatusOK)
	second := token()
	if opens(first) != 0 || opens(second) != 1 {
		t.Error("sending again must replace the link")
	}
	as.delete(invitations + "/" + id).expect(http.StatusNoContent)
	if opens(second) != 0 {
		t.Error("a withdrawn invitation still opens")
	}
	as.delete(invitations+"/"+id).expect(http.StatusNotFound, "invitation_not_found")
	as.post(invitations+"/"+id+"/resend", nil).expect(http.StatusNotFound, "invitation_not_found")
	if n := w.count("SELECT count(*) FROM audit_log WHERE changes::text LIKE '%' || $1 || '%' OR changes::text LIKE '%' || $2 || '%'", first, second); n != 0 {
		t.Error("the trail holds a token")
	}
	if n := w.count("SELECT count(*) FROM river.river_job WHERE args::text LIKE '%' || $1 || '%' OR args::text LIKE '%ana@x.ro%'", first); n != 0 {
		t.Error("a job holds a token or an address")
	}

	// An expired one makes room for a new one; the job of a withdrawn one sends nothing.
	third := *data[wireAdded](as.post("/v1/organizations/"+clinic.String()+"/members", object{"email": "ana@x.ro", "role": "admin"}).expect(http.StatusCreated)).InvitationID
	token()
	w.clock.advance(15 * 24 * time.Hour)
	as.post("/v1/organizations/"+clinic.String()+"/members", object{"email": "ana@x.ro", "role": "admin"}).expect(http.StatusCreated)
	token()
	args, err := json.Marshal(map[string]string{"invitation_id": third})
	must(t, err)
	ctx := auth.WithPrincipal(t.Context(), auth.SystemOf(clinic))
	must(t, i.people.SendInvitation(ctx, args))
	if n := len(w.mails.Messages()); n != 4 {
		t.Errorf("%d mails were sent, want 4", n)
	}
}

// Somebody who signed in before is a member from the next request on, without following the link.
func TestInvitations_knownPersonJoinsAtTheNextRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("later")
	admin := w.person("admin", clinic, auth.Admin)
	late := newcomer("late", "late@x.ro", false)
	i.with(late).get("/v1/me").expect(http.StatusOK)
	i.as(admin).in(clinic).post("/v1/organizations/"+clinic.String()+"/members", object{"email": "late@x.ro", "role": "specialist"}).expect(http.StatusCreated)
	i.with(late).in(clinic).get("/v1/me").expect(http.StatusForbidden, "not_a_member")

	late.EmailVerified = true
	w.clock.advance(time.Second)

	if me := data[wireMe](i.with(late).in(clinic).get("/v1/me").expect(http.StatusOK)); *me.Role != "specialist" {
		t.Errorf("after the address was verified the role is %s", *me.Role)
	}
}
