package ratelimit

import (
	"context"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/redisdb"
)

// sharedBuckets keeps the instants in Redis.
type sharedBuckets struct{ client *redisdb.Client }

// script is decide in Lua. Numbers stay below 2^53; they are written with %.0f because Lua's own text of a large number
// drops digits. A key lives one bucket longer than it matters.
//
//nolint:gochecknoglobals // the script and its hash, never written
var script = redis.NewScript(`
local now = tonumber(ARGV[1])
local full, allowed = {}, 1
for i, key in ipairs(KEYS) do
  local interval, capacity, cost = tonumber(ARGV[3*i-1]), tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1])
  full[i] = math.max(tonumber(redis.call('GET', key) or '0'), now)
  if cost > 0 and full[i] + interval * cost - now > capacity then allowed = 0 end
end
if allowed == 1 then
  for i, key in ipairs(KEYS) do
    local interval, capacity, cost = tonumber(ARGV[3*i-1]), tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1])
    full[i] = math.max(full[i] + interval * cost, now)
    local life = math.ceil((full[i] - now + capacity) / 1000)
    redis.call('SET', key, string.format('%.0f', full[i]), 'PX', string.format('%.0f', life))
  end
end
local answer = {allowed}
for i in ipairs(KEYS) do answer[i+1] = full[i] end
return answer
`)

func (s sharedBuckets) take(ctx context.Context, now int64, names []string, charges []charge) (bool, []int64, error) {
	keys := make([]string, len(names))
	args := make([]any, 1, 1+3*len(names))
	args[0] = now
	for i, c := range charges {
		keys[i] = s.client.Key(names[i])
		args = append(args, c.limit.interval(), c.limit.capacity(), c.cost)
	}
	answer, err := script.Run(ctx, s.client, keys, args...).Int64Slice()
	if err != nil {
		return false, nil, fmt.Errorf("counting in redis: %w", err)
	}
	if len(answer) != len(keys)+1 {
		return false, nil, fmt.Errorf("counting in redis: %d answers for %d buckets", len(answer), len(keys))
	}
	return answer[0] == 1, answer[1:], nil
}

// maxLocalBuckets bounds the memory of an outage: about 20 MB.
const maxLocalBuckets = 100_000

// localBuckets keeps the instants in the process.
type localBuckets struct {
	mu   sync.Mutex
	full map[string]int64
	most int
}

func newLocalBuckets(most int) *localBuckets {
	return &localBuckets{full: map[string]int64{}, most: most}
}

func (b *localBuckets) take(now int64, names []string, charges []charge) (bool, []int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	full := make([]int64, len(names))
	for i, name := range names {
		full[i] = b.full[name]
	}
	allowed := decide(now, full, charges)
	for i, name := range names {
		b.store(now, name, full[i])
	}
	return allowed, full
}

// store makes room by forgetting full buckets, and if there are too few, an eighth of all: their subjects get fresh
// buckets, which an attacker with that many subjects has anyway. An eighth, so that the search is rare.
func (b *localBuckets) store(now int64, name string, full int64) {
	if _, known := b.full[name]; !known && len(b.full) >= b.most {
		for other, at := range b.full {
			if at <= now {
				delete(b.full, other)
			}
		}
		if len(b.full) < b.most {
			b.full[name] = full
			return
		}
		for other := range b.full { // in random order
			if len(b.full) < b.most-b.most/8 {
				break
			}
			delete(b.full, other)
		}
	}
	b.full[name] = full
}
