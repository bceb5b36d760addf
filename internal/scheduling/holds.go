package scheduling

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/specialist"
)

// What holding a slot is refused with.
var (
	ErrNotHoldOwner     = apperror.New(apperror.Forbidden, "not_hold_owner", "This time is not being kept for you. Choose it again.")
	ErrHoldExpired      = apperror.New(apperror.Gone, "hold_expired", "We could not keep this time any longer. Choose it again.")
	ErrHoldQuota        = apperror.New(apperror.RateLimited, "hold_quota", "You are already choosing as many times as you can. Let one go first.")
	ErrHoldsUnavailable = apperror.New(apperror.Unavailable, "holds_unavailable", "Times cannot be kept at the moment. You can still book.")
)

// HoldID identifies a hold.
type HoldID = ident.ID[Hold]

// Hold is a slot that is kept for one visitor for a short time.
type Hold struct {
	ID         HoldID
	Service    catalog.ServiceID
	Specialist specialist.ID
	Start, End time.Time
	// ExpiresAt is when it ends without a heartbeat, MaxExpiresAt when it ends in any case.
	ExpiresAt, MaxExpiresAt time.Time
	// Token proves ownership and carries the slot; empty in a list.
	Token string
}

// HeldSlot is what a token says, verified.
type HeldSlot struct {
	Hold       HoldID
	Service    catalog.ServiceID
	Specialist specialist.ID
	civil.Interval
	// Busy is the slot with the buffers of the moment when it was held.
	Busy         civil.Interval
	MaxExpiresAt time.Time
	client       string
	ttl          time.Duration
}

// HoldDeps are what holds are made of. All are required.
type HoldDeps struct {
	DB    *postgres.DB
	Ring  *seal.Ring
	Terms Terms
	// Offered answers whether a start can be kept; nothing of another visitor's holds is kept.
	Offered func(ctx context.Context, tx *postgres.Tx, r Request) (Offered, error)
	Live    *live.Hub
	Log     *slog.Logger
}

// Terms reads the clinic's own rules; package organization satisfies it.
type Terms interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Holds keeps slots for visitors. A hold is a courtesy, not the truth: booking asks the database. Safe for concurrent use.
//
// Every method acts in the clinic of the context's principal. client is the visitor's id from X-Client-Id.
type Holds struct {
	HoldDeps
	shelf shelf
}

// hash hides the visitor's id from Redis and from the log; it differs from clinic to clinic.
func (h *Holds) hash(org ident.OrgID, client string) string {
	return hex.EncodeToString(h.Ring.BlindIndex(org.String(), "scheduling.hold_client", client)[:16])
}

// spaceOf names the installation in a shared Redis.
func spaceOf(ring *seal.Ring) string {
	return hex.EncodeToString(ring.BlindIndex(uuid.Nil.String(), "scheduling.holds", "")[:6])
}

func orgOf(ctx context.Context) ident.OrgID {
	p, _ := auth.From(ctx)
	return p.OrgID
}

// away turns a Redis that does not answer into what the visitor is told.
func away(err error) error {
	return errors.Join(ErrHoldsUnavailable.With("retry_after", 2), err)
}

// Create holds a start. When the clinic may choose, the next free specialist is tried while others are faster.
func (h *Holds) Create(ctx context.Context, client string, r Request) (Hold, error) {
	r.Client = client
	for attempt := 0; ; attempt++ {
		offered, rules, err := h.offered(ctx, r)
		if err != nil {
			return Hold{}, err
		}
		slot, until := h.slotOf(ctx, client, offered, rules)
		err = h.shelf.place(ctx, slot.lease(orgOf(ctx), until), h.DB.Now(), rules.HoldQuota)
		switch {
		case err == nil:
			return h.held(ctx, slot, until)
		case errors.Is(err, ErrHoldQuota):
			return Hold{}, err
		case !errors.Is(err, ErrSlotTaken):
			return Hold{}, away(err)
		case !r.Specialist.IsZero() || attempt >= len(offered.Candidates):
			return Hold{}, err
		}
	}
}

func (h *Holds) offered(ctx context.Context, r Request) (Offered, organization.Settings, error) {
	var (
		out   Offered
		terms organization.Terms
	)
	err := h.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var err error
		if terms, err = h.Terms.TermsTx(ctx, tx); err != nil {
			return err
		}
		out, err = h.Offered(ctx, tx, r)
		return err
	})
	return out, terms.Settings, err
}

func (h *Holds) slotOf(ctx context.Context, client string, o Offered, rules organization.Settings) (HeldSlot, time.Time) {
	now := h.DB.Now().Truncate(time.Millisecond)
	s := HeldSlot{
		Hold: ident.New[Hold](), Service: o.Service, Specialist: o.Specialist, Interval: civil.Interval{Start: o.Start.UTC(), End: o.End.UTC()},
		Busy: civil.Interval{
			Start: o.Start.Add(-time.Duration(o.BufferBeforeMin) * time.Minute).UTC(),
			End:   o.End.Add(time.Duration(o.BufferAfterMin) * time.Minute).UTC(),
		},
		MaxExpiresAt: now.Add(time.Duration(rules.HoldMaxSeconds) * time.Second),
		client:       h.hash(orgOf(ctx), client), ttl: time.Duration(rules.HoldTTLSeconds) * time.Second,
	}
	return s, now.Add(s.ttl)
}

// held writes the log, tells the others and answers. A hold that cannot be logged is not given.
func (h *Holds) held(ctx context.Context, s HeldSlot, until time.Time) (Hold, error) {
	if err := h.log(ctx, orgOf(ctx), "held", s); err != nil {
		_, gone := h.shelf.remove(ctx, s.lease(orgOf(ctx), until), h.DB.Now())
		return Hold{}, errors.Join(err, gone)
	}
	h.push(ctx, orgOf(ctx), slotHeld, s.Specialist, s.Interval, until)
	return s.hold(until, h.seal(ctx, s)), nil
}

func (s HeldSlot) hold(until time.Time, token string) Hold {
	return Hold{
		ID: s.Hold, Service: s.Service, Specialist: s.Specialist, Start: s.Start, End: s.End,
		ExpiresAt: until, MaxExpiresAt: s.MaxExpiresAt, Token: token,
	}
}

func (s HeldSlot) lease(org ident.OrgID, until time.Time) lease {
	return lease{
		Hold: s.Hold, Org: org, Specialist: s.Specialist, Service: s.Service.String(), Busy: s.Busy, Slot: s.Interval,
		Until: until, Max: s.MaxExpiresAt, Client: s.client,
	}
}

// Extend is the heartbeat of the owner. A lease that ran out, or a hold at its absolute end, is hold_expired.
func (h *Holds) Extend(ctx context.Context, client string, id HoldID, token string) (Hold, error) {
	s, err := h.own(ctx, client, id, token)
	if err != nil {
		return Hold{}, err
	}
	now := h.DB.Now().Truncate(time.Millisecond)
	if !now.Before(s.MaxExpiresAt) {
		return Hold{}, ErrHoldExpired
	}
	until := now.Add(s.ttl)
	if until.After(s.MaxExpiresAt) {
		until = s.MaxExpiresAt
	}
	switch err := h.shelf.extend(ctx, s.lease(orgOf(ctx), until), now); {
	case errors.Is(err, errHoldLost):
		return Hold{}, ErrHoldExpired
	case err != nil:
		return Hold{}, away(err)
	}
	if err := h.log(ctx, orgOf(ctx), "extended", s); err != nil {
		return Hold{}, err
	}
	h.push(ctx, orgOf(ctx), slotHeld, s.Specialist, s.Interval, until)
	return s.hold(until, token), nil
}

// GiveUp ends the owner's hold. Ending one that has run out already is no error.
func (h *Holds) GiveUp(ctx context.Context, client string, id HoldID, token string) error {
	s, err := h.own(ctx, client, id, token)
	if err != nil {
		return err
	}
	return h.release(ctx, s.lease(orgOf(ctx), s.MaxExpiresAt), "released")
}

// Of answers the visitor's live holds, without tokens.
func (h *Holds) Of(ctx context.Context, client string) ([]Hold, error) {
	leases, err := h.shelf.of(ctx, orgOf(ctx), h.hash(orgOf(ctx), client), h.DB.Now())
	if err != nil {
		return nil, away(err)
	}
	out := make([]Hold, 0, len(leases))
	for _, l := range leases {
		out = append(out, l.slot().hold(l.Until, ""))
	}
	return out, nil
}

// ReleaseAll ends every hold of the visitor, as a page does that is left, and answers how many were live.
func (h *Holds) ReleaseAll(ctx context.Context, client string) (int, error) {
	leases, err := h.shelf.of(ctx, orgOf(ctx), h.hash(orgOf(ctx), client), h.DB.Now())
	if err != nil {
		return 0, away(err)
	}
	for _, l := range leases {
		if err := h.release(ctx, l, "released"); err != nil {
			return 0, err
		}
	}
	return len(leases), nil
}

// Slot answers what the token says, for booking. It is not_hold_owner for another visitor's token or one that is not ours, and hold_expired
// after its absolute end. Redis is not asked: a hold that was lost refuses nothing.
func (h *Holds) Slot(ctx context.Context, token, client string) (HeldSlot, error) {
	s, err := h.open(ctx, token)
	if err != nil {
		return HeldSlot{}, err
	}
	if s.client != h.hash(orgOf(ctx), client) {
		return HeldSlot{}, ErrNotHoldOwner
	}
	if !h.DB.Now().Before(s.MaxExpiresAt) {
		return HeldSlot{}, ErrHoldExpired
	}
	return s, nil
}

// HeldByOther reports whether somebody else holds the specialist in the time. Nobody does while Redis is away.
func (h *Holds) HeldByOther(ctx context.Context, sp specialist.ID, busy civil.Interval, client string) bool {
	for _, b := range h.Held(ctx, []specialist.ID{sp}, busy.Start, busy.End, client) {
		if b.Overlaps(busy) {
			return true
		}
	}
	return false
}

// Held implements Held. client is the visitor's id, whose own holds are left out; empty leaves none out.
func (h *Holds) Held(ctx context.Context, specialists []specialist.ID, from, to time.Time, client string) []Block {
	if len(specialists) == 0 {
		return nil
	}
	leases, err := h.shelf.on(ctx, orgOf(ctx), specialists, h.DB.Now())
	if err != nil {
		h.Log.LogAttrs(ctx, slog.LevelWarn, "holds not read", slog.String("error", err.Error()))
		return nil
	}
	own := ""
	if client != "" {
		own = h.hash(orgOf(ctx), client)
	}
	var out []Block
	for _, l := range leases {
		if l.Client != own && l.Busy.Overlaps(civil.Interval{Start: from, End: to}) {
			out = append(out, Block{Specialist: l.Specialist, Interval: l.Busy})
		}
	}
	return out
}

// Release ends a hold that became a visit. Call it after the commit; a hold that stays simply runs out, so nothing is answered.
func (h *Holds) Release(ctx context.Context, s HeldSlot) {
	l := s.lease(orgOf(ctx), s.MaxExpiresAt)
	if _, err := h.shelf.remove(ctx, l, h.DB.Now()); err != nil {
		h.Log.LogAttrs(ctx, slog.LevelWarn, "hold of a visit not released", slog.String("error", err.Error()))
	}
	if err := h.log(ctx, orgOf(ctx), "booked", s); err != nil {
		h.Log.LogAttrs(ctx, slog.LevelWarn, "hold of a visit not logged", slog.String("error", err.Error()))
	}
}

// own verifies that the token is the visitor's and about this hold. What does not exist is refused like what is somebody else's.
func (h *Holds) own(ctx context.Context, client string, id HoldID, token string) (HeldSlot, error) {
	s, err := h.open(ctx, token)
	if err != nil {
		return HeldSlot{}, err
	}
	if s.Hold != id || s.client != h.hash(orgOf(ctx), client) {
		return HeldSlot{}, ErrNotHoldOwner
	}
	return s, nil
}

func (l lease) slot() HeldSlot {
	s := HeldSlot{Hold: l.Hold, Specialist: l.Specialist, Interval: l.Slot, Busy: l.Busy, MaxExpiresAt: l.Max, client: l.Client}
	s.Service, _ = ident.Parse[catalog.Service](l.Service) // written by us; a foreign text is no service
	return s
}

// release takes a hold away; when it was live, the log and everybody who looks are told.
func (h *Holds) release(ctx context.Context, l lease, kind string) error {
	live, err := h.shelf.remove(ctx, l, h.DB.Now())
	if err != nil {
		return away(err)
	}
	if !live {
		return nil
	}
	h.push(ctx, l.Org, slotReleased, l.Specialist, l.Slot, time.Time{})
	if err := h.log(ctx, l.Org, kind, l.slot()); err != nil {
		return fmt.Errorf("log released hold: %w", err)
	}
	return nil
}
