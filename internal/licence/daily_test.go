package licence_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// Verifies CORE-08: a licence that expires on 2026-05-12. Reminders at 60, 30, 7 and 0 days come once, in the clinic's morning; slots on 05-11
// and none on 05-12; visits of 05-13 stay and become one task each.
func TestLicence_ends(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	c.at("2026-03-01 09:00")
	id, service := c.specialist("Ana")
	_, other := c.specialist("Ion")
	first, second := c.book(service, "2026-05-13T06:00:00Z", "Pop1"), c.book(service, "2026-05-13T07:00:00Z", "Pop2")
	c.book(other, "2026-05-13T06:00:00Z", "Pop3")
	c.settings(object{"licence_suspension": true, "min_notice_min": 0})
	c.admin.Post("/v1/specialists/"+id+"/licences", object{"issuer_code": "CFZRO", "number": "B 1234", "expires_on": "2026-05-12"}).Must(http.StatusCreated)

	for _, day := range []struct{ local, told string }{
		{"2026-03-12 06:00", ""},
		{"2026-03-13 05:59", ""},
		{"2026-03-13 06:00", "60"},
		{"2026-03-13 06:30", "60"},
		{"2026-03-14 06:00", "60"},
		{"2026-04-12 06:10", "60 30"},
		{"2026-05-04 23:00", "60 30"},
		{"2026-05-05 15:00", "60 30 7"}, // nobody was there in the morning
		{"2026-05-11 06:00", "60 30 7"},
	} {
		c.at(day.local)
		c.morning()
		if got := c.told(); got != day.told {
			t.Errorf("at %s: told %q, want %q", day.local, got, day.told)
		}
	}
	if got := c.days(service, "2026-05-11", "2026-05-14"); got != "05-11" {
		t.Errorf("on the last day with a licence these days are offered: %s", got)
	}
	if got := c.tasks(); len(got) != 0 {
		t.Errorf("tasks before the end: %v", got)
	}
	c.at("2026-05-12 06:00")
	c.morning()
	c.morning()
	if got := c.told(); got != "60 30 7 ended" {
		t.Errorf("at the end: told %q", got)
	}
	if got := c.days(service, "2026-05-12", "2026-05-14"); got != "" {
		t.Errorf("without a licence these days are offered: %s", got)
	}
	if got := c.days(other, "2026-05-12", "2026-05-12"); got != "05-12" {
		t.Errorf("who has no licence entered is offered on %q", got)
	}
	tasks := c.tasks()
	slices.Sort(tasks)
	want := []string{first, second}
	slices.Sort(want)
	if !slices.Equal(tasks, want) {
		t.Errorf("tasks about %v, want %v", tasks, want)
	}
	for _, visit := range want {
		status := apitest.Data[struct{ Status string }](c.admin.Get("/v1/appointments/" + visit).Must(http.StatusOK)).Status
		if status != "upcoming" {
			t.Errorf("the visit is %s", status)
		}
	}
	// A task that was closed does not come back on the next morning.
	open := apitest.Data[[]struct{ ID, Kind string }](c.admin.Get("/v1/tasks?state=open").Must(http.StatusOK))
	for _, one := range open {
		if one.Kind == "licence_ended" {
			c.admin.Post("/v1/tasks/"+one.ID+"/close", object{}).Must(http.StatusOK)
		}
	}
	c.at("2026-05-13 06:00")
	c.morning()
	if got := c.tasks(); len(got) != 2 {
		t.Errorf("tasks on the day after: %v", got)
	}
	if got := c.told(); got != "60 30 7 ended" {
		t.Errorf("on the day after: told %q", got)
	}
}

// Without the clinic's setting an ended licence is told and takes nothing away; a renewal brings the days back and is reminded of anew; a
// newer licence of the same issuer silences the old one.
func TestLicence_renewed(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	c.at("2026-05-12 06:00")
	c.settings(object{"min_notice_min": 0})
	id, service := c.specialist("Ana")
	path := "/v1/specialists/" + id + "/licences"
	made := c.admin.Post(path, object{"issuer_code": "CMR", "number": "7", "expires_on": "2026-05-12"}).Must(http.StatusCreated)
	c.morning()
	if got := c.told(); got != "ended" {
		t.Errorf("told %q", got)
	}
	if got := c.days(service, "2026-05-12", "2026-05-13"); got != "05-12 05-13" {
		t.Errorf("without the setting: %s", got)
	}
	c.settings(object{"licence_suspension": true})
	if got := c.days(service, "2026-05-12", "2026-05-13"); got != "" {
		t.Errorf("with the setting: %s", got)
	}
	renewed := c.admin.With("If-Match", made.ETag()).Patch(path+"/"+made.ID(), object{"expires_on": "2026-06-20"}).Must(http.StatusOK)
	if got := apitest.Data[licence](renewed).DaysLeft; got != 39 {
		t.Errorf("%d days left", got)
	}
	if got := c.days(service, "2026-05-12", "2026-05-13"); got != "05-12 05-13" {
		t.Errorf("after the renewal: %s", got)
	}
	c.morning()
	c.at("2026-05-21 06:00")
	c.morning()
	if got := c.told(); got != "ended 39 30" {
		t.Errorf("after the renewal: told %q", got)
	}
	c.admin.Post(path, object{"issuer_code": "CMR", "number": "8", "expires_on": "2030-01-01"}).Must(http.StatusCreated)
	c.at("2026-06-20 06:00")
	c.morning()
	if got := c.told(); got != "ended 39 30" {
		t.Errorf("with a newer licence: told %q", got)
	}
	if got := c.days(service, "2026-06-20", "2026-06-20"); got != "06-20" {
		t.Errorf("with a newer licence: %s", got)
	}
}
