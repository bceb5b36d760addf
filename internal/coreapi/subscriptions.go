package coreapi

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
	"github.com/restartix/platform/internal/task"
)

// The tags of who a visit concerns.
func toSpecialist(id specialist.ID) string { return "specialist:" + id.String() }
func toPatient(id patient.ID) string       { return "patient:" + id.String() }

// concerns implements live.Concerns: a patient hears about the own visits, a specialist about those that are the own.
func (a *App) concerns(ctx context.Context) ([]string, error) {
	p, _ := auth.From(ctx)
	switch p.Role {
	case auth.Patient:
		own, err := a.patients.List(ctx, patient.Find{})
		var tags []string
		for _, one := range own.Rows { // row-level security shows a patient nobody else
			tags = append(tags, toPatient(one.ID))
		}
		return tags, err
	case auth.Specialist:
		var tags []string
		err := a.db.InTx(ctx, func(tx *postgres.Tx) error {
			own, err := a.specialists.OwnTx(ctx, tx)
			if !own.IsZero() {
				tags = append(tags, toSpecialist(own))
			}
			return err
		})
		return tags, err
	case auth.Anonymous, auth.CustomerSupport, auth.Admin, auth.Superadmin, auth.System:
	}
	return nil, nil
}

type visitPush struct {
	ID         string             `json:"id"`
	Status     appointment.Status `json:"status"`
	RowVersion int64              `json:"row_version"`
}

type taskPush struct {
	SubjectType string `json:"subject_type"`
	SubjectID   string `json:"subject_id"`
}

// pushVisits tells the screens what became of visits. A push that is told twice makes a screen ask once more, so the listener may run
// again.
func (a *App) pushVisits() {
	for _, fact := range []event.Fact{appointment.BookedFact{}, appointment.OnboardedFact{}, appointment.ConfirmedFact{}, appointment.CancelledFact{}} {
		kind := fact.EventType()
		a.bus.Subscribe(kind, "live."+kind, a.pushVisit)
	}
}

func (a *App) pushVisit(ctx context.Context, tx *postgres.Tx, r event.Record) error {
	id, err := ident.Parse[appointment.Appointment](r.AggregateID)
	if err != nil {
		return fmt.Errorf("push visit: %w", err)
	}
	v, err := a.appointments.ReadTx(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("push visit: %w", err)
	}
	to := []string{live.ToOffice, toSpecialist(v.SpecialistID)}
	if !v.PatientID.IsZero() {
		to = append(to, toPatient(v.PatientID))
	}
	a.live.Publish(ctx, r.OrgID, live.Event{
		Type: "appointment.updated", To: to, Data: visitPush{ID: v.ID.String(), Status: v.Status, RowVersion: v.RowVersion},
	})
	switch r.Type {
	case appointment.BookedFact{}.EventType():
		if v.Source == appointment.FromPublic { // what a guest books is to be confirmed by phone
			a.pushTask(ctx, r.OrgID, taskPush{SubjectType: "appointment", SubjectID: v.ID.String()})
		}
		scheduling.PushBooked(ctx, a.live, r.OrgID, v.SpecialistID, civil.Interval{Start: v.Start, End: v.End})
	case appointment.CancelledFact{}.EventType():
		zone, err := time.LoadLocation(v.Timezone)
		if err != nil {
			return fmt.Errorf("push visit: %w", err)
		}
		scheduling.PushChanged(ctx, a.live, r.OrgID, v.SpecialistID, civil.DateOf(v.Start.In(zone)))
	}
	return nil
}

// pushTasks tells the office what became of its tasks. A closed one is heard of by its own fact, because the listener that closes the
// tasks of a visit may come later than the one that pushes the visit.
func (a *App) pushTasks() {
	a.bus.Subscribe(task.ClosedFact{}.EventType(), "live.task.closed", func(ctx context.Context, _ *postgres.Tx, r event.Record) error {
		var fact task.ClosedFact
		if err := json.Unmarshal(r.Data, &fact); err != nil {
			return fmt.Errorf("push task: %w", err)
		}
		a.pushTask(ctx, r.OrgID, taskPush{SubjectType: fact.SubjectType, SubjectID: fact.SubjectID})
		return nil
	})
}

func (a *App) pushTask(ctx context.Context, org ident.OrgID, data taskPush) {
	a.live.Publish(ctx, org, live.Event{Type: "task.updated", To: []string{live.ToOffice}, Data: data})
}
