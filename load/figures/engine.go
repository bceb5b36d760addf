package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/scheduling"
)

// The goals of PF-1 that need no peer.
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

// spent is the processor time of this process, collection of garbage included: on a machine that others use too, the clock on the wall
// measures them.
func spent() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// timed answers the median processor time of one computation and the bytes that it allocates.
func timed(zone *time.Location, specialists, days int) (time.Duration, uint64, error) {
	q, candidates := calendar(zone, specialists, days)
	const rounds = 15
	repeat := max(1, 30_000/(specialists*days)) // so that a round lasts some milliseconds
	var all []time.Duration
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		began, err := spent()
		if err != nil {
			return 0, 0, err
		}
		for range repeat {
			scheduling.Offer(q, candidates)
		}
		ended, err := spent()
		if err != nil {
			return 0, 0, err
		}
		all = append(all, (ended-began)/time.Duration(repeat))
	}
	runtime.ReadMemStats(&after)
	slices.Sort(all)
	return all[len(all)/2], (after.TotalAlloc - before.TotalAlloc) / uint64(rounds*repeat), nil
}

// engine measures the absolute half of PF-1: the availability of many specialists and days as a pure computation.
func engine(b *board) error {
	zone, err := time.LoadLocation("Europe/Bucharest")
	if err != nil {
		return fmt.Errorf("load zone: %w", err)
	}
	small, _, err1 := timed(zone, 1, 30)
	middle, _, err2 := timed(zone, 10, 30)
	wide, _, err3 := timed(zone, 100, 30)
	large, bytes, err4 := timed(zone, 100, 90)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	growth := float64(wide) / float64(middle)
	b.print("PF-1/small", small <= engineSmallGoal, "1x30=%dus", small.Microseconds())
	b.print("PF-1/large", large <= engineLargeGoal && bytes <= engineBytesGoal, "100x90=%dus,allocated=%dkB", large.Microseconds(), bytes>>10)
	b.print("PF-1/linear", growth <= linearGoal, "10x30=%dus,100x30=%dus,growth=%.1f", middle.Microseconds(), wide.Microseconds(), growth)
	return nil
}
