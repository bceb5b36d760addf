package credit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/credit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

func day(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Verifies CORE-06: ten sessions for 180 days from 2026-01-10, booked, used, given back and booked out.
func TestLedger_tenSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := w.plan(object{"session_count": 10, "validity_days": 180})
	w.api.Move(time.Date(2026, 1, 10, 8, 0, 0, 0, time.UTC))
	id := w.sellOn(plan, "2026-01-10")
	if p := w.look(id); p.CreditsExpireOn.String() != "2026-07-08" || sums(p) != "10/0/0" {
		t.Fatalf("sold %+v", p)
	}
	on := day("2026-01-12")
	step := func(want string, err error) {
		t.Helper()
		if got := sums(w.look(id)); err != nil || got != want {
			t.Fatalf("%s, %v; want %s", got, err, want)
		}
	}
	first, second := w.visit(), w.visit()
	step("9/1/0", w.reserve(first, on))
	step("9/1/0", w.reserve(first, on)) // the same visit holds its session once
	step("9/0/1", w.consume(first))
	if err := w.consume(first); !errors.Is(err, credit.ErrNotReserved) {
		t.Errorf("a visit is settled twice: %v", err)
	}
	step("8/1/1", w.reserve(second, on))
	step("9/0/1", w.release(second))
	for range 9 {
		if err := w.reserve(w.visit(), on); err != nil {
			t.Fatal(err)
		}
	}
	step("0/9/1", nil)
	if err := w.reserve(w.visit(), on); !errors.Is(err, credit.ErrNoCredit) {
		t.Errorf("the eleventh session: %v", err)
	}
	if err := w.reserve(w.visit(), day("2026-07-09")); !errors.Is(err, credit.ErrNoCredit) {
		t.Errorf("a visit after the last day: %v", err)
	}
}

// Verifies CORE-06: on 2026-07-09 00:00 in Bucharest the three free sessions are lost, once.
func TestLedger_expiresAtMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := w.plan(object{"session_count": 10, "validity_days": 180})
	w.api.Move(time.Date(2026, 1, 10, 8, 0, 0, 0, time.UTC))
	id := w.sellOn(plan, "2026-01-10")
	for range 7 {
		visit := w.visit()
		if err := errors.Join(w.reserve(visit, day("2026-01-12")), w.consume(visit)); err != nil {
			t.Fatal(err)
		}
	}
	midnight := func(at time.Time) credit.Detail {
		t.Helper()
		w.api.Move(at)
		for range 2 {
			if err := w.api.App.Credit().Midnight(w.asSystem()); err != nil {
				t.Fatal(err)
			}
		}
		return w.look(id)
	}
	if p := midnight(time.Date(2026, 7, 8, 20, 50, 0, 0, time.UTC)); sums(p) != "3/0/7" || p.Status != "active" {
		t.Fatalf("on the last day %s, %s", sums(p), p.Status)
	}
	p := midnight(time.Date(2026, 7, 8, 21, 0, 0, 0, time.UTC))
	if sums(p) != "0/0/7" || p.Status != "expired" || !slices.Equal(recognised(p, credit.Expire), []int64{30_000}) {
		t.Fatalf("on the day after %s, %s, lost %v", sums(p), p.Status, recognised(p, credit.Expire))
	}
	if last := p.Entries[len(p.Entries)-1]; last.Kind != "expire" || last.Available != -3 || last.EffectiveOn.String() != "2026-07-09" {
		t.Errorf("the last row is %+v", last)
	}
	if n := w.events("service_plan.expired"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := w.events("service_plan.expiring"); n != 1 { // the midnight of the last day is the first that was worked off
		t.Errorf("warned %d times", n)
	}
}

func (w *world) events(kind string) int {
	w.t.Helper()
	var n int
	if err := w.super.QueryRow(w.t.Context(), "SELECT count(*) FROM outbox_events WHERE type = $1", kind).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// The periodic look at all clinics finds the clinic whose day has begun, and nothing once its midnight was worked off.
func TestLedger_midnightsAreEnqueued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sold(w.plan(object{"session_count": 10}), nil)
	jobs := func() (n int) {
		if err := w.api.App.Credit().EnqueueMidnights(w.asSystem()); err != nil {
			t.Fatal(err)
		}
		if err := w.super.QueryRow(t.Context(), "SELECT count(*) FROM river.river_job WHERE kind = 'credit.midnight'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := jobs()
	w.api.Clock.Advance(24 * time.Hour)
	if after := jobs(); after != before+1 {
		t.Errorf("%d jobs, then %d", before, after)
	}
	if err := w.api.App.Credit().Midnight(w.asSystem()); err != nil {
		t.Fatal(err)
	}
	if again := jobs(); again != before+1 {
		t.Errorf("%d jobs after the midnight", again)
	}
}

// Verifies CORE-12: three sessions for 1000.00 earn 333.33, 333.33 and 333.34.
func TestLedger_recognisesSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sold(w.plan(object{"session_count": 3}), nil)
	for range 3 {
		visit := w.visit()
		if err := errors.Join(w.reserve(visit, day("2027-01-04")), w.consume(visit)); err != nil {
			t.Fatal(err)
		}
	}
	p := w.read(id)
	if got := p.recognised("consume"); !slices.Equal(got, []int64{33_333, 33_333, 33_334}) {
		t.Errorf("earned %v", got)
	}
	if p.Status != "exhausted" || w.events("service_plan.exhausted") != 1 || w.events("service_plan.sessions_low") != 1 {
		t.Errorf("%s, told %d times, low %d times", p.Status, w.events("service_plan.exhausted"), w.events("service_plan.sessions_low"))
	}
}

// Verifies CORE-07: a hybrid plan of six sessions and three months from 2026-10-01 opens telerehab to the end of 2026-12-31.
func TestLedger_hybridAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := w.plan(object{"type": "hybrid", "session_count": 6, "window_months": 3, "telerehab_access": true})
	w.api.Move(time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC))
	id := w.sellOn(plan, "2026-10-01")
	look := func(at time.Time) (bool, string) {
		t.Helper()
		w.api.Move(at)
		if err := w.api.App.Credit().Midnight(w.asSystem()); err != nil {
			t.Fatal(err)
		}
		has, err := w.api.App.Credit().Of(w.asDesk(t.Context()), ident.Must[patient.Patient](w.patient))
		if err != nil {
			t.Fatal(err)
		}
		return has.Telerehab.Open, has.Telerehab.Until.String()
	}
	if open, until := look(time.Date(2026, 12, 31, 21, 50, 0, 0, time.UTC)); !open || until != "2026-12-31" {
		t.Errorf("ten minutes before the end: %t, %s", open, until)
	}
	if open, _ := look(time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC)); open {
		t.Error("open after the last day")
	}
	p := w.look(id)
	var earned int64
	for _, minor := range recognised(p, credit.Period) {
		earned += minor
	}
	if sums(p) != "6/0/0" || p.Status != "active" || len(recognised(p, credit.Period)) != 92 || earned != 50_000 {
		t.Errorf("%s, %s, %d days earned %d", sums(p), p.Status, len(recognised(p, credit.Period)), earned)
	}
}

// The book is never changed: not by the program's role, not by the owner of the database.
func TestLedger_isAppendOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sold(w.plan(object{"session_count": 3}), nil)
	for _, statement := range []string{
		"UPDATE entitlement_ledger SET d_available = 99", "UPDATE entitlement_ledger SET patient_id = patient_id", "DELETE FROM entitlement_ledger",
		"TRUNCATE entitlement_ledger CASCADE", "SET session_replication_role = replica; DELETE FROM entitlement_ledger",
	} {
		if _, err := w.super.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	err := w.in(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE entitlement_ledger SET d_available = 99")
		return err
	})
	if err == nil {
		t.Error("the desk changes the book")
	}
	// The sum is refused below nothing by the database alone.
	_, err = w.super.Exec(t.Context(), `INSERT INTO entitlement_ledger (id, organization_id, patient_id, patient_service_plan_id, kind, d_available,
		currency, effective_on, reason) SELECT gen_random_uuid(), organization_id, patient_id, id, 'adjust', -4, 'RON', '2026-01-01', 'past every rule' FROM patient_service_plans`)
	if postgres.Constraint(err) != "entitlement_ledger_fold" {
		t.Errorf("a sum below nothing: %v", err)
	}
}

// Whatever happens to a plan, no sum falls below nothing, sessions are conserved, and what is earned never exceeds what was paid.
func TestLedger_conserves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := w.plan(object{"session_count": 4, "price_minor": 99_999})
	service, desk := w.api.App.Credit(), w.asDesk(t.Context())
	sale := credit.Sale{Plan: ident.Must[catalog.Plan](plan), Patient: ident.Must[patient.Patient](w.patient)}
	rapid.Check(t, func(r *rapid.T) {
		bought, err := service.Sell(desk, sale)
		if err != nil {
			r.Fatal(err)
		}
		id := bought.ID
		var visits []credit.VisitID
		granted := 4
		for range rapid.IntRange(1, 10).Draw(r, "steps") {
			switch rapid.SampledFrom([]string{"reserve", "consume", "release", "adjust"}).Draw(r, "step") {
			case "reserve":
				visit := w.visit()
				if err := w.reserve(visit, day("2027-01-04")); err == nil {
					visits = append(visits, visit)
				} else if !errors.Is(err, credit.ErrNoCredit) {
					r.Fatal(err)
				}
			case "consume", "release":
				if len(visits) == 0 {
					continue
				}
				visit := rapid.SampledFrom(visits).Draw(r, "visit")
				end := w.consume
				if rapid.Bool().Draw(r, "back") {
					end = w.release
				}
				if err := end(visit); err != nil && !errors.Is(err, credit.ErrNotReserved) {
					r.Fatal(err)
				}
			case "adjust":
				n := rapid.IntRange(-5, 3).Draw(r, "by")
				err := w.in(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
					_, err := service.AdjustTx(ctx, tx, id, credit.Adjustment{Available: n, Reason: "a step of the test"})
					return err
				})
				if err == nil {
					granted += n
				} else if !errors.Is(err, credit.ErrNoCredit) {
					r.Fatal(err)
				}
			}
		}
		p, err := service.Get(desk, id)
		if err != nil {
			r.Fatal(err)
		}
		var earned int64
		for _, e := range p.Entries {
			earned += e.Recognised
		}
		b := p.Balance
		if b.Available < 0 || b.Reserved < 0 || b.Consumed < 0 || b.Open()+b.Consumed != granted {
			r.Fatalf("%+v of %d", b, granted)
		}
		usedUp := b.Open() == 0 && p.Entries[len(p.Entries)-1].Kind == credit.Consume
		if earned < 0 || earned > 99_999 || usedUp && earned != 99_999 {
			r.Fatalf("%+v earned %d", b, earned)
		}
		// The next run starts with a patient who has nothing.
		if _, err := service.Cancel(desk, id, "the run is over"); err != nil {
			r.Fatal(err)
		}
	})
}

const checkIns = 50

// storm lets many visits take the last session at once, and answers how many did and what the sums are afterwards.
func storm(w *world, id string, take func(credit.VisitID) error) (won int, left bought) {
	visits := make([]credit.VisitID, checkIns)
	for i := range visits {
		visits[i] = w.visit()
	}
	var all sync.WaitGroup
	var count sync.Mutex
	for _, visit := range visits {
		all.Go(func() {
			if err := take(visit); err == nil {
				count.Lock()
				won++
				count.Unlock()
			} else if !errors.Is(err, credit.ErrNoCredit) {
				w.t.Errorf("a check-in: %v", err)
			}
		})
	}
	all.Wait()
	return won, w.read(id)
}

// Verifies CORE-06. Figure M-3, the counter: fifty check-ins at once meet one session; one has it, and nothing is lost or below nothing.
//
// Seen red: with the database's guard dropped and a check-in that counts first and writes afterwards, without holding the plan, more than one
// check-in has the session.
func TestFigureM3_oneSessionLeft(t *testing.T) {
	w := newWorld(t)
	id := w.sold(w.plan(object{"session_count": 1}), nil)
	checkIn := func(visit credit.VisitID) error {
		return w.in(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			if _, err := w.api.App.Credit().ReserveTx(ctx, tx, w.claim(visit, day("2027-01-04"))); err != nil {
				return err
			}
			_, err := w.api.App.Credit().ConsumeTx(ctx, tx, visit)
			return err
		})
	}
	won, left := storm(w, id, checkIn)
	pass := func(won int, left bought) bool { return won == 1 && left.sums() == "0/0/1" }
	verdict := "pass"
	if !pass(won, left) {
		verdict = "fail"
		t.Errorf("%d check-ins have the session, %s", won, left.sums())
	}
	fmt.Println("FIGURE M-3/counter", won, verdict)

	t.Run("seen red", func(t *testing.T) {
		w := newWorld(t)
		id := w.sold(w.plan(object{"session_count": 1}), nil)
		w.exec("ALTER TABLE entitlement_ledger DISABLE TRIGGER entitlement_ledger_fold")
		looked := &sync.WaitGroup{}
		looked.Add(checkIns / 10)
		var turn sync.Mutex
		looking := 0
		careless := func(visit credit.VisitID) error {
			turn.Lock()
			first := looking < checkIns/10
			looking++
			turn.Unlock()
			return w.in(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
				var available int
				err := tx.QueryRow(ctx, "SELECT sum(d_available) FROM entitlement_ledger WHERE patient_service_plan_id = $1", id).Scan(&available)
				if first { // the first few have all counted before any of them writes
					looked.Done()
				}
				looked.Wait()
				if err != nil || available < 1 {
					return errors.Join(err, credit.ErrNoCredit)
				}
				_, err = tx.Exec(ctx, `INSERT INTO entitlement_ledger (id, organization_id, patient_id, patient_service_plan_id, appointment_id, kind, d_available,
					d_consumed, currency, effective_on, reason) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'adjust', -1, 1, 'RON', '2027-01-04', 'counted before')`,
					w.clinic.ID, w.patient, id, visit)
				return err
			})
		}
		if won, left := storm(w, id, careless); pass(won, left) {
			t.Error("the figure does not see a check-in that counts before it holds the plan")
		}
	})
}
