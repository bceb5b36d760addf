package coreapi_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

const visited = "/v1/public/organizations/resolve?slug=alpha"

// pair is two processes of one installation: one database, one Redis, one address that calls, the product's own limits.
type pair struct {
	a, b  *apitest.API
	redis *redistest.Server
	n     int
}

func newPair(t *testing.T, peer string) *pair {
	t.Helper()
	p := &pair{redis: redistest.Start(t)}
	p.a = apitest.Boot(t, apitest.Options{Peer: peer, Redis: p.redis.URL, Quiet: true})
	p.a.Clinic("alpha")
	p.b = apitest.Boot(t, apitest.Options{Peer: peer, Redis: p.redis.URL, Quiet: true, Database: p.a.DB})
	p.advance(10 * time.Minute) // what the fixture took from the buckets has returned
	return p
}

// advance moves the clocks of both processes.
func (p *pair) advance(d time.Duration) {
	p.a.Clock.Advance(d)
	if p.b != p.a {
		p.b.Clock.Advance(d)
	}
}

// visit sends to the two processes in turn.
func (p *pair) visit(change func(apitest.Client) apitest.Client) apitest.Answer {
	api := p.a
	if p.n++; p.n%2 == 0 {
		api = p.b
	}
	return change(api.Anonymous()).Get(visited)
}

// allowedOf sends n requests as fast as they go and answers how many pass, and how many the limit gave in that time: a full bucket and what
// returned to it meanwhile.
func (p *pair) allowedOf(n int, change func(apitest.Client) apitest.Client) (allowed, given int) {
	start := p.a.Clock.Now()
	for range n {
		if p.visit(change).Status == http.StatusOK {
			allowed++
		}
	}
	return allowed, perMinute + int(p.a.Clock.Now().Sub(start)*perMinute/time.Minute)
}

// accurate is the band of figure R-1.
func accurate(allowed, given int) bool {
	return allowed*100 >= given*95 && allowed*100 <= given*110
}

func same(c apitest.Client) apitest.Client { return c }

// perMinute is the default limit of an address.
const perMinute = 300

// TestFigureR1_http is R-1 over the whole API: two processes let 300 requests of one address pass, together.
// Seen red: two processes that do not share a Redis let twice as many pass.
func TestFigureR1_http(t *testing.T) {
	t.Parallel()
	p := newPair(t, "198.51.100.1:4000")
	below, _ := p.allowedOf(perMinute*9/10, same)
	p.advance(10 * time.Minute)
	over, given := p.allowedOf(2*perMinute, same)
	printFigure(t, "R-1/http", fmt.Sprintf("below=%d/270,over=%d/%d", below, over, given), below == 270 && accurate(over, given))

	apart := apitest.Boot(t, apitest.Options{Peer: "198.51.100.1:4000", Redis: redistest.Start(t).URL, Quiet: true, Database: p.a.DB})
	p.advance(10 * time.Minute)
	p.b = apart
	if n, given := p.allowedOf(3*perMinute, same); accurate(n, given) {
		t.Errorf("red proof: processes that count apart let only %d of %d pass", n, given)
	}
}

// TestFigureR2_http is R-2: a client that waits as long as Retry-After says is never refused twice, whichever process answers.
// Seen red: a client that comes back ten minutes early is.
func TestFigureR2_http(t *testing.T) {
	t.Parallel()
	p := newPair(t, "198.51.100.2:4000")
	again := func(impatience time.Duration) (second int) {
		for refused := 0; refused < 30; {
			a := p.visit(same)
			if a.Status == http.StatusOK {
				continue
			}
			refused++
			wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
			if err != nil || a.Status != http.StatusTooManyRequests || a.Code() != "rate_limited" {
				t.Fatalf("%s, headers %v", a, a.Header)
			}
			p.advance(time.Duration(wait)*time.Second - impatience)
			if p.visit(same).Status != http.StatusOK {
				second++
			}
		}
		return second
	}
	n := again(0)
	printFigure(t, "R-2/http", fmt.Sprintf("second429=%d/30", n), n == 0)

	file := filepath.Join(t.TempDir(), "limits.json")
	if err := os.WriteFile(file, []byte(`{"ip": {"requests": 1, "per": "1h"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	slow := apitest.Boot(t, apitest.Options{
		Peer: "198.51.100.22:4000", Redis: p.redis.URL, Quiet: true, Database: p.a.DB, Environment: map[string]string{"LIMITS_FILE": file},
	})
	p.a, p.b = slow, slow
	if n := again(10 * time.Minute); n == 0 {
		t.Error("red proof: a client that comes back too early is let in")
	}
}

// TestFigureR3 is R-3: headers that a caller can write do not make another caller of it.
// Seen red: the same headers behind a trusted proxy do, as they must.
func TestFigureR3(t *testing.T) {
	t.Parallel()
	forge := func(n int) func(apitest.Client) apitest.Client {
		return func(c apitest.Client) apitest.Client {
			ip := fmt.Sprintf("203.0.113.%d", n%250)
			return c.With("X-Forwarded-For", ip).With("Forwarded", "for="+ip).With("X-Real-IP", ip).With("CF-Connecting-IP", ip).With("True-Client-IP", ip)
		}
	}
	next := 0
	vary := func(c apitest.Client) apitest.Client { next++; return forge(next)(c) }
	n, given := newPair(t, "198.51.100.3:4000").allowedOf(2*perMinute, vary)
	printFigure(t, "R-3/http", fmt.Sprintf("allowed=%d/%d", n, given), accurate(n, given))

	if n, _ := newPair(t, "127.0.0.1:4000").allowedOf(2*perMinute, vary); n != 2*perMinute {
		t.Errorf("red proof: callers behind a trusted proxy were counted as one: %d passed", n)
	}
}

// TestFigureR4_http is R-4: without Redis two processes together let at most twice the limit pass and at least some of it: never open,
// never closed.
// Seen red: the same count for a caller who takes a new address each time, which no limit holds.
func TestFigureR4_http(t *testing.T) {
	t.Parallel()
	p := newPair(t, "198.51.100.4:4000")
	p.redis.Stop(t)

	n, given := p.allowedOf(4*perMinute, same)

	held := func(n, given int) bool { return n >= perMinute/2 && n <= 2*given }
	printFigure(t, "R-4/http", fmt.Sprintf("allowed=%d/%d", n, given), held(n, given))

	open := apitest.Boot(t, apitest.Options{Redis: p.redis.URL, Quiet: true, Database: p.a.DB})
	p.a, p.b = open, open
	if n, given := p.allowedOf(10*perMinute, same); held(n, given) {
		t.Errorf("red proof: %d requests of as many addresses passed", n)
	}
}
