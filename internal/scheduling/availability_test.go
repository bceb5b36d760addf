package scheduling_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// dayOne is the clinic of the day-1 fixture, clock 2026-01-19 08:00 in Bucharest, a Monday.
type dayOne struct {
	clinic
	john, marry, maria                        string
	evaluation, flexibility, pain, opinion, e string
	other                                     apitest.Clinic
	people                                    map[auth.Role]apitest.Person
}

func newDayOne(t *testing.T) dayOne {
	t.Helper()
	f := dayOne{clinic: newClinic(t)}
	f.other = f.api.Clinic("beta")
	f.settings(object{"min_notice_min": 0})
	f.john = f.specialist("John Doe", append(day(1, "13:00-15:00"), day(2, "13:00-15:00")...)...)
	f.marry = f.specialist("Marry Joe", append(day(2, "10:00-18:00"), day(5, "10:00-18:00")...)...)
	f.maria = f.specialist("Maria Kent")
	both := []object{{"specialist_id": f.john}, {"specialist_id": f.marry}}
	f.evaluation = f.service("Mobility evaluation", object{"duration_min": 30, "base_price_minor": 20000}, both...)
	f.flexibility = f.service("Flexibility measuring", object{"duration_min": 30, "base_price_minor": 30000}, both...)
	f.pain = f.service("Pain psychology", object{"duration_min": 20, "base_price_minor": 10000}, object{"specialist_id": f.maria})
	f.opinion = f.service("Second opinion", nil)
	f.e = f.service("Kinetotherapy", object{"duration_min": 30})
	f.people = map[auth.Role]apitest.Person{auth.CustomerSupport: f.Member(auth.CustomerSupport), auth.Patient: f.Member(auth.Patient)}
	f.at("2026-01-19T08:00:00+02:00")
	return f
}

func (f dayOne) staff(query string) availability {
	f.t.Helper()
	return apitest.Data[availability](f.Client(f.people[auth.CustomerSupport]).Get("/v1/availability?" + query).Must(http.StatusOK))
}

// halfHours are the starts of one day in UTC, from hour to hour.
func halfHours(day string, from, to int) string {
	var out []string
	for h := from; h < to; h++ {
		out = append(out, fmt.Sprintf("%sT%02d:00", day, h), fmt.Sprintf("%sT%02d:30", day, h))
	}
	return strings.Join(out, " ")
}

// Verifies SCH-16: the rows of the day-1 fixture that need no calendar.
func TestAvailability_dayOneWithoutCalendar(t *testing.T) {
	t.Parallel()
	f := newDayOne(t)
	const tuesday = "&from=2026-02-03&to=2026-02-03"

	with := f.public("service_id=" + f.evaluation + "&specialist_id=" + f.marry + tuesday)
	if with.starts() != halfHours("02-03", 8, 16) || with.Callback || with.Timezone != "Europe/Bucharest" || with.Window.From != "2026-02-03" {
		t.Errorf("service A with specialist B: %s, callback %t, %s, %v", with.starts(), with.Callback, with.Timezone, with.Window)
	}
	for _, s := range with.Slots {
		if s.Price == nil || *s.Price != 20000 || s.Duration != 30 || s.End.Sub(s.Start).Minutes() != 30 || s.SpecialistIDs != nil {
			t.Errorf("slot %v", s)
		}
	}
	anybody := f.public("service_id=" + f.evaluation + tuesday)
	if anybody.starts() != halfHours("02-03", 8, 16) {
		t.Errorf("service A with anybody: %s", anybody.starts())
	}
	for _, s := range f.staff("service_id=" + f.evaluation + tuesday).Slots {
		want := 1
		if h := s.Start.UTC().Hour(); h == 11 || h == 12 { // 13:00 to 14:30 local
			want = 2
		}
		if len(s.SpecialistIDs) != want {
			t.Errorf("%s: %d candidates, want %d", s.Start, len(s.SpecialistIDs), want)
		}
	}
	for name, service := range map[string]string{"service C": f.pain, "service D": f.opinion, "service E": f.e} {
		if got := f.public("service_id=" + service + "&from=2026-01-19&to=2026-02-19"); len(got.Slots) != 0 || !got.Callback {
			t.Errorf("%s: %s, callback %t", name, got.starts(), got.Callback)
		}
	}
	if got := f.public("service_id=" + f.evaluation + "&specialist_id=" + f.john + "&from=2026-01-19&to=2026-02-18"); len(got.Slots) != 10*4 ||
		!strings.HasPrefix(got.starts(), "01-19T11:00") || !strings.HasSuffix(got.starts(), "02-17T12:30") {
		t.Errorf("a month of specialist A: %d slots %s", len(got.Slots), got.starts())
	}
}

// What the clinic's own rules take away: notice, offers that are off, zones, drafts; and who sees what.
func TestAvailability_rules(t *testing.T) {
	t.Parallel()
	f := newDayOne(t)
	patient := func() apitest.Client { return f.Client(f.people[auth.Patient]).App(auth.Portal) }
	monday := "&specialist_id=" + f.john + "&from=2026-01-19&to=2026-01-19"
	f.at("2026-01-19T13:20:00+02:00")
	if got := f.public("service_id=" + f.evaluation + monday).starts(); got != "01-19T11:30 01-19T12:00 01-19T12:30" {
		t.Errorf("what is past is offered: %s", got)
	}
	f.settings(object{"min_notice_min": 60})
	if got := f.public("service_id=" + f.evaluation + monday).starts(); got != "01-19T12:30" {
		t.Errorf("with an hour's notice: %s", got)
	}
	if got := f.staff("service_id=" + f.evaluation + monday + "&ignore_notice=true").starts(); got != "01-19T11:30 01-19T12:00 01-19T12:30" {
		t.Errorf("staff without notice: %s", got)
	}
	mine := apitest.Data[availability](patient().Get("/v1/availability?ignore_notice=true&service_id=" + f.evaluation + monday).Must(http.StatusOK))
	if mine.starts() != "01-19T12:30" || mine.Slots[0].SpecialistIDs != nil {
		t.Errorf("a patient sees %s and %v", mine.starts(), mine.Slots[0].SpecialistIDs)
	}
	f.settings(object{"min_notice_min": 0})

	own := f.service("Own terms", object{"duration_min": 30, "base_price_minor": 100},
		object{"specialist_id": f.john, "custom_duration_min": 60, "custom_price_minor": 900, "priority": 10}, object{"specialist_id": f.marry})
	got := f.public("service_id=" + own + "&from=2026-02-03&to=2026-02-03")
	if n := len(got.Slots); n != 16 || got.Slots[6].Duration != 60 || *got.Slots[6].Price != 900 || got.Slots[7].Duration != 30 || *got.Slots[7].Price != 100 {
		t.Errorf("own length and price: %d slots, %v", n, got.Slots)
	}
	draft := f.service("Draft", object{"duration_min": 30, "published": false}, object{"specialist_id": f.john})
	member := f.service("Member", object{"duration_min": 30, "is_public": false}, object{"specialist_id": f.john})
	addon := f.service("Add-on", object{"duration_min": 30, "is_addon": true}, object{"specialist_id": f.john})
	off := f.service("Off", object{"duration_min": 30}, object{"specialist_id": f.john, "is_active": false})
	const week = "&from=2026-02-02&to=2026-02-08"
	for _, hidden := range []string{draft, member, addon} {
		f.visitor().Get("/v1/public/availability?service_id="+hidden+week).Expect(http.StatusNotFound, "service_not_found")
	}
	patient().Get("/v1/availability?service_id="+draft+week).Expect(http.StatusNotFound, "service_not_found")
	patient().Get("/v1/availability?service_id=" + member + week).Must(http.StatusOK)
	if got := f.staff("service_id=" + draft + week); len(got.Slots) != 8 {
		t.Errorf("staff sees of a draft: %s", got.starts())
	}
	if got := f.public("service_id=" + off + week); len(got.Slots) != 0 || !got.Callback {
		t.Errorf("an offer that is off: %s", got.starts())
	}
	f.visitor().Get("/v1/public/availability?service_id="+f.evaluation+"&specialist_id="+f.api.UserID(f.Admin)+week).Expect(http.StatusNotFound, "specialist_not_found")
	f.api.Anonymous().In(f.other.ID).Get("/v1/public/availability?service_id="+f.evaluation+week).Expect(http.StatusNotFound, "service_not_found")
}

func TestAvailability_refused(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.service("Massage", object{"duration_min": 30})
	for query, want := range map[string]string{
		"service_id=" + id + "&from=2026-02-02":                                        "400 bad_request",
		"service_id=" + id + "&to=2026-02-02":                                          "400 bad_request",
		"from=2026-02-02&to=2026-02-02":                                                "400 bad_request",
		"service_id=x&from=2026-02-02&to=2026-02-02":                                   "400 bad_request",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-01":                          "400 bad_request",
		"service_id=" + id + "&from=2026-02-02&to=2026-04-05":                          "400 bad_request",
		"service_id=" + id + "&from=2026-02-30&to=2026-03-05":                          "400 bad_request",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&tz=Mars/Base":             "422 timezone_unknown",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&tz=Local":                 "422 timezone_unknown",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&specialist_id=nobody":     "400 bad_request",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&colour=blue":              "400 filter_unknown",
		"service_id=" + c.ID.String() + "&from=2026-02-02&to=2026-02-02":               "404 service_not_found",
		"service_id=" + id + "&from=2026-02-02&to=2026-04-04&tz=America/New_York":      "200 ",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&organization=" + c.Slug:   "200 ",
		"service_id=" + id + "&from=2026-02-02&to=2026-02-02&tz=Asia/Kathmandu":        "200 ",
		"service_id=" + id + "&from=2026-02-02T00:00:00Z&to=2026-02-02&tz=Asia/Tokyo&": "400 bad_request",
	} {
		a := c.visitor().Get("/v1/public/availability?" + query)
		if got := fmt.Sprintf("%d %s", a.Status, a.Code()); got != want {
			t.Errorf("%s answers %s, want %s", query, got, want)
		}
	}
	c.api.Anonymous().Get("/v1/public/availability?service_id="+id+"&from=2026-02-02&to=2026-02-02").Expect(http.StatusBadRequest, "organization_required")
	c.api.Anonymous().In(c.ID).Get("/v1/availability?service_id="+id+"&from=2026-02-02&to=2026-02-02").Expect(http.StatusUnauthorized, "unauthorized")
}

// The night from one day into the next is one stretch with one grid, and the days of a zone far away cut it elsewhere.
// Verifies SCH-01, SCH-02 through the endpoint.
func TestAvailability_overMidnightAndZones(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	id := c.specialist("Night", append(day(1, "22:00-24:00"), day(2, "00:00-01:40")...)...)
	service := c.service("Watch", object{"duration_min": 50}, object{"specialist_id": id})
	summer := c.specialist("Summer", append(day(7, "02:00-06:00"), day(6, "02:00-06:00")...)...)
	hour := c.service("Hour", object{"duration_min": 60}, object{"specialist_id": summer})
	c.at("2026-01-19T08:00:00+02:00")

	both := c.public("service_id=" + service + "&from=2026-02-02&to=2026-02-03").starts()
	second := c.public("service_id=" + service + "&from=2026-02-03&to=2026-02-03").starts()
	if both != "02-02T20:00 02-02T20:50 02-02T21:40 02-02T22:30" || second != "02-02T22:30" {
		t.Errorf("the night: %q; its second day alone: %q", both, second)
	}
	if got := c.public("service_id=" + service + "&from=2026-02-02&to=2026-02-02&tz=America/New_York").starts(); got != both {
		t.Errorf("seen from New York: %q", got)
	}
	for day, want := range map[string]int{"2026-03-28": 4, "2026-03-29": 3, "2026-10-25": 5} {
		if got := c.public("service_id=" + hour + "&from=" + day + "&to=" + day); len(got.Slots) != want {
			t.Errorf("%s: %s, want %d", day, got.starts(), want)
		}
	}
}
