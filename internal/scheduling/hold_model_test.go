package scheduling_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/specialist"
)

const (
	slotsEach = 5
	modelTTL  = 2 * time.Second
)

// act is what a client asks for: hold, heartbeat, release, book and list, on one slot of one specialist. call and ret bound the instant
// that the answer was true at, in milliseconds of the process clock.
type act struct {
	kind             string
	specialist, slot int
	client, hold     string
	call, ret        int64
}

// outcome is what was answered: whether it was done, the end of the lease, and for a list which slots are held.
type outcome struct {
	done  bool
	hold  string
	until int64
	held  [slotsEach]bool
}

// lot is what the model knows about one slot.
type lot struct {
	hold, client string
	until        int64
}

// legal says whether the answer can be true, and what is true afterwards. A lease ends by itself at its end, which is what the
// operation "expire" of the figure is: a moment that nobody calls.
func legal(s [slotsEach]lot, a act, o outcome) (bool, [slotsEach]lot) {
	l := &s[a.slot]
	mine := l.hold != "" && l.hold == a.hold
	free := l.hold == "" || l.until <= a.ret // may have ended by the time of the answer
	taken := l.hold != "" && l.until > a.call
	switch {
	case a.kind == "list":
		return legalList(s, a, o), s
	case a.kind == "hold" && o.done:
		ok := free
		*l = lot{o.hold, a.client, o.until}
		return ok, s
	case a.kind == "hold":
		return taken, s
	case a.kind == "heartbeat" && o.done:
		ok := mine && l.until > o.until-modelTTL.Milliseconds()
		l.until = o.until
		return ok, s
	case a.kind == "heartbeat":
		return !mine || l.until <= a.ret, s
	case a.kind == "book" && !o.done: // somebody else holds the slot
		return taken && l.client != a.client, s
	case a.kind == "book":
		ok := free || l.client == a.client
		if mine {
			*l = lot{}
		}
		return ok, s
	case a.kind == "release":
		if mine {
			*l = lot{}
		}
		return true, s
	}
	return false, s
}

// legalList wants one instant at which exactly the listed slots were held.
func legalList(s [slotsEach]lot, a act, o outcome) bool {
	from, to := a.call, a.ret
	for i, l := range s {
		switch {
		case o.held[i] && l.hold == "":
			return false
		case o.held[i]:
			to = min(to, l.until-1)
		case l.hold != "":
			from = max(from, l.until)
		}
	}
	return from <= to
}

func model() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			parts := map[int][]porcupine.Operation{}
			for _, op := range history {
				a, _ := op.Input.(act)
				parts[a.specialist] = append(parts[a.specialist], op)
			}
			var out [][]porcupine.Operation
			for _, p := range parts {
				out = append(out, p)
			}
			return out
		},
		Init: func() any { return [slotsEach]lot{} },
		Step: func(state, input, output any) (bool, any) {
			s, _ := state.([slotsEach]lot)
			a, _ := input.(act)
			o, _ := output.(outcome)
			return legal(s, a, o)
		},
	}
}

// history is every call with its start, its end and what came of it.
type history struct {
	mu  sync.Mutex
	ops []porcupine.Operation
	// unclear are specialists with a call whose outcome nobody knows, because the machine was too busy to log it.
	unclear map[int]bool
}

// lose notes a call whose outcome is unknown; what is known about its specialist proves nothing any more.
func (h *history) lose(specialist int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.unclear == nil {
		h.unclear = map[int]bool{}
	}
	h.unclear[specialist] = true
}

// clear is the history of the specialists about whom everything is known.
func (h *history) clear() []porcupine.Operation {
	return slices.DeleteFunc(slices.Clone(h.ops), func(op porcupine.Operation) bool {
		a, _ := op.Input.(act)
		return h.unclear[a.specialist]
	})
}

func (h *history) record(worker int, a act, call time.Time, o outcome) {
	ret := time.Now()
	a.call, a.ret = call.UnixMilli(), ret.UnixMilli()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: worker, Input: a, Call: call.UnixNano(), Output: o, Return: ret.UnixNano()})
}

// creator is how a hold is made: as the product does, or with the planted fault.
type creator func(client string, specialistNumber, slot int) (scheduling.Hold, error)

// player is one client of the figure.
type player struct {
	k       *holdKit
	create  creator
	history *history
	number  int
	name    string
	dice    *rand.Rand
	// mine are the tokens that this client remembers.
	mine map[[2]int]scheduling.Hold
}

func slotAt(n int) time.Time { return at("08:00").Add(time.Duration(n) * time.Hour) }

func (p *player) play(until time.Time) {
	for time.Now().Before(until) {
		place := [2]int{p.dice.IntN(len(p.k.rota.specialists)), p.dice.IntN(slotsEach)}
		a := act{specialist: place[0], slot: place[1], client: p.name}
		h, held := p.mine[place]
		switch n := p.dice.IntN(10); {
		case n == 0:
			p.list(a)
		case !held:
			p.hold(a, place)
		case n < 4:
			p.heartbeat(a, place, h)
		case n < 7:
			p.release(a, place, h)
		case n < 9:
			p.book(a, place, h)
		default:
			delete(p.mine, place) // walks away, the lease runs out
		}
	}
}

func (p *player) hold(a act, place [2]int) {
	a.kind = "hold"
	call := time.Now()
	h, err := p.create(p.name, place[0], place[1])
	switch {
	case err == nil:
		p.mine[place] = h
		p.history.record(p.number, a, call, outcome{done: true, hold: h.ID.String(), until: h.ExpiresAt.UnixMilli()})
	case errors.Is(err, scheduling.ErrSlotTaken):
		p.history.record(p.number, a, call, outcome{})
	case errors.Is(err, apperror.ErrUnavailable):
		p.history.lose(a.specialist)
	default:
		p.k.t.Errorf("hold: %v", err)
	}
}

func (p *player) heartbeat(a act, place [2]int, h scheduling.Hold) {
	a.kind, a.hold = "heartbeat", h.ID.String()
	call := time.Now()
	extended, err := p.k.Extend(p.k.ctx(), p.name, h.ID, h.Token)
	switch {
	case err == nil:
		p.history.record(p.number, a, call, outcome{done: true, until: extended.ExpiresAt.UnixMilli()})
	case errors.Is(err, scheduling.ErrHoldExpired):
		delete(p.mine, place)
		p.history.record(p.number, a, call, outcome{})
	case errors.Is(err, apperror.ErrUnavailable):
		p.history.lose(a.specialist)
	default:
		p.k.t.Errorf("heartbeat: %v", err)
	}
}

func (p *player) release(a act, place [2]int, h scheduling.Hold) {
	a.kind, a.hold = "release", h.ID.String()
	call := time.Now()
	if err := p.k.GiveUp(p.k.ctx(), p.name, h.ID, h.Token); errors.Is(err, apperror.ErrUnavailable) {
		p.history.lose(a.specialist)
	} else if err != nil {
		p.k.t.Errorf("release: %v", err)
	}
	delete(p.mine, place)
	p.history.record(p.number, a, call, outcome{done: true})
}

// book asks what booking asks of the holds; done, it lets the hold go, which is a call of its own.
func (p *player) book(a act, place [2]int, h scheduling.Hold) {
	a.kind = "book"
	call := time.Now()
	slot, err := p.k.Slot(p.k.ctx(), h.Token, p.name)
	if err != nil {
		p.k.t.Errorf("book: %v", err)
	}
	other := p.k.HeldByOther(p.k.ctx(), slot.Specialist, slot.Busy, p.name)
	p.history.record(p.number, a, call, outcome{done: !other})
	if other {
		delete(p.mine, place)
		return
	}
	a.kind, a.hold = "release", h.ID.String()
	call = time.Now()
	p.k.Release(p.k.ctx(), slot)
	delete(p.mine, place)
	p.history.record(p.number, a, call, outcome{done: true})
}

func (p *player) list(a act) {
	a.kind = "list"
	sp := p.k.rota.specialists[a.specialist]
	call := time.Now()
	blocks := p.k.Held(p.k.ctx(), []specialist.ID{sp}, slotAt(0), slotAt(slotsEach), "")
	var o outcome
	for _, b := range blocks {
		for i := range slotsEach {
			o.held[i] = o.held[i] || b.Overlaps(civil.Interval{Start: slotAt(i), End: slotAt(i).Add(time.Minute)})
		}
	}
	p.history.record(p.number, a, call, o)
}

// game lets the clients play for a while and answers what the checker says about the history.
func game(k *holdKit, create creator, clients int, length time.Duration) (porcupine.CheckResult, int) {
	var (
		h  history
		wg sync.WaitGroup
	)
	until := time.Now().Add(length)
	for i := range clients {
		p := &player{
			k: k, create: create, history: &h, number: i, name: fmt.Sprintf("client-number-%03d", i),
			dice: rand.New(rand.NewPCG(uint64(i), 3)), mine: map[[2]int]scheduling.Hold{},
		}
		wg.Go(func() { p.play(until) })
	}
	wg.Wait()
	known := h.clear()
	return porcupine.CheckOperationsTimeout(model(), known, time.Minute), len(known)
}

func shortLeases(specialists int) kitOptions {
	s := organization.DefaultSettings()
	s.HoldTTLSeconds, s.HoldQuota = int(modelTTL/time.Second), math.MaxInt32
	return kitOptions{specialists: specialists, settings: s, pool: 32} // nobody waits for a connection: a refusal is no answer about a hold
}

// TestFigureB3 is B-3: 32 clients hold, keep, release, book, list and abandon 50 slots with a lease of two seconds, and every answer fits one
// order of single steps. CI plays for eight seconds (printed /short); NIGHTLY=1 for the minute of the figure.
// Seen red: the same game with a hold that is asked for and stored in two commands instead of one script is Illegal already with six
// clients; more make the search for an order that does not exist too long.
func TestFigureB3(t *testing.T) {
	t.Parallel()
	id, length := "B-3/short", 8*time.Second
	if os.Getenv("NIGHTLY") != "" {
		id, length = "B-3", time.Minute
	}
	k := newHoldKit(t, shortLeases(10))
	result, ops := game(k, func(client string, sp, slot int) (scheduling.Hold, error) {
		return k.Create(k.ctx(), client, scheduling.Request{Service: k.service, Specialist: k.rota.specialists[sp], Start: slotAt(slot)})
	}, 32, length)

	planted := newHoldKit(t, shortLeases(1))
	red, _ := game(planted, func(client string, sp, slot int) (scheduling.Hold, error) {
		return planted.CreateInTwoSteps(planted.ctx(), client, scheduling.Request{Service: planted.service, Specialist: planted.rota.specialists[sp], Start: slotAt(slot)})
	}, 6, 3*time.Second)
	if red != porcupine.Illegal {
		t.Errorf("red proof: a hold in two commands is %s", red)
	}
	verdict := "pass"
	if result != porcupine.Ok || ops < 500 {
		verdict = "fail"
		t.Errorf("the history of %d calls is %s", ops, result)
	}
	fmt.Printf("FIGURE %s %s ops=%d slots=50 clients=32 red=%s %s\n", id, result, ops, red, verdict)
}
