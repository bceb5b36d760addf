package identity_test

import (
	"net/http"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

type ref struct{ ID, Name, Slug string }

// wireMe is the own account as the apps read it.
type wireMe struct {
	ID, Email, Name     string
	Locale, Role        *string
	PlatformRole        *string `json:"platform_role"`
	CurrentOrganization *ref    `json:"current_organization"`
	Organizations       []struct {
		ref
		Roles []string
	}
	SpecialistID *string  `json:"specialist_id"`
	PatientID    *string  `json:"patient_id"`
	CaregiverOf  []string `json:"caregiver_of"`
	MFA          struct{ Required, Verified bool }
	GatesPending []string `json:"gates_pending"`
}

// Verifies AUTH-11
func TestMe_tellsWhoAndWhereAndFollowsTheSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	first, second, foreign := w.clinic("first-clinic"), w.clinic("second-clinic"), w.clinic("foreign-clinic")
	ana := w.person("ana", first, auth.Admin, auth.Patient)
	w.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'specialist')", second, ana.ID)
	w.exec("UPDATE users SET current_organization_id = $1 WHERE id = $2", first, ana.ID)
	w.exec(`UPDATE organization_settings SET settings = '{"mfa_policy": "required"}' WHERE organization_id = $1`, second)

	me := data[wireMe](i.as(ana).get("/v1/me").expect(http.StatusOK))
	if me.ID != ana.ID.String() || me.Email != ana.Email || *me.Role != "admin" || me.PlatformRole != nil || me.CurrentOrganization.ID != first.String() ||
		me.CurrentOrganization.Slug != "first-clinic" || len(me.Organizations) != 2 || me.MFA.Required || !me.MFA.Verified ||
		me.CaregiverOf == nil || me.GatesPending == nil || me.SpecialistID != nil || me.PatientID != nil {
		t.Errorf("the own account reads %+v", me)
	}
	if roles := me.Organizations[0].Roles; len(roles) != 2 || roles[0] != "admin" || roles[1] != "patient" {
		t.Errorf("roles in the first clinic are %v", roles)
	}
	if portal := data[wireMe](i.as(ana).from(auth.Portal).get("/v1/me")); *portal.Role != "patient" {
		t.Errorf("in the portal the role is %s", *portal.Role)
	}

	i.as(ana).put("/v1/me/switch-organization", object{"organization_id": second.String()}).expect(http.StatusOK)
	if me := data[wireMe](i.as(ana).get("/v1/me")); *me.Role != "specialist" || me.CurrentOrganization.ID != second.String() || !me.MFA.Required {
		t.Errorf("after the switch the account reads %+v", me)
	}
	i.as(ana).put("/v1/me/switch-organization", object{"organization_id": foreign.String()}).expect(http.StatusForbidden, "not_a_member")
	i.as(ana).put("/v1/me/switch-organization", object{"organization_id": ident.New[ident.Organization]().String()}).expect(http.StatusForbidden, "not_a_member")
	i.as(ana).in(first).get("/v1/organizations/" + first.String() + "/members").expect(http.StatusOK)
	i.as(ana).get("/v1/organizations/"+second.String()+"/members").expect(http.StatusForbidden, "forbidden")
}

func TestUpdateMe_changesNameAndLanguageAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(nil)
	ana, operator := w.person("ana", w.clinic("mine"), auth.Specialist), w.operator("operator")

	me := data[wireMe](i.as(ana).patch("/v1/me", object{"name": "Ana Ștefan", "locale": "ro"}).expect(http.StatusOK))
	if me.Name != "Ana Ștefan" || *me.Locale != "ro" {
		t.Errorf("after the change: %+v", me)
	}
	if me := data[wireMe](i.as(ana).patch("/v1/me", object{"locale": nil})); me.Locale != nil || me.Name != "Ana Ștefan" {
		t.Errorf("null clears the language and leaves the name: %+v", me)
	}
	for _, body := range []object{{"platform_role": "superadmin"}, {"email": "other@example.test"}, {"locale": "de"}, {"name": string(make([]rune, 201))}} {
		if r := i.as(ana).patch("/v1/me", body); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d", body, r.status)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE action = 'update' AND entity_type = 'user' AND actor_user_id = $1", ana.ID); n != 2 {
		t.Errorf("%d audit rows of two changes", n)
	}
	if n := w.count("SELECT count(*) FROM audit_log WHERE changes::text LIKE '%Ștefan%'"); n != 0 {
		t.Error("the trail holds the name")
	}
	if me := data[wireMe](i.as(operator).from(auth.Console).get("/v1/me").expect(http.StatusOK)); *me.Role != "superadmin" || !me.MFA.Required || me.CurrentOrganization != nil {
		t.Errorf("an operator reads %+v", me)
	}
}
