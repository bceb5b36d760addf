package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// change is something that the traffic asked for, and what each topic has to hear of it once it was answered.
type change struct {
	keys map[string]string
	done bool
}

// traffic is what the clients of the installation send and were answered.
type traffic struct {
	base, service string
	// books and holds are specialists, with their free starts.
	books, holds           string
	bookStarts, holdStarts []time.Time
	client                 http.Client
	addresses              atomic.Uint32

	mu       sync.Mutex
	sent     int
	failed   map[string]int
	changes  []*change
	awaited  map[string]bool // addresses of accepted bookings
	bookings int
}

// newTraffic learns what the demo clinic offers.
func newTraffic(t *testing.T, i *installation) *traffic {
	t.Helper()
	f := &traffic{base: i.base, failed: map[string]int{}, awaited: map[string]bool{}}
	f.client.Transport = &http.Transport{MaxIdleConnsPerHost: 512}
	t.Cleanup(f.client.CloseIdleConnections)
	var services struct {
		Data []struct {
			ID, Slug    string
			Specialists []struct {
				ID string `json:"specialist_id"`
			}
		}
	}
	f.must(t, "/v1/public/services?page_size=100", &services)
	for _, s := range services.Data {
		if len(s.Specialists) != 2 || f.service != "" {
			continue
		}
		f.service, f.books, f.holds = s.ID, s.Specialists[0].ID, s.Specialists[1].ID
	}
	f.bookStarts, f.holdStarts = f.starts(t, f.books), f.starts(t, f.holds)
	if len(f.bookStarts) < len(f.holdStarts) {
		f.books, f.holds, f.bookStarts, f.holdStarts = f.holds, f.books, f.holdStarts, f.bookStarts
	}
	if len(f.bookStarts) < 100 || len(f.holdStarts) < 20 {
		t.Fatalf("the demo clinic has %d and %d free starts", len(f.bookStarts), len(f.holdStarts))
	}
	return f
}

// starts are the free starts of a specialist, from tomorrow on.
func (f *traffic) starts(t *testing.T, specialist string) []time.Time {
	t.Helper()
	from := time.Now().AddDate(0, 0, 1)
	var found struct {
		Data struct{ Slots []struct{ Start time.Time } }
	}
	f.must(t, fmt.Sprintf("/v1/public/availability?service_id=%s&specialist_id=%s&from=%s&to=%s", f.service, specialist,
		from.Format(time.DateOnly), from.AddDate(0, 0, 60).Format(time.DateOnly)), &found)
	var out []time.Time
	for _, s := range found.Data.Slots {
		out = append(out, s.Start)
	}
	return out
}

func (f *traffic) must(t *testing.T, path string, into any) {
	t.Helper()
	if !f.do(t.Context(), http.MethodGet, path, nil, nil, http.StatusOK, into) {
		t.Fatalf("%s: %v", path, f.failed)
	}
}

// request is one of a visitor whom nobody has seen before, so that limits stay out of the way.
func (f *traffic) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		doc, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(doc)
	}
	r, err := http.NewRequestWithContext(ctx, method, f.base+path, content)
	if err != nil {
		return nil, err
	}
	n := f.addresses.Add(1)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
	r.Header.Set("X-Organization-Slug", "armonia")
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}

// do sends a request and answers whether it was answered as it had to be. What was not is counted, by what was asked and what came.
func (f *traffic) do(ctx context.Context, method, path string, header map[string]string, body any, want int, into any) bool {
	r, err := f.request(ctx, method, path, body)
	if err == nil {
		for name, value := range header {
			r.Header.Set(name, value)
		}
		err = f.answer(r, want, into)
	}
	short, _, _ := strings.Cut(path, "?")
	f.count(method+" "+short, err)
	return err == nil
}

func (f *traffic) answer(r *http.Request, want int, into any) error {
	answer, err := f.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != want {
		return fmt.Errorf("status %d: %.200s", answer.StatusCode, raw)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(raw, into)
}

func (f *traffic) count(what string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent++
	if err != nil {
		f.failed[what+": "+err.Error()]++
	}
}

// numbers are how much was sent, and how much of it failed.
func (f *traffic) numbers() (sent, failed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range f.failed {
		failed += n
	}
	return f.sent, failed
}

// accepted are the addresses of the bookings that were acknowledged.
func (f *traffic) accepted() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.awaited))
}

// failures says what failed, and how often.
func (f *traffic) failures() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := ""
	for what, n := range f.failed {
		out += fmt.Sprintf("\n%d times %s", n, what)
	}
	return out
}

// run sends rate reads a second, and bookings and holds beside them, until ctx ends. What has begun then is waited for.
func (f *traffic) run(ctx context.Context, rate int) {
	var all sync.WaitGroup
	defer all.Wait()
	after := context.WithoutCancel(ctx)
	reads := []string{
		"/v1/public/services", "/v1/public/specialists", "/v1/public/policies", "/v1/public/organizations/resolve?slug=armonia",
		"/v1/public/availability?service_id=" + f.service + "&from=" + f.bookStarts[0].Format(time.DateOnly) + "&to=" + f.bookStarts[0].Format(time.DateOnly),
	}
	every := func(pause time.Duration, what func(n int)) {
		all.Go(func() {
			tick := time.NewTicker(pause)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					all.Go(func() { what(n) })
				}
			}
		})
	}
	every(time.Second/time.Duration(rate), func(n int) { f.do(after, http.MethodGet, reads[n%len(reads)], nil, nil, http.StatusOK, nil) })
	every(500*time.Millisecond, func(int) { f.book(after) })
	every(400*time.Millisecond, func(n int) { f.hold(after, f.holdStarts[n%len(f.holdStarts)]) })
}

// intend notes a change before it is asked for, so that whoever asks again later is known to see it.
func (f *traffic) intend(keys map[string]string) *change {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &change{keys: keys}
	f.changes = append(f.changes, c)
	return c
}

// finish notes that a change was answered; more are keys that only the answer told.
func (f *traffic) finish(c *change, more map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.done = true
	for topic, key := range more {
		c.keys[topic] = key
	}
}

// book books the next free start, while there is one.
func (f *traffic) book(ctx context.Context) {
	f.mu.Lock()
	n := f.bookings
	f.bookings++
	f.mu.Unlock()
	if n >= len(f.bookStarts) {
		return
	}
	start := f.bookStarts[n].UTC()
	key := "slot.booked " + start.Format(time.RFC3339)
	c := f.intend(map[string]string{"books": key, "service": key})
	address := fmt.Sprintf("guest.%d@example.test", n)
	var placed struct{ Data struct{ Reference string } }
	if !f.do(ctx, http.MethodPost, "/v1/public/bookings", map[string]string{"Idempotency-Key": uuid.NewString()}, map[string]any{
		"slot":                   map[string]any{"service_id": f.service, "specialist_id": f.books, "start": start},
		"contact":                map[string]any{"first_name": "Ana", "last_name": "Pop", "phone": fmt.Sprintf("07220%05d", n), "email": address, "locale": "ro"},
		"privacy_policy_version": 1,
	}, http.StatusCreated, &placed) {
		return
	}
	f.finish(c, map[string]string{"office": placed.Data.Reference})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.awaited[address] = true
}

// hold keeps a time and lets it go.
func (f *traffic) hold(ctx context.Context, start time.Time) {
	visitor := map[string]string{"X-Client-Id": "visitor-" + uuid.NewString()}
	at := " " + start.UTC().Format(time.RFC3339)
	held := f.intend(map[string]string{"holds": "slot.held" + at, "service": "slot.held" + at})
	var made struct {
		Data struct {
			ID    string `json:"hold_id"`
			Token string `json:"hold_token"`
		}
	}
	if !f.do(ctx, http.MethodPost, "/v1/public/holds", visitor, map[string]any{"service_id": f.service, "specialist_id": f.holds, "start": start.UTC()},
		http.StatusCreated, &made) {
		return
	}
	f.finish(held, nil)
	visitor["X-Hold-Token"] = made.Data.Token
	released := f.intend(map[string]string{"holds": "slot.released" + at, "service": "slot.released" + at})
	if f.do(ctx, http.MethodDelete, "/v1/public/holds/"+made.Data.ID, visitor, nil, http.StatusNoContent, nil) {
		f.finish(released, nil)
	}
}

// expected counts what a topic had to hear of the changes that were answered, from one of them on.
func (f *traffic) expected(topic string, from int, visits map[string]string) map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for _, c := range f.changes[from:] {
		key, concerns := c.keys[topic]
		if !c.done || !concerns {
			continue
		}
		if topic == "office" {
			key = "appointment.updated " + visits[key]
		}
		out[key]++
	}
	return out
}

// intended is how many changes there are so far.
func (f *traffic) intended() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.changes)
}
