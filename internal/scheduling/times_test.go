package scheduling_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/scheduling"
)

// Verifies CORE-02: the days of 2026-05-04 and 2026-05-05 in the order of the specification, from the entry to the weekly hours again, for
// somebody whose device is in New York. 2026-05-04 is a Monday.
func TestOverrides_ofTwoDaysInMay(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.specialist("Ana", append(day(1, "09:00-11:00"), day(2, "09:00-11:00")...)...)
	service := c.service("Massage", object{"duration_min": 60}, object{"specialist_id": id})
	path := "/v1/specialists/" + id + "/date-overrides"
	entry := func(start, end string, merge bool) object {
		return object{"date_from": "2026-05-04", "available": true, "merge": merge, "ranges": []object{{"start": start, "end": end}}}
	}
	c.at("2026-05-01T00:00:00Z")
	starts := func(day string) string {
		return c.public("service_id=" + service + "&from=" + day + "&to=" + day + "&tz=America/New_York").starts()
	}

	c.admin.Post(path, entry("10:00", "12:00", false)).Must(http.StatusCreated)
	refused := c.admin.Post(path, entry("14:00", "16:00", false)).Expect(http.StatusConflict, "override_exists")
	if dates := apitest.JSON[struct{ Dates []string }](refused).Dates; fmt.Sprint(dates) != "[2026-05-04]" {
		t.Errorf("the refusal names the days %v", dates)
	}
	c.admin.Post(path, entry("14:00", "16:00", true)).Must(http.StatusCreated)
	empty := apitest.Data[[]override](c.admin.Post(path, object{"date_from": "2026-05-05", "available": true, "ranges": []object{}}).Must(http.StatusCreated))

	away := c.admin.With("X-Timezone", "America/New_York").With("Accept-Language", "en-US")
	listed := apitest.Data[[]override](away.Get(path + "?from=2026-05-04&to=2026-05-05").Must(http.StatusOK))
	if len(listed) != 2 || listed[0].Date != "2026-05-04" || fmt.Sprint(listed[0].Ranges) != "[{10:00 12:00} {14:00 16:00}]" || listed[1].Date != "2026-05-05" {
		t.Errorf("listed for New York: %+v", listed)
	}
	if got := starts("2026-05-04"); got != "05-04T07:00 05-04T08:00 05-04T11:00 05-04T12:00" {
		t.Errorf("2026-05-04 offers %s", got)
	}
	if got := starts("2026-05-05"); got != "" {
		t.Errorf("an empty day offers %s", got)
	}
	c.admin.Delete(path + "/" + empty[0].ID).Must(http.StatusNoContent)
	if got := starts("2026-05-05"); got != "05-05T06:00 05-05T07:00" {
		t.Errorf("after the exception is gone 2026-05-05 offers %s", got)
	}
}

type outside struct {
	Timezone string
	Outside  []visit `json:"outside_hours"`
}

type visit struct{ ID, Reference, Start string }

// A change of zone keeps visits and moves hours; what then lies outside is listed, and changing it needs a confirmation, by both doors.
func TestTimezone_shiftIsConfirmed(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.specialist("Ana", day(1, "09:00-12:00")...)
	service := c.service("Massage", object{"duration_min": 60}, object{"specialist_id": id})
	c.at("2026-05-01T00:00:00Z")
	book := func(start, last string) string {
		return c.admin.Post("/v1/appointments", object{
			"service_id": service, "specialist_id": id, "start": start, "new_patient": object{"first_name": "Ana", "last_name": last, "phone": "+40722123456", "locale": "ro"},
			"acknowledge_duplicates": []string{},
		}).Must(http.StatusCreated).ID()
	}
	early := book("2026-05-04T06:00:00Z", "Pop") // 09:00 in Bucharest, 08:00 in Berlin
	path := "/v1/specialists/" + id
	week := func(zone string, confirm bool) object {
		return object{"hours": day(1, "09:00-12:00"), "timezone": zone, "confirm_shift": confirm}
	}

	refused := c.admin.Put(path+"/hours", week("Europe/Berlin", false)).Expect(http.StatusConflict, "timezone_shift_unconfirmed")
	list := apitest.JSON[struct{ Appointments []visit }](refused).Appointments
	if len(list) != 1 || list[0].ID != early || list[0].Reference == "" || list[0].Start != "2026-05-04T06:00:00Z" {
		t.Errorf("the refusal lists %+v", list)
	}
	if z := apitest.Data[outside](c.admin.Get(path + "/hours").Must(http.StatusOK)).Timezone; z != "Europe/Bucharest" {
		t.Errorf("the refused zone was kept: %s", z)
	}
	etag := c.admin.Get(path).Must(http.StatusOK).ETag()
	c.admin.With("If-Match", etag).Patch(path, object{"scheduling_timezone": "Europe/Berlin"}).Expect(http.StatusConflict, "timezone_shift_unconfirmed")
	// The clinic's own zone by no name is no shift.
	none := c.admin.With("If-Match", etag).Patch(path, object{"scheduling_timezone": nil}).Must(http.StatusOK)
	moved := c.admin.With("If-Match", none.ETag()).Patch(path, object{"scheduling_timezone": "Europe/Berlin", "confirm_shift": true}).Must(http.StatusOK)
	if got := apitest.Data[outside](moved).Outside; len(got) != 1 || got[0].ID != early {
		t.Errorf("the confirmed change lists %+v", got)
	}
	if v := apitest.Data[visit](c.admin.Get("/v1/appointments/" + early).Must(http.StatusOK)); v.Start != "2026-05-04T06:00:00Z" {
		t.Errorf("the visit moved to %s", v.Start)
	}
	if got := c.public("service_id=" + service + "&from=2026-05-11&to=2026-05-11&tz=UTC").starts(); got != "05-11T07:00 05-11T08:00 05-11T09:00" {
		t.Errorf("the hours in Berlin offer %s", got)
	}
	back := apitest.Data[outside](c.admin.Put(path+"/hours", week("Europe/Bucharest", false)).Must(http.StatusOK))
	if len(back.Outside) != 0 {
		t.Errorf("back home lies outside: %+v", back.Outside)
	}
	// Fewer hours in the same zone are the clinic's own decision; the answer still says what they leave out.
	fewer := apitest.Data[outside](c.admin.Put(path+"/hours", object{"hours": day(1, "10:00-12:00")}).Must(http.StatusOK))
	if len(fewer.Outside) != 1 {
		t.Errorf("shorter hours leave outside: %+v", fewer.Outside)
	}
}

// What lies inside the working times: the edges count, a pause does not, work over midnight and an exception do.
func TestWorks(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		t.Fatal(err)
	}
	hours := func(from, to int) civil.Range { return civil.Range{Start: civil.At(from, 0), End: civil.At(to, 0)} }
	c := scheduling.Candidate{Zone: zone, Overrides: map[civil.Date][]scheduling.Override{
		{Year: 2026, Month: time.May, Day: 11}: {{Available: false}},
	}}
	c.Weekly[1] = []civil.Range{hours(9, 12), hours(13, 17), hours(22, 24)}
	c.Weekly[2] = []civil.Range{hours(0, 2)}
	for _, one := range []struct {
		start   string
		minutes int
		want    bool
	}{
		{"2026-05-04T09:00", 180, true},
		{"2026-05-04T08:59", 30, false},
		{"2026-05-04T11:30", 60, false},
		{"2026-05-04T16:30", 31, false},
		{"2026-05-04T23:30", 60, true},
		{"2026-05-05T01:30", 60, false},
		{"2026-05-11T09:00", 30, false},
	} {
		start, err := time.ParseInLocation("2006-01-02T15:04", one.start, zone)
		if err != nil {
			t.Fatal(err)
		}
		at := civil.Interval{Start: start, End: start.Add(time.Duration(one.minutes) * time.Minute)}
		if got := scheduling.Works(c, at); got != one.want {
			t.Errorf("%s for %d minutes: %v", one.start, one.minutes, got)
		}
	}
}
