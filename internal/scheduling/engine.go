package scheduling

import (
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
	calendars := map[*time.Location][]dayInfo{}
	var starts []minute
	var owners []int32
	for i := range candidates {
		c := &candidates[i]
		days, known := calendars[c.Zone]
		if !known {
			days = calendarOf(c.Zone, q.From, q.To)
			calendars[c.Zone] = days
		}
		before := len(starts)
		starts = appendStarts(starts, q, c, workingSpans(c, days))
		for range len(starts) - before {
			owners = append(owners, int32(i))
		}
	}
	return group(starts, owners)
}

// workingSpans are the hours of every day as instants, merged across midnight.
func workingSpans(c *Candidate, days []dayInfo) []span {
	out := make([]span, 0, len(days))
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
	return out
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
func appendStarts(out []minute, q Query, c *Candidate, spans []span) []minute { //nolint:gocognit // one walk over two ordered lists; apart, its halves would pass six values to each other
	duration, grid := minutesOf(q.Duration), minutesOf(q.Grid)
	before, after := minutesOf(c.BufferBefore), minutesOf(c.BufferAfter)
	busy := busySpans(c.Busy)
	earliest, latest := ceilMinute(q.NotBefore), ceilMinute(q.NotAfter)
	next := 0
	for _, s := range spans {
		anchor, end := s.start, s.end
		if q.BuffersInside {
			end -= after
		}
		for t := anchor; t+duration <= end; t += grid {
			if t < earliest || q.BuffersInside && t-before < s.start {
				continue
			}
			if t >= latest {
				return out
			}
			for next < len(busy) && busy[next].end <= t-before {
				next++
			}
			if next < len(busy) && busy[next].start < t+duration+after {
				continue
			}
			out = append(out, t)
		}
	}
	return out
}

// busySpans orders and merges what blocks. A busy time that begins or ends inside a minute blocks the whole minute.
func busySpans(busy []civil.Interval) []span {
	if len(busy) == 0 {
		return nil
	}
	all := make([]span, 0, len(busy))
	for _, b := range busy {
		all = append(all, span{floorMinute(b.Start), ceilMinute(b.End)})
	}
	slices.SortFunc(all, func(a, b span) int { return int(a.start - b.start) })
	out := all[:1]
	for _, s := range all[1:] {
		if last := &out[len(out)-1]; s.start <= last.end {
			last.end = max(last.end, s.end)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// group unites equal starts. Candidates are visited in order, so their indexes come out ascending; the starts are put in
// order by counting, because they all lie within the days that were asked for.
func group(starts []minute, owners []int32) []Slot {
	if len(starts) == 0 {
		return nil
	}
	if owners[0] == owners[len(owners)-1] {
		return single(starts, owners)
	}
	low, high := slices.Min(starts), slices.Max(starts)
	offsets := make([]int32, high-low+2)
	for _, s := range starts {
		offsets[s-low+1]++
	}
	distinct := 0
	for i := 1; i < len(offsets); i++ {
		if offsets[i] > 0 {
			distinct++
		}
		offsets[i] += offsets[i-1]
	}
	ordered := make([]int32, len(owners))
	fill := slices.Clone(offsets)
	for i, s := range starts {
		ordered[fill[s-low]] = owners[i]
		fill[s-low]++
	}
	out := make([]Slot, 0, distinct)
	for m := range len(offsets) - 1 {
		if from, to := offsets[m], offsets[m+1]; from < to {
			out = append(out, Slot{Start: time.Unix((low+minute(m))*60, 0).UTC(), Candidates: ordered[from:to:to]})
		}
	}
	return out
}

// single is group for starts of one candidate, which come ordered and distinct.
func single(starts []minute, owners []int32) []Slot {
	out := make([]Slot, len(starts))
	for i, s := range starts {
		out[i] = Slot{Start: time.Unix(s*60, 0).UTC(), Candidates: owners[i : i+1 : i+1]}
	}
	return out
}

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
	if t.After(time.Unix(m*60, 0)) {
		m++
	}
	return m
}
