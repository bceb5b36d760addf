package licence

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

const (
	dueKind   = "licence.due"
	checkKind = "licence.check"
	// beat finds the clinics in which the morning has come; there are zones of half hours, which are then served up to an hour later.
	beat = time.Hour
	// morning is the clinic's local hour from which a day's reminders are given.
	morning = 6
)

// Register lets the runner look at every clinic's licences once a day.
func (s *Service) Register(r *job.Runner) {
	r.Every(job.Periodic{Kind: dueKind, Every: beat, Run: s.EnqueueChecks})
	r.Handle(checkKind, func(ctx context.Context, _ json.RawMessage) error { return s.Check(ctx) })
}

// EnqueueChecks adds one job, in its clinic, for every clinic with licences whose morning it is, and later in the day for those that owe a
// reminder, because nobody was there in the morning. It reads as the owner: no clinic may list the others.
func (s *Service) EnqueueChecks(ctx context.Context) error {
	return s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		clinics, err := clinicsDue(ctx, tx)
		if err != nil {
			return err
		}
		for _, org := range clinics {
			err := tx.InContextOf(ctx, auth.SystemOf(org), func() error {
				return job.EnqueueTx(ctx, tx, checkKind, struct{}{}, job.Options{})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Check gives the reminders that are due in the context's clinic and, where the clinic suspends, makes one task for each visit that is left
// without a licence. It runs as system and may run as often as it likes.
func (s *Service) Check(ctx context.Context) error {
	return s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		terms, err := s.Clinics.TermsTx(ctx, tx)
		if err != nil {
			return err
		}
		zone, err := time.LoadLocation(terms.Timezone)
		if err != nil {
			return fmt.Errorf("load zone of clinic: %w", err)
		}
		now := tx.Now.In(zone)
		day := civil.DateOf(now)
		if now.Hour() < morning {
			day = day.AddDays(-1)
		}
		if err := s.remindTx(ctx, tx, day); err != nil || !terms.Settings.LicenceSuspension {
			return err
		}
		return s.visitsLeftTx(ctx, tx, zone)
	})
}

func (s *Service) remindTx(ctx context.Context, tx *postgres.Tx, day civil.Date) error {
	ending, err := endingBy(ctx, tx, day.AddDays(thresholds()[0]))
	if err != nil {
		return err
	}
	for _, e := range ending {
		left := e.ExpiresOn.Sub(day)
		days, ok := due(left, e.Given)
		if !ok {
			continue
		}
		id := ident.New[alert]()
		first, err := insertAlert(ctx, tx, id, e, days)
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "create", EntityType: "specialist_licence_alert", EntityID: id.String(),
			Changes: map[string]audit.Change{"licence_id": {nil, e.ID.String()}, "days": {nil, days}},
		})
		var fact event.Fact = ExpiringFact{SpecialistID: e.SpecialistID, LicenceID: e.ID, DaysLeft: left}
		if days == 0 {
			fact = ExpiredFact{SpecialistID: e.SpecialistID, LicenceID: e.ID, DaysLeft: left}
		}
		if err := s.Bus.PublishTx(ctx, tx, fact); err != nil {
			return err
		}
	}
	return nil
}

// visitsLeftTx makes the tasks: one for each visit, in whatever state its task is, on a day on which the specialist has no licence.
func (s *Service) visitsLeftTx(ctx context.Context, tx *postgres.Tx, clinic *time.Location) error {
	today := civil.DateOf(tx.Now.In(clinic))
	// A day more: in the specialist's zone it may be tomorrow already.
	ids, err := withEnded(ctx, tx, today.AddDays(1))
	if err != nil || len(ids) == 0 {
		return err
	}
	people, err := s.Specialists.ByIDsTx(ctx, tx, ids)
	if err != nil {
		return err
	}
	all, err := periods(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, p := range people {
		zone := clinic
		if p.Timezone != nil {
			if zone, err = time.LoadLocation(*p.Timezone); err != nil {
				return fmt.Errorf("load zone of specialist: %w", err)
			}
		}
		if !ended(all[p.ID], civil.DateOf(tx.Now.In(zone))) {
			continue
		}
		if err := s.tasksTx(ctx, tx, p.ID, all[p.ID], zone); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tasksTx(ctx context.Context, tx *postgres.Tx, id specialist.ID, licences []period, zone *time.Location) error {
	visits, err := s.Visits.FutureTx(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if !ended(licences, civil.DateOf(v.Start.In(zone))) {
			continue
		}
		n := task.New{Kind: task.LicenceEnded, SubjectType: "appointment", SubjectID: v.ID, DueAt: &v.Start}
		if err := s.Tasks.AddOnceTx(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
