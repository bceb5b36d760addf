package civil

import "time"

// Edge says which end of a range a wall-clock time is; it decides what a doubled local time means.
type Edge int

// The edges of a range.
const (
	// Start takes the first occurrence of a local time that exists twice.
	Start Edge = iota
	// End takes the last occurrence, so that a range that ends inside the doubled hour is one long interval.
	End
)

// On returns the instant of a local time of a day in a zone, in UTC (product/03 §3 step 4). A time that the clock skips becomes
// the first instant after the gap: 03:30 on the spring day in Bucharest is 04:00 local. 24:00 is midnight of the next day.
func On(d Date, t TimeOfDay, zone *time.Location, edge Edge) time.Time {
	if t == EndOfDay {
		d, t = d.AddDays(1), 0
	}
	guess := time.Date(d.Year, d.Month, d.Day, int(t)/60, int(t)%60, 0, 0, zone)
	_, offset := guess.Zone()
	wall := time.Date(d.Year, d.Month, d.Day, int(t)/60, int(t)%60, 0, 0, time.UTC)
	if shown := guess.Add(time.Duration(offset) * time.Second).UTC(); !shown.Equal(wall) {
		return afterGap(guess, wall)
	}
	return occurrence(guess, offset, edge)
}

// afterGap finds the transition that swallowed the wall time: the end of the zone's stretch before it.
func afterGap(guess, wall time.Time) time.Time {
	start, end := guess.ZoneBounds()
	_, offset := guess.Zone()
	// time.Date answers an instant on one side of the gap. When its own clock already shows a later time it lies after
	// the gap, and the stretch it is in began there; otherwise the stretch it is in ends there.
	if guess.Add(time.Duration(offset) * time.Second).UTC().After(wall) {
		return start.UTC()
	}
	return end.UTC()
}

// occurrence picks between the two instants of a doubled local time: it looks at the offsets just across both ends of
// the zone's stretch.
func occurrence(guess time.Time, offset int, edge Edge) time.Time {
	start, end := guess.ZoneBounds()
	if edge == Start && !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		if earlier := guess.Add(time.Duration(offset-before) * time.Second); earlier.Before(start) && sameWall(guess, earlier) {
			return earlier.UTC()
		}
	}
	if edge == End && !end.IsZero() {
		_, after := end.Zone()
		if later := guess.Add(time.Duration(offset-after) * time.Second); !later.Before(end) && sameWall(guess, later) {
			return later.UTC()
		}
	}
	return guess.UTC()
}

func sameWall(a, b time.Time) bool {
	return a.Hour() == b.Hour() && a.Minute() == b.Minute() && a.Day() == b.Day()
}

// Instants turns the ranges of one local day into instants of the zone, ordered and merged.
func Instants(d Date, ranges []Range, zone *time.Location) []Interval {
	out := make([]Interval, 0, len(ranges))
	for _, r := range ranges {
		out = append(out, Interval{On(d, r.Start, zone, Start), On(d, r.End, zone, End)})
	}
	return Merge(out)
}

// Midnight is the first instant of a day in a zone. In zones that change at midnight that may be 01:00 local.
func Midnight(d Date, zone *time.Location) time.Time { return On(d, 0, zone, Start) }

// Shown is an instant on the wall clock of a named zone, for people; in UTC when this host does not know the zone.
func Shown(at time.Time, zone string) time.Time {
	loaded, err := time.LoadLocation(zone)
	if err != nil {
		return at.UTC()
	}
	return at.In(loaded)
}

// Doubled tells that the wall clock of t's zone shows t's local time twice on that day, so that the time alone does not say which is meant.
func Doubled(t time.Time) bool {
	d, at := DateOf(t), At(t.Hour(), t.Minute())
	return !On(d, at, t.Location(), Start).Equal(On(d, at, t.Location(), End))
}
