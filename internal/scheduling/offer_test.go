package scheduling_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

// counter counts statements.
type counter struct{ atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.Add(1)
	return ctx
}

func (*counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// diary stands for visits and holds.
type diary struct {
	busy, held []scheduling.Block
	last       map[specialist.ID]time.Time
	holder     string
}

func (d *diary) BusyTx(context.Context, *postgres.Tx, []specialist.ID, time.Time, time.Time) ([]scheduling.Block, error) {
	return d.busy, nil
}

func (d *diary) LastBookedTx(context.Context, *postgres.Tx, []specialist.ID) (map[specialist.ID]time.Time, error) {
	return d.last, nil
}

func (d *diary) Held(_ context.Context, _ []specialist.ID, _, _ time.Time, client string) []scheduling.Block {
	if client != "" && client == d.holder {
		return nil
	}
	return d.held
}

// practice is the package on a database of row sets, as the system of clinic A on 2026-02-01.
type practice struct {
	*scheduling.Service
	t       *testing.T
	db      *pgtest.Database
	ctx     context.Context
	diary   *diary
	counter *counter
	service catalog.ServiceID
	people  []specialist.ID
}

// newPractice has n specialists who offer one service of 30 minutes every day from 9 to 12.
func newPractice(t *testing.T, n int) *practice {
	t.Helper()
	d := &practice{t: t, diary: &diary{}, counter: &counter{}, service: ident.New[catalog.Service]()}
	d.db = pgtest.New(t, pgtest.Tracer(d.counter), pgtest.Clock(func() time.Time { return time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC) }))
	super, org := d.db.Super(t), pgtest.ClinicA().Org
	for _, set := range pgtest.RowSets(t) {
		set.Insert(t, super)
	}
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := super.Exec(t.Context(), sql, args...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec(`INSERT INTO services (id, organization_id, name, slug, category, duration_min, base_price_minor, currency, modality, is_public, published,
		buffer_after_min) VALUES ($1, $2, 'Massage', 'massage', 'therapy', 30, 20000, 'RON', '{in_person}', true, true, 10)`, d.service, org)
	for i := range n {
		id := ident.New[specialist.Specialist]()
		d.people = append(d.people, id)
		exec(`INSERT INTO specialists (id, organization_id, name, slug, scheduling_timezone, buffer_before_min) VALUES ($1, $2, $3, $3, 'Europe/Bucharest', 5)`, id, org, fmt.Sprint("s", i))
		exec(`INSERT INTO specialist_details (organization_id, specialist_id) VALUES ($2, $1)`, id, org)
		exec(`INSERT INTO service_specialists (organization_id, service_id, specialist_id) VALUES ($1, $2, $3)`, org, d.service, id)
		exec(`INSERT INTO specialist_hours (id, organization_id, specialist_id, weekday, start_local, end_local)
			SELECT gen_random_uuid(), $1, $2, w, 540, 720 FROM generate_series(1, 7) w`, org, id)
	}
	clinics := organization.New(organization.Deps{DB: d.db.DB})
	specialists := specialist.New(specialist.Deps{DB: d.db.DB})
	d.Service = scheduling.New(scheduling.Deps{
		DB: d.db.DB, Clinics: clinics, Specialists: specialists, Busy: d.diary, Held: d.diary,
		Catalog: catalog.New(catalog.Deps{DB: d.db.DB, Clinics: clinics, Specialists: specialists}),
	})
	d.ctx = auth.WithPrincipal(t.Context(), auth.SystemOf(ident.Must[ident.Organization](org)))
	return d
}

func (d *practice) offered(r scheduling.Request) (scheduling.Offered, error) {
	d.t.Helper()
	var out scheduling.Offered
	err := d.db.InTxAsSystem(d.ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = d.OfferedTx(d.ctx, tx, r)
		return err
	})
	return out, err
}

func (d *practice) request(hour, minute int) scheduling.Request {
	return scheduling.Request{Viewer: scheduling.Visitor, Service: d.service, Start: time.Date(2026, 2, 3, hour, minute, 0, 0, time.UTC)}
}

func block(id specialist.ID, hour, minute, length int) scheduling.Block {
	from := time.Date(2026, 2, 3, hour, minute, 0, 0, time.UTC)
	return scheduling.Block{Specialist: id, Interval: civil.Interval{Start: from, End: from.Add(time.Duration(length) * time.Minute)}}
}

// A month of twenty specialists takes the same statements as a day of one.
func TestFind_constantStatements(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 20)
	count := func(a scheduling.Ask) int64 {
		before := d.counter.Load()
		found, err := d.Find(d.ctx, a)
		if err != nil || len(found.Times) == 0 {
			t.Fatalf("%d times, %v", len(found.Times), err)
		}
		return d.counter.Load() - before
	}
	day := civil.Date{Year: 2026, Month: 2, Day: 3}

	one := count(scheduling.Ask{Viewer: scheduling.Visitor, Service: d.service, Specialist: d.people[0], From: day, To: day})
	all := count(scheduling.Ask{Viewer: scheduling.Visitor, Service: d.service, From: day, To: day.AddDays(scheduling.MaxSpan - 1)})

	if one != all || all > 9 {
		t.Errorf("a day of one takes %d statements, two months of twenty %d", one, all)
	}
}

func TestOffered_carriesWhatAVisitCopies(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 1)
	r := d.request(7, 30)
	r.Specialist = d.people[0]

	o, err := d.offered(r)

	if err != nil || o.Specialist != d.people[0] || o.ServiceName != "Massage" || o.SpecialistName != "s0" || o.DurationMin != 30 ||
		!o.End.Equal(r.Start.Add(30*time.Minute)) || *o.PriceMinor != 20000 || o.PriceSource != "service" || o.Currency != "RON" ||
		o.BufferBeforeMin != 5 || o.BufferAfterMin != 10 || o.Timezone != "Europe/Bucharest" || o.Assignment != "asked" {
		t.Errorf("%+v, %v", o, err)
	}
}

// What hours, grid, notice and catalogue do not offer is slot_not_offered; what only visits and holds of others stand against is
// slot_taken.
func TestOffered_refusals(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 1)
	d.diary.busy = []scheduling.Block{block(d.people[0], 8, 0, 30)}
	d.diary.held, d.diary.holder = []scheduling.Block{block(d.people[0], 9, 0, 30)}, "me"
	for name, c := range map[string]struct { //nolint:paralleltest // they share one diary
		request scheduling.Request
		client  string
		want    error
	}{
		"free":                            {d.request(7, 0), "", nil},
		"before the hours":                {d.request(6, 30), "", scheduling.ErrSlotNotOffered},
		"off the grid":                    {d.request(7, 10), "", scheduling.ErrSlotNotOffered},
		"would end after the hours":       {d.request(10, 0), "", scheduling.ErrSlotNotOffered},
		"taken":                           {d.request(8, 0), "", scheduling.ErrSlotTaken},
		"its buffer before meets a visit": {d.request(8, 30), "", scheduling.ErrSlotTaken},
		"its buffer after meets a visit":  {d.request(7, 30), "", scheduling.ErrSlotTaken},
		"held by somebody":                {d.request(9, 0), "you", scheduling.ErrSlotTaken},
		"held by the caller":              {d.request(9, 0), "me", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.request.Client = c.client
			if _, err := d.offered(c.request); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	unknown := d.request(7, 0)
	unknown.Service = ident.New[catalog.Service]()
	if _, err := d.offered(unknown); !errors.Is(err, scheduling.ErrSlotNotOffered) {
		t.Errorf("an unknown service: %v", err)
	}
	past := d.request(7, 0)
	past.Start = past.Start.AddDate(0, 0, -3)
	if _, err := d.offered(past); !errors.Is(err, scheduling.ErrSlotNotOffered) {
		t.Errorf("a start in the past: %v", err)
	}
}

// Priority first; among equals who was booked least recently; then the lower id.
func TestOffered_choosesASpecialist(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 3)
	at := func(day int) time.Time { return time.Date(2026, 1, day, 9, 0, 0, 0, time.UTC) }
	choose := func(what string, want int, how string) {
		t.Helper()
		o, err := d.offered(d.request(7, 0))
		if err != nil || o.Specialist != d.people[want] || o.Assignment != how {
			t.Errorf("%s: %s by %s, %v; want %s by %s", what, o.SpecialistName, o.Assignment, err, fmt.Sprint("s", want), how)
		}
	}
	choose("nobody was booked", 0, "id")
	d.diary.last = map[specialist.ID]time.Time{d.people[0]: at(5), d.people[1]: at(3), d.people[2]: at(4)}
	choose("all were booked", 1, "least_recently_booked")
	delete(d.diary.last, d.people[2])
	choose("one never was", 2, "least_recently_booked")
	d.diary.held = []scheduling.Block{block(d.people[2], 7, 0, 30)}
	choose("that one is held", 1, "least_recently_booked")
	if _, err := d.db.Super(t).Exec(t.Context(), "UPDATE service_specialists SET priority = 10 WHERE specialist_id = $1", d.people[0]); err != nil {
		t.Fatal(err)
	}
	choose("one comes first", 0, "priority")
	d.diary.busy = []scheduling.Block{block(d.people[0], 7, 0, 30), block(d.people[1], 7, 0, 30)}
	if _, err := d.offered(d.request(7, 0)); !errors.Is(err, scheduling.ErrSlotTaken) {
		t.Errorf("nobody is free: %v", err)
	}
}

func TestNext_answersTheNextFreeStarts(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 1)
	d.diary.busy = []scheduling.Block{block(d.people[0], 7, 0, 150)}
	var starts []time.Time
	err := d.db.InTxAsSystem(d.ctx, func(tx *postgres.Tx) error {
		var err error
		starts, err = d.NextTx(d.ctx, tx, d.request(8, 0), 3)
		return err
	})
	if err != nil || len(starts) != 3 || starts[0].Format("02T15:04") != "04T07:00" || starts[2].Format("02T15:04") != "04T08:00" {
		t.Errorf("%v, %v", starts, err)
	}
}

func TestOffering_asTheRoleSees(t *testing.T) {
	t.Parallel()
	d := newPractice(t, 2)
	org := ident.Must[ident.Organization](pgtest.ClinicA().Org)
	ask := func(ctx context.Context, service catalog.ServiceID) (ids []specialist.ID, err error) {
		err = d.db.InTx(ctx, func(tx *postgres.Tx) error {
			var err error
			ids, err = d.OfferingTx(ctx, tx, service)
			return err
		})
		return ids, err
	}
	visitor := auth.WithPrincipal(t.Context(), auth.AnonymousOf(org))
	if ids, err := ask(visitor, d.service); err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
	if _, err := d.db.Super(t).Exec(t.Context(), "UPDATE services SET published = false WHERE id = $1", d.service); err != nil {
		t.Fatal(err)
	}
	if ids, err := ask(visitor, d.service); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a draft: %v, %v", ids, err)
	}
}
