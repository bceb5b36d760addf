package scheduling

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// How a specialist was found.
const (
	assignedAsked    = "asked"
	assignedPriority = "priority"
	assignedRecent   = "least_recently_booked"
	assignedID       = "id"
)

// ask turns a request for one start into a look at the days around it.
func (r Request) ask(days int) Ask {
	day := civil.DateOf(r.Start.UTC())
	return Ask{
		Viewer: r.Viewer, Service: r.Service, Specialist: r.Specialist, From: day, To: day.AddDays(days), Zone: time.UTC,
		Client: r.Client, IgnoreNotice: r.IgnoreNotice,
	}
}

// OfferedTx answers everything that a visit at the start copies. It refuses with slot_not_offered a start that the hours, the notice
// or the catalogue do not offer, and with slot_taken one that only visits or holds of others stand against. The transaction must see
// all visits of the clinic: staff or the system.
//
// When the clinic may choose, the lowest priority number among the free specialists wins; among equals under the same price and length, who
// was booked least recently, then the lower id. Visits are shared by weight in calendars only.
func (s *Service) OfferedTx(ctx context.Context, tx *postgres.Tx, r Request) (Offered, error) {
	a := r.ask(0)
	sup, err := s.supplyTx(ctx, tx, a)
	if errors.Is(err, catalog.ErrNotFound) || errors.Is(err, specialist.ErrNotFound) {
		return Offered{}, ErrSlotNotOffered
	}
	if err != nil {
		return Offered{}, err
	}
	sup.block(s.Held.Held(ctx, sup.ids(), sup.begin.AddDate(0, 0, -1), sup.end.AddDate(0, 0, 1), r.Client))
	free := sup.at(r.Start)
	if len(free) == 0 {
		for i := range sup.providers {
			sup.providers[i].candidate.Busy = nil
		}
		if len(sup.at(r.Start)) > 0 {
			return Offered{}, ErrSlotTaken
		}
		return Offered{}, ErrSlotNotOffered
	}
	chosen, how, err := s.chooseTx(ctx, tx, &sup, free)
	if err != nil {
		return Offered{}, err
	}
	if !r.Specialist.IsZero() {
		how = assignedAsked
	}
	p := &sup.providers[chosen]
	out := Offered{
		Service: sup.service.ID, ServiceName: sup.service.Name, Specialist: p.id, SpecialistName: p.name,
		Start: r.Start.UTC(), End: r.Start.UTC().Add(time.Duration(p.durationMin) * time.Minute), DurationMin: p.durationMin,
		PriceMinor: p.price, PriceSource: p.priceSource, Currency: sup.service.Currency, BufferBeforeMin: p.before, BufferAfterMin: p.after,
		Timezone: p.zone.String(), Modality: sup.service.Modality, Assignment: how,
	}
	for _, i := range free {
		out.Candidates = append(out.Candidates, sup.providers[i].id)
	}
	return out, nil
}

// at answers who is free at the start, in the order of choice.
func (s *supply) at(start time.Time) []int {
	_, free := s.free()
	for t, list := range free {
		if t.Equal(start) {
			return list
		}
	}
	return nil
}

// chooseTx picks among the free ones, at least one, and says by which rule.
func (s *Service) chooseTx(ctx context.Context, tx *postgres.Tx, sup *supply, free []int) (chosen int, how string, err error) {
	lead := &sup.providers[free[0]]
	equal := slices.DeleteFunc(slices.Clone(free), func(i int) bool {
		return sup.providers[i].priority != lead.priority || !sup.providers[i].sameTerms(lead)
	})
	if len(equal) == 1 {
		return free[0], assignedPriority, nil
	}
	ids := make([]specialist.ID, len(equal))
	for n, i := range equal {
		ids[n] = sup.providers[i].id
	}
	last, err := s.Busy.LastBookedTx(ctx, tx, ids)
	if err != nil {
		return 0, "", err
	}
	n, decided := leastRecent(ids, last)
	if !decided {
		return equal[n], assignedID, nil
	}
	return equal[n], assignedRecent, nil
}

// leastRecent answers the index of who was booked longest ago; who never was comes first. The ids are ordered, so a tie goes to the
// lower id and is reported as not decided.
func leastRecent(ids []specialist.ID, last map[specialist.ID]time.Time) (index int, decided bool) {
	decided = true
	for n := 1; n < len(ids); n++ {
		switch order := last[ids[n]].Compare(last[ids[index]]); {
		case order < 0:
			index, decided = n, true
		case order == 0:
			decided = false
		}
	}
	return index, decided
}

// NextTx answers at most n starts that are offered from the request's own on, within a month. Holds of others count.
func (s *Service) NextTx(ctx context.Context, tx *postgres.Tx, r Request, n int) ([]time.Time, error) {
	sup, err := s.supplyTx(ctx, tx, r.ask(horizon))
	if errors.Is(err, catalog.ErrNotFound) || errors.Is(err, specialist.ErrNotFound) {
		return []time.Time{}, nil
	}
	if err != nil {
		return nil, err
	}
	sup.block(s.Held.Held(ctx, sup.ids(), sup.begin.AddDate(0, 0, -1), sup.end.AddDate(0, 0, 1), r.Client))
	starts, _ := sup.free()
	starts = slices.DeleteFunc(starts, func(t time.Time) bool { return t.Before(r.Start) })
	return starts[:min(n, len(starts))], nil
}

// OfferingTx answers who offers a service that the transaction's role sees; service_not_found otherwise.
func (s *Service) OfferingTx(ctx context.Context, tx *postgres.Tx, service catalog.ServiceID) ([]specialist.ID, error) {
	v, err := s.Catalog.ByIDTx(ctx, tx, service)
	if err != nil {
		return nil, err
	}
	var out []specialist.ID
	for _, o := range v.Offers {
		if o.Active {
			out = append(out, o.SpecialistID)
		}
	}
	return out, nil
}
