package scheduling

import (
	"time"

	"github.com/restartix/platform/internal/civil"
)

// dayInfo is one local day of one zone, prepared once for all candidates of that zone.
type dayInfo struct {
	date    civil.Date
	weekday int
	// midnight is the day's first instant in minutes; on a plain day every wall-clock minute is midnight plus itself.
	midnight minute
	plain    bool
}

// calendarOf prepares the days from..to of a zone. A day is plain when its midnights are 24 hours apart and no transition
// falls inside it; only the others pay for the rules of missing and doubled hours.
func calendarOf(zone *time.Location, from, to civil.Date) []dayInfo {
	n := to.Sub(from) + 1
	if n <= 0 {
		return nil
	}
	out := make([]dayInfo, n)
	start := civil.Midnight(from, zone)
	for i := range out {
		date := from.AddDays(i)
		next := civil.Midnight(date.AddDays(1), zone)
		_, end := start.In(zone).ZoneBounds()
		out[i] = dayInfo{
			date: date, weekday: date.Weekday(), midnight: floorMinute(start),
			plain: next.Sub(start) == 24*time.Hour && (end.IsZero() || !end.Before(next)),
		}
		start = next
	}
	return out
}

// span turns a range of the day into instants.
func (d *dayInfo) span(r civil.Range, zone *time.Location) span {
	if d.plain {
		return span{d.midnight + minute(r.Start), d.midnight + minute(r.End)}
	}
	return span{
		floorMinute(civil.On(d.date, r.Start, zone, civil.Start)),
		floorMinute(civil.On(d.date, r.End, zone, civil.End)),
	}
}
