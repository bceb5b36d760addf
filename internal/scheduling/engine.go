package scheduling

import (
	"cmp"
	"slices"
	"time"

	"github.com/restartix/platform/internal/civil"
)

// Override changes one local day of a specialist (product/02 §3). Available with ranges replaces the day's hours;
// unavailable with ranges takes them away; either without ranges empties the day.
type Override struct {
	Available bool
	Ranges    []civil.Range
}

// Candidate is one specialist as the engine sees it: rules and times, no identity, no database.
type Candidate struct {
	// Zone is where the wall-clock hours are meant; it is never nil for a bookable specialist.
	Zone *time.Location
	// Weekly holds the hours by ISO weekday, 1 to 7; index 0 is unused.
	Weekly [8][]civil.Range
	// Overrides holds at most one available and one unavailable entry for a day.
	Overrides map[civil.Date][]Override
	// Busy is everything that blocks, in any order: appointments with their buffers, holds of others.
	Busy []civil.Interval
	// BufferBefore and BufferAfter widen a new slot when it is compared with Busy.
	BufferBefore, BufferAfter time.Duration
}

// Query is what is asked for.
type Query struct {
	// From and To are the first and last local day that is looked at, in each candidate's own zone.
	From, To civil.Date
	// Duration of a slot and step of the grid. Both are positive whole minutes.
	Duration, Grid time.Duration
	// NotBefore and NotAfter remove slots that start earlier, or that start at or after NotAfter. They never move the grid.
	NotBefore, NotAfter time.Time
	// BuffersInside demands that the buffers too fit into the working hours.
	BuffersInside bool
}

// Slot is a start that can be kept, with the indexes of the candidates who are free then, ascending.
type Slot struct {
	Start      time.Time
	Candidates []int32
}

// minute is the engine's unit: instants as whole minutes since 1970, so that a day of a clinic is arithmetic on integers.
type minute = int64

type span struct{ start, end minute }

// Offer answers every slot that can be kept, by start (product/03 §3). It is a pure function of its arguments: no clock, no
// database, no randomness. Cost is linear in candidates and days.
func Offer(q Query, candidates []Candidate) []Slot {
	w := newWalk(q)
	var found []offset
	ends := make([]int, len(candidates))
	for i := range candidates {
		found = w.appendStarts(found, &candidates[i])
		ends[i] = len(found)
		if i == 0 {
			found = slices.Grow(found, min(len(found)*(len(candidates)-1), mostRoom)) // the others will find about as many
		}
	}
	return w.slots(found, ends)
}

// mostRoom bounds the guess at how many starts there will be; more of them grow the list as they come.
const mostRoom = 1 << 20

// offset is a start in minutes since the walk's origin: half as wide as an instant, and there are many.
type offset = int32

// walk is one answer in the making: the query in minutes, what the candidates of a zone share, and room that each of them uses anew.
type walk struct {
	q                        Query
	duration, grid           minute
	earliest, latest, origin minute
	calendars                map[*time.Location][]dayInfo
	working, busy            []span
}

func newWalk(q Query) *walk {
	return &walk{
		q: q, duration: minutesOf(q.Duration), grid: minutesOf(q.Grid), earliest: ceilMinute(q.NotBefore), latest: ceilMinute(q.NotAfter),
		origin: floorMinute(civil.Midnight(q.From, time.UTC)), calendars: map[*time.Location][]dayInfo{},
	}
}

// days are the days of the query in a zone.
func (w *walk) days(zone *time.Location) []dayInfo {
	days, known := w.calendars[zone]
	if !known {
		days = calendarOf(zone, w.q.From, w.q.To)
		w.calendars[zone] = days
	}
	return days
}

// setWorking finds the hours of every day as instants, merged across midnight.
func (w *walk) setWorking(c *Candidate) {
	days, out := w.days(c.Zone), w.working[:0]
	for i := range days {
		d := &days[i]
		for _, r := range c.hoursOn(d) {
			s := d.span(r, c.Zone)
			if n := len(out); n > 0 && s.start <= out[n-1].end {
				out[n-1].end = max(out[n-1].end, s.end)
			} else if s.start < s.end {
				out = append(out, s)
			}
		}
	}
	w.working = out
}

// hoursOn applies the day's overrides to the weekly hours: first the replacement, then what is taken away.
func (c *Candidate) hoursOn(d *dayInfo) []civil.Range {
	hours := c.Weekly[d.weekday]
	if len(c.Overrides) == 0 {
		return hours
	}
	entries := c.Overrides[d.date]
	for _, o := range entries {
		if o.Available {
			hours = o.Ranges
		}
	}
	for _, o := range entries {
		switch {
		case o.Available:
		case len(o.Ranges) == 0:
			return nil
		default:
			hours = civil.Subtract(hours, o.Ranges)
		}
	}
	return hours
}

// appendStarts walks the grid of each working span, anchored at its start, and keeps what is free.
func (w *walk) appendStarts(out []offset, c *Candidate) []offset {
	w.setWorking(c)
	w.setBusy(c.Busy)
	before, after := minutesOf(c.BufferBefore), minutesOf(c.BufferAfter)
	busy := w.busy
	for _, s := range w.working {
		first, end := s.start, s.end-w.duration
		if w.q.BuffersInside {
			first, end = first+before, end-after
		}
		first = max(first, w.earliest)
		for t := s.start + ceilTo(first-s.start, w.grid); t <= end; t += w.grid {
			if t >= w.latest {
				return out
			}
			for len(busy) > 0 && busy[0].end <= t-before {
				busy = busy[1:]
			}
			if len(busy) == 0 || busy[0].start >= t+w.duration+after {
				out = append(out, offset(t-w.origin)) //nolint:gosec // minutes of the days that were asked for: thousands of years fit
			}
		}
	}
	return out
}

// ceilTo is the smallest multiple of step that is not less than n, and not less than 0.
func ceilTo(n, step minute) minute { return (max(n, 0) + step - 1) / step * step }

// setBusy orders and merges what blocks. A busy time that begins or ends inside a minute blocks the whole minute.
func (w *walk) setBusy(busy []civil.Interval) {
	all := w.busy[:0]
	for _, b := range busy {
		all = append(all, span{floorMinute(b.Start), ceilMinute(b.End)})
	}
	w.busy = all
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	out := all[:1]
	for _, s := range all[1:] {
		if last := &out[len(out)-1]; s.start <= last.end {
			last.end = max(last.end, s.end)
		} else {
			out = append(out, s)
		}
	}
	w.busy = out
}

// slots unites equal starts. found holds them candidate after candidate; ends tells where each one's end. They are put in order by
// counting, because they all lie within the days that were asked for.
func (w *walk) slots(found []offset, ends []int) []Slot {
	switch {
	case len(found) == 0:
		return nil
	case len(ends) == 1:
		return w.single(found)
	}
	low, high := slices.Min(found), slices.Max(found)
	places := make([]int32, high-low+2)
	distinct := 0
	for _, s := range found {
		if places[s-low]++; places[s-low] == 1 {
			distinct++
		}
	}
	for i := 1; i < len(places); i++ {
		places[i] += places[i-1]
	}
	// Each place is now where the group of its start ends. Filled from the back, it becomes where the group begins, and candidates are ascending.
	ordered := make([]int32, len(found))
	for i := len(ends) - 1; i >= 0; i-- {
		from := 0
		if i > 0 {
			from = ends[i-1]
		}
		for _, s := range found[from:ends[i]] {
			places[s-low]--
			ordered[places[s-low]] = int32(i) //nolint:gosec // an index of the candidates
		}
	}
	out := make([]Slot, 0, distinct)
	for m := range len(places) - 1 {
		if from, to := places[m], places[m+1]; from < to {
			out = append(out, Slot{Start: w.instant(low + offset(m)), Candidates: ordered[from:to:to]})
		}
	}
	return out
}

// single is slots for one candidate, whose starts come ordered and distinct.
func (w *walk) single(found []offset) []Slot {
	out, indexes := make([]Slot, len(found)), make([]int32, len(found))
	for i, s := range found {
		out[i] = Slot{Start: w.instant(s), Candidates: indexes[i : i+1 : i+1]}
	}
	return out
}

func (w *walk) instant(s offset) time.Time { return time.Unix((w.origin+minute(s))*60, 0).UTC() }

func minutesOf(d time.Duration) minute { return minute(d / time.Minute) }

func floorMinute(t time.Time) minute {
	s := t.Unix()
	m := s / 60
	if s%60 < 0 {
		m--
	}
	return m
}

func ceilMinute(t time.Time) minute {
	m := floorMinute(t)
	if t.Unix() > m*60 || t.Nanosecond() > 0 {
		m++
	}
	return m
}
