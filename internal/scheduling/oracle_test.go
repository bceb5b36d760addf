package scheduling_test

import (
	"slices"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/scheduling"
)

// The minutes that the oracle knows: some days before 2026 to some days after the last of the 400 days that are asked about.
const (
	oracleDays  = 400
	oracleReach = 5
)

func oracleFirst() time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -oracleReach)
}

// tick is what a wall clock shows at one minute: the day, counted from 2026-01-01, and the minute of the day.
type tick struct{ day, at int }

var wallClocks sync.Map // read off once a zone

// wallClock reads the clock of the zone at every minute that the oracle knows.
func wallClock(z *time.Location) []tick {
	if known, ok := wallClocks.Load(z); ok {
		return known.([]tick)
	}
	begin, year := oracleFirst(), date("2026-01-01")
	out := make([]tick, (oracleDays+3*oracleReach)*1440)
	for i := range out {
		local := begin.Add(time.Duration(i) * time.Minute).In(z)
		y, m, d := local.Date()
		out[i] = tick{civil.Date{Year: y, Month: m, Day: d}.Sub(year), local.Hour()*60 + local.Minute()}
	}
	wallClocks.Store(z, out)
	return out
}

// oracle answers the engine's question minute by minute from the definition: a wall clock is read off every instant, working
// minutes are coloured, and a slot is offered when all of its minutes are working and none of its widened minutes is busy.
// It shares no code with the engine but the inputs.
func oracle(q scheduling.Query, c scheduling.Candidate) []time.Time {
	clock, year := wallClock(c.Zone), date("2026-01-01")
	from := (q.From.Sub(year) + oracleReach - 2) * 1440
	n := (q.To.Sub(q.From) + 5) * 1440
	clock, first := clock[from:from+n], oracleFirst().Add(time.Duration(from)*time.Minute)
	working := make([]bool, n)
	for day := q.From; !day.After(q.To); day = day.AddDays(1) {
		for _, r := range wallHours(c, day) {
			begin, end := edges(clock, day.Sub(year), r)
			for i := begin; i < end; i++ {
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
	return offeredOf(q, c, first, working, busy)
}

// offeredOf walks every stretch of working minutes from its first one, a grid step at a time.
func offeredOf(q scheduling.Query, c scheduling.Candidate, first time.Time, working, busy []bool) []time.Time {
	var out []time.Time
	length, step := int(q.Duration/time.Minute), int(q.Grid/time.Minute)
	before, after := int(c.BufferBefore/time.Minute), int(c.BufferAfter/time.Minute)
	for i := range working {
		if !working[i] || i > 0 && working[i-1] {
			continue
		}
		end := i
		for end < len(working) && working[end] {
			end++
		}
		for s := i; s+length <= end; s += step {
			at := first.Add(time.Duration(s) * time.Minute)
			if q.BuffersInside && (s-before < i || s+length+after > end) || at.Before(q.NotBefore) || !at.Before(q.NotAfter) {
				continue
			}
			if !slices.Contains(busy[s-before:s+length+after], true) {
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

// edges finds a wall-clock range among the minutes: its first occurrence as a start, its last as an end, the first
// minute after the gap when it does not exist.
func edges(clock []tick, day int, r civil.Range) (int, int) {
	endDay, end := day, int(r.End)
	if end == 1440 {
		endDay, end = day+1, 0
	}
	return find(clock, tick{day, int(r.Start)}, false), find(clock, tick{endDay, end}, true)
}

func find(clock []tick, want tick, last bool) int {
	found := -1
	for i, here := range clock {
		if here == want {
			found = i
			if !last {
				return i
			}
			continue
		}
		if found >= 0 && (here.day > want.day || here.at > want.at+120) {
			return found
		}
		if found < 0 && (here.day > want.day || here.day == want.day && here.at > want.at) {
			return i
		}
	}
	return found
}

// differs tells where an engine's answer leaves the oracle's; empty when nowhere.
func differs(got []scheduling.Slot, want []time.Time) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return "misses " + want[i].String()
		case i >= len(want):
			return "invents " + got[i].Start.String()
		case !got[i].Start.Equal(want[i]):
			return "offers " + got[i].Start.String() + " for " + want[i].String()
		}
	}
	return ""
}

func oracleZones(t testing.TB) []*time.Location {
	var out []*time.Location
	for _, name := range []string{
		"Europe/Bucharest", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia",
	} {
		out = append(out, zone(t, name))
	}
	return out
}

func oracleLengths() []int { return []int{15, 20, 30, 45, 60} }

func TestOffer_equalsTheOracle(t *testing.T) {
	t.Parallel()
	zones := oracleZones(t)
	rapid.Check(t, func(r *rapid.T) {
		draw := func(label string, from, to int) int { return rapid.IntRange(from, to).Draw(r, label) }
		q, c := drawCase(draw, zones[draw("zone", 0, len(zones)-1)], draw("from", 0, oracleDays-1), oracleLengths()[draw("length", 0, 4)])
		if wrong := differs(scheduling.Offer(q, []scheduling.Candidate{c}), oracle(q, c)); wrong != "" {
			r.Fatal(wrong)
		}
	})
}

// dice answers a number between two, both included.
type dice func(label string, from, to int) int

func (d dice) ranges() []civil.Range {
	var out []civil.Range
	at := d("at", 0, 1300)
	for range d("ranges", 0, 3) {
		end := min(at+d("length", 5, 400), 1440)
		if at >= end {
			break
		}
		out = append(out, civil.Range{Start: civil.TimeOfDay(at), End: civil.TimeOfDay(end)})
		at = end + d("gap", 0, 120)
	}
	return out
}

// drawCase asks about three days, beginning so many days after 2026-01-01, of somebody with random hours, exceptions, buffers and visits.
func drawCase(draw dice, z *time.Location, after, length int) (scheduling.Query, scheduling.Candidate) {
	c := scheduling.Candidate{Zone: z, Overrides: map[civil.Date][]scheduling.Override{}}
	for w := 1; w <= 7; w++ {
		c.Weekly[w] = draw.ranges()
	}
	from, step := date("2026-01-01").AddDays(after), time.Duration(length)*time.Minute
	q := scheduling.Query{
		From: from, To: from.AddDays(2), Duration: step, Grid: step, NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		BuffersInside: draw("inside", 0, 1) == 1,
	}
	c.BufferBefore = time.Duration([]int{0, 5, 10}[draw("before", 0, 2)]) * time.Minute
	c.BufferAfter = time.Duration([]int{0, 10, 20}[draw("after", 0, 2)]) * time.Minute
	for i := range 3 {
		day := from.AddDays(i)
		for _, available := range []bool{true, false} {
			if draw("override", 0, 3) == 0 {
				c.Overrides[day] = append(c.Overrides[day], scheduling.Override{Available: available, Ranges: draw.ranges()})
			}
		}
	}
	noon := time.Date(from.Year, from.Month, from.Day, 12, 0, 0, 0, time.UTC)
	for range draw("busy", 0, 4) {
		start := noon.Add(time.Duration(draw("busy at", -1000, 3000)) * time.Minute)
		c.Busy = append(c.Busy, civil.Interval{Start: start, End: start.Add(time.Duration(draw("busy for", 1, 200)) * time.Minute)})
	}
	return q, c
}
