package scheduling

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// The pushes about times (product/12 §7). They name a specialist and a time, never a person.
const (
	slotHeld            = "slot.held"
	slotReleased        = "slot.released"
	slotBooked          = "slot.booked"
	availabilityChanged = "availability.changed"
	// allSpecialists is the tag of whoever looks at all calendars of the clinic.
	allSpecialists = "slots"
	// sweepEvery is how soon after its end a hold is given back; a second is promised.
	sweepEvery = 250 * time.Millisecond
)

type slotPush struct {
	SpecialistID specialist.ID `json:"specialist_id"`
	Start        time.Time     `json:"start"`
	End          time.Time     `json:"end"`
	Until        *time.Time    `json:"until,omitempty"`
}

type datePush struct {
	SpecialistID specialist.ID `json:"specialist_id"`
	// Date is null for all days.
	Date *string `json:"date"`
}

// tagOf is the tag of whoever looks at one specialist's times.
func tagOf(sp specialist.ID) string { return "slots:" + sp.String() }

func (h *Holds) push(ctx context.Context, org ident.OrgID, kind string, sp specialist.ID, slot civil.Interval, until time.Time) {
	data := slotPush{SpecialistID: sp, Start: slot.Start, End: slot.End}
	if !until.IsZero() {
		data.Until = &until
	}
	h.Live.Publish(ctx, org, live.Event{Type: kind, To: []string{allSpecialists, tagOf(sp)}, Data: data})
}

// PushBooked tells who looks at the specialist that the time is booked. Call it after the commit.
func PushBooked(ctx context.Context, hub *live.Hub, org ident.OrgID, sp specialist.ID, slot civil.Interval) {
	hub.Publish(ctx, org, live.Event{
		Type: slotBooked, To: []string{allSpecialists, tagOf(sp)},
		Data: slotPush{SpecialistID: sp, Start: slot.Start.UTC(), End: slot.End.UTC()},
	})
}

// PushChanged tells who looks at the specialist that the times of a local day have changed: a visit moved or was cancelled, hours
// were edited. No day stands for all of them. Call it after the commit.
func PushChanged(ctx context.Context, hub *live.Hub, org ident.OrgID, sp specialist.ID, day civil.Date) {
	data := datePush{SpecialistID: sp}
	if !day.IsZero() {
		text := day.String()
		data.Date = &text
	}
	hub.Publish(ctx, org, live.Event{Type: availabilityChanged, To: []string{allSpecialists, tagOf(sp)}, Data: data})
}

// daysEach is how many days of a longer exception are told one by one; more are told as all days.
const daysEach = 31

// Subscribe pushes changes of working times to whoever looks at them. Hearing a fact twice pushes twice, which only makes the screens ask again.
func (s Streams) Subscribe(bus *event.Bus) {
	bus.Subscribe(AvailabilityChanged{}.EventType(), "live.availability", func(ctx context.Context, _ *postgres.Tx, r event.Record) error {
		var fact AvailabilityChanged
		if err := json.Unmarshal(r.Data, &fact); err != nil {
			return fmt.Errorf("read changed times: %w", err)
		}
		days := fact.To.Sub(fact.From) + 1
		if fact.From.IsZero() || days > daysEach {
			PushChanged(ctx, s.Live, r.OrgID, fact.SpecialistID, civil.Date{})
			return nil
		}
		for i := range days {
			PushChanged(ctx, s.Live, r.OrgID, fact.SpecialistID, fact.From.AddDays(i))
		}
		return nil
	})
}

// Run gives back holds whose lease has ended, until ctx ends. Every process may run it: each hold is given back once. A round that has
// begun is finished, because what it took from Redis nobody else would push.
func (h *Holds) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := h.sweep(context.WithoutCancel(ctx))
		if err != nil && !failing && ctx.Err() == nil {
			h.Log.LogAttrs(ctx, slog.LevelWarn, "holds not swept", slog.String("error", err.Error()))
		}
		failing = err != nil
	}
}

// sweep pushes first: the slot is back in Redis already, and the log is for later.
func (h *Holds) sweep(ctx context.Context) error {
	leases, err := h.shelf.expired(ctx, h.DB.Now())
	for _, l := range leases {
		h.push(ctx, l.Org, slotReleased, l.Specialist, l.Slot, time.Time{})
	}
	for _, l := range leases {
		org := auth.WithPrincipal(ctx, auth.SystemOf(l.Org))
		if failed := h.log(org, l.Org, "expired", l.slot()); failed != nil {
			h.Log.LogAttrs(ctx, slog.LevelWarn, "expired hold not logged", slog.String("error", failed.Error()))
		}
	}
	return err
}
