package ratelimit

import (
	"net/http"
	"strconv"
	"time"
)

// Decision is the answer for one request. Limit, Remaining and Reset are those of the tightest of its buckets.
type Decision struct {
	// Limit is how many requests a full bucket holds.
	Limit int
	// Remaining is how many requests would be allowed right now, after this one.
	Remaining int
	// Reset is when the bucket will be full again if nobody takes from it.
	Reset time.Time
	// RetryAfter is how long to wait until the same request is allowed if nobody else takes from its buckets; 0 when
	// Allowed.
	RetryAfter time.Duration
	Allowed    bool
}

// Header writes the decision as the contract's headers. Seconds are rounded up: who waits as long as told is let in.
func (d Decision) Header(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(d.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(d.Remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(d.Reset.Add(time.Second-1).Unix(), 10))
	if !d.Allowed {
		h.Set("Retry-After", strconv.FormatInt(max(1, int64((d.RetryAfter+time.Second-1)/time.Second)), 10))
	}
}

// A bucket is stored as one number: the instant, in microseconds, at which it will be full again (GCRA's theoretical
// arrival time). An instant that has passed, or none, is a full bucket.

// charge is what one request wants from one bucket: one token, or minus one to give one back.
type charge struct {
	limit Limit
	cost  int64
}

// decide takes from all buckets or, when one of them is empty, from none: a request that was refused anyway must not
// cost its caller something elsewhere, or a truthful Retry-After would be impossible. full holds the stored instants
// and receives the new ones.
func decide(now int64, full []int64, charges []charge) bool {
	allowed := true
	for i, c := range charges {
		full[i] = max(full[i], now)
		if full[i]+c.limit.interval()*c.cost-now > c.limit.capacity() && c.cost > 0 {
			allowed = false
		}
	}
	if allowed {
		for i, c := range charges {
			full[i] = max(full[i]+c.limit.interval()*c.cost, now)
		}
	}
	return allowed
}

// describe makes the answer from the instants that decide left.
func describe(now int64, allowed bool, full []int64, charges []charge) Decision {
	var tightest Decision
	for i, c := range charges {
		used := full[i] - now
		d := Decision{
			Limit:     c.limit.Requests,
			Remaining: int(max(0, (c.limit.capacity()-used)/c.limit.interval())),
			Reset:     time.UnixMicro(full[i]).UTC(),
			Allowed:   allowed,
		}
		if wait := used + c.limit.interval() - c.limit.capacity(); !allowed && wait > 0 {
			d.RetryAfter = time.Duration(wait) * time.Microsecond
		}
		if i == 0 || tighter(d, tightest) {
			tightest = d
		}
	}
	return tightest
}

// tighter prefers the longer wait, then fewer requests left, then the later reset.
func tighter(a, b Decision) bool {
	switch {
	case a.RetryAfter != b.RetryAfter:
		return a.RetryAfter > b.RetryAfter
	case a.Remaining != b.Remaining:
		return a.Remaining < b.Remaining
	}
	return a.Reset.After(b.Reset)
}
