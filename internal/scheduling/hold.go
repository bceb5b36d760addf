package scheduling

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/specialist"
)

// errHoldLost tells that a hold is not in Redis any more: run out, released, or flushed.
var errHoldLost = errors.New("the hold is gone")

// redisPatience bounds what a slow Redis may add to a request.
const redisPatience = 800 * time.Millisecond

// keyLife is how long keys outlive what is in them; the settings allow holds of an hour at most.
const keyLife = 2 * time.Hour

// shelf keeps holds in Redis. Every decision is one script: two visitors who ask at the same moment are asked one after the other.
//
// A specialist's holds are one hash (hold id to text), a client's holds and the installation's ends of lease are sorted sets. Time
// comes from the process clock, never from Redis: a hold ends when its text says so, and the time to live of the keys only cleans
// up after the last process.
type shelf struct {
	client *redisdb.Client
	// space keeps installations that share a Redis apart.
	space string
}

// lease is a hold as it stands in Redis.
type lease struct {
	Hold       HoldID
	Org        ident.OrgID
	Specialist specialist.ID
	Service    string
	// Busy is the slot with its buffers; it is what must not overlap.
	Busy, Slot civil.Interval
	Until, Max time.Time
	// Client is the visitor's hash.
	Client string
}

func (s shelf) specialistKey(org ident.OrgID, sp string) string {
	return s.client.Key("hold", s.space, "s", org.String(), sp)
}

func (s shelf) clientKey(org ident.OrgID, client string) string {
	return s.client.Key("hold", s.space, "c", org.String(), client)
}

func (s shelf) dueKey() string { return s.client.Key("hold", s.space, "due") }

func (s shelf) keys(l lease) []string {
	return []string{s.specialistKey(l.Org, l.Specialist.String()), s.clientKey(l.Org, l.Client), s.dueKey()}
}

// text is the value of the hash. The first three numbers are what the scripts look at.
func (l lease) text() string {
	ms := func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
	return strings.Join([]string{
		ms(l.Busy.Start), ms(l.Busy.End), ms(l.Until), ms(l.Max), ms(l.Slot.Start), ms(l.Slot.End), l.Service, l.Client,
	}, " ")
}

// member names the hold in the sorted sets.
func (l lease) member() string {
	return strings.Join([]string{l.Org.String(), l.Specialist.String(), l.Hold.String(), l.Client}, " ")
}

func readLease(member, text string) (lease, error) {
	m, v := strings.Fields(member), strings.Fields(text)
	if len(m) != 4 || len(v) != 8 {
		return lease{}, errors.New("a hold in redis has another form")
	}
	var times [6]time.Time
	for i := range times {
		n, err := strconv.ParseInt(v[i], 10, 64)
		if err != nil {
			return lease{}, errors.New("a hold in redis has another form")
		}
		times[i] = time.UnixMilli(n).UTC()
	}
	l := lease{
		Busy: civil.Interval{Start: times[0], End: times[1]}, Until: times[2], Max: times[3],
		Slot: civil.Interval{Start: times[4], End: times[5]}, Service: v[6], Client: m[3],
	}
	err := errors.Join(l.Org.UnmarshalText([]byte(m[0])), l.Specialist.UnmarshalText([]byte(m[1])), l.Hold.UnmarshalText([]byte(m[2])))
	return l, err
}

func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
}

// place stores the lease unless the specialist's busy time overlaps another live hold (ErrSlotTaken) or the client holds quota slots
// already (ErrHoldQuota).
func (s shelf) place(ctx context.Context, l lease, now time.Time, quota int) error {
	ctx, cancel := patient(ctx)
	defer cancel()
	answer, err := placeHold.Run(ctx, s.client, s.keys(l), now.UnixMilli(), l.Until.UnixMilli(), keyLife.Milliseconds(), quota,
		l.Hold.String(), l.text(), l.Busy.Start.UnixMilli(), l.Busy.End.UnixMilli(), l.member()).Text()
	switch {
	case err != nil:
		return fmt.Errorf("place hold: %w", err)
	case answer == "taken":
		return ErrSlotTaken
	case answer == "quota":
		return ErrHoldQuota
	}
	return nil
}

//nolint:gochecknoglobals // the script and its hash, never written
var placeHold = redis.NewScript(`
local now, from, to = tonumber(ARGV[1]), tonumber(ARGV[7]), tonumber(ARGV[8])
if redis.call('ZCOUNT', KEYS[2], '(' .. ARGV[1], '+inf') >= tonumber(ARGV[4]) then return 'quota' end
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local start, stop, till = string.match(all[i+1], '^(%d+) (%d+) (%d+) ')
  if tonumber(till) > now and tonumber(start) < to and from < tonumber(stop) then return 'taken' end
end
redis.call('HSET', KEYS[1], ARGV[5], ARGV[6])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[9])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[9])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return 'held'
`)

// extend gives a live hold a new end of lease; errHoldLost when it is not live any more.
func (s shelf) extend(ctx context.Context, l lease, now time.Time) error {
	ctx, cancel := patient(ctx)
	defer cancel()
	n, err := extendHold.Run(ctx, s.client, s.keys(l), now.UnixMilli(), l.Until.UnixMilli(), keyLife.Milliseconds(),
		l.Hold.String(), l.text(), l.member()).Int()
	if err != nil {
		return fmt.Errorf("extend hold: %w", err)
	}
	if n == 0 {
		return errHoldLost
	}
	return nil
}

//nolint:gochecknoglobals // the script and its hash, never written
var extendHold = redis.NewScript(`
local value = redis.call('HGET', KEYS[1], ARGV[4])
if not value or tonumber(string.match(value, '^%d+ %d+ (%d+) ')) <= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[6])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[6])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return 1
`)

// remove takes the hold away and reports whether it was live.
func (s shelf) remove(ctx context.Context, l lease, now time.Time) (bool, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	n, err := removeHold.Run(ctx, s.client, s.keys(l), now.UnixMilli(), l.Hold.String(), l.member()).Int()
	if err != nil {
		return false, fmt.Errorf("release hold: %w", err)
	}
	return n == 1, nil
}

//nolint:gochecknoglobals // the script and its hash, never written
var removeHold = redis.NewScript(`
local value = redis.call('HGET', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[3])
redis.call('ZREM', KEYS[3], ARGV[3])
if value and tonumber(string.match(value, '^%d+ %d+ (%d+) ')) > tonumber(ARGV[1]) then return 1 end
return 0
`)

// expired takes away holds whose lease has ended, at most a hundred, and answers them. Each is answered to one process only.
func (s shelf) expired(ctx context.Context, now time.Time) ([]lease, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	answer, err := expireHolds.Run(ctx, s.client, []string{s.dueKey()}, now.UnixMilli(), s.client.Key("hold", s.space)+":").StringSlice()
	if err != nil {
		return nil, fmt.Errorf("look for expired holds: %w", err)
	}
	return readLeases(answer)
}

func readLeases(pairs []string) ([]lease, error) {
	var out []lease
	for i := 0; i+1 < len(pairs); i += 2 {
		l, err := readLease(pairs[i], pairs[i+1])
		if err != nil {
			return out, err
		}
		out = append(out, l)
	}
	return out, nil
}

//nolint:gochecknoglobals // the script and its hash, never written
var expireHolds = redis.NewScript(`
local out = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)) do
  local org, specialist, hold, client = string.match(member, '^(%S+) (%S+) (%S+) (%S+)$')
  local shelf = ARGV[2] .. 's:' .. org .. ':' .. specialist
  local value = redis.call('HGET', shelf, hold)
  redis.call('ZREM', KEYS[1], member)
  redis.call('ZREM', ARGV[2] .. 'c:' .. org .. ':' .. client, member)
  if value then
    redis.call('HDEL', shelf, hold)
    out[#out+1], out[#out+2] = member, value
  end
end
return out
`)

// of answers the client's live holds, the one that ends first at the beginning.
func (s shelf) of(ctx context.Context, org ident.OrgID, client string, now time.Time) ([]lease, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	answer, err := holdsOfClient.Run(ctx, s.client, []string{s.clientKey(org, client)}, now.UnixMilli(), s.client.Key("hold", s.space)+":").StringSlice()
	if err != nil {
		return nil, fmt.Errorf("look for a visitor's holds: %w", err)
	}
	return readLeases(answer)
}

//nolint:gochecknoglobals // the script and its hash, never written
var holdsOfClient = redis.NewScript(`
local out = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')) do
  local org, specialist, hold = string.match(member, '^(%S+) (%S+) (%S+) ')
  local value = redis.call('HGET', ARGV[2] .. 's:' .. org .. ':' .. specialist, hold)
  if value then out[#out+1], out[#out+2] = member, value end
end
return out
`)

// on answers the live holds of the specialists.
func (s shelf) on(ctx context.Context, org ident.OrgID, specialists []specialist.ID, now time.Time) ([]lease, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	pipe := s.client.Pipeline()
	answers := make([]*redis.MapStringStringCmd, len(specialists))
	for i, sp := range specialists {
		answers[i] = pipe.HGetAll(ctx, s.specialistKey(org, sp.String()))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("look for holds: %w", err)
	}
	var out []lease
	for i, sp := range specialists {
		for hold, text := range answers[i].Val() {
			client := text[strings.LastIndexByte(text, ' ')+1:]
			l, err := readLease(strings.Join([]string{org.String(), sp.String(), hold, client}, " "), text)
			if err != nil {
				return nil, err
			}
			if l.Until.After(now) {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// NewHolds makes the service. It is in this file because it is handed the connection to Redis.
func NewHolds(d HoldDeps, client *redisdb.Client) *Holds {
	return &Holds{HoldDeps: d, shelf: shelf{client: client, space: spaceOf(d.Ring)}}
}
