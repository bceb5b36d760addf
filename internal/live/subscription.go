package live

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
)

// queueLength is how many pushes a reader may be behind: a whole buffer that is replayed, and some. One more, and it is told to ask
// again instead.
const queueLength = Most + 256

// joinPatience is how long a new reader waits until Redis announces to us. Later it is told to ask again.
const joinPatience = time.Second

// Subscription is one reader of one clinic. It satisfies httpapi.Source.
type Subscription struct {
	hub     *Hub
	org     ident.OrgID
	opening string
	wake    chan struct{}
	tags    []string

	mu sync.Mutex
	// last is the id of the newest push that was queued; older ones come a second time while a reader joins and are dropped.
	last  string
	queue []httpapi.Push
	// joining collects announcements until the buffer has been read.
	joining bool
	early   []early
	// again tells that a resync came while the reader joined.
	again bool
}

type early struct {
	s    stored
	push httpapi.Push
}

// Subscribe makes a reader that sees what carries one of the tags. lastEventID is where it left off: what came after is first in its
// queue, or a single resync when the buffer does not reach back so far. Empty starts now. Close it.
func (h *Hub) Subscribe(ctx context.Context, org ident.OrgID, lastEventID string, tags ...string) *Subscription {
	s := &Subscription{hub: h, org: org, wake: make(chan struct{}, 1), tags: slices.Clone(tags), joining: true}
	h.await(ctx, h.enter(ctx, s), org)
	// Without an answer there is no place to start from: a reader that names one is told to ask again.
	found, _ := h.look(ctx, org, lastEventID)
	s.start(found, lastEventID, h.now())
	return s
}

// await waits until Redis announces the clinic's pushes to us. When it does only later, everything in between counts as missed.
func (h *Hub) await(ctx context.Context, ready <-chan struct{}, org ident.OrgID) {
	if h.running.Load() {
		patience, cancel := context.WithTimeout(ctx, joinPatience)
		defer cancel()
		select {
		case <-ready:
		case <-patience.Done():
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-ready:
	default:
		if c := h.clinics[org]; c != nil {
			c.missed = true
		}
	}
}

// enter adds the reader and asks Redis to announce its clinic's pushes if nobody has yet.
func (h *Hub) enter(ctx context.Context, s *Subscription) <-chan struct{} {
	h.joining.Lock()
	defer h.joining.Unlock()
	h.mu.Lock()
	c := h.clinics[s.org]
	first := c == nil
	if first {
		c = &clinic{readers: map[*Subscription]bool{}, ready: make(chan struct{})}
		h.clinics[s.org] = c
	}
	c.readers[s] = true
	ready := c.ready
	h.mu.Unlock()
	if first {
		h.join(context.WithoutCancel(ctx), h.channel(s.org))
	}
	return ready
}

// Close implements httpapi.Source. The last reader of a clinic takes its announcements with it.
func (s *Subscription) Close(ctx context.Context) {
	h := s.hub
	h.joining.Lock()
	defer h.joining.Unlock()
	h.mu.Lock()
	c := h.clinics[s.org]
	if c == nil || !c.readers[s] {
		h.mu.Unlock()
		return
	}
	delete(c.readers, s)
	last := len(c.readers) == 0
	if last {
		delete(h.clinics, s.org)
	}
	h.mu.Unlock()
	if last {
		// A connection that cannot be written to forgets the channel by itself.
		_ = h.reader.Unsubscribe(context.WithoutCancel(ctx), h.channel(s.org))
	}
}

// Opening implements httpapi.Source.
func (s *Subscription) Opening() string { return s.opening }

// Next implements httpapi.Source.
func (s *Subscription) Next(ctx context.Context) (httpapi.Push, error) {
	for {
		if p, ok := s.pop(); ok {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return httpapi.Push{}, fmt.Errorf("wait for a push: %w", ctx.Err())
		case <-s.wake:
		}
	}
}

func (s *Subscription) pop() (httpapi.Push, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return httpapi.Push{}, false
	}
	p := s.queue[0]
	s.queue = s.queue[1:]
	return p, true
}

// sees reports whether the push is for this reader. A resync is for everybody.
func (s *Subscription) sees(e stored) bool {
	return e.Type == ResyncType || slices.ContainsFunc(e.To, func(tag string) bool { return slices.Contains(s.tags, tag) })
}

// take queues an announced push.
func (s *Subscription) take(e stored, p httpapi.Push, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.joining:
		s.early = append(s.early, early{e, p})
	case s.sees(e):
		s.add(p, now)
	}
}

// add queues a push unless it was queued before. The one that does not fit any more makes the queue a single resync, which
// covers everything up to it.
func (s *Subscription) add(p httpapi.Push, now time.Time) {
	if p.ID <= s.last {
		return
	}
	s.last = p.ID
	if len(s.queue) >= queueLength {
		at, _ := parsePosition(p.ID)
		p = resyncPush(s.org, at, now)
		s.queue = s.queue[:0]
	}
	s.queue = append(s.queue, p)
	s.ring()
}

// resync replaces everything that waits by one resync.
func (s *Subscription) resync(org ident.OrgID, at position, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.joining {
		s.again = true
		return
	}
	p := resyncPush(org, at, now)
	s.queue = append(s.queue[:0], p)
	s.last = p.ID // not the greater one: the stream may be a new one, with a clock that is behind
	s.ring()
}

func (s *Subscription) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// start queues what the buffer had, then what was announced meanwhile.
func (s *Subscription) start(found state, lastEventID string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.joining = false
	switch {
	case lastEventID == "" && !s.again:
		if found.now != (position{}) {
			s.opening = found.now.String()
			s.last = s.opening
		}
	case found.kept && !s.again:
		s.last = lastEventID
		s.replay(found.after, now)
	default:
		p := resyncPush(s.org, found.now, now)
		s.queue = append(s.queue, p)
		s.last = p.ID
		s.ring()
	}
	for _, e := range s.early {
		if s.sees(e.s) {
			s.add(e.push, now)
		}
	}
	s.early = nil
}

func (s *Subscription) replay(entries []redis.XMessage, now time.Time) {
	for _, e := range entries {
		mark, _ := e.Values["mark"].(string)
		payload, _ := e.Values["push"].(string)
		at, stored, err := decode(e.ID, mark, payload)
		if err != nil || stored.Type == "" || !s.sees(stored) {
			continue
		}
		if push, err := stored.push(s.org, at); err == nil {
			s.add(push, now)
		}
	}
}
