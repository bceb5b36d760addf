package scheduling_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

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

// oracle answers the same question minute by minute from the definition: a wall clock is read off every instant, working
// minutes are coloured, and a slot is offered when all of its minutes are working and none of its widened minutes is busy.
// It shares no code with the engine but the inputs.
func oracle(q scheduling.Query, c scheduling.Candidate) []time.Time {
	first := time.Date(q.From.Year, q.From.Month, q.From.Day, 0, 0, 0, 0, time.UTC).Add(-30 * time.Hour)
	n := (q.To.Sub(q.From) + 4) * 1440
	working := make([]bool, n)
	for day := q.From; !day.After(q.To); day = day.AddDays(1) {
		for _, r := range wallHours(c, day) {
			from, to := edges(c.Zone, day, r, first, n)
			for i := from; i < to; i++ {
				working[i] = true
			}
		}
	}
	busy := make([]bool, n)
	for _, b := range c.Busy {
		for i := range busy {
			m := first.Add(time.Duration(i) * time.Minute)
			busy[i] = busy[i] || b.Start.Before(m.Add(time.Minute)) && m.Before(b.End)
		}
	}
	var out []time.Time
	length, step := int(q.Duration/time.Minute), int(q.Grid/time.Minute)
	before, after := int(c.BufferBefore/time.Minute), int(c.BufferAfter/time.Minute)
	for i := 0; i < n; i++ {
		if !working[i] || i > 0 && working[i-1] {
			continue
		}
		end := i
		for end < n && working[end] {
			end++
		}
		for s := i; s+length <= end; s += step {
			at := first.Add(time.Duration(s) * time.Minute)
			if q.BuffersInside && (s-before < i || s+length+after > end) || at.Before(q.NotBefore) || !at.Before(q.NotAfter) {
				continue
			}
			free := true
			for m := s - before; m < s+length+after; m++ {
				free = free && !busy[m]
			}
			if free {
				out = append(out, at)
			}
		}
	}
	return out
}

func wallHours(c scheduling.Candidate, day civil.Date) []civil.Range {
	var minutes [1440]bool
	paint := func(ranges []civil.Range, v bool) {
		for _, r := range ranges {
			for m := r.Start; m < r.End; m++ {
				minutes[m] = v
			}
		}
	}
	paint(c.Weekly[day.Weekday()], true)
	for _, o := range c.Overrides[day] {
		if o.Available {
			minutes = [1440]bool{}
			paint(o.Ranges, true)
		}
	}
	for _, o := range c.Overrides[day] {
		switch {
		case o.Available:
		case len(o.Ranges) == 0:
			minutes = [1440]bool{}
		default:
			paint(o.Ranges, false)
		}
	}
	var out []civil.Range
	for m := 0; m < 1440; m++ {
		if minutes[m] && (m == 0 || !minutes[m-1]) {
			end := m
			for end < 1440 && minutes[end] {
				end++
			}
			out = append(out, civil.Range{Start: civil.TimeOfDay(m), End: civil.TimeOfDay(end)})
		}
	}
	return out
}

// edges finds a wall-clock range among the instants: its first occurrence as a start, its last as an end, the first
// instant after the gap when it does not exist.
func edges(z *time.Location, day civil.Date, r civil.Range, first time.Time, n int) (int, int) {
	find := func(d civil.Date, at int, last bool) int {
		found := -1
		for i := range n {
			local := first.Add(time.Duration(i) * time.Minute).In(z)
			y, mo, dd := local.Date()
			here := civil.Date{Year: y, Month: mo, Day: dd}
			wall := local.Hour()*60 + local.Minute()
			if here == d && wall == at {
				found = i
				if !last {
					return i
				}
				continue
			}
			if found >= 0 && (here.After(d) || wall > at+120) {
				return found
			}
			if found < 0 && (here.After(d) || here == d && wall > at) {
				return i
			}
		}
		return found
	}
	endDay, end := day, int(r.End)
	if end == 1440 {
		endDay, end = day.AddDays(1), 0
	}
	return find(day, int(r.Start), false), find(endDay, end, true)
}

func TestOffer_equalsTheOracle(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{
		zone(t, "Europe/Bucharest"), zone(t, "America/New_York"), zone(t, "Australia/Lord_Howe"),
		zone(t, "Africa/Casablanca"), zone(t, "Asia/Kathmandu"), zone(t, "Pacific/Apia"),
	}
	mismatches := 0
	rapid.Check(t, func(r *rapid.T) {
		q, c := drawCase(r, zones)

		got, want := scheduling.Offer(q, []scheduling.Candidate{c}), oracle(q, c)

		if len(got) != len(want) {
			mismatches++
			r.Fatalf("%d slots, oracle %d: %v / %v", len(got), len(want), starts(got), want)
		}
		for i := range got {
			if !got[i].Start.Equal(want[i]) {
				mismatches++
				r.Fatalf("slot %d is %s, oracle %s", i, got[i].Start, want[i])
			}
		}
	})
	if mismatches > 0 {
		t.Errorf("%d mismatches", mismatches)
	}
}

func drawRanges(r *rapid.T, label string) []civil.Range {
	var out []civil.Range
	at := rapid.IntRange(0, 1300).Draw(r, label)
	for range rapid.IntRange(0, 3).Draw(r, label+"-n") {
		end := min(at+rapid.IntRange(5, 400).Draw(r, label+"-len"), 1440)
		if at >= end {
			break
		}
		out = append(out, civil.Range{Start: civil.TimeOfDay(at), End: civil.TimeOfDay(end)})
		at = end + rapid.IntRange(0, 120).Draw(r, label+"-gap")
	}
	return out
}

func drawCase(r *rapid.T, zones []*time.Location) (scheduling.Query, scheduling.Candidate) {
	c := scheduling.Candidate{Zone: rapid.SampledFrom(zones).Draw(r, "zone"), Overrides: map[civil.Date][]scheduling.Override{}}
	for w := 1; w <= 7; w++ {
		c.Weekly[w] = drawRanges(r, fmt.Sprint("weekday", w))
	}
	from := date("2026-01-01").AddDays(rapid.IntRange(0, 400).Draw(r, "from"))
	length := time.Duration(rapid.SampledFrom([]int{15, 20, 30, 45, 60}).Draw(r, "length")) * time.Minute
	q := scheduling.Query{
		From: from, To: from.AddDays(2), Duration: length, Grid: length, NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		BuffersInside: rapid.Bool().Draw(r, "inside"),
	}
	c.BufferBefore = time.Duration(rapid.SampledFrom([]int{0, 5, 10}).Draw(r, "before")) * time.Minute
	c.BufferAfter = time.Duration(rapid.SampledFrom([]int{0, 10, 20}).Draw(r, "after")) * time.Minute
	for i := range 3 {
		day := from.AddDays(i)
		for _, available := range []bool{true, false} {
			if rapid.IntRange(0, 3).Draw(r, "override") == 0 {
				c.Overrides[day] = append(c.Overrides[day], scheduling.Override{Available: available, Ranges: drawRanges(r, "override")})
			}
		}
	}
	noon := time.Date(from.Year, from.Month, from.Day, 12, 0, 0, 0, time.UTC)
	for range rapid.IntRange(0, 4).Draw(r, "busy") {
		start := noon.Add(time.Duration(rapid.IntRange(-1000, 3000).Draw(r, "busy-at")) * time.Minute)
		c.Busy = append(c.Busy, civil.Interval{Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 200).Draw(r, "busy-len")) * time.Minute)})
	}
	return q, c
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
