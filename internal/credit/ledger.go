package credit

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// held is a plan that the transaction holds, with the sum of its rows.
type held struct {
	plan  Plan
	book  book
	today civil.Date
}

func (s *Service) hold(ctx context.Context, tx *postgres.Tx, id PlanID) (held, error) {
	today, err := s.today(ctx, tx)
	if err != nil {
		return held{}, err
	}
	p, err := lockPlan(ctx, tx, id)
	if err != nil {
		return held{}, err
	}
	b, err := bookOf(ctx, tx, id)
	return held{p, b, today}, err
}

// write adds one row to a held plan, moves the plan's state, and says what follows from it.
func (s *Service) write(ctx context.Context, tx *postgres.Tx, h held, e Entry) (Entry, error) {
	after := h.book.plus(e.Available, e.Reserved, e.Consumed)
	if after.negative() {
		return Entry{}, ErrNoCredit.With("available", h.book.Available)
	}
	e.ID, e.PatientID, e.PlanID, e.Currency, e.CreatedAt = ident.New[Entry](), h.plan.PatientID, h.plan.ID, h.plan.Currency, tx.Now
	e.Actor = tx.Principal.UserID
	if e.EffectiveOn.IsZero() {
		e.EffectiveOn = h.today
	}
	if err := insertEntry(ctx, tx, e); err != nil {
		return Entry{}, err
	}
	s.recordEntry(ctx, tx, e)
	now := h.book
	now.Balance, now.Expired = after, now.Expired || e.Kind == Expire
	if h.book.Available > lowSessions && after.Available <= lowSessions && after.Open() > 0 {
		if err := s.Bus.PublishTx(ctx, tx, LowFact{h.plan.ID, h.plan.PatientID, after.Available}); err != nil {
			return Entry{}, err
		}
	}
	return e, s.settle(ctx, tx, h.plan, statusOn(h.plan, now, h.today))
}

// recordEntry is the trail of one row.
func (s *Service) recordEntry(ctx context.Context, tx *postgres.Tx, e Entry) {
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "entitlement_ledger", EntityID: e.ID.String(), PatientID: e.PatientID.UUID(), Changes: map[string]audit.Change{
			"kind": {nil, string(e.Kind)}, "available": {nil, e.Available}, "reserved": {nil, e.Reserved}, "consumed": {nil, e.Consumed},
			"recognised_minor": {nil, e.Recognised},
		},
	})
}

// lowSessions is how few sessions are few.
const lowSessions = 2

// settle writes the state that follows from the rows, and tells when a plan came to its end.
func (s *Service) settle(ctx context.Context, tx *postgres.Tx, p Plan, status Status) error {
	if status == p.Status {
		return nil
	}
	if err := setStatus(ctx, tx, p.ID, status); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "transition", EntityType: "patient_service_plan", EntityID: p.ID.String(), PatientID: p.PatientID.UUID(),
		Changes: map[string]audit.Change{"status": {string(p.Status), string(status)}},
	})
	switch status {
	case Exhausted:
		return s.Bus.PublishTx(ctx, tx, ExhaustedFact{p.ID, p.PatientID})
	case Expired:
		return s.Bus.PublishTx(ctx, tx, ExpiredFact{p.ID, p.PatientID, lastOf(p)})
	case Active, Cancelled:
	}
	return nil
}

func lastOf(p Plan) civil.Date {
	if p.CreditsExpireOn.After(p.AccessEndsOn) {
		return p.CreditsExpireOn
	}
	return p.AccessEndsOn
}

// Claim is a visit that wants to be paid with a session.
type Claim struct {
	Visit   VisitID
	Patient patient.ID
	Service catalog.ServiceID
	// On is the day of the visit in the clinic.
	On civil.Date
}

// ReserveTx keeps the sessions of a visit: of the patient's plan that pays for the service and ends first. ErrNoCredit when none does.
func (s *Service) ReserveTx(ctx context.Context, tx *postgres.Tx, c Claim) (Entry, error) {
	before, err := entriesOfVisit(ctx, tx, c.Visit)
	if err != nil {
		return Entry{}, err
	}
	if last, open := openReservation(before); open {
		return last, nil
	}
	ids, err := paying(ctx, tx, c.Patient, c.On)
	if err != nil {
		return Entry{}, err
	}
	for _, id := range ids {
		h, err := s.hold(ctx, tx, id)
		if err != nil {
			return Entry{}, err
		}
		credits := h.plan.credits(c.Service)
		if credits == 0 || !h.plan.covers(c.On) || h.book.Available < credits {
			continue
		}
		return s.write(ctx, tx, h, Entry{
			VisitID: c.Visit, Kind: Reserve, Attempt: attempts(before, Reserve), Available: -credits, Reserved: credits,
		})
	}
	return Entry{}, ErrNoCredit
}

// attempts is how many rows of the kind a visit has.
func attempts(of []Entry, kind Kind) int {
	n := 0
	for _, e := range of {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// openReservation is the newest reservation of a visit that was neither used nor given back.
func openReservation(of []Entry) (Entry, bool) {
	var last Entry
	open := 0
	for _, e := range of {
		open += e.Reserved
		if e.Kind == Reserve {
			last = e
		}
	}
	return last, open > 0
}

// ErrNotReserved tells that a visit holds no session: it is paid in another way, or was settled before.
var ErrNotReserved = errors.New("the visit holds no session")

// ConsumeTx uses up what a visit holds: it took place, or was missed by the clinic's rules. ErrNotReserved when it holds nothing.
func (s *Service) ConsumeTx(ctx context.Context, tx *postgres.Tx, visit VisitID) (Entry, error) {
	return s.end(ctx, tx, visit, func(h held, credits int) Entry {
		return Entry{Kind: Consume, Reserved: -credits, Consumed: credits, Recognised: worth(h.plan, h.book, credits)}
	})
}

// ReleaseTx gives back what a visit holds: it was cancelled in time or moved. Sessions whose time is over are lost at once.
// ErrNotReserved when it holds nothing.
func (s *Service) ReleaseTx(ctx context.Context, tx *postgres.Tx, visit VisitID) (Entry, error) {
	e, err := s.end(ctx, tx, visit, func(_ held, credits int) Entry {
		return Entry{Kind: Release, Available: credits, Reserved: -credits}
	})
	if err != nil {
		return e, err
	}
	return e, s.ExpireTx(ctx, tx, e.PlanID)
}

func (s *Service) end(ctx context.Context, tx *postgres.Tx, visit VisitID, entry func(held, int) Entry) (Entry, error) {
	found, err := entriesOfVisit(ctx, tx, visit)
	if err != nil {
		return Entry{}, err
	}
	reservation, open := openReservation(found)
	if !open {
		return Entry{}, ErrNotReserved
	}
	h, err := s.hold(ctx, tx, reservation.PlanID)
	if err != nil {
		return Entry{}, err
	}
	// Somebody may have settled the visit while this transaction waited for the plan.
	if found, err = entriesOfVisit(ctx, tx, visit); err != nil {
		return Entry{}, err
	}
	if reservation, open = openReservation(found); !open {
		return Entry{}, ErrNotReserved
	}
	e := entry(h, reservation.Reserved)
	e.VisitID, e.Attempt = visit, attempts(found, e.Kind)
	return s.write(ctx, tx, h, e)
}

// ExpireTx takes the free sessions of a plan whose last day is over, once; otherwise it does nothing. What visits hold stays with them.
func (s *Service) ExpireTx(ctx context.Context, tx *postgres.Tx, id PlanID) error {
	h, err := s.hold(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = s.expire(ctx, tx, h)
	return err
}

// expire answers the plan as it is afterwards.
func (s *Service) expire(ctx context.Context, tx *postgres.Tx, h held) (held, error) {
	if h.plan.CreditsExpireOn.IsZero() || !h.today.After(h.plan.CreditsExpireOn) || h.book.Available == 0 || h.plan.Status == Cancelled {
		return h, nil
	}
	_, err := s.write(ctx, tx, h, Entry{
		Kind: Expire, Available: -h.book.Available, Recognised: worth(h.plan, h.book, h.book.Available), EffectiveOn: h.plan.CreditsExpireOn.AddDays(1),
	})
	if err != nil {
		return h, err
	}
	return s.hold(ctx, tx, h.plan.ID)
}

// Adjustment is a correction by the staff.
type Adjustment struct {
	// Available and Consumed are added to the sums; they may be negative.
	Available, Consumed int
	// Recognised is what the correction earns or takes back; nil is what the used sessions are worth.
	Recognised *int64
	Reason     string
}

// reasonOf refuses a reason that says nothing.
func reasonOf(text string) (*string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 10 || n > 500 {
		return nil, apperror.ErrInvalid.At("body.reason", "has 10 to 500 characters")
	}
	return &text, nil
}

// AdjustTx corrects a plan that was not cancelled. ErrNoCredit when a sum would fall below nothing.
func (s *Service) AdjustTx(ctx context.Context, tx *postgres.Tx, id PlanID, a Adjustment) (Entry, error) {
	reason, err := reasonOf(a.Reason)
	if err != nil {
		return Entry{}, err
	}
	h, err := s.hold(ctx, tx, id)
	if err != nil {
		return Entry{}, err
	}
	if h.plan.Status == Cancelled {
		return Entry{}, ErrPlanCancelled
	}
	e := Entry{Kind: Adjust, Available: a.Available, Consumed: a.Consumed, Reason: reason}
	switch {
	case a.Recognised != nil:
		e.Recognised = *a.Recognised
	case a.Consumed > 0:
		e.Recognised = worth(h.plan, h.book, a.Consumed)
	}
	return s.write(ctx, tx, h, e)
}

// ReverseTx undoes a row that used sessions up: they are free again and their money is not earned. A row is reversed once (ErrReversed).
func (s *Service) ReverseTx(ctx context.Context, tx *postgres.Tx, visit VisitID, why string) (Entry, error) {
	reason, err := reasonOf(why)
	if err != nil {
		return Entry{}, err
	}
	found, err := entriesOfVisit(ctx, tx, visit)
	if err != nil {
		return Entry{}, err
	}
	var used Entry
	for _, e := range found {
		if e.Kind == Consume {
			used = e
		}
	}
	if used.ID.IsZero() {
		return Entry{}, ErrNotReserved
	}
	h, err := s.hold(ctx, tx, used.PlanID)
	if err != nil {
		return Entry{}, err
	}
	return s.write(ctx, tx, h, Entry{
		VisitID: visit, Kind: Reversal, Attempt: attempts(found, Reversal), Available: used.Consumed, Consumed: -used.Consumed,
		Recognised: -used.Recognised, Reverses: used.ID, Reason: reason,
	})
}
