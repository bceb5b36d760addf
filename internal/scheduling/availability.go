package scheduling

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

const (
	// MaxSpan is how many days one look at times may cover.
	MaxSpan = 62
	// lookBack is how far a stretch of work over several midnights is followed, so that its grid begins where the work does.
	lookBack = 7
	// horizon is how far ahead the next free starts are looked for.
	horizon = 31
)

// Ask is one look at the times of a service.
type Ask struct {
	Viewer  Viewer
	Service catalog.ServiceID
	// Specialist is zero for anybody who offers the service.
	Specialist specialist.ID
	// From and To are days of Zone, both included.
	From, To civil.Date
	// Zone is nil for the specialist's zone when one is asked for, and the clinic's otherwise.
	Zone *time.Location
	// Client is the caller whose own holds do not block.
	Client string
	// IgnoreNotice shows staff the times inside the clinic's notice.
	IgnoreNotice bool
}

// Time is a start that can be kept. Who may choose nobody gets one per start: the one that booking would give.
type Time struct {
	Start, End time.Time
	// Specialists are free then, offer this price and length, and stand in the order in which they are chosen.
	Specialists []specialist.ID
	PriceMinor  *int64
	DurationMin int
}

// Availability is what a service offers in some days.
type Availability struct {
	Times []Time
	// Timezone is the zone of the days.
	Timezone string
	From, To civil.Date
	// Callback tells that no time can be chosen at all: the service has no length or nobody who works, so the clinic calls back.
	Callback bool
}

// provider is a specialist as one service is offered by him or her.
type provider struct {
	id            specialist.ID
	name          string
	zone          *time.Location
	priority      int
	durationMin   int
	price         *int64
	priceSource   string
	before, after int
	candidate     Candidate
}

func (p *provider) sameTerms(o *provider) bool {
	if p.durationMin != o.durationMin || (p.price == nil) != (o.price == nil) {
		return false
	}
	return p.price == nil || *p.price == *o.price
}

// supply is everything that the engine needs about one service in some days.
type supply struct {
	service    catalog.Service
	providers  []provider
	zone       *time.Location
	begin, end time.Time
	query      Query
	// works tells that somebody has hours at all, whether or not they are free.
	works bool
}

// Find answers the times of a service. It takes the same statements however many days and specialists are asked for, and reads as the
// clinic's system, because nobody else sees all that is booked.
func (s *Service) Find(ctx context.Context, a Ask) (Availability, error) {
	if days := a.To.Sub(a.From); days < 0 || days >= MaxSpan {
		return Availability{}, apperror.ErrBadRequest.At("query.to", fmt.Sprintf("is not before from and at most %d days later", MaxSpan-1))
	}
	var sup supply
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var err error
		sup, err = s.supplyTx(ctx, tx, a)
		return err
	})
	if err != nil {
		return Availability{}, err
	}
	sup.block(s.Held.Held(ctx, sup.ids(), sup.begin.AddDate(0, 0, -1), sup.end.AddDate(0, 0, 1), a.Client))
	out := Availability{Timezone: sup.zone.String(), From: a.From, To: a.To, Callback: !sup.works, Times: sup.times()}
	if a.Viewer != Staff {
		out.Times = firstPerStart(out.Times)
	}
	return out, nil
}

// firstPerStart leaves what booking without a choice would give.
func firstPerStart(times []Time) []Time {
	return slices.CompactFunc(times, func(a, b Time) bool { return a.Start.Equal(b.Start) })
}

// supplyTx reads what a look needs: the clinic's terms, the service with its offers, the specialists, their weeks, their exceptions
// and what is booked.
func (s *Service) supplyTx(ctx context.Context, tx *postgres.Tx, a Ask) (supply, error) {
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return supply{}, err
	}
	service, err := s.Catalog.ByIDTx(ctx, tx, a.Service)
	if err != nil {
		return supply{}, err
	}
	if a.Viewer != Staff && (service.IsAddon || !service.Published) || a.Viewer == Visitor && !service.IsPublic {
		return supply{}, catalog.ErrNotFound
	}
	clinic, err := time.LoadLocation(terms.Timezone)
	if err != nil {
		return supply{}, fmt.Errorf("load zone of clinic: %w", err)
	}
	sup := supply{service: service, zone: a.Zone}
	if err := s.providersTx(ctx, tx, a, clinic, &sup); err != nil {
		return supply{}, err
	}
	if sup.zone == nil {
		sup.zone = clinic
	}
	sup.begin, sup.end = civil.Midnight(a.From, sup.zone), civil.Midnight(a.To.AddDays(1), sup.zone)
	earliest := tx.Now
	if !a.IgnoreNotice || a.Viewer != Staff {
		earliest = tx.Now.Add(time.Duration(terms.Settings.MinNoticeMinutes) * time.Minute)
	}
	if earliest.Before(sup.begin) {
		earliest = sup.begin
	}
	// One day more on either side: a day of the asking zone touches up to three days of a specialist's.
	sup.query = Query{
		From: a.From.AddDays(-1), To: a.To.AddDays(1), NotBefore: earliest, NotAfter: sup.end, BuffersInside: !terms.Settings.BufferOutsideHours,
	}
	return sup, s.timesTx(ctx, tx, &sup)
}

// providersTx finds who offers the service to the viewer, in the order in which they are chosen.
func (s *Service) providersTx(ctx context.Context, tx *postgres.Tx, a Ask, clinic *time.Location, sup *supply) error {
	offers, ids := askedOffers(a, sup.service)
	people, err := s.Specialists.ByIDsTx(ctx, tx, ids)
	if err != nil {
		return err
	}
	if !a.Specialist.IsZero() && (len(people) == 0 || a.Viewer == Visitor && !people[0].Active) {
		return specialist.ErrNotFound
	}
	for _, p := range people {
		zone, err := zoneOf(p, clinic)
		if err != nil {
			return err
		}
		if p.ID == a.Specialist && sup.zone == nil {
			sup.zone = zone
		}
		o, offered := offers[p.ID]
		if !offered || !p.Active || p.Timezone == nil && a.Viewer != Staff {
			continue
		}
		if made, ok := providerOf(sup.service, o, p, zone); ok {
			sup.providers = append(sup.providers, made)
		}
	}
	slices.SortFunc(sup.providers, func(x, y provider) int {
		if x.priority != y.priority {
			return x.priority - y.priority
		}
		return strings.Compare(x.id.String(), y.id.String())
	})
	return nil
}

// askedOffers are the active offers that the question is about, and whom to read for them: the specialist who is named, else all.
func askedOffers(a Ask, v catalog.Service) (map[specialist.ID]catalog.Offer, []specialist.ID) {
	offers, ids := map[specialist.ID]catalog.Offer{}, []specialist.ID{}
	for _, o := range v.Offers {
		if o.Active && (a.Specialist.IsZero() || o.SpecialistID == a.Specialist) {
			offers[o.SpecialistID] = o
			ids = append(ids, o.SpecialistID)
		}
	}
	if !a.Specialist.IsZero() {
		ids = []specialist.ID{a.Specialist}
	}
	return offers, ids
}

// zoneOf is where the hours of the specialist are meant: the own zone, else the clinic's.
func zoneOf(p specialist.Specialist, clinic *time.Location) (*time.Location, error) {
	if p.Timezone == nil {
		return clinic, nil
	}
	zone, err := time.LoadLocation(*p.Timezone)
	if err != nil {
		return nil, fmt.Errorf("load zone of specialist: %w", err)
	}
	return zone, nil
}

// providerOf applies what the offer replaces; false for an offer without a length, and for an add-on, which is never booked alone.
// Of the buffers of service and specialist the longer one counts on either side.
func providerOf(v catalog.Service, o catalog.Offer, p specialist.Specialist, zone *time.Location) (provider, bool) {
	out := provider{
		id: p.ID, name: p.Name, zone: zone, priority: o.Priority, price: v.PriceMinor, priceSource: "service",
		before: max(v.BufferBeforeMin, p.BufferBeforeMin), after: max(v.BufferAfterMin, p.BufferAfterMin),
	}
	if o.PriceMinor != nil {
		out.price, out.priceSource = o.PriceMinor, "specialist"
	}
	switch {
	case o.DurationMin != nil:
		out.durationMin = *o.DurationMin
	case v.DurationMin != nil:
		out.durationMin = *v.DurationMin
	}
	return out, out.durationMin > 0 && !v.IsAddon
}

// timesTx reads the working times and what is booked, and follows work that began before the window.
func (s *Service) timesTx(ctx context.Context, tx *postgres.Tx, sup *supply) error {
	ids := sup.ids()
	hours, err := weeks(ctx, tx, ids)
	if err != nil {
		return err
	}
	days, err := exceptions(ctx, tx, ids, sup.query.From.AddDays(-lookBack-1), sup.query.To)
	if err != nil {
		return err
	}
	busy, err := s.Busy.BusyTx(ctx, tx, ids, sup.begin.AddDate(0, 0, -1), sup.end.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	first := sup.query.From
	for i := range sup.providers {
		p := &sup.providers[i]
		p.candidate = Candidate{
			Zone: p.zone, Overrides: days[p.id],
			BufferBefore: time.Duration(p.before) * time.Minute, BufferAfter: time.Duration(p.after) * time.Minute,
		}
		for _, t := range hours[p.id] {
			p.candidate.Weekly[t.Weekday] = append(p.candidate.Weekly[t.Weekday], t.Range)
		}
		sup.works = sup.works || len(hours[p.id]) > 0 || opens(days[p.id])
		if from := p.candidate.anchor(sup.query.From); from.Before(first) {
			first = from
		}
	}
	sup.query.From = first
	sup.block(busy)
	return nil
}

// opens tells whether an exception brings hours of its own.
func opens(days map[civil.Date][]Override) bool {
	for _, entries := range days {
		if slices.ContainsFunc(entries, func(o Override) bool { return o.Available && len(o.Ranges) > 0 }) {
			return true
		}
	}
	return false
}

// anchor is the day on which the work that reaches into the day began: while a day ends at 24:00 and the next one goes on at 00:00,
// the grid of slots goes through. Work around the clock is followed for lookBack days.
func (c *Candidate) anchor(day civil.Date) civil.Date {
	on := func(d civil.Date) []civil.Range { return c.hoursOn(&dayInfo{date: d, weekday: d.Weekday()}) }
	for range lookBack {
		before := day.AddDays(-1)
		goesOn := slices.ContainsFunc(on(day), func(r civil.Range) bool { return r.Start == 0 }) &&
			slices.ContainsFunc(on(before), func(r civil.Range) bool { return r.End == civil.EndOfDay })
		if !goesOn {
			return day
		}
		day = before
	}
	return day
}

func (s *supply) ids() []specialist.ID {
	out := make([]specialist.ID, len(s.providers))
	for i := range s.providers {
		out[i] = s.providers[i].id
	}
	return out
}

// block adds times in which specialists cannot be booked.
func (s *supply) block(blocks []Block) {
	places := make(map[specialist.ID]int, len(s.providers))
	for i := range s.providers {
		places[s.providers[i].id] = i
	}
	for _, b := range blocks {
		if i, asked := places[b.Specialist]; asked {
			s.providers[i].candidate.Busy = append(s.providers[i].candidate.Busy, b.Interval)
		}
	}
}

// free answers by start who is free then, each list in the order of choice. Lengths differ between specialists, so the engine runs
// once for each length; the grid is the length.
func (s *supply) free() ([]time.Time, map[time.Time][]int) {
	byLength := map[int][]int{}
	for i := range s.providers {
		byLength[s.providers[i].durationMin] = append(byLength[s.providers[i].durationMin], i)
	}
	out := map[time.Time][]int{}
	for length, indexes := range byLength {
		candidates := make([]Candidate, len(indexes))
		for n, i := range indexes {
			candidates[n] = s.providers[i].candidate
		}
		q := s.query
		q.Duration = time.Duration(length) * time.Minute
		q.Grid = q.Duration
		for _, slot := range Offer(q, candidates) {
			for _, n := range slot.Candidates {
				out[slot.Start] = append(out[slot.Start], indexes[n])
			}
		}
	}
	starts := make([]time.Time, 0, len(out))
	for start, list := range out {
		slices.Sort(list)
		starts = append(starts, start)
	}
	slices.SortFunc(starts, time.Time.Compare)
	return starts, out
}

// times unites what starts at once under the same terms.
func (s *supply) times() []Time {
	starts, free := s.free()
	out := make([]Time, 0, len(starts))
	for _, start := range starts {
		left := free[start]
		for len(left) > 0 {
			lead := &s.providers[left[0]]
			t := Time{Start: start, End: start.Add(time.Duration(lead.durationMin) * time.Minute), PriceMinor: lead.price, DurationMin: lead.durationMin}
			var others []int
			for _, i := range left {
				if s.providers[i].sameTerms(lead) {
					t.Specialists = append(t.Specialists, s.providers[i].id)
				} else {
					others = append(others, i)
				}
			}
			out = append(out, t)
			left = others
		}
	}
	return out
}
