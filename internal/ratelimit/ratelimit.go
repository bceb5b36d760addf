// Package ratelimit says how often somebody may do something, counted over all processes together.
//
// Buckets live in Redis. While Redis is away each process counts for itself at half the rate, so that two processes
// together stay at the limit: the door is then neither open nor closed. The decision itself is pure; Redis runs the
// same arithmetic in a script, and a test compares the two.
package ratelimit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"
	"time"

	"github.com/restartix/platform/internal/redisdb"
)

const (
	// redisPatience bounds what a slow Redis may add to a request.
	redisPatience = 500 * time.Millisecond
	// redisPause is how long Redis is left alone after it failed, so that an outage costs one request per second.
	redisPause = time.Second
)

// Limiter decides. It is safe for concurrent use and never fails: without Redis it falls back to its own count.
type Limiter struct {
	limits Limits
	now    func() time.Time
	shared sharedBuckets
	local  *localBuckets
	// away is the instant in microseconds until which Redis is not asked.
	away atomic.Int64
}

// New takes the limits of Defaults or ParseLimits. Clocks of several processes should agree to well below the time a
// token takes to return; a difference shifts the limit by that much once, it does not add up.
func New(client *redisdb.Client, limits Limits, now func() time.Time) *Limiter {
	return &Limiter{limits: limits, now: now, shared: sharedBuckets{client}, local: newLocalBuckets(maxLocalBuckets)}
}

// Bucket names what is counted for whom. The subject may be personal (an e-mail address): it is hashed before it
// becomes part of a key.
type Bucket struct{ Name, Subject string }

// Allow takes one request from one bucket.
func (l *Limiter) Allow(ctx context.Context, name, subject string) Decision {
	return l.AllowAll(ctx, Bucket{name, subject})
}

// AllowAll takes one request from every bucket, or from none when one is empty, and reports the tightest. Buckets must
// differ. Without buckets everything is allowed.
func (l *Limiter) AllowAll(ctx context.Context, buckets ...Bucket) Decision {
	if len(buckets) == 0 {
		return Decision{Allowed: true}
	}
	return l.take(ctx, buckets, 1)
}

// GiveBack returns one request to each bucket: a sign-in takes before it looks at the password, so that parallel
// attempts cannot slip through together, and gives back when the password was right.
func (l *Limiter) GiveBack(ctx context.Context, buckets ...Bucket) {
	if len(buckets) > 0 {
		l.take(ctx, buckets, -1)
	}
}

func (l *Limiter) take(ctx context.Context, buckets []Bucket, cost int64) Decision {
	keys := make([]string, len(buckets))
	charges := make([]charge, len(buckets))
	for i, b := range buckets {
		keys[i] = key(b)
		charges[i] = charge{l.limit(b.Name), cost}
	}
	now := l.now().UnixMicro()
	if now >= l.away.Load() {
		// A caller that hangs up must not look like an outage, so its cancellation does not reach Redis.
		patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
		defer cancel()
		allowed, full, err := l.shared.take(patient, now, keys, charges)
		if err == nil {
			return describe(now, allowed, full, charges)
		}
		l.away.Store(now + redisPause.Microseconds())
	}
	for i := range charges {
		charges[i].limit = charges[i].limit.halved()
	}
	allowed, full := l.local.take(now, keys, charges)
	return describe(now, allowed, full, charges)
}

// limit answers the limit of an address for a name that nobody has declared: a misspelt name must not open a door.
func (l *Limiter) limit(name string) Limit {
	if limit, ok := l.limits[name]; ok {
		return limit
	}
	return Defaults()[IP]
}

// key hides the subject. The name is not secret and helps whoever looks into Redis.
func key(b Bucket) string {
	sum := sha256.Sum256([]byte(b.Subject))
	return "limit:" + b.Name + ":" + hex.EncodeToString(sum[:16])
}
