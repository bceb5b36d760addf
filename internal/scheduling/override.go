package scheduling

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// What exceptions of single days are refused with.
var (
	ErrOverrideExists   = apperror.New(apperror.Conflict, "override_exists", "One of the days already has an exception. Merge them or choose other days.")
	ErrOverrideNotFound = apperror.New(apperror.NotFound, "override_not_found", "There is no such exception.")
)

// maxDays bounds one entry over several days.
const maxDays = 366

// OverrideID identifies an exception of one day.
type OverrideID = ident.ID[DateOverride]

// groupMark marks the id of days that were entered together.
type groupMark struct{}

// DateOverride is the exception of one local day of one specialist. Available with ranges replaces the day's hours, not available with
// ranges takes them away, either without ranges empties the day.
type DateOverride struct {
	ID        OverrideID          `db:"id"`
	Date      civil.Date          `db:"date"`
	Available bool                `db:"available"`
	Ranges    []civil.Range       `db:"ranges"`
	Reason    *string             `db:"reason"`
	GroupID   ident.ID[groupMark] `db:"group_id"`
	CreatedAt time.Time           `db:"created_at"`
}

// NewOverride is an exception as it is asked for: the same for every day from From to To.
type NewOverride struct {
	From, To  civil.Date
	Available bool
	Ranges    []civil.Range
	Reason    *string
	// Merge adds the ranges to exceptions that exist instead of refusing.
	Merge bool
}

func (n *NewOverride) check() error {
	if n.Reason != nil {
		trimmed := strings.TrimSpace(*n.Reason)
		if n.Reason = &trimmed; trimmed == "" {
			n.Reason = nil
		}
	}
	if n.Reason != nil && utf8.RuneCountInString(*n.Reason) > 300 {
		return apperror.ErrInvalid.At("body.reason", "has at most 300 characters")
	}
	if days := n.To.Sub(n.From); days < 0 || days >= maxDays {
		return apperror.ErrInvalid.At("body.date_to", fmt.Sprintf("is not before date_from and at most %d days later", maxDays-1))
	}
	for i, r := range n.Ranges {
		if !r.Valid() {
			return ErrHoursInvalid.At(fmt.Sprintf("body.ranges[%d]", i), "starts before it ends, between 00:00 and 24:00")
		}
	}
	if a, b, found := civil.Overlapping(n.Ranges); found {
		return ErrHoursOverlap.At("body.ranges", a.String()+" and "+b.String()+" overlap")
	}
	n.Ranges = slices.SortedFunc(slices.Values(n.Ranges), func(a, b civil.Range) int { return int(a.Start - b.Start) })
	return nil
}

// union joins two lists of ranges of one kind of exception. A blocked day without ranges is blocked whole, so it stays that; an available
// day without ranges has none, so it becomes the other list.
func union(available bool, a, b []civil.Range) []civil.Range {
	if !available && (len(a) == 0 || len(b) == 0) {
		return []civil.Range{}
	}
	all := slices.SortedFunc(slices.Values(slices.Concat(a, b)), func(a, b civil.Range) int { return int(a.Start - b.Start) })
	out := []civil.Range{}
	for _, r := range all {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Overrides lists the exceptions of a specialist between two days, both included; no day leaves that side open.
func (s *Service) Overrides(ctx context.Context, id specialist.ID, q page.Query, from, to civil.Date) (page.Result[DateOverride], error) {
	var out page.Result[DateOverride]
	window, err := q.Check(page.Columns{ByName: map[string]string{"date": "date"}, Default: "date ASC, available DESC", TieBreak: "id ASC"})
	if err != nil {
		return out, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := s.present(ctx, tx, id); err != nil {
			return err
		}
		out, err = listOverrides(ctx, tx, id, window, from, to)
		return err
	})
	return out, err
}

// AddOverride enters an exception for every day that is asked for, all or none, and answers them by day.
func (s *Service) AddOverride(ctx context.Context, id specialist.ID, n NewOverride) ([]DateOverride, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	var out []DateOverride
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := s.editable(ctx, tx, id); err != nil {
			return err
		}
		if err := lockTimes(ctx, tx, id); err != nil {
			return err
		}
		existing, err := overridesOfKind(ctx, tx, id, n.From, n.To, n.Available)
		if err != nil {
			return err
		}
		if len(existing) > 0 && !n.Merge {
			dates := make([]string, 0, len(existing))
			for _, o := range existing {
				dates = append(dates, o.Date.String())
			}
			return ErrOverrideExists.With("dates", dates)
		}
		out = s.days(ctx, tx, n, existing)
		if err := writeOverrides(ctx, tx, id, out); err != nil {
			return err
		}
		return s.Bus.PublishTx(ctx, tx, AvailabilityChanged{SpecialistID: id, From: n.From, To: n.To})
	})
	return out, err
}

// days makes the rows of an entry and records them in the trail.
func (s *Service) days(ctx context.Context, tx *postgres.Tx, n NewOverride, existing []DateOverride) []DateOverride {
	was := map[civil.Date]DateOverride{}
	for _, o := range existing {
		was[o.Date] = o
	}
	var group ident.ID[groupMark]
	if n.From != n.To {
		group = ident.New[groupMark]()
	}
	var out []DateOverride
	for i := range n.To.Sub(n.From) + 1 {
		o := DateOverride{
			ID: ident.New[DateOverride](), Date: n.From.AddDays(i), Available: n.Available, Ranges: slices.Clone(n.Ranges), Reason: n.Reason,
			GroupID: group, CreatedAt: tx.Now,
		}
		if o.Ranges == nil {
			o.Ranges = []civil.Range{}
		}
		entry := audit.Entry{Action: "create", EntityType: "specialist_date_override", EntityID: o.ID.String(), Changes: audit.Created(o)}
		if before, found := was[o.Date]; found {
			o.ID, o.CreatedAt, o.Ranges = before.ID, before.CreatedAt, union(n.Available, before.Ranges, o.Ranges)
			if o.Reason == nil {
				o.Reason = before.Reason
			}
			entry = audit.Entry{Action: "update", EntityType: "specialist_date_override", EntityID: o.ID.String(), Changes: audit.Differences(before, o)}
		}
		s.Trail.RecordTx(ctx, tx, entry)
		out = append(out, o)
	}
	return out
}

// RemoveOverride gives the day, or with group every day that was entered with it, its weekly hours back.
func (s *Service) RemoveOverride(ctx context.Context, id specialist.ID, override OverrideID, group bool) error {
	return s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := s.editable(ctx, tx, id); err != nil {
			return err
		}
		gone, err := deleteOverrides(ctx, tx, id, override, group)
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			return ErrOverrideNotFound
		}
		from, to := gone[0].Date, gone[0].Date
		for _, o := range gone {
			if o.Date.Before(from) {
				from = o.Date
			}
			if o.Date.After(to) {
				to = o.Date
			}
			s.Trail.RecordTx(ctx, tx, audit.Entry{
				Action: "delete", EntityType: "specialist_date_override", EntityID: o.ID.String(),
				Changes: map[string]audit.Change{"date": {o.Date, nil}, "available": {o.Available, nil}, "ranges": {o.Ranges, nil}},
			})
		}
		return s.Bus.PublishTx(ctx, tx, AvailabilityChanged{SpecialistID: id, From: from, To: to})
	})
}
