package scheduling

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/specialist"
)

// claim is what a token carries: the whole slot, so that it is worth something without Redis. Times are Unix milliseconds.
type claim struct {
	Hold       HoldID            `json:"h"`
	Service    catalog.ServiceID `json:"v"`
	Specialist specialist.ID     `json:"s"`
	Slot       [2]int64          `json:"t"`
	Busy       [2]int64          `json:"b"`
	Max        int64             `json:"m"`
	TTL        int64             `json:"l"`
	Client     string            `json:"c"`
}

// seal signs the slot for its visitor in this clinic. The key is derived per clinic and is not in Redis or in the database.
func (h *Holds) seal(ctx context.Context, s HeldSlot) string {
	between := func(i civil.Interval) [2]int64 { return [2]int64{i.Start.UnixMilli(), i.End.UnixMilli()} }
	// Encoding cannot fail: numbers, ids and a hash.
	body, _ := json.Marshal(claim{
		Hold: s.Hold, Service: s.Service, Specialist: s.Specialist, Slot: between(s.Interval), Busy: between(s.Busy),
		Max: s.MaxExpiresAt.UnixMilli(), TTL: s.ttl.Milliseconds(), Client: s.client,
	})
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + h.mark(orgOf(ctx), text)
}

func (h *Holds) mark(org ident.OrgID, text string) string {
	return base64.RawURLEncoding.EncodeToString(h.Ring.BlindIndex(org.String(), "scheduling.hold_token", text))
}

// open answers a token of this clinic; anything else is not_hold_owner.
func (h *Holds) open(ctx context.Context, token string) (HeldSlot, error) {
	text, mark, ok := strings.Cut(token, ".")
	if !ok || len(token) > 2000 || !hmac.Equal([]byte(mark), []byte(h.mark(orgOf(ctx), text))) {
		return HeldSlot{}, ErrNotHoldOwner
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return HeldSlot{}, ErrNotHoldOwner
	}
	var c claim
	if err := json.Unmarshal(body, &c); err != nil {
		return HeldSlot{}, ErrNotHoldOwner
	}
	between := func(t [2]int64) civil.Interval {
		return civil.Interval{Start: time.UnixMilli(t[0]).UTC(), End: time.UnixMilli(t[1]).UTC()}
	}
	return HeldSlot{
		Hold: c.Hold, Service: c.Service, Specialist: c.Specialist, Interval: between(c.Slot), Busy: between(c.Busy),
		MaxExpiresAt: time.UnixMilli(c.Max).UTC(), client: c.Client, ttl: time.Duration(c.TTL) * time.Millisecond,
	}, nil
}
