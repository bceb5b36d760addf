package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/redisdb"
)

const (
	// Kept bounds the age of a clinic's buffer: what is older is gone, and its reader gets a resync.
	Kept = 5 * time.Minute
	// Most bounds its length in the same way.
	Most = 1000
	// ResyncType is the type of the one push that says: ask again, something may have been missed.
	ResyncType = "resync"
	// publishPatience bounds what a slow Redis may add to whoever publishes.
	publishPatience = 500 * time.Millisecond
	// amendsEvery is how soon a publisher that failed tells the clinic to ask again.
	amendsEvery = 500 * time.Millisecond
)

// Event is what a publisher says.
type Event struct {
	Type string
	// To names who may see it: a reader sees a push when it has one of its tags. Without tags nobody does.
	To []string
	// Data becomes the member data: ids, times and enumerations only.
	Data any
}

// Hub publishes and hands on. Make one per process, start Run, and share it; it is safe for concurrent use.
type Hub struct {
	client *redisdb.Client
	now    func() time.Time
	log    *slog.Logger
	reader *redis.PubSub
	// running tells that somebody listens to Redis.
	running atomic.Bool
	closed  atomic.Bool

	// joining orders what is asked of the reader's connection; mu guards the maps and is never held while Redis is asked.
	joining sync.Mutex
	mu      sync.Mutex
	clinics map[ident.OrgID]*clinic
	lost    map[ident.OrgID]bool
	taken   map[string]int
}

// clinic is one clinic's readers in this process.
type clinic struct {
	readers map[*Subscription]bool
	// ready is closed while Redis announces this clinic's pushes to us.
	ready chan struct{}
	// missed tells that pushes may have been announced while we did not hear.
	missed bool
}

// New makes a hub and connects to nothing. now is the process clock.
func New(ctx context.Context, client *redisdb.Client, now func() time.Time, log *slog.Logger) *Hub {
	return &Hub{
		client: client, now: now, log: log, reader: client.Subscribe(ctx),
		clinics: map[ident.OrgID]*clinic{}, lost: map[ident.OrgID]bool{}, taken: map[string]int{},
	}
}

// Close ends the connection that hears. Run returns.
func (h *Hub) Close() error {
	h.closed.Store(true)
	return h.reader.Close()
}

// stored is one entry of the stream, as it travels through Redis.
type stored struct {
	Type string          `json:"type"`
	At   int64           `json:"at"`
	To   []string        `json:"to"`
	Data json.RawMessage `json:"data"`
}

// push makes what a client reads. org comes from the stream's name, so an entry cannot claim another clinic.
func (s stored) push(org ident.OrgID, p position) (httpapi.Push, error) {
	id := p.String()
	data, err := json.Marshal(httpapi.PushBody{ID: id, Type: s.Type, At: time.UnixMilli(s.At).UTC(), OrganizationID: org, Data: s.Data})
	if err != nil {
		return httpapi.Push{}, fmt.Errorf("encode push: %w", err)
	}
	return httpapi.Push{ID: id, Event: s.Type, Data: data}, nil
}

// Publish tells everybody who looks at the clinic. Call it after the commit that made it true. It waits half a second at most and never
// fails: when Redis is away the push is lost, and the clinic's readers are told to ask again as soon as it is back.
func (h *Hub) Publish(ctx context.Context, org ident.OrgID, e Event) {
	if err := h.publish(ctx, org, e); err != nil {
		h.log.LogAttrs(ctx, slog.LevelWarn, "push lost", slog.String("org", org.String()), slog.String("type", e.Type), slog.String("error", err.Error()))
		h.mu.Lock()
		defer h.mu.Unlock()
		h.lost[org] = true
	}
}

func (h *Hub) publish(ctx context.Context, org ident.OrgID, e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("encode data: %w", err)
	}
	now := h.now().UnixMilli()
	entry, err := json.Marshal(stored{Type: e.Type, At: now, To: e.To, Data: data})
	if err != nil {
		return fmt.Errorf("encode push: %w", err)
	}
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishPatience)
	defer cancel()
	err = appendEntry.Run(patient, h.client, []string{h.stream(org)}, now, Kept.Milliseconds(), Most, newMark(), entry, h.channel(org)).Err()
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// makeAmends tells the clinics that a push was lost for, once Redis takes pushes again.
func (h *Hub) makeAmends(ctx context.Context) {
	h.mu.Lock()
	lost := h.lost
	h.lost = map[ident.OrgID]bool{}
	h.mu.Unlock()
	for org := range lost {
		if err := h.publish(ctx, org, Event{Type: ResyncType, Data: struct{}{}}); err != nil {
			h.mu.Lock()
			h.lost[org] = true
			h.mu.Unlock()
		}
	}
}

func (h *Hub) stream(org ident.OrgID) string  { return h.client.Key("live", org.String()) }
func (h *Hub) channel(org ident.OrgID) string { return h.client.Key("live-new", org.String()) }

// appendEntry adds an entry after the last one and announces it. A clock that runs behind the last entry's does not go back in the order.
//
//nolint:gochecknoglobals // the script and its hash, never written
var appendEntry = redis.NewScript(`
local ms, seq = tonumber(ARGV[1]), 0
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if last[1] then
  local lastms, lastseq = string.match(last[1][1], '^(%d+)-(%d+)$')
  if tonumber(lastms) >= ms then ms, seq = tonumber(lastms), tonumber(lastseq) + 1 end
end
local id = string.format('%.0f-%.0f', ms, seq)
redis.call('XADD', KEYS[1], id, 'mark', ARGV[4], 'push', ARGV[5])
redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[3])
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', ms - tonumber(ARGV[2])))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[6] ~= '' then redis.call('PUBLISH', ARGV[6], id .. ' ' .. ARGV[4] .. ' ' .. ARGV[5]) end
return id
`)
