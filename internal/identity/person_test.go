package identity_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
)

// newcomer is somebody whom nobody knows.
func newcomer(subject, email string, verified bool) middleware.Subject {
	return middleware.Subject{Issuer: "https://issuer.test", Subject: subject, Email: email, EmailVerified: verified, Name: "Ana Pop", AMR: []string{"pwd", "otp"}}
}

// warm opens the connections of an instance, so that a crowd measures the product and not the start of a pool. What it answers
// does not matter.
func (i *instance) warm() {
	together(i.person("early", ident.OrgID{}).Subject, 50, i, i.start(nil), i.start(nil), i.start(nil))
}

// together sends n first requests of one subject at once, spread over the instances, and answers the statuses.
func together(s middleware.Subject, n int, instances ...*instance) map[int]int {
	var (
		mu    sync.Mutex
		group sync.WaitGroup
	)
	out := map[int]int{}
	begin := make(chan struct{})
	for k := range n {
		group.Go(func() {
			<-begin
			status := instances[k%len(instances)].with(s).get("/v1/me").status
			mu.Lock()
			defer mu.Unlock()
			out[status]++
		})
	}
	close(begin)
	group.Wait()
	return out
}

// Verifies AUTH-05
func TestPerson_parallelFirstRequestsMakeOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, other := w.start(nil), w.start(nil)
	s := newcomer("first", "first@example.test", true)
	one.warm()

	statuses := together(s, 20, one, other, w.start(nil), w.start(nil))

	if n := w.count("SELECT count(*) FROM users WHERE email = 'first@example.test'"); statuses[http.StatusOK] != 20 || n != 1 {
		t.Errorf("20 first requests answer %v and make %d people", statuses, n)
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE action = 'create' AND entity_type = 'user'"); n != 1 {
		t.Errorf("the person has %d audit rows of being made, want 1", n)
	}

	operator := w.operator("operator")
	other.with(s).get("/v1/me").expect(http.StatusOK)
	id := data[struct{ ID string }](one.with(s).get("/v1/me")).ID
	one.as(operator).from(auth.Console).patch("/v1/admin/users/"+id, object{"blocked": true, "reason": "Lost device"}).expect(http.StatusOK)
	one.with(s).get("/v1/me").expect(http.StatusForbidden, "user_blocked")
	w.clock.advance(time.Second)
	other.with(s).get("/v1/me").expect(http.StatusForbidden, "user_blocked")

	one.as(operator).from(auth.Console).patch("/v1/admin/users/"+id, object{"blocked": false}).expect(http.StatusOK)
	one.with(s).get("/v1/me").expect(http.StatusOK)
	one.as(operator).from(auth.Console).patch("/v1/admin/users/"+operator.ID.String(), object{"blocked": true, "reason": "x"}).expect(http.StatusConflict, "self_block")
	one.as(operator).from(auth.Console).patch("/v1/admin/users/"+id, object{"blocked": true}).expect(http.StatusUnprocessableEntity, "validation_error")
}

// firstLogins tries every way of becoming somebody else by a first login and answers those that worked.
func firstLogins(w *world) []string {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	i := w.start(nil)
	clinic := w.clinic("first-logins")
	known := w.person("kim", clinic, auth.Specialist)

	crowd := newcomer("crowd", "crowd@example.test", true)
	i.warm()
	for status, n := range together(crowd, 50, i, w.start(nil), w.start(nil), w.start(nil), w.start(nil)) {
		if status != http.StatusOK {
			say("%d of 50 parallel first requests answer %d", n, status)
		}
	}
	if n := w.count("SELECT count(*) FROM users WHERE email = 'crowd@example.test'"); n != 1 {
		say("50 parallel first requests make %d people", n)
	}

	if r := i.with(newcomer("unverified", known.Email, false)).get("/v1/me"); !r.is(http.StatusConflict, "email_in_use") {
		say("an unverified address of somebody else answers %d %s", r.status, r.code())
	}
	for name, twin := range map[string]string{
		"case": "KIM@example.test", "case of the domain": "kim@EXAMPLE.test", "Kelvin sign": "\u212aim@example.test",
		"full-width letter": "\uff4bim@example.test", "Cyrillic letter": "k\u0456m@example.test", "combining mark": "ki\u0307m@example.test",
	} {
		r := i.with(newcomer("twin-"+name, twin, true)).get("/v1/me")
		if r.status == http.StatusOK && data[struct{ ID string }](r).ID == known.ID.String() {
			say("a twin (%s) becomes the person", name)
		}
		if r.status != http.StatusOK && !r.is(http.StatusConflict, "email_in_use") {
			say("a twin (%s) answers %d %s", name, r.status, r.code())
		}
	}
	if n := w.count("SELECT count(*) FROM user_identities WHERE user_id = $1", known.ID); n != 1 {
		say("the person has %d identities, want the own one", n)
	}

	i.with(newcomer("squatter", "victim@example.test", false)).get("/v1/me").expect(http.StatusOK)
	if r := i.with(newcomer("victim", "victim@example.test", true)).get("/v1/me"); !r.is(http.StatusConflict, "email_in_use") {
		say("whoever registered an address first receives its owner's sign-in: %d", r.status)
	}

	admin := w.person("inviter", clinic, auth.Admin)
	for _, email := range []string{"guest@example.test", "kate@example.test"} {
		i.as(admin).in(clinic).post("/v1/organizations/"+clinic.String()+"/members", object{"email": email, "role": "admin"}).expect(http.StatusCreated)
	}
	i.with(newcomer("guest", "guest@example.test", false)).get("/v1/me").expect(http.StatusOK)
	i.with(newcomer("kate", "\u212aate@example.test", true)).get("/v1/me")
	if n := w.count("SELECT count(*) FROM user_organizations WHERE organization_id = $1", clinic); n != 2 {
		say("an unverified or look-alike address takes up an invitation: %d members, want 2", n)
	}
	return faults
}

// TestFigureA5_firstLogin counts the ways in which a first login becomes somebody else, or more than one person.
// Seen red: with the comparison of 000011 (citext, which folds the Kelvin sign into k), with linking to an account whose address
// was never verified, and with invitations matched the same way; each is planted below.
func TestFigureA5_firstLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	faults := firstLogins(w)

	for _, f := range faults {
		t.Error(f)
	}
	figure("A-5", faults)

	const provision = "user_provision(uuid,uuid,text,text,text,boolean,text,text[])"
	for name, plant := range map[string]func(*world){
		"addresses folded": func(w *world) { w.redefine(provision, "v_known.email::text <> p_email", "false") },
		"unverified accounts": func(w *world) {
			w.redefine(provision, "v_known.email_verified_at IS NULL AND EXISTS", "false AND EXISTS")
		},
		"invitations folded": func(w *world) {
			w.redefine("same_mailbox(text,text)", `lower(a COLLATE "C") = lower(b COLLATE "C")`, "a::citext = b::citext")
		},
		"unverified believed": func(w *world) { w.redefine(provision, "IF p_verified THEN", "IF true THEN") },
	} {
		t.Run("red: "+name, func(t *testing.T) {
			t.Parallel()
			planted := newWorld(t)
			plant(planted)
			if len(firstLogins(planted)) == 0 {
				t.Error("the planted fault went unseen")
			}
		})
	}
}

// A verified address that is exactly the account's, and verified there, links; the trail and the security events say so.
func TestPerson_theSameVerifiedAddressLinksOpenly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	known := w.person("known", w.clinic("linking"), auth.Specialist)

	me := data[struct{ ID string }](i.with(newcomer("second issuer", known.Email, true)).get("/v1/me").expect(http.StatusOK))

	if me.ID != known.ID.String() {
		t.Errorf("the second identity belongs to %s, want %s", me.ID, known.ID)
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE entity_type = 'user_identity' AND action = 'create'"); n != 1 {
		t.Errorf("%d audit rows of the link, want 1", n)
	}
	if n := w.count("SELECT count(*) FROM security_events WHERE kind = 'identity_linked' AND subject = 'user:' || $1", known.ID); n != 1 {
		t.Errorf("%d security events of the link, want 1", n)
	}
}

// revocation is one way of losing something, and what the next request must answer.
type revocation struct {
	name   string
	code   string
	status int
	call   func(i *instance) reply
	revoke func(i *instance)
}

func revocations(w *world) []revocation {
	clinic := w.clinic("revocations")
	other := w.clinic("suspended")
	admin := w.person("admin", clinic, auth.Admin)
	operator := w.operator("operator")
	members := "/v1/organizations/" + clinic.String() + "/members"
	lowered, removed, blocked := w.person("lowered", clinic, auth.Admin), w.person("removed", clinic, auth.Specialist), w.person("blocked", clinic, auth.Specialist)
	patient, orphan := w.person("patient", clinic, auth.Patient), w.person("orphan", other, auth.Admin)
	emergency := w.operator("emergency")
	var impersonation struct{ Token, ImpersonationID string }
	decode := func(i *instance) {
		d := data[struct {
			Token string `json:"token"`
			ID    string `json:"impersonation_id"`
		}](i.as(admin).in(clinic).from(auth.Clinic).post("/v1/patients/"+patient.ID.String()+"/impersonate", object{"reason": "Helps with the portal"}).expect(http.StatusCreated))
		impersonation.Token, impersonation.ImpersonationID = d.Token, d.ID
	}
	var grant string
	return []revocation{
		{"role lowered", "forbidden", http.StatusForbidden,
			func(i *instance) reply { return i.as(lowered).in(clinic).from(auth.Clinic).get(members) },
			func(i *instance) {
				i.as(admin).in(clinic).patch(members+"/"+lowered.ID.String(), object{"role": "specialist"}).expect(http.StatusOK)
			}},
		{"membership removed", "not_a_member", http.StatusForbidden,
			func(i *instance) reply { return i.as(removed).in(clinic).from(auth.Clinic).get("/v1/me") },
			func(i *instance) {
				i.as(admin).in(clinic).delete(members + "/" + removed.ID.String()).expect(http.StatusNoContent)
			}},
		{"user blocked", "user_blocked", http.StatusForbidden,
			func(i *instance) reply { return i.as(blocked).in(clinic).get("/v1/me") },
			func(i *instance) {
				i.as(operator).from(auth.Console).patch("/v1/admin/users/"+blocked.ID.String(), object{"blocked": true, "reason": "Misuse"}).expect(http.StatusOK)
			}},
		{"clinic suspended", "not_a_member", http.StatusForbidden,
			func(i *instance) reply { return i.as(orphan).in(other).get("/v1/me") },
			func(i *instance) { i.exec("UPDATE organizations SET status = 'suspended' WHERE id = $1", other) }},
		{"impersonation ended", "unauthorized", http.StatusUnauthorized,
			func(i *instance) reply {
				if impersonation.Token == "" {
					decode(i)
				}
				return i.bearing(impersonation.Token).in(clinic).from(auth.Portal).get("/v1/me")
			},
			func(i *instance) {
				i.as(admin).in(clinic).from(auth.Clinic).delete("/v1/impersonations/" + impersonation.ImpersonationID).expect(http.StatusNoContent)
			}},
		{"break-glass ended", "break_glass_required", http.StatusForbidden,
			func(i *instance) reply {
				if grant == "" {
					grant = data[struct{ ID string }](i.as(emergency).from(auth.Console).post("/v1/admin/break-glass",
						object{"organization_id": clinic.String(), "reason": "Restoring a lost calendar", "ttl_minutes": 5}).expect(http.StatusCreated)).ID
				}
				return i.as(emergency).in(clinic).from(auth.Console).get(members)
			},
			func(i *instance) {
				i.as(admin).in(clinic).delete("/v1/admin/break-glass/" + grant).expect(http.StatusNoContent)
			}},
	}
}

// stale takes something away on one instance and answers what another, which had just answered, still allows a second later.
func stale(w *world, other *instance) []string {
	var faults []string
	one := w.start(nil)
	for _, r := range revocations(w) {
		r.call(one).expect(http.StatusOK)
		r.call(other).expect(http.StatusOK)

		r.revoke(one)
		// The clinic's status is changed by another package here, so this instance ages too.
		w.clock.advance(time.Second)
		for name, i := range map[string]*instance{"this instance": one, "the other instance": other} {
			if a := r.call(i); !a.is(r.status, r.code) {
				faults = append(faults, fmt.Sprintf("%s: %s answers %d %s", r.name, name, a.status, a.code()))
			}
		}
	}
	return faults
}

// TestFigureA4_revocation counts what still works a second after it was taken away, on the instance that did it and on another.
// Seen red: an instance that believes an answer for a minute, planted below.
func TestFigureA4_revocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	faults := stale(w, w.start(nil))

	for _, f := range faults {
		t.Error(f)
	}
	figure("A-4", faults)

	planted := newWorld(t)
	slow := planted.start(nil)
	slow.people.KeepAnswers(time.Minute)
	if found := stale(planted, slow); len(found) != 6 {
		t.Errorf("an instance that remembers for a minute shows %d of 6 faults: %v", len(found), found)
	}
}

// The instance that takes something away refuses at once, without waiting for its own memory.
func TestPerson_ownChangesCountAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic := w.clinic("at-once")
	admin, member := w.person("admin", clinic, auth.Admin), w.person("member", clinic, auth.Admin)
	list := "/v1/organizations/" + clinic.String() + "/members"
	i.as(member).in(clinic).get(list).expect(http.StatusOK)

	i.as(admin).in(clinic).patch(list+"/"+member.ID.String(), object{"status": "suspended"}).expect(http.StatusOK)

	i.as(member).in(clinic).get(list).expect(http.StatusForbidden, "not_a_member")
}

func TestPerson_withoutAddressIsRefused(t *testing.T) {
	t.Parallel()
	i := newWorld(t).start(nil)

	i.with(newcomer("nameless", "", false)).get("/v1/me").expect(http.StatusForbidden, "email_required")
	i.with(newcomer("strange", "Ana <ana@example.test>", true)).get("/v1/me").expect(http.StatusForbidden, "email_required")

	if n := i.count("SELECT count(*) FROM users"); n != 0 {
		t.Errorf("%d people were made, want none", n)
	}
}

// An impersonation is bound to its two people and its clinic, whatever the token says.
func TestPerson_impersonationOfOthersIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	clinic, elsewhere := w.clinic("bound"), w.clinic("elsewhere")
	admin, patient := w.person("admin", clinic, auth.Admin), w.person("patient", clinic, auth.Patient)
	w.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'admin')", elsewhere, patient.ID)
	id := data[struct {
		ID string `json:"impersonation_id"`
	}](i.as(admin).in(clinic).from(auth.Clinic).post("/v1/patients/"+patient.ID.String()+"/impersonate", object{"reason": "Helps with the portal"})).ID
	token := middleware.Subject{Issuer: "x", Subject: patient.ID.String(), ImpersonationID: id, ImpersonatorID: admin.ID.String(), ImpersonationMode: "view"}

	i.with(token).in(clinic).from(auth.Portal).get("/v1/me").expect(http.StatusOK)
	i.with(token).in(elsewhere).from(auth.Clinic).get("/v1/me").expect(http.StatusForbidden, "not_a_member")
	for name, change := range map[string]func(*middleware.Subject){
		"another patient":       func(s *middleware.Subject) { s.Subject = admin.ID.String() },
		"another administrator": func(s *middleware.Subject) { s.ImpersonatorID = patient.ID.String() },
		"an unknown row":        func(s *middleware.Subject) { s.ImpersonationID = ident.New[auth.Impersonation]().String() },
		"no id":                 func(s *middleware.Subject) { s.ImpersonationID = "none" },
	} {
		changed := token
		change(&changed)
		if r := i.with(changed).in(clinic).from(auth.Portal).get("/v1/me"); !r.is(http.StatusUnauthorized, "unauthorized") {
			t.Errorf("%s answers %d %s", name, r.status, r.code())
		}
	}
	w.clock.advance(time.Hour)
	i.with(token).in(clinic).from(auth.Portal).get("/v1/me").expect(http.StatusUnauthorized, "unauthorized")
}
