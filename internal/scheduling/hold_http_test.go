package scheduling_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/scheduling"
)

// held is a hold as the API answers it.
type held struct {
	ID           string    `json:"hold_id"`
	Token        string    `json:"hold_token"`
	SpecialistID string    `json:"specialist_id"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	ExpiresAt    time.Time `json:"expires_at"`
	MaxExpiresAt time.Time `json:"max_expires_at"`
}

// frontDesk is a clinic that offers one service all day, by n specialists.
type frontDesk struct {
	clinic
	service     string
	specialists []string
}

func newFrontDesk(t *testing.T, n int) frontDesk {
	t.Helper()
	d := frontDesk{clinic: newClinic(t)}
	var offers []object
	for i := range n {
		var week []object
		for weekday := 1; weekday <= 7; weekday++ {
			week = append(week, day(weekday, "00:00-24:00")...)
		}
		d.specialists = append(d.specialists, d.specialist(fmt.Sprintf("Number %d", i), week...))
		offers = append(offers, object{"specialist_id": d.specialists[i], "priority": 10})
	}
	d.service = d.clinic.service("Massage", object{"duration_min": 30}, offers...)
	return d
}

// slot is a start of the n-th half hour, two days ahead.
func (d frontDesk) slot(n int) time.Time {
	return d.api.Clock.Now().Add(48 * time.Hour).Truncate(24 * time.Hour).Add(time.Duration(n) * 30 * time.Minute).UTC()
}

func visitorID(name string) string {
	return name + strings.Repeat("0", 36-len(name)) + "." + strings.Repeat("s", 43)
}

func (d frontDesk) as(name string) apitest.Client {
	return d.visitor().With("X-Client-Id", visitorID(name))
}

func (d frontDesk) ask(name string, n int, specialist ...string) apitest.Answer {
	body := object{"service_id": d.service, "start": d.slot(n).Format(time.RFC3339)}
	if len(specialist) > 0 {
		body["specialist_id"] = specialist[0]
	}
	return d.as(name).Post("/v1/public/holds", body)
}

func (d frontDesk) keep(name string, n int) held {
	d.t.Helper()
	return apitest.Data[held](d.ask(name, n).Must(http.StatusCreated))
}

// free tells whether a visitor is offered the slot.
func (d frontDesk) free(name string, n int) bool {
	d.t.Helper()
	day := d.slot(n).Format(time.DateOnly)
	a := apitest.Data[availability](d.as(name).Get("/v1/public/availability?tz=UTC&service_id=" + d.service + "&from=" + day + "&to=" + day).Must(http.StatusOK))
	for _, s := range a.Slots {
		if s.Start.Equal(d.slot(n)) {
			return true
		}
	}
	return false
}

// A hundred visitors hold one start through the API.
// Verifies SCH-05
func TestHolds_aHundredVisitorsThroughTheAPI(t *testing.T) {
	t.Parallel()
	for specialists, wins := range map[int]int{1: 1, 3: 3} {
		t.Run(fmt.Sprint(specialists), func(t *testing.T) {
			t.Parallel()
			d := newFrontDesk(t, specialists)
			var (
				mu       sync.Mutex
				wg       sync.WaitGroup
				outcomes = map[string]int{}
				who      = map[string]bool{}
			)
			for i := range 100 {
				wg.Go(func() {
					a := d.ask(fmt.Sprintf("visitor%d", i), 20)
					mu.Lock()
					defer mu.Unlock()
					outcomes[fmt.Sprint(a.Status, a.Code())]++
					if a.Status == http.StatusCreated {
						who[apitest.Data[held](a).SpecialistID] = true
					}
				})
			}
			wg.Wait()
			if outcomes["201"] != wins || outcomes["409slot_taken"] != 100-wins || len(who) != wins {
				t.Errorf("%v by %d specialists", outcomes, len(who))
			}
		})
	}
}

// The whole life of a hold as a visitor's page and another visitor's calendar see it.
// Verifies SCH-06
func TestHolds_journeyOfOneSlot(t *testing.T) {
	t.Parallel()
	d := newFrontDesk(t, 1)
	stream := d.visitor().Follow("/v1/public/availability/stream?service_id=" + d.service)
	stream.Refused.Must(http.StatusOK)
	h := d.keep("ana", 20)
	if d.free("bob", 20) || !d.free("ana", 20) || !d.free("bob", 21) {
		t.Error("the calendar does not show who holds what")
	}
	push, _ := stream.Until("slot.held")
	var data struct {
		SpecialistID      string `json:"specialist_id"`
		Start, End, Until time.Time
	}
	if err := json.Unmarshal(push.Data.Data, &data); err != nil || data.SpecialistID != d.specialists[0] || !data.Start.Equal(h.Start) ||
		!data.End.Equal(h.End) || !data.Until.Equal(h.ExpiresAt) || push.Data.OrganizationID != d.ID.String() || strings.Contains(string(push.Data.Data), "ana") {
		t.Errorf("pushed %s, %v", push.Data.Data, err)
	}
	d.ask("bob", 20).Expect(http.StatusConflict, "slot_taken")
	owner := d.as("ana").With("X-Hold-Token", h.Token)
	path := "/v1/public/holds/" + h.ID
	d.api.Clock.Advance(20 * time.Second)
	if e := apitest.Data[held](owner.Patch(path, nil).Must(http.StatusOK)); !e.ExpiresAt.After(h.ExpiresAt) || !e.MaxExpiresAt.Equal(h.MaxExpiresAt) {
		t.Errorf("extended to %s of %s", e.ExpiresAt, e.MaxExpiresAt)
	}
	list := apitest.Data[struct{ Holds []held }](d.as("ana").Post("/v1/public/holds/check", nil).Must(http.StatusOK))
	if len(list.Holds) != 1 || list.Holds[0].ID != h.ID || list.Holds[0].Token != "" {
		t.Errorf("check answers %+v", list)
	}
	owner.Delete(path).Must(http.StatusNoContent)
	if _, open := stream.Until("slot.released"); !open {
		t.Error("the stream ended")
	}
	if !d.free("bob", 20) {
		t.Error("a slot that was let go is not free")
	}

	d.keep("bob", 20)
	d.api.Clock.Advance(60 * time.Second)
	if _, open := stream.Until("slot.released"); !open || !d.free("ana", 20) {
		t.Error("a hold without heartbeat is not given back")
	}
	d.keep("ana", 20)
	d.keep("ana", 21)
	d.ask("ana", 22).Expect(http.StatusTooManyRequests, "hold_quota")
	if n := apitest.Data[struct{ Released int }](d.as("ana").Post("/v1/public/holds/release-all", nil).Must(http.StatusOK)); n.Released != 2 {
		t.Errorf("released %d", n.Released)
	}
	d.ask("ana", 20).Must(http.StatusCreated)
	d.visitor().Post("/v1/public/holds", object{"service_id": d.service, "start": d.slot(1)}).Expect(http.StatusBadRequest, "bad_request")
	d.as("ana").Post("/v1/public/holds", object{"service_id": d.service, "start": d.slot(1).Add(time.Minute)}).Expect(http.StatusUnprocessableEntity, "slot_not_offered")
	d.as("ana").Post("/v1/public/holds", object{"service_id": d.specialists[0], "start": d.slot(1)}).Expect(http.StatusUnprocessableEntity, "slot_not_offered")
}

// theft is one attempt to use somebody else's hold.
type theft struct {
	client apitest.Client
	id     string
	what   string
	name   string
	token  string
}

// thefts are the attempts against one hold of ana, by bob who holds a slot himself.
func (d frontDesk) thefts(ana, bob held) []theft {
	stranger := ident.New[scheduling.Hold]().String()
	var out []theft
	add := func(what, client, id, token string) {
		out = append(out, theft{client: d.as(client), name: client, id: id, what: what, token: token})
	}
	add("another's id, own token", "bob", ana.ID, bob.Token)
	add("another's id, another's token", "bob", ana.ID, ana.Token)
	add("another's id, no token", "bob", ana.ID, "")
	add("another's id as a new visitor", "eve", ana.ID, ana.Token)
	add("guessed id, own token", "bob", stranger, bob.Token)
	add("guessed id, no token", "bob", stranger, "")
	add("own id, another's token", "bob", bob.ID, ana.Token)
	add("own hold, no token", "ana", ana.ID, "")
	body, mark, _ := strings.Cut(ana.Token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, change := range []string{ana.ID, ana.SpecialistID, d.service} {
		forged := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), change, stranger, 1)))
		add("changed claim", "ana", ana.ID, forged+"."+mark)
	}
	add("cut mark", "ana", ana.ID, body+"."+mark[:20])
	add("no mark", "ana", ana.ID, body)
	add("empty mark", "ana", ana.ID, body+".")
	for i := range mark {
		flipped := "A"
		if mark[i] == 'A' {
			flipped = "B"
		}
		if i < len(mark)-1 { // the last character carries two bits that decode to nothing
			add(fmt.Sprintf("mark with another character %d", i), "ana", ana.ID, body+"."+mark[:i]+flipped+mark[i+1:])
		}
	}
	return out
}

// stolen counts attempts that are answered with anything but the one refusal, the same whether the hold exists or not.
func stolen(t *testing.T, attempts []theft) int {
	t.Helper()
	n := 0
	for _, a := range attempts {
		c := a.client.With("X-Hold-Token", a.token)
		for _, answer := range []apitest.Answer{c.Patch("/v1/public/holds/"+a.id, nil), c.Delete("/v1/public/holds/" + a.id)} {
			if answer.Status != http.StatusForbidden || answer.Code() != "not_hold_owner" {
				n++
			}
		}
	}
	return n
}

// booked counts tokens that booking would take from a visitor whose hold it is not. A token stays good for its owner, so what is tried is
// that of another visitor, and what was forged.
func (d frontDesk) booked(t *testing.T, attempts []theft) int {
	t.Helper()
	n := 0
	ctx := auth.WithPrincipal(t.Context(), auth.AnonymousOf(d.ID))
	for _, a := range attempts {
		if a.what == "another's id, own token" || a.what == "guessed id, own token" {
			continue // the token is the visitor's own
		}
		if _, err := d.api.App.Holds().Slot(ctx, a.token, visitorID(a.name)); !errors.Is(err, scheduling.ErrNotHoldOwner) {
			t.Errorf("%s: booking answers %v", a.what, err)
			n++
		}
	}
	return n
}

// TestFigureB16 is B-16: heartbeat, release and booking with a hold that is another visitor's, guessed or forged are all refused in the same
// words, and release-all touches only the own holds. Booking asks Holds.Slot, which is tried with the same tokens.
// Seen red: the owner with the right token is let through by the same count.
func TestFigureB16(t *testing.T) {
	t.Parallel()
	d := newFrontDesk(t, 1)
	ana, bob := d.keep("ana", 20), d.keep("bob", 30)
	attempts := d.thefts(ana, bob)

	bad := stolen(t, attempts)
	d.as("eve").Post("/v1/public/holds/release-all", nil).Must(http.StatusOK)
	d.as("bob").Post("/v1/public/holds/release-all", nil).Must(http.StatusOK)
	untouched := !d.free("eve", 20) && d.free("eve", 30)
	tokens := d.booked(t, attempts)
	if n := stolen(t, []theft{{client: d.as("ana"), id: ana.ID, token: ana.Token}}); n != 2 {
		t.Errorf("red proof: the owner's own calls were counted %d times", n)
	}
	met := bad == 0 && tokens == 0 && untouched
	verdict := "pass"
	if !met {
		verdict = "fail"
		t.Errorf("%d of %d attempts succeeded, %d tokens were taken for booking, own holds only: %v", bad, 2*len(attempts), tokens, untouched)
	}
	fmt.Printf("FIGURE B-16 stolen=%d/%d booked=%d own_only=%v %s\n", bad, 2*len(attempts), tokens, untouched, verdict)
}

// Streams of availability are told of changed hours too, and an address follows ten at most.
// Verifies API-11
func TestStreams_ofAvailability(t *testing.T) {
	t.Parallel()
	d := newFrontDesk(t, 2)
	one, other := d.specialists[0], d.specialists[1]
	staff := d.Client(d.Member(auth.Specialist)).App(auth.Clinic)
	whole := staff.Follow("/v1/availability/stream")
	mine := d.visitor().Follow("/v1/public/availability/stream?specialist_id=" + one)
	d.admin.Post("/v1/specialists/"+other+"/date-overrides", object{"date_from": "2031-05-05", "date_to": "2031-05-06", "available": false}).Must(http.StatusCreated)
	d.admin.Put("/v1/specialists/"+one+"/hours", object{"hours": day(1, "09:00-10:00")}).Must(http.StatusOK)
	seen := map[string]bool{}
	for !seen[one+" <nil>"] || !seen[other+" 2031-05-05"] || !seen[other+" 2031-05-06"] {
		p, open := whole.Until("availability.changed")
		if !open {
			t.Fatal("the stream ended")
		}
		var data struct {
			SpecialistID string `json:"specialist_id"`
			Date         any
		}
		if err := json.Unmarshal(p.Data.Data, &data); err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprintf("%s %v", data.SpecialistID, data.Date)] = true
	}
	if p, open := mine.Until("availability.changed"); !open || !strings.Contains(string(p.Data.Data), one) {
		t.Errorf("another specialist's push: %s", p.Data.Data)
	}

	d.visitor().Follow("/v1/public/availability/stream").Refused.Expect(http.StatusBadRequest, "bad_request")
	d.visitor().Follow("/v1/public/availability/stream?specialist_id=x").Refused.Expect(http.StatusBadRequest, "bad_request")
	d.visitor().Follow("/v1/public/availability/stream?service_id="+one).Refused.Expect(http.StatusNotFound, "service_not_found")
	d.visitor().Follow("/v1/availability/stream").Refused.Expect(http.StatusUnauthorized, "unauthorized")
}
