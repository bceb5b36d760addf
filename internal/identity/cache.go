package identity

import (
	"context"
	"sync"
	"time"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
)

const (
	// cacheLife is how long an answer is believed. Together with the time of one request it stays well below the second within
	// which a block must count on every process.
	cacheLife = 500 * time.Millisecond
	// cacheSize bounds the memory; a full cache starts anew.
	cacheSize = 20_000
)

// question is everything that the answer to "who is this" depends on.
type question struct {
	issuer, subject, session, impersonation, impersonator string
	org                                                   ident.OrgID
}

func questionOf(s middleware.Subject, org ident.OrgID) question {
	return question{
		issuer: s.Issuer, subject: s.Subject, session: s.LoginSessionID,
		impersonation: s.ImpersonationID, impersonator: s.ImpersonatorID, org: org,
	}
}

type answer struct {
	person middleware.Person
	until  time.Time
}

// cache holds answers for a moment. Safe for concurrent use.
type cache struct {
	life time.Duration
	mu   sync.Mutex
	m    map[question]answer
	// turn counts the forgettings, so that an answer read before one is not kept after it.
	turn uint64
}

func newCache(life time.Duration) *cache { return &cache{life: life, m: map[question]answer{}} }

// get answers what is still believed at now, and otherwise the turn to hand to put.
func (c *cache) get(q question, now time.Time) (p middleware.Person, ok bool, turn uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.m[q]
	return a.person, ok && now.Before(a.until), c.turn
}

// put keeps an answer that was read at the instant asked, which is before it was answered.
func (c *cache) put(q question, p middleware.Person, asked time.Time, turn uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn != c.turn {
		return
	}
	if len(c.m) >= cacheSize {
		clear(c.m)
	}
	c.m[q] = answer{person: p, until: asked.Add(c.life)}
}

// forget drops everything. Changes of roles are rare and entries are cheap, so finding the person's own is not worth an index.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	clear(c.m)
}

// Forget makes this process ask anew about everybody. Whoever changes what a person may do calls it after the commit, for example a
// listener of pushes from other processes; without it an answer ages out within cacheLife.
func (s *Service) Forget() { s.cache.forget() }

// turns lets one asker of a question through at a time, so that a crowd waits here for one answer and not for database connections.
// Safe for concurrent use.
type turns struct {
	mu   sync.Mutex
	held map[question]chan struct{}
}

// take waits for the turn of a question and answers how to give it back.
func (t *turns) take(ctx context.Context, q question) (give func(), err error) {
	for {
		t.mu.Lock()
		held, taken := t.held[q]
		if !taken {
			mine := make(chan struct{})
			if t.held == nil {
				t.held = map[question]chan struct{}{}
			}
			t.held[q] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				defer t.mu.Unlock()
				delete(t.held, q)
				close(mine)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-held:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
