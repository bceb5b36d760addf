package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ratelimit"
)

// seat is one stream that somebody holds.
type seat struct {
	hub    *Hub
	holder string
	id     string
}

// Take implements httpapi.Seats. The count is kept in Redis over all processes and in the process itself, which is what is left
// while Redis is away.
func (h *Hub) Take(ctx context.Context, holder string, most int) (httpapi.Seat, bool) {
	if address, ok := strings.CutPrefix(holder, "ip:"); ok {
		holder = "ip:" + ratelimit.ByIP(address)
	}
	sum := sha256.Sum256([]byte(holder))
	s := &seat{hub: h, holder: h.client.Key("seat", hex.EncodeToString(sum[:16])), id: uuid.NewString()}
	if !s.takeHere(most) {
		return nil, false
	}
	if n, err := s.run(ctx, takeSeat, most); err == nil && n == 0 {
		s.leaveHere()
		return nil, false
	}
	return s, true
}

func (s *seat) takeHere(most int) bool {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.hub.taken[s.holder] >= most {
		return false
	}
	s.hub.taken[s.holder]++
	return true
}

func (s *seat) leaveHere() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.hub.taken[s.holder]--; s.hub.taken[s.holder] <= 0 {
		delete(s.hub.taken, s.holder)
	}
}

// Renew implements httpapi.Seat. A seat that Redis has lost meanwhile is taken again, whatever the number: its holder sits already.
func (s *seat) Renew(ctx context.Context) {
	_, _ = s.run(ctx, takeSeat, 0) // without Redis the process's own count stands
}

// Leave implements httpapi.Seat.
func (s *seat) Leave(ctx context.Context) {
	s.leaveHere()
	_, _ = s.run(ctx, leaveSeat, 0) // without Redis the seat runs out by itself
}

func (s *seat) run(ctx context.Context, script *redis.Script, most int) (int64, error) {
	patient, cancel := context.WithTimeout(ctx, publishPatience)
	defer cancel()
	now := s.hub.now()
	return script.Run(patient, s.hub.client, []string{s.holder}, now.UnixMilli(), now.Add(httpapi.SeatLife).UnixMilli(),
		(2 * httpapi.SeatLife).Milliseconds(), s.id, most).Int64()
}

// takeSeat renews the holder's seat, or takes one when fewer than most are taken; most 0 asks nobody.
//
//nolint:gochecknoglobals // the script and its hash, never written
var takeSeat = redis.NewScript(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local most = tonumber(ARGV[5])
if most > 0 and redis.call('ZCARD', KEYS[1]) >= most then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`)

//nolint:gochecknoglobals // the script and its hash, never written
var leaveSeat = redis.NewScript(`return redis.call('ZREM', KEYS[1], ARGV[4])`)
