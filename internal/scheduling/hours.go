package scheduling

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// What hours are refused with.
var (
	ErrHoursInvalid = apperror.New(apperror.Invalid, "hours_invalid", "A range starts before it ends, between 00:00 and 24:00.")
	ErrHoursOverlap = apperror.New(apperror.Invalid, "hours_overlap", "Two ranges of the same day overlap.")
)

// WorkingTime is one range of one weekday, in the specialist's own wall-clock time. Work over midnight is two of them.
type WorkingTime struct {
	// Weekday is 1 for Monday to 7 for Sunday.
	Weekday int
	civil.Range
}

// String is for the trail: "1 09:00-12:00".
func (w WorkingTime) String() string { return fmt.Sprintf("%d %s", w.Weekday, w.Range) }

// Week is when a specialist works. Times are ordered; a nil Timezone means that the public is offered nothing.
type Week struct {
	Timezone *string
	Times    []WorkingTime
}

func compareTimes(a, b WorkingTime) int {
	if a.Weekday != b.Weekday {
		return a.Weekday - b.Weekday
	}
	return int(a.Start - b.Start)
}

// check puts the times in order and refuses ranges that are none, and two that overlap; touching ranges are fine.
func (w *Week) check() error {
	for i, t := range w.Times {
		if t.Weekday < 1 || t.Weekday > 7 || !t.Valid() {
			return ErrHoursInvalid.At(fmt.Sprintf("body.hours[%d]", i), "starts before it ends, between 00:00 and 24:00, on a weekday from 1 to 7")
		}
	}
	w.Times = slices.SortedFunc(slices.Values(w.Times), compareTimes)
	for i := 1; i < len(w.Times); i++ {
		if before, t := w.Times[i-1], w.Times[i]; t.Weekday == before.Weekday && t.Start < before.End {
			return ErrHoursOverlap.At("body.hours", before.String()+" and "+t.String()+" overlap")
		}
	}
	return nil
}

func (w Week) words() string {
	out := make([]string, len(w.Times))
	for i, t := range w.Times {
		out[i] = t.String()
	}
	return strings.Join(out, ", ")
}

// Hours reads a specialist's week.
func (s *Service) Hours(ctx context.Context, id specialist.ID) (Week, error) {
	var out Week
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = s.weekTx(ctx, tx, id)
		return err
	})
	return out, err
}

func (s *Service) weekTx(ctx context.Context, tx *postgres.Tx, id specialist.ID) (Week, error) {
	p, err := s.present(ctx, tx, id)
	if err != nil {
		return Week{}, err
	}
	week, err := weeks(ctx, tx, []specialist.ID{id})
	return Week{Timezone: p.Timezone, Times: week[id]}, err
}

// present answers a specialist who was not removed.
func (s *Service) present(ctx context.Context, tx *postgres.Tx, id specialist.ID) (specialist.Specialist, error) {
	found, err := s.Specialists.ByIDsTx(ctx, tx, []specialist.ID{id})
	if err != nil {
		return specialist.Specialist{}, err
	}
	if len(found) == 0 {
		return specialist.Specialist{}, specialist.ErrNotFound
	}
	return found[0], nil
}

// editable refuses a specialist who changes somebody else's times. The policies of the tables say the same; here it becomes an answer.
func (s *Service) editable(ctx context.Context, tx *postgres.Tx, id specialist.ID) (specialist.Specialist, error) {
	p, err := s.present(ctx, tx, id)
	if err != nil || auth.Grants(auth.HoursManage, tx.Principal.Role) != auth.Linked {
		return p, err
	}
	own, err := s.Specialists.OwnTx(ctx, tx)
	if err == nil && own != id {
		return p, apperror.ErrForbidden
	}
	return p, err
}

// SetHours replaces the whole week at once; anything that is refused leaves the old week. A nil zone keeps the specialist's; a
// different one moves the hours, which are local, and not the visits, which are instants.
func (s *Service) SetHours(ctx context.Context, id specialist.ID, week Week) (Week, error) {
	if err := week.check(); err != nil {
		return Week{}, err
	}
	var out Week
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		p, err := s.editable(ctx, tx, id)
		if err != nil {
			return err
		}
		if week.Timezone != nil && (p.Timezone == nil || *p.Timezone != *week.Timezone) {
			if err := s.Specialists.SetTimezoneTx(ctx, tx, p, *week.Timezone); err != nil {
				return err
			}
		}
		if err := lockTimes(ctx, tx, id); err != nil {
			return err
		}
		before, err := weeks(ctx, tx, []specialist.ID{id})
		if err != nil {
			return err
		}
		if err := replaceWeek(ctx, tx, id, week.Times); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "specialist_hours", EntityID: id.String(),
			Changes: map[string]audit.Change{"hours": {Week{Times: before[id]}.words(), week.words()}},
		})
		if err := s.Bus.PublishTx(ctx, tx, AvailabilityChanged{SpecialistID: id}); err != nil {
			return err
		}
		out, err = s.weekTx(ctx, tx, id)
		return err
	})
	return out, err
}
