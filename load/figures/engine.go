package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/scheduling"
)

const (
	engineSmallGoal = 100 * time.Microsecond
	engineLargeGoal = 12 * time.Millisecond
	engineBytesGoal = 20 << 20
	// linearGoal leaves room for caches: ten times the work may take this many times as long.
	linearGoal = 13.0
)

// calendar is what the engine is given for a number of specialists and days: hours on every day and one busy time a day.
func calendar(zone *time.Location, specialists, days int) (scheduling.Query, []scheduling.Candidate) {
	first := civil.Date{Year: 2026, Month: time.February, Day: 2}
	hours := []civil.Range{{Start: civil.TimeOfDay(9 * 60), End: civil.TimeOfDay(17 * 60)}}
	var weekly [8][]civil.Range
	for d := 1; d < len(weekly); d++ {
		weekly[d] = hours
	}
	candidates := make([]scheduling.Candidate, specialists)
	for i := range candidates {
		candidates[i] = scheduling.Candidate{Zone: zone, Weekly: weekly}
		for d := range days {
			at := time.Date(2026, 2, 2+d, 8, 0, 0, 0, time.UTC)
			candidates[i].Busy = append(candidates[i].Busy, civil.Interval{Start: at, End: at.Add(30 * time.Minute)})
		}
	}
	return scheduling.Query{From: first, To: first.AddDays(days - 1), Duration: 30 * time.Minute, Grid: 30 * time.Minute, NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}, candidates
}

// timed answers the median time of one computation and the bytes that it allocates.
func timed(zone *time.Location, specialists, days int) (time.Duration, uint64) {
	q, candidates := calendar(zone, specialists, days)
	var all []time.Duration
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const runs = 51
	for range runs {
		began := time.Now()
		scheduling.Offer(q, candidates)
		all = append(all, time.Since(began))
	}
	runtime.ReadMemStats(&after)
	slices.Sort(all)
	return all[len(all)/2], (after.TotalAlloc - before.TotalAlloc) / runs
}

// engine measures the absolute half of PF-1: the availability of many specialists and days as a pure computation.
func engine(b *board) error {
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		return fmt.Errorf("load zone: %w", err)
	}
	small, _ := timed(zone, 1, 30)
	middle, _ := timed(zone, 10, 30)
	wide, _ := timed(zone, 100, 30)
	large, bytes := timed(zone, 100, 90)
	growth := float64(wide) / float64(middle)
	b.print("PF-1/small", small <= engineSmallGoal, "1x30=%dus", small.Microseconds())
	b.print("PF-1/large", large <= engineLargeGoal && bytes <= engineBytesGoal, "100x90=%dus,allocated=%dkB", large.Microseconds(), bytes>>10)
	b.print("PF-1/linear", growth <= linearGoal, "10x30=%dus,100x30=%dus,growth=%.1f", middle.Microseconds(), wide.Microseconds(), growth)
	return nil
}
