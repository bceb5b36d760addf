package scheduling_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/scheduling"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func date(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func hours(from, to int) []civil.Range {
	return []civil.Range{{Start: civil.At(from, 0), End: civil.At(to, 0)}}
}

func everyDay(r []civil.Range) (w [8][]civil.Range) {
	for i := 1; i <= 7; i++ {
		w[i] = r
	}
	return w
}

func query(from, to string, duration int) scheduling.Query {
	d := time.Duration(duration) * time.Minute
	return scheduling.Query{
		From: date(from), To: date(to), Duration: d, Grid: d,
		NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func starts(slots []scheduling.Slot) []string {
	out := make([]string, len(slots))
	for i, s := range slots {
		out[i] = s.Start.Format("2006-01-02T15:04Z")
	}
	return out
}

// Verifies SCH-01: the spring day in Bucharest.
func TestOffer_springForward(t *testing.T) {
	t.Parallel()
	c := scheduling.Candidate{Zone: zone(t, "Europe/Bucharest"), Weekly: everyDay(hours(9, 17))}
	for day, first := range map[string]string{"2026-03-28": "2026-03-28T07:00Z", "2026-03-29": "2026-03-29T06:00Z"} {
		got := starts(scheduling.Offer(query(day, day, 60), []scheduling.Candidate{c}))
		if len(got) != 8 || got[0] != first {
			t.Errorf("%s: %v", day, got)
		}
	}
	c.Weekly = everyDay(hours(2, 6))
	if got := starts(scheduling.Offer(query("2026-03-29", "2026-03-29", 60), []scheduling.Candidate{c})); len(got) != 3 {
		t.Errorf("shift 02-06: %v", got)
	}
}

// Verifies SCH-02: the autumn day in Bucharest has two slots at 03:00 local, and 10:00 stays 10:00 around it.
func TestOffer_fallBack(t *testing.T) {
	t.Parallel()
	bucharest := zone(t, "Europe/Bucharest")
	night := scheduling.Candidate{Zone: bucharest, Weekly: everyDay(hours(2, 6))}
	got := scheduling.Offer(query("2026-10-25", "2026-10-25", 60), []scheduling.Candidate{night})
	if len(got) != 5 {
		t.Fatalf("shift 02-06: %v", starts(got))
	}
	var three []string
	for _, s := range got {
		if local := s.Start.In(bucharest); local.Format("15:04") == "03:00" {
			three = append(three, s.Start.Format("15:04Z")+local.Format(" -07"))
		}
	}
	if fmt.Sprint(three) != "[00:00Z +03 01:00Z +02]" {
		t.Errorf("03:00 local: %v", three)
	}
	morning := scheduling.Candidate{Zone: bucharest, Weekly: everyDay(hours(10, 11))}
	for day, want := range map[string]string{"2026-10-24": "2026-10-24T07:00Z", "2026-10-26": "2026-10-26T08:00Z"} {
		if got := starts(scheduling.Offer(query(day, day, 60), []scheduling.Candidate{morning})); fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%s 10:00 local: %v", day, got)
		}
	}
}

func TestOffer_overridesBusyAndBuffers(t *testing.T) {
	t.Parallel()
	base := func() scheduling.Candidate {
		return scheduling.Candidate{Zone: time.UTC, Weekly: everyDay(hours(9, 13))}
	}
	at := func(h, m int) time.Time { return time.Date(2026, 2, 3, h, m, 0, 0, time.UTC) }
	cases := []struct {
		name string
		edit func(*scheduling.Candidate, *scheduling.Query)
		want string
	}{
		{"plain", func(*scheduling.Candidate, *scheduling.Query) {}, "[09:00 10:00 11:00 12:00]"},
		{"available replaces", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Overrides = map[civil.Date][]scheduling.Override{date("2026-02-03"): {{Available: true, Ranges: hours(15, 17)}}}
		}, "[15:00 16:00]"},
		{"available without ranges blocks", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Overrides = map[civil.Date][]scheduling.Override{date("2026-02-03"): {{Available: true}}}
		}, "[]"},
		{"unavailable without ranges blocks", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Overrides = map[civil.Date][]scheduling.Override{date("2026-02-03"): {{}}}
		}, "[]"},
		{"a break moves the anchor after it", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Overrides = map[civil.Date][]scheduling.Override{date("2026-02-03"): {{Ranges: []civil.Range{{Start: civil.At(10, 0), End: civil.At(10, 30)}}}}}
		}, "[09:00 10:30 11:30]"},
		{"busy removes, the grid stays", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Busy = []civil.Interval{{Start: at(10, 15), End: at(10, 45)}}
		}, "[09:00 11:00 12:00]"},
		{"touching busy blocks nothing", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.Busy = []civil.Interval{{Start: at(11, 0), End: at(12, 0)}, {Start: at(8, 0), End: at(9, 0)}}
		}, "[09:00 10:00 12:00]"},
		{"buffers widen", func(c *scheduling.Candidate, _ *scheduling.Query) {
			c.BufferBefore, c.BufferAfter = 10*time.Minute, 20*time.Minute
			c.Busy = []civil.Interval{{Start: at(10, 50), End: at(11, 20)}}
		}, "[09:00 12:00]"},
		{"buffers inside the hours", func(c *scheduling.Candidate, q *scheduling.Query) {
			c.BufferBefore, c.BufferAfter, q.BuffersInside = 10*time.Minute, 20*time.Minute, true
		}, "[10:00 11:00]"},
		{"notice removes and never moves the grid", func(_ *scheduling.Candidate, q *scheduling.Query) {
			q.NotBefore = at(9, 30)
		}, "[10:00 11:00 12:00]"},
		{"horizon is exclusive", func(_ *scheduling.Candidate, q *scheduling.Query) { q.NotAfter = at(11, 0) }, "[09:00 10:00]"},
		{"finer grid", func(_ *scheduling.Candidate, q *scheduling.Query) { q.Grid = 45 * time.Minute }, "[09:00 09:45 10:30 11:15 12:00]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			candidate, q := base(), query("2026-02-03", "2026-02-03", 60)
			c.edit(&candidate, &q)
			var got []string
			for _, s := range scheduling.Offer(q, []scheduling.Candidate{candidate}) {
				got = append(got, s.Start.Format("15:04"))
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

func TestOffer_unitesCandidates(t *testing.T) {
	t.Parallel()
	a := scheduling.Candidate{Zone: time.UTC, Weekly: everyDay(hours(10, 12))}
	b := scheduling.Candidate{Zone: time.UTC, Weekly: everyDay(hours(9, 11))}

	got := scheduling.Offer(query("2026-02-03", "2026-02-03", 60), []scheduling.Candidate{a, b})

	want := "[{09:00 [1]} {10:00 [0 1]} {11:00 [0]}]"
	type pair struct {
		start string
		who   []int32
	}
	var pairs []pair
	for _, s := range got {
		pairs = append(pairs, pair{s.Start.Format("15:04"), s.Candidates})
	}
	if fmt.Sprint(pairs) != want {
		t.Errorf("%v, want %s", pairs, want)
	}
}

func TestOffer_crossesMidnightWhenRangesTouch(t *testing.T) {
	t.Parallel()
	night := scheduling.Candidate{Zone: time.UTC}
	night.Weekly[2] = []civil.Range{{Start: civil.At(22, 0), End: civil.EndOfDay}}
	night.Weekly[3] = hours(0, 2)

	got := starts(scheduling.Offer(query("2026-02-03", "2026-02-04", 90), []scheduling.Candidate{night}))

	if fmt.Sprint(got) != "[2026-02-03T22:00Z 2026-02-03T23:30Z]" {
		t.Errorf("%v", got)
	}
}

func BenchmarkOffer(b *testing.B) {
	bucharest := zone(b, "Europe/Bucharest")
	for _, size := range []struct{ specialists, days int }{{1, 30}, {10, 30}, {100, 30}, {100, 90}, {1000, 90}} {
		candidates := make([]scheduling.Candidate, size.specialists)
		for i := range candidates {
			candidates[i] = scheduling.Candidate{Zone: bucharest, Weekly: everyDay(hours(9, 17))}
			for d := range size.days {
				at := time.Date(2026, 2, 2+d, 8, 0, 0, 0, time.UTC)
				candidates[i].Busy = append(candidates[i].Busy, civil.Interval{Start: at, End: at.Add(30 * time.Minute)})
			}
		}
		q := query("2026-02-02", date("2026-02-02").AddDays(size.days-1).String(), 30)
		b.Run(fmt.Sprintf("%dx%d", size.specialists, size.days), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				scheduling.Offer(q, candidates)
			}
		})
	}
}
