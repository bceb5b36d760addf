package scheduling_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

type object = map[string]any

type availability struct {
	Slots []struct {
		Start, End    time.Time
		SpecialistIDs []string `json:"specialist_ids"`
		Price         *int64   `json:"price_minor"`
		Duration      int      `json:"duration_min"`
	}
	Timezone string
	Window   struct{ From, To string }
	Callback bool
}

func (a availability) starts() string {
	var out []string
	for _, s := range a.Slots {
		out = append(out, s.Start.UTC().Format("01-02T15:04"))
	}
	return strings.Join(out, " ")
}

// clinic is a clinic with the means to fill it.
type clinic struct {
	apitest.Clinic
	t     *testing.T
	api   *apitest.API
	admin apitest.Client
	redis *miniredis.Miniredis
}

func newClinic(t *testing.T) clinic {
	t.Helper()
	redis := miniredis.RunT(t)
	api := apitest.Boot(t, apitest.Options{Redis: "redis://" + redis.Addr()})
	c := api.Clinic("alpha")
	return clinic{Clinic: c, t: t, api: api, admin: c.AsAdmin(), redis: redis}
}

func (c clinic) specialist(name string, hours ...object) string {
	c.t.Helper()
	id := c.admin.Post("/v1/specialists", object{"name": name, "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()
	if len(hours) > 0 {
		c.admin.Put("/v1/specialists/"+id+"/hours", object{"hours": hours}).Must(http.StatusOK)
	}
	return id
}

func (c clinic) service(name string, body object, offers ...object) string {
	c.t.Helper()
	all := object{"name": name, "category": "therapy", "published": true, "is_public": true}
	for k, v := range body {
		all[k] = v
	}
	if offers == nil {
		offers = []object{}
	}
	made := c.admin.Post("/v1/services", all).Must(http.StatusCreated)
	c.admin.With("If-Match", made.ETag()).Put("/v1/services/"+made.ID()+"/specialists", object{"specialists": offers}).Must(http.StatusOK)
	return made.ID()
}

func (c clinic) settings(settings object) {
	c.t.Helper()
	path := "/v1/organizations/" + c.ID.String()
	admin := c.AsAdmin() // a new token: the clock may have been moved
	etag := admin.Get(path).Must(http.StatusOK).ETag()
	admin.With("If-Match", etag).Patch(path, object{"settings": settings}).Must(http.StatusOK)
}

// at moves the clock; everybody who is needed has joined before. What Redis counts is of the other time, so it is forgotten; that is
// why these tests have a Redis of their own.
func (c *clinic) at(instant string) {
	c.t.Helper()
	when, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		c.t.Fatal(err)
	}
	c.api.Move(when)
	c.redis.FlushAll()
	c.admin = c.AsAdmin()
}

func (c clinic) visitor() apitest.Client { return c.api.Anonymous().In(c.ID) }

func (c clinic) public(query string) availability {
	c.t.Helper()
	return apitest.Data[availability](c.visitor().Get("/v1/public/availability?" + query).Must(http.StatusOK))
}

func day(weekday int, pairs ...string) []object {
	var out []object
	for _, p := range pairs {
		start, end, _ := strings.Cut(p, "-")
		out = append(out, object{"weekday": weekday, "start": start, "end": end})
	}
	return out
}

// Verifies CORE-01
func TestHours_replaceWholeWeekOrNothing(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.specialist("Ana", day(3, "08:00-12:00")...)
	path := "/v1/specialists/" + id + "/hours"
	words := func() string {
		w := apitest.Data[struct {
			Timezone string
			Hours    []struct {
				Weekday    int
				Start, End string
			}
		}](c.admin.Get(path).Must(http.StatusOK))
		out := w.Timezone
		for _, h := range w.Hours {
			out += fmt.Sprintf(" %d:%s-%s", h.Weekday, h.Start, h.End)
		}
		return out
	}
	for _, refused := range []struct {
		hours []object
		code  string
	}{
		{day(1, "10:00-10:00"), "hours_invalid"},
		{day(1, "09:00-12:00", "11:00-13:00"), "hours_overlap"},
		{day(1, "09:00-25:00"), "hours_invalid"},
		{day(1, "9-12"), "hours_invalid"},
		{day(8, "09:00-12:00"), "hours_invalid"},
		{day(1, "24:00-24:00"), "hours_invalid"},
	} {
		c.admin.Put(path, object{"hours": refused.hours}).Expect(http.StatusUnprocessableEntity, refused.code)
		if got := words(); got != "Europe/Bucharest 3:08:00-12:00" {
			t.Errorf("after a refusal: %s", got)
		}
	}
	c.admin.Put(path, object{"hours": day(1, "22:00-24:00")}).Must(http.StatusOK)
	c.admin.Put(path, object{"hours": day(1, "13:00-17:00", "09:00-12:00", "12:00-13:00"), "timezone": "Europe/Berlin"}).Must(http.StatusOK)
	if got := words(); got != "Europe/Berlin 1:09:00-12:00 1:12:00-13:00 1:13:00-17:00" {
		t.Errorf("after the change: %s", got)
	}
	c.admin.Put(path, object{"hours": day(1, "09:00-12:00"), "timezone": "Mars/Base"}).Expect(http.StatusUnprocessableEntity, "timezone_unknown")
	c.admin.Put(path, object{"hours": []object{}}).Must(http.StatusOK)
	if got := words(); got != "Europe/Berlin" {
		t.Errorf("an empty week: %s", got)
	}
}

// A specialist changes the own week only, and never the zone; others read.
func TestHours_byRole(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	doctor := c.Member(auth.Specialist)
	own := c.admin.Post("/v1/specialists", object{"name": "Own", "user_id": c.api.UserID(doctor), "scheduling_timezone": "Europe/Bucharest"}).Must(http.StatusCreated).ID()
	other := c.specialist("Other", day(1, "09:00-12:00")...)
	as := c.Client(doctor)
	week := object{"hours": day(2, "10:00-12:00")}

	as.Put("/v1/specialists/"+own+"/hours", week).Must(http.StatusOK)
	as.Put("/v1/specialists/"+own+"/hours", object{"hours": day(2, "10:00-12:00"), "timezone": "Europe/Berlin"}).Expect(http.StatusForbidden, "forbidden")
	as.Put("/v1/specialists/"+other+"/hours", week).Expect(http.StatusForbidden, "forbidden")
	as.Get("/v1/specialists/" + other + "/hours").Must(http.StatusOK)
	as.Post("/v1/specialists/"+own+"/date-overrides", object{"date_from": "2027-05-04", "available": false}).Must(http.StatusCreated)
	as.Post("/v1/specialists/"+other+"/date-overrides", object{"date_from": "2027-05-04", "available": false}).Expect(http.StatusForbidden, "forbidden")
	c.Client(c.Member(auth.CustomerSupport)).Put("/v1/specialists/"+own+"/hours", week).Expect(http.StatusForbidden, "forbidden")
	patient := c.Client(c.Member(auth.Patient)).App(auth.Portal)
	patient.Get("/v1/specialists/"+own+"/hours").Expect(http.StatusForbidden, "forbidden")
	patient.Get("/v1/specialists/"+own+"/date-overrides").Expect(http.StatusForbidden, "forbidden")
	stranger := c.api.Clinic("beta").AsAdmin()
	stranger.Get("/v1/specialists/"+own+"/hours").Expect(http.StatusNotFound, "specialist_not_found")
	stranger.Put("/v1/specialists/"+own+"/hours", week).Expect(http.StatusNotFound, "specialist_not_found")
	stranger.Get("/v1/specialists/"+own+"/date-overrides").Expect(http.StatusNotFound, "specialist_not_found")
	stranger.Post("/v1/specialists/"+own+"/date-overrides", object{"date_from": "2027-05-04", "available": false}).Expect(http.StatusNotFound, "specialist_not_found")
}

type override struct {
	ID, Date  string
	Available bool
	Ranges    []struct{ Start, End string }
	GroupID   *string `json:"group_id"`
}

// Verifies CORE-02
func TestOverrides_replaceMergeAndEmptyDays(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.specialist("Ana", append(day(1, "09:00-11:00"), day(2, "09:00-11:00")...)...) // 2026-05-04 is a Monday
	service := c.service("Massage", object{"duration_min": 60, "base_price_minor": 100}, object{"specialist_id": id})
	path := "/v1/specialists/" + id + "/date-overrides"
	entry := func(date, start, end string, merge bool) object {
		return object{"date_from": date, "available": true, "merge": merge, "ranges": []object{{"start": start, "end": end}}}
	}

	c.admin.Post(path, entry("2026-05-04", "10:00", "12:00", false)).Must(http.StatusCreated)
	c.admin.Post(path, entry("2026-05-04", "14:00", "16:00", false)).Expect(http.StatusConflict, "override_exists")
	merged := apitest.Data[[]override](c.admin.Post(path, entry("2026-05-04", "14:00", "16:00", true)).Must(http.StatusCreated))
	if len(merged) != 1 || merged[0].Date != "2026-05-04" || fmt.Sprint(merged[0].Ranges) != "[{10:00 12:00} {14:00 16:00}]" {
		t.Errorf("merged: %v", merged)
	}
	c.admin.Post(path, object{"date_from": "2026-05-05", "available": true}).Must(http.StatusCreated)
	listed := apitest.Data[[]override](c.admin.Get(path + "?from=2026-05-04&to=2026-05-04").Must(http.StatusOK))
	if len(listed) != 1 || listed[0].ID != merged[0].ID {
		t.Errorf("listed: %v", listed)
	}
	group := apitest.Data[[]override](c.admin.Post(path, object{"date_from": "2026-05-11", "date_to": "2026-05-12", "available": false, "reason": "away"}).Must(http.StatusCreated))
	if len(group) != 2 || group[0].GroupID == nil || *group[0].GroupID != *group[1].GroupID {
		t.Errorf("two days: %v", group)
	}
	for _, refused := range []struct {
		body object
		code string
	}{
		{object{"date_from": "2026-05-20", "date_to": "2026-05-19", "available": false}, "validation_error"},
		{object{"date_from": "2026-05-20", "date_to": "2028-05-19", "available": false}, "validation_error"},
		{object{"date_from": "2026-02-30", "available": false}, "validation_error"},
		{entry("2026-05-20", "12:00", "10:00", false), "hours_invalid"},
		{object{"date_from": "2026-05-20", "available": true, "ranges": []object{{"start": "10:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}}}, "hours_overlap"},
	} {
		c.admin.Post(path, refused.body).Expect(http.StatusUnprocessableEntity, refused.code)
	}
	c.admin.Delete(path + "/" + group[0].ID + "?group=true").Must(http.StatusNoContent)
	c.admin.Delete(path+"/"+group[1].ID).Expect(http.StatusNotFound, "override_not_found")
	if left := apitest.Data[[]override](c.admin.Get(path).Must(http.StatusOK)); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
	gone := c.specialist("Ion", day(2, "09:00-11:00")...)
	restored := apitest.Data[[]override](c.admin.Post("/v1/specialists/"+gone+"/date-overrides", object{"date_from": "2026-05-05", "available": false}).Must(http.StatusCreated))
	c.admin.Delete("/v1/specialists/" + gone + "/date-overrides/" + restored[0].ID).Must(http.StatusNoContent)
	weekly := c.service("Weekly", object{"duration_min": 60}, object{"specialist_id": gone})
	c.at("2026-05-01T00:00:00Z")

	ask := func(service, from, to, zone string) string {
		return c.public("service_id=" + service + "&from=" + from + "&to=" + to + "&tz=" + zone).starts()
	}
	if got := ask(service, "2026-05-04", "2026-05-05", "Europe/Bucharest"); got != "05-04T07:00 05-04T08:00 05-04T11:00 05-04T12:00" {
		t.Errorf("with the exceptions: %s", got)
	}
	if got := ask(service, "2026-05-04", "2026-05-04", "America/New_York"); got != "05-04T07:00 05-04T08:00 05-04T11:00 05-04T12:00" {
		t.Errorf("seen from New York: %s", got)
	}
	if got := ask(weekly, "2026-05-05", "2026-05-05", ""); got != "05-05T06:00 05-05T07:00" {
		t.Errorf("weekly hours are not back: %s", got)
	}
}
