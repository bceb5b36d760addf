package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
)

const (
	// silence is how long the reader's connection may say nothing before it is asked whether it lives; after two it is given up.
	silence = 5 * time.Second
	// reconnectEvery is how long Redis is left alone after it failed.
	reconnectEvery = 250 * time.Millisecond
)

// Run hears what is published until ctx ends. A Redis that goes away is waited for.
func (h *Hub) Run(ctx context.Context) {
	h.running.Store(true)
	defer h.running.Store(false)
	go h.amend(ctx)
	h.join(ctx, h.client.Key("live-new")) // so that there is always a channel, and a ping is answered as one
	asked, away := false, false
	for ctx.Err() == nil {
		message, err := h.reader.ReceiveTimeout(ctx, silence)
		switch {
		case err == nil:
			asked, away = false, false
			h.hear(ctx, message)
			continue
		case h.closed.Load(), errors.Is(err, redis.ErrClosed):
			return
		case isTimeout(err) && !asked:
			asked = true
			if err = h.reader.Ping(ctx); err == nil {
				continue
			}
		}
		if !away && ctx.Err() == nil {
			h.log.LogAttrs(ctx, slog.LevelWarn, "pushes interrupted", slog.String("error", err.Error()))
		}
		asked, away = false, true
		h.interrupted()
		wait(ctx, reconnectEvery)
	}
}

// amend makes up for lost pushes while ctx lives.
func (h *Hub) amend(ctx context.Context) {
	for ctx.Err() == nil {
		wait(ctx, amendsEvery)
		h.makeAmends(ctx)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

func (h *Hub) join(ctx context.Context, channel string) {
	// A connection that cannot be written to is made anew by the reader, with this channel.
	_ = h.reader.Subscribe(ctx, channel)
}

// interrupted notes that nothing is heard any more.
func (h *Hub) interrupted() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.clinics {
		c.missed = true
		select {
		case <-c.ready:
			c.ready = make(chan struct{})
		default:
		}
	}
}

func (h *Hub) hear(ctx context.Context, message any) {
	switch m := message.(type) {
	case *redis.Message:
		org, ok := h.clinicOf(m.Channel)
		if !ok {
			return
		}
		entry, rest, _ := strings.Cut(m.Payload, " ")
		mark, payload, _ := strings.Cut(rest, " ")
		p, s, err := decode(entry, mark, payload)
		if err != nil {
			h.log.LogAttrs(ctx, slog.LevelError, "push not understood", slog.String("error", err.Error()))
			return
		}
		h.handOn(org, p, s)
	case *redis.Subscription:
		if org, ok := h.clinicOf(m.Channel); ok && m.Kind == "subscribe" {
			h.joined(ctx, org)
		}
	}
}

func (h *Hub) clinicOf(channel string) (ident.OrgID, bool) {
	text, ok := strings.CutPrefix(channel, h.client.Key("live-new", ""))
	if !ok {
		return ident.OrgID{}, false
	}
	org, err := ident.Parse[ident.Organization](text)
	return org, err == nil
}

func decode(entry, mark, payload string) (position, stored, error) {
	var s stored
	p, err := readPosition(entry, mark)
	if err != nil {
		return p, s, err
	}
	if err := json.Unmarshal([]byte(payload), &s); err != nil {
		return p, s, fmt.Errorf("decode push: %w", err)
	}
	return p, s, nil
}

// joined notes that the clinic's pushes are announced from now on. If they were before, some may have been missed in between.
func (h *Hub) joined(ctx context.Context, org ident.OrgID) {
	h.mu.Lock()
	c := h.clinics[org]
	if c == nil {
		h.mu.Unlock()
		return
	}
	missed := c.missed
	c.missed = false
	select {
	case <-c.ready:
		missed = true
	default:
		close(c.ready)
	}
	h.mu.Unlock()
	if !missed {
		return
	}
	at, _ := h.look(ctx, org, "")
	h.mu.Lock()
	defer h.mu.Unlock()
	for r := range c.readers {
		r.resync(org, at.now, h.now())
	}
}

// handOn gives a push to every reader of the clinic that may see it.
func (h *Hub) handOn(org ident.OrgID, p position, s stored) {
	push, err := s.push(org, p)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.clinics[org]
	if c == nil {
		return
	}
	for r := range c.readers {
		r.take(s, push, h.now())
	}
}

// state is what the buffer says to a reader who comes.
type state struct {
	// now is the place of the last entry; zero when Redis did not answer.
	now position
	// kept tells that the place that was asked about is still there; after are the entries behind it.
	kept  bool
	after []redis.XMessage
}

// look reads the place of the last entry and, for a reader that names its own place, what came after it.
func (h *Hub) look(ctx context.Context, org ident.OrgID, last string) (state, error) {
	from, known := parsePosition(last)
	start, mark := "-", ""
	if known {
		start, mark = from.entry(), from.markText()
	}
	patient, cancel := context.WithTimeout(ctx, publishPatience)
	defer cancel()
	now := h.now().UnixMilli()
	if now-int64(from.ms) > Kept.Milliseconds() { //nolint:gosec // 48 bits
		known = false
	}
	answer, err := lookUp.Run(patient, h.client, []string{h.stream(org)}, now, Kept.Milliseconds(), newMark(), start, mark, known).Slice()
	if err != nil {
		return state{}, fmt.Errorf("read pushes: %w", err)
	}
	return readState(answer)
}

func readState(answer []any) (state, error) {
	var out state
	if len(answer) != 4 {
		return out, fmt.Errorf("read pushes: %d answers", len(answer))
	}
	entry, ok1 := answer[0].(string)
	mark, ok2 := answer[1].(string)
	kept, ok3 := answer[2].(int64)
	after, ok4 := answer[3].([]any)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return out, errors.New("read pushes: an answer of another kind")
	}
	var err error
	if out.now, err = readPosition(entry, mark); err != nil {
		return out, err
	}
	out.kept = kept == 1
	for i := 0; i+2 < len(after); i += 3 {
		id, _ := after[i].(string)
		m, _ := after[i+1].(string)
		payload, _ := after[i+2].(string)
		out.after = append(out.after, redis.XMessage{ID: id, Values: map[string]any{"mark": m, "push": payload}})
	}
	return out, nil
}

// resyncPush is the push that every reader understands. at is where its reader goes on; zero leaves the place it has.
func resyncPush(org ident.OrgID, at position, now time.Time) httpapi.Push {
	id := ""
	if at != (position{}) {
		id = at.String()
	}
	// Encoding cannot fail: nothing in it is free.
	data, _ := json.Marshal(httpapi.PushBody{ID: id, Type: ResyncType, At: now.UTC().Truncate(time.Millisecond), OrganizationID: org, Data: json.RawMessage("{}")})
	return httpapi.Push{ID: id, Event: ResyncType, Data: data}
}

// lookUp answers the last entry, whether the place that was asked about is kept, and what came after it. A buffer that is empty gets
// an entry without a push, so that there is a place to come back to.
//
//nolint:gochecknoglobals // the script and its hash, never written
var lookUp = redis.NewScript(`
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last then
  local id = string.format('%.0f-0', tonumber(ARGV[1]))
  redis.call('XADD', KEYS[1], id, 'mark', ARGV[3], 'push', '{}')
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  last = {id, {'mark', ARGV[3]}}
end
local kept, after = 0, {}
if ARGV[6] == '1' then
  local found = redis.call('XRANGE', KEYS[1], ARGV[4], ARGV[4])[1]
  if found and found[2][2] == ARGV[5] then
    kept = 1
    for _, e in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[4], '+')) do
      after[#after + 1], after[#after + 2], after[#after + 3] = e[1], e[2][2], e[2][4]
    end
  end
end
return {last[1], last[2][2], kept, after}
`)
