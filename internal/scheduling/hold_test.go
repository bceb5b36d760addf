package scheduling_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

// storm is many visitors who want the same start at once.
func storm(k *holdKit, visitors int, clock string) (won []scheduling.Hold, taken, other int) {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	for i := range visitors {
		wg.Go(func() {
			h, err := k.hold(fmt.Sprintf("visitor-number-%03d", i), clock)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, h)
			case errors.Is(err, scheduling.ErrSlotTaken):
				taken++
			default:
				other++
				k.t.Errorf("visitor %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	return won, taken, other
}

// A hundred visitors want one start: each specialist is held once, everybody else is told that it is taken. Buffers count: the next
// half hour is not free behind ten minutes of buffer.
// Verifies SCH-05
func TestCreate_aHundredVisitorsWantOneStart(t *testing.T) {
	t.Parallel()
	for specialists, wins := range map[int]int{1: 1, 3: 3} {
		t.Run(fmt.Sprint(specialists), func(t *testing.T) {
			t.Parallel()
			k := newHoldKit(t, kitOptions{specialists: specialists})

			won, taken, other := storm(k, 100, "08:00")

			distinct := map[specialist.ID]bool{}
			for _, h := range won {
				distinct[h.Specialist] = true
			}
			if len(won) != wins || len(distinct) != wins || taken != 100-wins || other != 0 {
				t.Errorf("%d held by %d specialists, %d taken, %d other", len(won), len(distinct), taken, other)
			}
			_, err := k.hold("somebody-else-000", "08:30", k.rota.specialists[0])
			is(t, "the buffer", err, scheduling.ErrSlotTaken)
			k.must("somebody-else-000", "09:00", k.rota.specialists[0])
			_, err = k.hold("somebody-else-000", "09:10")
			is(t, "off the grid", err, scheduling.ErrSlotNotOffered)
		})
	}
}

// A hold without a heartbeat ends after a minute, and whoever looks at the calendar hears it within a second.
// Verifies SCH-06
func TestHold_runsOutWithoutHeartbeat(t *testing.T) {
	t.Parallel()
	k := newHoldKit(t, kitOptions{specialists: 1})
	sp := k.rota.specialists[0]
	screen := k.follow(sp)
	h := k.must("first-visitor-000", "08:00")
	if got := heard(t, screen); got != "slot.held 08:00" {
		t.Errorf("heard %s", got)
	}
	if lease, most := h.ExpiresAt.Sub(k.clock.Now()), h.MaxExpiresAt.Sub(k.clock.Now()); lease > time.Minute || lease < 50*time.Second || most > 10*time.Minute || most < 590*time.Second {
		t.Errorf("lease %s, at most %s", lease, most)
	}

	k.clock.advance(h.ExpiresAt.Sub(k.clock.Now()) - 500*time.Millisecond)
	_, err := k.hold("other-visitor-000", "08:00")
	is(t, "half a second before the end", err, scheduling.ErrSlotTaken)
	k.clock.advance(500 * time.Millisecond)
	ended := time.Now()
	if got := heard(t, screen); got != "slot.released 08:00" {
		t.Errorf("heard %s", got)
	}
	if late := time.Since(ended); late > time.Second {
		t.Errorf("heard %s after the end, a second is promised", late)
	}
	_, err = k.Extend(k.ctx(), "first-visitor-000", h.ID, h.Token)
	is(t, "heartbeat after the end", err, scheduling.ErrHoldExpired)
	second := k.must("other-visitor-000", "08:00")
	if got := heard(t, screen); got != "slot.held 08:00" {
		t.Errorf("heard %s", got)
	}
	if got := k.history(h.ID); got != "held expired" {
		t.Errorf("history %q", got)
	}
	if got := k.history(second.ID); got != "held" {
		t.Errorf("history %q", got)
	}
}

// Heartbeats carry a hold to ten minutes and not further. A third hold of a visitor is refused until one is let go.
// Verifies SCH-06
func TestHold_livesTenMinutesAtMost(t *testing.T) {
	t.Parallel()
	k := newHoldKit(t, kitOptions{specialists: 1})
	screen := k.follow(k.rota.specialists[0])
	h := k.must("first-visitor-000", "08:00")
	beats := 0
	for {
		k.clock.advance(20 * time.Second)
		extended, err := k.Extend(k.ctx(), "first-visitor-000", h.ID, h.Token)
		if err != nil {
			is(t, "heartbeat", err, scheduling.ErrHoldExpired)
			break
		}
		beats++
		if extended.ExpiresAt.After(h.MaxExpiresAt) || !extended.MaxExpiresAt.Equal(h.MaxExpiresAt) || extended.Token != h.Token {
			t.Fatalf("extended %+v of %+v", extended, h)
		}
	}
	if beats != 29 || k.clock.Now().Before(h.MaxExpiresAt) {
		t.Errorf("%d heartbeats passed", beats)
	}
	for want := "slot.held 08:00"; want == "slot.held 08:00"; {
		want = heard(t, screen)
	}
	_, err := k.Slot(k.ctx(), h.Token, "first-visitor-000")
	is(t, "booking with the token", err, scheduling.ErrHoldExpired)

	one, two := k.must("first-visitor-000", "10:00"), k.must("first-visitor-000", "11:00")
	_, err = k.hold("first-visitor-000", "12:00")
	is(t, "third hold", err, scheduling.ErrHoldQuota)
	is(t, "letting go", k.GiveUp(k.ctx(), "first-visitor-000", one.ID, one.Token), nil)
	three := k.must("first-visitor-000", "12:00")
	found, err := k.Of(k.ctx(), "first-visitor-000")
	if err != nil || len(found) != 2 || found[0].ID != two.ID || found[1].ID != three.ID || found[0].Token != "" {
		t.Errorf("the visitor's holds are %+v, %v", found, err)
	}
	is(t, "letting go again", k.GiveUp(k.ctx(), "first-visitor-000", one.ID, one.Token), nil)
	if got := k.history(one.ID); got != "held released" {
		t.Errorf("history %q", got)
	}
}

// Without Redis nothing can be held, and nothing is refused for it: the token is enough to book.
func TestHolds_withoutRedis(t *testing.T) {
	t.Parallel()
	ring := newRing(t)
	k := newHoldKit(t, kitOptions{specialists: 1, ring: ring})
	h := k.must("first-visitor-000", "08:00")
	down := newHoldKit(t, kitOptions{specialists: 1, ring: ring, redis: nobody(t)})
	ctx := k.ctx()

	slot, err := down.Slot(ctx, h.Token, "first-visitor-000")
	if err != nil || slot.Hold != h.ID || !slot.Start.Equal(h.Start) || !slot.End.Equal(h.End) || slot.Specialist != h.Specialist ||
		slot.Service != h.Service || slot.Busy.End.Sub(slot.End) != 10*time.Minute {
		t.Errorf("%+v, %v", slot, err)
	}
	if down.HeldByOther(ctx, h.Specialist, slot.Busy, "other-visitor-000") {
		t.Error("a Redis that is away holds something")
	}
	_, err = down.hold("other-visitor-000", "09:00")
	is(t, "hold", err, scheduling.ErrHoldsUnavailable)
	_, err = down.Extend(ctx, "first-visitor-000", h.ID, h.Token)
	is(t, "heartbeat", err, scheduling.ErrHoldsUnavailable)
	is(t, "release", down.GiveUp(ctx, "first-visitor-000", h.ID, h.Token), scheduling.ErrHoldsUnavailable)
	_, err = down.ReleaseAll(ctx, "first-visitor-000")
	is(t, "release-all", err, scheduling.ErrHoldsUnavailable)
	down.Release(ctx, slot)
	if !strings.Contains(down.log.String(), "hold of a visit not released") || strings.Contains(down.log.String(), "first-visitor") {
		t.Errorf("log: %s", down.log.String())
	}
}

// What holds block is what engine and booking see: the visitor's own do not count, another clinic's do not exist.
func TestHeld_leavesOutTheVisitorsOwn(t *testing.T) {
	t.Parallel()
	k := newHoldKit(t, kitOptions{specialists: 2})
	mine, other := k.rota.specialists[0], k.rota.specialists[1]
	h := k.must("first-visitor-000", "08:00", mine)
	k.must("other-visitor-000", "09:00", other)
	blocks := func(client string, from, to string) (out []string) {
		for _, b := range k.Held(k.ctx(), k.rota.specialists, at(from), at(to), client) {
			out = append(out, b.Start.Format("15:04-")+b.End.Format("15:04"))
		}
		return out
	}
	for _, c := range []struct{ client, from, to, want string }{
		{"", "08:00", "10:00", "[08:00-08:40 09:00-09:40]"},
		{"first-visitor-000", "08:00", "10:00", "[09:00-09:40]"},
		{"other-visitor-000", "08:00", "10:00", "[08:00-08:40]"},
		{"", "08:40", "09:00", "[]"},
		{"", "08:39", "09:00", "[08:00-08:40]"},
	} {
		if got := fmt.Sprint(blocks(c.client, c.from, c.to)); got != c.want {
			t.Errorf("%s from %s to %s: %s, want %s", c.client, c.from, c.to, got, c.want)
		}
	}
	busy := civil.Interval{Start: at("08:30"), End: at("09:00")}
	if k.HeldByOther(k.ctx(), mine, busy, "first-visitor-000") || !k.HeldByOther(k.ctx(), mine, busy, "other-visitor-000") ||
		k.HeldByOther(k.ctx(), other, busy, "third-visitor-000") {
		t.Error("who holds what is mixed up")
	}
	foreign := auth.WithPrincipal(t.Context(), auth.AnonymousOf(ident.Must[ident.Organization](pgtest.ClinicB().Org)))
	if got := k.Held(foreign, k.rota.specialists, at("08:00"), at("10:00"), ""); len(got) != 0 {
		t.Errorf("another clinic sees %v", got)
	}
	_, err := k.Slot(foreign, h.Token, "first-visitor-000")
	is(t, "the token in another clinic", err, scheduling.ErrNotHoldOwner)

	slot, err := k.Slot(k.ctx(), h.Token, "first-visitor-000")
	is(t, "own token", err, nil)
	k.Release(k.ctx(), slot)
	if got := fmt.Sprint(blocks("", "08:00", "08:40")); got != "[]" {
		t.Errorf("after booking %s", got)
	}
	if got := k.history(h.ID); got != "held booked" {
		t.Errorf("history %q", got)
	}
}
