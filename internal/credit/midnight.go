package credit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
)

const (
	jobMidnights = "credit.midnights"
	jobMidnight  = "credit.midnight"
	// lookEvery bounds how long after midnight a plan ends.
	lookEvery = 5 * time.Minute
)

// Register lets the runner work off the midnights of the clinics.
func (s *Service) Register(r *job.Runner) {
	r.Every(job.Periodic{Kind: jobMidnights, Every: lookEvery, Run: s.EnqueueMidnights})
	r.Handle(jobMidnight, func(ctx context.Context, _ json.RawMessage) error { return s.Midnight(ctx) })
}

// EnqueueMidnights adds one job to every clinic in which a day has begun. It reads as the owner, because no clinic sees another's plans.
func (s *Service) EnqueueMidnights(ctx context.Context) error {
	return s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		due, err := clinicsDue(ctx, tx)
		if err != nil {
			return err
		}
		for _, org := range due {
			err := tx.InContextOf(ctx, auth.SystemOf(org), func() error {
				return job.EnqueueTx(ctx, tx, jobMidnight, struct{}{}, job.Options{})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Midnight works off what the beginning of a day means for the plans of the context's clinic: lost sessions, a day of access that was
// earned, a warning, an end. Each plan is one transaction, and a second run on the same day finds nothing to do.
func (s *Service) Midnight(ctx context.Context) error {
	var due []PlanID
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		due, err = plansDue(ctx, tx, today)
		return err
	})
	if err != nil {
		return fmt.Errorf("midnight of plans: %w", err)
	}
	for _, id := range due {
		err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error { return s.roll(ctx, tx, id) })
		if err != nil {
			return fmt.Errorf("midnight of plan: %w", err)
		}
	}
	return nil
}

func (s *Service) roll(ctx context.Context, tx *postgres.Tx, id PlanID) error {
	h, err := s.hold(ctx, tx, id)
	if err != nil {
		return err
	}
	if h.plan.Status != Active || !h.plan.RolledOn.Before(h.today) {
		return nil
	}
	if h, err = s.expire(ctx, tx, h); err != nil {
		return err
	}
	if h, err = s.earnTime(ctx, tx, h); err != nil {
		return err
	}
	warned := h.plan.WarnedDays
	if h.plan.Status == Active {
		if days := warningDue(h.plan, h.book, h.today); days > 0 {
			warned = &days
			if err := s.Bus.PublishTx(ctx, tx, ExpiringFact{id, h.plan.PatientID, ending(h.plan, h.book)}); err != nil {
				return err
			}
		}
		if err := s.settle(ctx, tx, h.plan, statusOn(h.plan, h.book, h.today)); err != nil {
			return err
		}
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: aggregate, EntityID: id.String(), PatientID: h.plan.PatientID.UUID(),
		Changes: map[string]audit.Change{"rolled_on": {h.plan.RolledOn.String(), h.today.String()}},
	})
	return setRolled(ctx, tx, id, h.today, warned)
}

// earnTime writes one row for every day of access that is over and was not written yet.
func (s *Service) earnTime(ctx context.Context, tx *postgres.Tx, h held) (held, error) {
	if h.plan.AccessEndsOn.IsZero() || h.plan.PriceMinor == h.plan.sessionValue() {
		return h, nil
	}
	day, last := h.plan.StartsOn, h.today.AddDays(-1)
	if !h.book.PeriodTo.IsZero() {
		day = h.book.PeriodTo.AddDays(1)
	}
	if last.After(h.plan.AccessEndsOn) {
		last = h.plan.AccessEndsOn
	}
	for ; !day.After(last); day = day.AddDays(1) {
		due := timeValue(h.plan, day)
		if _, err := s.write(ctx, tx, h, Entry{Kind: Period, Recognised: due - h.book.TimeEarned, EffectiveOn: day}); err != nil {
			return h, err
		}
		h.book.TimeEarned, h.book.PeriodTo = due, day
		h.plan.Status = statusOn(h.plan, h.book, h.today) // writing a row settled it
	}
	return h, nil
}
