package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

// clock is the process clock of a test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// output is a log that is read while it is written.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// process starts a hub as a process does.
func process(t *testing.T, client *redisdb.Client, c *clock) (*live.Hub, *output) {
	t.Helper()
	log := &output{}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	h := live.New(ctx, client, c.Now, slog.New(slog.NewJSONHandler(log, nil)))
	ended := make(chan struct{})
	go func() { defer close(ended); h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		_ = h.Close()
		<-ended
	})
	return h, log
}

func clinic() ident.OrgID { return ident.New[ident.Organization]() }

func event(n int, tags ...string) live.Event {
	return live.Event{Type: "thing.moved", To: tags, Data: map[string]int{"n": n}}
}

// body decodes what a push carries.
func body(t *testing.T, p httpapi.Push) httpapi.PushBody {
	t.Helper()
	var b httpapi.PushBody
	if err := json.Unmarshal(p.Data, &b); err != nil {
		t.Fatalf("push does not decode: %v", err)
	}
	return b
}

// next answers "n=3" or the type of another push. A push that never comes ends the test by its deadline.
func next(t *testing.T, s *live.Subscription) (string, httpapi.Push) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p, err := s.Next(ctx)
	if err != nil {
		t.Fatalf("no push came: %v", err)
	}
	var data struct{ N *int }
	if err := json.Unmarshal(body(t, p).Data, &data); err != nil {
		t.Fatal(err)
	}
	if data.N == nil {
		return p.Event, p
	}
	return fmt.Sprintf("n=%d", *data.N), p
}

// expect reads pushes in this order.
func expect(t *testing.T, s *live.Subscription, want ...string) (last httpapi.Push) {
	t.Helper()
	for _, w := range want {
		var got string
		if got, last = next(t, s); got != w {
			t.Fatalf("%s came, want %s", got, w)
		}
	}
	return last
}

func numbers(from, to int) []string {
	var out []string
	for n := from; n <= to; n++ {
		out = append(out, fmt.Sprintf("n=%d", n))
	}
	return out
}

func subscribe(t *testing.T, h *live.Hub, org ident.OrgID, last string, tags ...string) *live.Subscription {
	t.Helper()
	s := h.Subscribe(t.Context(), org, last, tags...)
	t.Cleanup(func() { s.Close(context.WithoutCancel(t.Context())) })
	return s
}

// stores are the two kinds of Redis that the product runs on.
func stores(t *testing.T) map[string]*redisdb.Client {
	t.Helper()
	small, err := redisdb.Open("redis://" + miniredis.RunT(t).Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = small.Close() })
	return map[string]*redisdb.Client{"redis": redistest.New(t), "miniredis": small}
}

func TestHub_everyProcessHandsOnInOrderToThoseWhoMaySee(t *testing.T) {
	t.Parallel()
	for name, client := range stores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			one, _ := process(t, client, c)
			two, _ := process(t, client, c)
			org, other := clinic(), clinic()
			here, there := subscribe(t, one, org, "", "a"), subscribe(t, two, org, "", "a", "b")
			foreign := subscribe(t, two, other, "", "a", "b")

			one.Publish(t.Context(), org, event(1, "a"))
			two.Publish(t.Context(), org, event(2, "b"))
			one.Publish(t.Context(), org, event(3, "nobody"))
			one.Publish(t.Context(), org, live.Event{Type: "thing.moved", Data: map[string]int{"n": 4}})
			two.Publish(t.Context(), org, event(5, "a", "b"))
			one.Publish(t.Context(), other, event(6, "a"))

			expect(t, here, "n=1", "n=5")
			p := expect(t, there, "n=1", "n=2", "n=5")
			expect(t, foreign, "n=6")
			if b := body(t, p); b.ID != p.ID || b.Type != "thing.moved" || b.OrganizationID != org || b.At.IsZero() || len(p.ID) != 26 {
				t.Errorf("%+v", b)
			}
		})
	}
}

// Verifies SCH-07
func TestSubscribe_comesBackWhereItLeftOff(t *testing.T) {
	t.Parallel()
	for name, client := range stores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			h, _ := process(t, client, c)
			org := clinic()
			quiet := subscribe(t, h, org, "", "a")
			h.Publish(t.Context(), org, event(1, "a"))
			left := expect(t, quiet, "n=1").ID
			for n := 2; n <= 40; n++ {
				h.Publish(t.Context(), org, event(n, "a"))
			}
			c.advance(10 * time.Second)

			back := subscribe(t, h, org, left, "a")
			neverGotAny := subscribe(t, h, org, quiet.Opening(), "a")
			h.Publish(t.Context(), org, event(41, "a"))

			expect(t, back, numbers(2, 41)...)
			expect(t, neverGotAny, numbers(1, 41)...)
			if back.Opening() != "" || quiet.Opening() == "" {
				t.Errorf("places %q and %q", back.Opening(), quiet.Opening())
			}
		})
	}
}

// Verifies SCH-07
func TestSubscribe_oneResyncWhenTheBufferDoesNotReachBack(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	c := newClock()
	h, _ := process(t, client, c)
	for name, lose := range map[string]func(org ident.OrgID, left string) string{
		"five minutes": func(org ident.OrgID, left string) string {
			c.advance(live.Kept + time.Second)
			return left
		},
		"a thousand": func(org ident.OrgID, left string) string {
			for n := range live.Most {
				h.Publish(t.Context(), org, event(n, "a"))
			}
			return left
		},
		"lost stream": func(org ident.OrgID, left string) string {
			if err := client.Del(t.Context(), client.Key("live", org.String())).Err(); err != nil {
				t.Error(err)
			}
			return left
		},
		"another stream's place": func(_ ident.OrgID, left string) string {
			return left[:25] + string("01"[1-strings.Count(left[25:], "1")])
		},
		"no place at all": func(ident.OrgID, string) string { return "nonsense" },
	} {
		org := clinic()
		first := subscribe(t, h, org, "", "a")
		h.Publish(t.Context(), org, event(0, "a"))
		left := expect(t, first, "n=0").ID
		left = lose(org, left)
		h.Publish(t.Context(), org, event(5000, "a"))

		back := subscribe(t, h, org, left, "a")
		h.Publish(t.Context(), org, event(5001, "a"))

		p := expect(t, back, live.ResyncType)
		expect(t, back, "n=5001")
		again := subscribe(t, h, org, p.ID, "a")
		if got, _ := next(t, again); got != "n=5001" {
			t.Errorf("%s: the place of the resync leads to %s", name, got)
		}
	}
}

func TestHub_tellsASlowReaderToAskAgain(t *testing.T) {
	t.Parallel()
	h, _ := process(t, redistest.New(t), newClock())
	org := clinic()
	slow, other := subscribe(t, h, org, "", "a"), subscribe(t, h, org, "", "b")
	many := live.Most + 300
	for n := range many {
		h.Publish(t.Context(), org, event(n, "a"))
	}
	h.Publish(t.Context(), org, event(many, "b")) // in order: when it is here, everything before it is
	expect(t, other, fmt.Sprintf("n=%d", many))

	p := expect(t, slow, live.ResyncType)
	expect(t, slow, numbers(live.Most+257, many-1)...)
	if p.ID == "" {
		t.Error("the resync names no place")
	}
}

// A Redis that is killed takes the buffer along. Its readers go on without doing anything, and are told to ask again.
func TestHub_survivesARestartOfRedis(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	client := redistest.Open(t, server.URL)
	c := newClock()
	h, log := process(t, client, c)
	publisher, _ := process(t, client, c)
	org := clinic()
	s := subscribe(t, h, org, "", "a")
	h.Publish(t.Context(), org, event(1, "a"))
	expect(t, s, "n=1")

	server.Stop(t)
	publisher.Publish(t.Context(), org, event(2, "a"))
	late := subscribe(t, h, org, "", "a")
	server.Restart(t)

	expect(t, s, live.ResyncType)
	expect(t, late, live.ResyncType)
	h.Publish(t.Context(), org, event(3, "a"))
	for _, reader := range []*live.Subscription{s, late} {
		got, _ := next(t, reader)
		for got == live.ResyncType { // one more, for the push that the publisher could not place
			got, _ = next(t, reader)
		}
		if got != "n=3" {
			t.Errorf("after the restart came %s", got)
		}
	}
	if !strings.Contains(log.String(), "pushes interrupted") {
		t.Error("the log does not say that pushes were interrupted")
	}
}

// What one process could not publish, the readers of the others are told about.
func TestPublish_aLostPushBecomesAResync(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	client, err := redisdb.Open("redis://" + server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	h, log := process(t, client, newClock())
	org := clinic()
	s := subscribe(t, h, org, "", "a")

	server.SetError("LOADING")
	h.Publish(t.Context(), org, event(1, "a"))
	server.SetError("")

	expect(t, s, live.ResyncType)
	if !strings.Contains(log.String(), "push lost") || strings.Contains(log.String(), `"n"`) {
		t.Errorf("log: %s", log.String())
	}
}

func TestTake_fiveSeatsOverAllProcesses(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	c := newClock()
	one, _ := process(t, client, c)
	two, _ := process(t, client, c)
	ctx := t.Context()
	var seats []httpapi.Seat
	for i := range 5 {
		s, ok := []*live.Hub{one, two}[i%2].Take(ctx, "user:x", 5)
		if !ok {
			t.Fatalf("seat %d was refused", i)
		}
		seats = append(seats, s)
	}

	if _, ok := two.Take(ctx, "user:x", 5); ok {
		t.Error("a sixth seat was given")
	}
	if s, ok := two.Take(ctx, "user:y", 5); !ok {
		t.Error("another holder was refused")
	} else {
		s.Leave(ctx)
	}
	seats[0].Leave(ctx)
	s, ok := two.Take(ctx, "user:x", 5)
	if !ok {
		t.Error("a seat that was left was not given")
	}
	c.advance(httpapi.SeatLife - time.Second)
	for _, taken := range append(seats[2:], s) {
		taken.Renew(ctx)
	}
	c.advance(2 * time.Second) // the second one was not renewed
	if _, ok := one.Take(ctx, "user:x", 5); !ok {
		t.Error("the seat of a process that died was not given")
	}
	if _, ok := one.Take(ctx, "user:x", 5); ok {
		t.Error("seats that were renewed were given away")
	}
}

func TestTake_countsForItselfWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	h, _ := process(t, redistest.Open(t, server.URL), newClock())
	server.Stop(t)
	var last httpapi.Seat
	for i := range 10 {
		s, ok := h.Take(t.Context(), "ip:192.0.2.1", 10)
		if !ok {
			t.Fatalf("seat %d was refused", i)
		}
		last = s
	}
	if _, ok := h.Take(t.Context(), "ip:192.0.2.1", 10); ok {
		t.Error("an eleventh seat was given")
	}
	last.Leave(t.Context())
	if _, ok := h.Take(t.Context(), "ip:192.0.2.1", 10); !ok {
		t.Error("a seat that was left was not given")
	}
}
