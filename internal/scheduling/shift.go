package scheduling

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// ShiftTx implements specialist.Times: the weekly hours stay as they are written and mean other instants.
func (s *Service) ShiftTx(ctx context.Context, tx *postgres.Tx, change specialist.Shift) ([]specialist.Visit, error) {
	if err := lockTimes(ctx, tx, change.Specialist); err != nil {
		return nil, err
	}
	week, err := weeks(ctx, tx, []specialist.ID{change.Specialist})
	if err != nil {
		return nil, err
	}
	outside, err := s.outsideTx(ctx, tx, change, week[change.Specialist])
	if err != nil {
		return nil, err
	}
	return outside, s.Bus.PublishTx(ctx, tx, AvailabilityChanged{SpecialistID: change.Specialist})
}

// outsideTx answers the visits to come that the week, in the zone that the change leads to, does not hold. Another zone that leaves some
// outside is refused until somebody confirms; the clinic's zone by name is the same as none.
func (s *Service) outsideTx(ctx context.Context, tx *postgres.Tx, change specialist.Shift, week []WorkingTime) ([]specialist.Visit, error) {
	visits, err := s.Visits.FutureTx(ctx, tx, change.Specialist)
	if err != nil || len(visits) == 0 {
		return nil, err
	}
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return nil, err
	}
	from, to := terms.Timezone, terms.Timezone
	if change.From != nil {
		from = *change.From
	}
	if change.To != nil {
		to = *change.To
	}
	zone, err := time.LoadLocation(to)
	if err != nil {
		return nil, fmt.Errorf("load zone of specialist: %w", err)
	}
	first, last := civil.DateOf(visits[0].Start.In(zone)), civil.DateOf(visits[len(visits)-1].End.In(zone))
	days, err := exceptions(ctx, tx, []specialist.ID{change.Specialist}, first.AddDays(-lookBack), last.AddDays(lookBack))
	if err != nil {
		return nil, err
	}
	c := candidateOf(zone, week, days[change.Specialist])
	var outside []specialist.Visit
	for _, v := range visits {
		if !Works(c, civil.Interval{Start: v.Start, End: v.End}) {
			outside = append(outside, v)
		}
	}
	if len(outside) > 0 && from != to && !change.Confirmed {
		return nil, specialist.ErrTimezoneShift.With("appointments", outside)
	}
	return slices.Clip(outside), nil
}

// candidateOf is a specialist's own rules as the engine sees them; nothing is busy.
func candidateOf(zone *time.Location, week []WorkingTime, days map[civil.Date][]Override) Candidate {
	c := Candidate{Zone: zone, Overrides: days}
	for _, t := range week {
		c.Weekly[t.Weekday] = append(c.Weekly[t.Weekday], t.Range)
	}
	return c
}

// Works reports whether the whole interval lies inside the candidate's working times. Like Offer it is a pure function; work over midnight
// is one stretch.
func Works(c Candidate, at civil.Interval) bool {
	from, to := civil.DateOf(at.Start.In(c.Zone)).AddDays(-1), civil.DateOf(at.End.In(c.Zone)).AddDays(1)
	w := newWalk(Query{From: from, To: to, Duration: time.Minute, Grid: time.Minute})
	w.setWorking(&c)
	start, end := floorMinute(at.Start), ceilMinute(at.End)
	return slices.ContainsFunc(w.working, func(s span) bool { return s.start <= start && end <= s.end })
}
