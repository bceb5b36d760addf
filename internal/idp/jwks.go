package idp

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Ages of a key set. They are counted from the moment its fetch began, never from its last use: a cache that use
// prolongs keeps a withdrawn key alive for as long as the thief keeps using it.
const (
	// refreshAfter starts a fetch in the background while the cached keys still answer.
	refreshAfter = 3 * time.Minute
	// maxKeyAge is the age at which cached keys stop answering and a request waits for a fetch.
	maxKeyAge = 4 * time.Minute
	// fetchGap is the shortest time between the beginnings of two fetches, whoever asks for them: six a minute.
	fetchGap = 10 * time.Second
	// outageLimit is how long the last good keys outlive maxKeyAge while the issuer answers nothing usable. An outage
	// must not sign everybody out; but whoever can silence the issuer must not keep a withdrawn key for ever either.
	outageLimit = time.Hour
	// outageGrace is how long after a failed fetch the last good keys answer without another try by the request itself.
	outageGrace  = 30 * time.Second
	fetchTimeout = 5 * time.Second

	minRSABits = 2048
	maxRSABits = 8192
)

var errNoKeys = errors.New("the key set holds no usable key")

// PublicKey is one verification key of an issuer.
type PublicKey struct {
	// ID is the kid that tokens name.
	ID string
	// Key is *rsa.PublicKey (2048 to 8192 bits), *ecdsa.PublicKey on P-256, or ed25519.PublicKey; others are passed over.
	Key crypto.PublicKey
}

// KeySource fetches all current keys of an issuer. It is called by one goroutine at a time, at most once in 10 s, and
// must honour the deadline of ctx. The built-in issuer gives one that reads its own store, so it needs no HTTP.
type KeySource func(ctx context.Context) ([]PublicKey, error)

// keyName binds an id to an algorithm, so that a key can never be used with an algorithm of another family.
type keyName struct {
	id        string
	algorithm string
}

// keyCache holds the keys of one issuer.
//
// It is written here and not taken from keyfunc because that library keeps a set for ever when refreshing fails, makes
// a request with an unknown key wait for its limiter instead of refusing it, refreshes on a timer of the wall clock
// that no test can move, and has no state between fresh and gone.
type keyCache struct {
	source KeySource
	now    func() time.Time
	log    *slog.Logger

	mu       sync.Mutex
	keys     map[keyName]crypto.PublicKey
	loadedAt time.Time     // beginning of the fetch that gave keys
	triedAt  time.Time     // beginning of the last fetch, good or bad
	failedAt time.Time     // end of the last fetch that gave nothing usable
	flight   chan struct{} // closed at the end of the fetch under way; nil when there is none
}

func newKeyCache(source KeySource, now func() time.Time, log *slog.Logger) *keyCache {
	return &keyCache{source: source, now: now, log: log}
}

// find returns the key of that name. A known key of a live set answers at once, whatever the issuer's server is doing;
// everything else joins the fetch under way or starts one, unless one began in the last 10 s.
func (c *keyCache) find(ctx context.Context, name keyName) (crypto.PublicKey, error) {
	key, flight := c.lookUp(ctx, name)
	if key != nil {
		return key, nil
	}
	if flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the issuer's keys: %w", ctx.Err())
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil || c.now().Sub(c.loadedAt) >= outageLimit {
		return nil, ErrUnavailable
	}
	if key, known := c.keys[name]; known {
		return key, nil
	}
	return nil, refuse(ReasonKey)
}

// lookUp returns a key that may be used now, or the fetch to wait for, or neither.
func (c *keyCache) lookUp(ctx context.Context, name keyName) (crypto.PublicKey, chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	key, known := c.keys[name]
	if !known || !c.isLive(now) {
		return nil, c.fetch(ctx, now)
	}
	if now.Sub(c.loadedAt) >= refreshAfter {
		c.fetch(ctx, now)
	}
	return key, nil
}

func (c *keyCache) isLive(now time.Time) bool {
	age := now.Sub(c.loadedAt)
	if age < maxKeyAge {
		return true
	}
	return age < outageLimit && now.Sub(c.failedAt) < outageGrace
}

// fetch returns the fetch under way, starting one if none began within fetchGap. The caller holds the lock. The fetch
// outlives the request that started it: others wait for it too.
func (c *keyCache) fetch(ctx context.Context, now time.Time) chan struct{} {
	if c.flight != nil {
		return c.flight
	}
	if !c.triedAt.IsZero() && now.Sub(c.triedAt) < fetchGap {
		return nil
	}
	c.triedAt = now
	c.flight = make(chan struct{})
	go c.load(context.WithoutCancel(ctx), now)
	return c.flight
}

func (c *keyCache) load(ctx context.Context, startedAt time.Time) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	list, err := c.source(ctx)
	keys := index(list)
	if err == nil && len(keys) == 0 {
		err = errNoKeys
	}
	if err != nil {
		c.log.WarnContext(ctx, "keys of the issuer were not refreshed", "error", err)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.keys, c.loadedAt = keys, startedAt
	} else {
		c.failedAt = c.now()
	}
	close(c.flight)
	c.flight = nil
}

// index drops the keys that no pinned algorithm can use. Of two keys with one name the first stays.
func index(list []PublicKey) map[keyName]crypto.PublicKey {
	keys := make(map[keyName]crypto.PublicKey, len(list))
	for _, entry := range list {
		name := keyName{id: entry.ID, algorithm: algorithmOf(entry.Key)}
		if _, twice := keys[name]; !twice && name.algorithm != "" && isPlainKeyID(entry.ID) {
			keys[name] = entry.Key
		}
	}
	return keys
}

// algorithmOf returns the one algorithm a key is good for, or "" when we accept none.
func algorithmOf(key crypto.PublicKey) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits >= minRSABits && bits <= maxRSABits {
			return "RS256"
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return "ES256"
		}
	case ed25519.PublicKey:
		if len(k) == ed25519.PublicKeySize {
			return "EdDSA"
		}
	}
	return ""
}
