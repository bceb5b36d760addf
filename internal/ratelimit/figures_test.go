package ratelimit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

// allower is what the loads below are sent to; the planted faults satisfy it too.
type allower interface {
	Allow(ctx context.Context, name, subject string) ratelimit.Decision
}

// load sends requests at factor times the limit of 100 a minute, at random moments, over the given number of minutes,
// each to an instance picked at random, and answers what was sent and what was allowed in each minute.
func load(t *testing.T, c *clock, instances []allower, factor float64, minutes int, eachMinute func(int)) (sent, allowed []int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(factor*10)))
	sent, allowed = make([]int, minutes), make([]int, minutes)
	start, began := c.Now(), -1
	for {
		c.advance(time.Duration(random.ExpFloat64() * float64(time.Minute) / (100 * factor)))
		minute := int(c.Now().Sub(start) / time.Minute)
		if minute >= minutes {
			return sent, allowed
		}
		for began < minute {
			began++
			if eachMinute != nil {
				eachMinute(began)
			}
		}
		sent[minute]++
		if instances[random.IntN(len(instances))].Allow(t.Context(), ratelimit.User, "ana").Allowed {
			allowed[minute]++
		}
	}
}

func sum(of []int) int {
	total := 0
	for _, n := range of {
		total += n
	}
	return total
}

// accuracy is R-1 for a set of instances: at 0.9x nothing is refused; at 2x and 10x what is allowed over 20 minutes is
// 95 to 110 % of the limit. The bucket that is full at the start is part of that: it is 5 % of 20 minutes.
func accuracy(t *testing.T, build func(c *clock) []allower) (value string, ok bool) {
	t.Helper()
	const minutes = 20
	c := newClock()
	sent, allowed := load(t, c, build(c), 0.9, minutes, nil)
	refused := sum(sent) - sum(allowed)
	value, ok = fmt.Sprintf("0.9x=%drefused", refused), refused == 0
	for _, factor := range []float64{2, 10} {
		c := newClock()
		_, allowed := load(t, c, build(c), factor, minutes, nil)
		percent := float64(sum(allowed)) / minutes
		value += fmt.Sprintf(",%gx=%.1f%%", factor, percent)
		ok = ok && percent >= 95 && percent <= 110
	}
	return value, ok
}

func printFigure(t *testing.T, id, value string, ok bool) {
	t.Helper()
	verdict := "pass"
	if !ok {
		verdict = "fail"
		t.Fail()
	}
	fmt.Printf("FIGURE %s %s %s\n", id, value, verdict)
}

// twoInstances share a key space, as two processes of one installation do.
func twoInstances(t *testing.T, address string, c *clock) ([]allower, []*redisdb.Client) {
	t.Helper()
	first := redistest.Open(t, address)
	second, err := redisdb.OpenWithPrefix(address, first.Key())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close() })
	return []allower{
		ratelimit.New(first, ratelimit.Defaults(), c.Now), ratelimit.New(second, ratelimit.Defaults(), c.Now),
	}, []*redisdb.Client{first, second}
}

// TestFigureR1 is R-1: two instances on one Redis count together.
// Seen red by two planted limiters: instances that key by themselves (about twice the limit passes), and one that
// refuses every tenth request at random (refusals below the limit).
func TestFigureR1(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)

	value, ok := accuracy(t, func(c *clock) []allower {
		two, _ := twoInstances(t, server.URL, c)
		return two
	})
	printFigure(t, "R-1", value, ok)

	value, ok = accuracy(t, func(c *clock) []allower {
		return []allower{
			ratelimit.New(redistest.Open(t, server.URL), ratelimit.Defaults(), c.Now),
			ratelimit.New(redistest.Open(t, server.URL), ratelimit.Defaults(), c.Now),
		}
	})
	if ok {
		t.Errorf("planted fault was not noticed: keys per instance, %s", value)
	}
	value, ok = accuracy(t, func(c *clock) []allower {
		two, _ := twoInstances(t, server.URL, c)
		return []allower{&moody{allower: two[0]}}
	})
	if ok {
		t.Errorf("planted fault was not noticed: refusals below the limit, %s", value)
	}
}

// moody refuses every tenth request for no reason.
type moody struct {
	allower
	n int
}

func (m *moody) Allow(ctx context.Context, name, subject string) ratelimit.Decision {
	if m.n++; m.n%10 == 0 {
		return ratelimit.Decision{}
	}
	return m.allower.Allow(ctx, name, subject)
}

// obedient is a client that sends as fast as it may, waits exactly as long as Retry-After says, and counts how often it
// is refused again. It also sends as many requests as Remaining promised and counts those that were refused.
func obedient(t *testing.T, c *clock, refusals int, send func() ratelimit.Decision) (secondRefusals, brokenPromises int) {
	t.Helper()
	random := rand.New(rand.NewPCG(2, 3))
	promised := 0
	for seen := 0; seen < refusals; {
		c.advance(time.Duration(random.IntN(9000)) * time.Microsecond)
		h := http.Header{}
		d := send()
		d.Header(h)
		if d.Allowed {
			promised = d.Remaining
			continue
		}
		if promised > 0 {
			brokenPromises++
		}
		seen++
		wait, err := strconv.Atoi(h.Get("Retry-After"))
		if err != nil {
			t.Fatalf("headers of a refusal: %v", h)
		}
		c.advance(time.Duration(wait) * time.Second)
		d = send()
		if !d.Allowed {
			secondRefusals++
		}
		promised = d.Remaining
	}
	return secondRefusals, brokenPromises
}

// TestFigureR2 is R-2: who obeys Retry-After never sees a second 429, with one bucket and with several.
// Seen red by two planted faults: seconds rounded down, and buckets that are charged although another refuses.
func TestFigureR2(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	limits, err := ratelimit.ParseLimits([]byte(`{"ip": {"requests": 7, "per": "61s"}, "user": {"requests": 3, "per": "10s"}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	l := ratelimit.New(client, limits, c.Now)
	both := []ratelimit.Bucket{{Name: ratelimit.User, Subject: "ana"}, {Name: ratelimit.IP, Subject: "192.0.2.1"}}

	second, broken := obedient(t, c, 500, func() ratelimit.Decision { return l.AllowAll(t.Context(), both...) })
	one, brokenOne := obedient(t, c, 500, func() ratelimit.Decision { return l.Allow(t.Context(), ratelimit.User, "ion") })
	printFigure(t, "R-2", fmt.Sprintf("second429=%d/1000,remaining=%d", second+one, broken+brokenOne), second+one+broken+brokenOne == 0)

	second, _ = obedient(t, c, 100, func() ratelimit.Decision {
		d := l.Allow(t.Context(), ratelimit.User, "dan")
		d.RetryAfter -= min(d.RetryAfter, time.Second-1) // what rounding down would tell
		return d
	})
	if second == 0 {
		t.Error("planted fault was not noticed: seconds rounded down")
	}
	second, broken = obedient(t, c, 100, func() ratelimit.Decision {
		byUser := l.Allow(t.Context(), ratelimit.User, "eva")
		byIP := l.Allow(t.Context(), ratelimit.IP, "192.0.2.2")
		if !byUser.Allowed {
			return byUser
		}
		return byIP
	})
	if second+broken == 0 {
		t.Error("planted fault was not noticed: one bucket is charged although the other refuses")
	}
}

// outage is R-4: four times the limit is sent for 20 minutes, Redis is killed after 5 and comes back after 15. While it
// is away never more than twice the limit passes, and something passes in every minute; afterwards Redis counts again.
func outage(t *testing.T, build func(address string, c *clock) ([]allower, []*redisdb.Client)) (value string, ok bool) {
	t.Helper()
	server := redistest.Start(t)
	c := newClock()
	instances, clients := build(server.URL, c)
	_, allowed := load(t, c, instances, 4, 20, func(minute int) {
		switch minute {
		case 5:
			server.Stop(t)
		case 15:
			server.Restart(t)
			reconnected(t, clients)
		}
	})
	away := allowed[5:15]
	least, most := away[0], away[0]
	for _, n := range away {
		least, most = min(least, n), max(most, n)
	}
	back := float64(sum(allowed[16:])) / 4
	keys, err := redistest.Open(t, server.URL).DBSize(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	value = fmt.Sprintf("away=%d..%d%%,back=%.0f%%,counted=%v", least, most, back, keys > 0)
	return value, least > 0 && most <= 200 && back >= 95 && back <= 110 && keys > 0
}

// reconnected asks until the client library, which stays away for a second from a server that refused it, has an
// answer again. The load runs on a virtual clock and would otherwise be over before.
func reconnected(t *testing.T, clients []*redisdb.Client) {
	t.Helper()
	deadline, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, client := range clients {
		for client.Healthy(deadline) != nil {
			if deadline.Err() != nil {
				t.Fatal("redis did not come back")
			}
		}
	}
}

// TestFigureR4 is R-4. Seen red by three planted limiters: one that opens when Redis is away, one that closes, and one
// that never asks Redis again.
func TestFigureR4(t *testing.T) {
	t.Parallel()

	value, ok := outage(t, func(address string, c *clock) ([]allower, []*redisdb.Client) {
		return twoInstances(t, address, c)
	})
	printFigure(t, "R-4", value, ok)

	for name, open := range map[string]bool{"open": true, "closed": false} {
		value, ok := outage(t, func(address string, c *clock) ([]allower, []*redisdb.Client) {
			client := redistest.Open(t, address)
			inner := ratelimit.New(client, ratelimit.Defaults(), c.Now)
			return []allower{&simple{client: client, allower: inner, clock: c, open: open}}, []*redisdb.Client{client}
		})
		if ok {
			t.Errorf("planted fault was not noticed: %s when Redis is away, %s", name, value)
		}
	}
	value, ok = outage(t, func(_ string, c *clock) ([]allower, []*redisdb.Client) {
		nowhere, err := redisdb.Open("redis://127.0.0.1:1")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = nowhere.Close() })
		return []allower{
			ratelimit.New(nowhere, ratelimit.Defaults(), c.Now), ratelimit.New(nowhere, ratelimit.Defaults(), c.Now),
		}, nil
	})
	if ok {
		t.Errorf("planted fault was not noticed: Redis is never asked again, %s", value)
	}
}

// simple has one answer for an absent Redis. It looks once a minute, like the real one does once a second.
type simple struct {
	client *redisdb.Client
	allower
	clock *clock
	open  bool

	looked time.Time
	away   bool
}

func (s *simple) Allow(ctx context.Context, name, subject string) ratelimit.Decision {
	if minute := s.clock.Now().Truncate(time.Minute); minute != s.looked {
		s.looked, s.away = minute, s.client.Healthy(ctx) != nil
	}
	if s.away {
		return ratelimit.Decision{Allowed: s.open}
	}
	return s.allower.Allow(ctx, name, subject)
}
