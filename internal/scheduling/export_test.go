package scheduling

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/specialist"
)

// uncheckedPlace stores a hold whatever else is there.
var uncheckedPlace = redis.NewScript(`
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return 'held'
`)

// CreateInTwoSteps is Create with a planted fault: it asks whether the time is free and stores afterwards, as two commands.
func (h *Holds) CreateInTwoSteps(ctx context.Context, client string, r Request) (Hold, error) {
	offered, rules, err := h.offered(ctx, r)
	if err != nil {
		return Hold{}, err
	}
	slot, until := h.slotOf(ctx, client, offered, rules)
	for _, b := range h.Held(ctx, []specialist.ID{offered.Specialist}, slot.Busy.Start, slot.Busy.End, "") {
		if b.Overlaps(civil.Interval{Start: slot.Busy.Start, End: slot.Busy.End}) {
			return Hold{}, ErrSlotTaken
		}
	}
	l := slot.lease(orgOf(ctx), until)
	err = uncheckedPlace.Run(ctx, h.shelf.client, h.shelf.keys(l), until.UnixMilli(), keyLife.Milliseconds(), l.Hold.String(), l.text()).Err()
	if err != nil {
		return Hold{}, err
	}
	return h.held(ctx, slot, until)
}
