package ratelimit_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestAllow_theLimitAndNotOneMore(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(redistest.New(t), ratelimit.Defaults(), c.Now)

	for i := range 100 {
		if d := l.Allow(t.Context(), ratelimit.User, "ana"); !d.Allowed || d.Limit != 100 || d.Remaining != 99-i {
			t.Fatalf("request %d: %+v", i+1, d)
		}
	}
	d := l.Allow(t.Context(), ratelimit.User, "ana")

	if d.Allowed || d.Remaining != 0 || d.RetryAfter != 600*time.Millisecond || !d.Reset.Equal(c.now.Add(time.Minute)) {
		t.Errorf("request 101: %+v", d)
	}
	if d := l.Allow(t.Context(), ratelimit.User, "ion"); !d.Allowed {
		t.Error("another subject was refused")
	}
	if d := l.Allow(t.Context(), ratelimit.IP, "ana"); !d.Allowed || d.Remaining != 299 {
		t.Errorf("another name: %+v", d)
	}
	if d := l.Allow(t.Context(), "misspelt", "ana"); d.Limit != 300 {
		t.Errorf("an undeclared name: %+v", d)
	}
}

func TestAllowAll_takesFromAllOrFromNone(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := ratelimit.New(redistest.New(t), ratelimit.Defaults(), c.Now)
	both := []ratelimit.Bucket{{Name: ratelimit.LoginIP, Subject: "192.0.2.1"}, {Name: ratelimit.LoginAccount, Subject: "ana@x.ro"}}

	for i := range 5 {
		if d := l.AllowAll(t.Context(), both...); !d.Allowed || d.Limit != 5 || d.Remaining != 4-i {
			t.Fatalf("attempt %d: %+v", i+1, d)
		}
	}
	for range 50 {
		if d := l.AllowAll(t.Context(), both...); d.Allowed || d.RetryAfter != 3*time.Minute {
			t.Fatalf("sixth attempt: %+v", d)
		}
	}

	if d := l.Allow(t.Context(), ratelimit.LoginIP, "192.0.2.1"); !d.Allowed || d.Remaining != 14 {
		t.Errorf("refused attempts were counted on the address: %+v", d)
	}
	if d := l.AllowAll(t.Context()); !d.Allowed {
		t.Error("no buckets, and refused")
	}
}

func TestGiveBack_aRightPasswordCostsNothing(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(redistest.New(t), ratelimit.Defaults(), newClock().Now)
	account := ratelimit.Bucket{Name: ratelimit.LoginAccount, Subject: "ana@x.ro"}

	for range 20 {
		if !l.AllowAll(t.Context(), account).Allowed {
			t.Fatal("a right password was refused")
		}
		l.GiveBack(t.Context(), account)
	}
	for range 9 { // giving back what was never taken must not make the bucket larger
		l.GiveBack(t.Context(), account)
	}

	if d := l.AllowAll(t.Context(), account); d.Remaining != 4 {
		t.Errorf("%+v", d)
	}
}

func TestAllow_parallelRequestsDoNotSlipThrough(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(redistest.New(t), ratelimit.Defaults(), newClock().Now)
	var wg sync.WaitGroup
	var mu sync.Mutex
	allowed := 0
	for range 50 {
		wg.Go(func() {
			if l.Allow(t.Context(), ratelimit.LoginAccount, "ana@x.ro").Allowed {
				mu.Lock()
				allowed++
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	if allowed != 5 {
		t.Errorf("%d of 50 parallel attempts were allowed", allowed)
	}
}

func TestAllow_keysHoldNoSubject(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	l := ratelimit.New(client, ratelimit.Defaults(), newClock().Now)
	l.Allow(t.Context(), ratelimit.LoginAccount, "ana.popescu@example.ro")

	keys, err := client.Keys(t.Context(), client.Key("*")).Result()

	if err != nil || len(keys) != 1 || strings.Contains(keys[0], "ana") || !strings.Contains(keys[0], "limit:login.account:") {
		t.Errorf("%q, %v", keys, err)
	}
}

func TestByIP(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.0.2.7":          "192.0.2.7",
		"::ffff:192.0.2.7":   "192.0.2.7",
		"2001:db8:1:2::1":    "2001:db8:1:2::/64",
		"2001:db8:1:2:ff::9": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":    "2001:db8:1:3::/64",
		"fe80::1%eth0":       "fe80::/64",
		"":                   "unknown",
		"1.2.3":              "unknown",
	} {
		if got := ratelimit.ByIP(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()

	limits, err := ratelimit.ParseLimits([]byte(`{"user": {"requests": 5, "per": "10s"}}`))
	if err != nil || limits[ratelimit.User] != (ratelimit.Limit{Requests: 5, Per: 10 * time.Second}) || limits[ratelimit.IP].Requests != 300 {
		t.Errorf("%v, %v", limits, err)
	}

	_, err = ratelimit.ParseLimits([]byte(`{"usr": {"requests": 5, "per": "10s"}, "ip": {"requests": 0, "per": "1m"}, "gdpr": {"requests": 1, "per": "day"}}`))
	for _, want := range []string{"usr is not a limit", "ip: needs", "gdpr: per"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	for _, bad := range []string{"", "[]", "{} {}", `{"ip": {"requests": 1, "per": "1m", "off": true}}`, `{"ip": {"requests": -1, "per": "1m"}}`} {
		if _, err := ratelimit.ParseLimits([]byte(bad)); err == nil {
			t.Errorf("%q: accepted", bad)
		}
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	ratelimit.Decision{
		Limit: 5, Reset: time.Unix(100, 1), RetryAfter: 2*time.Second + 1,
	}.Header(h)

	for name, want := range map[string]string{
		"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "101", "Retry-After": "3",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	allowed := http.Header{}
	ratelimit.Decision{Limit: 5, Remaining: 4, Allowed: true, Reset: time.Unix(100, 0)}.Header(allowed)
	if allowed.Get("Retry-After") != "" || allowed.Get("X-RateLimit-Reset") != strconv.Itoa(100) {
		t.Errorf("%v", allowed)
	}
}
