package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
)

// seats counts who sits.
type seats struct {
	mu      sync.Mutex
	taken   []string
	renewed int
	full    bool
}

func (s *seats) Take(_ context.Context, holder string, most int) (httpapi.Seat, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, fmt.Sprintf("%s/%d", holder, most))
	return chair{s}, !s.full
}

type chair struct{ *seats }

func (c chair) Renew(context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.renewed++
}

func (c chair) Leave(context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = nil
}

// script is a source whose pushes the test hands out.
type script struct {
	pushes chan httpapi.Push
	closed chan struct{}
}

func newScript() *script {
	return &script{pushes: make(chan httpapi.Push), closed: make(chan struct{})}
}

func (*script) Opening() string { return "PLACE" }

func (s *script) Next(ctx context.Context) (httpapi.Push, error) {
	select {
	case p, open := <-s.pushes:
		if !open {
			return p, errors.New("source ended")
		}
		return p, nil
	case <-ctx.Done():
		return httpapi.Push{}, ctx.Err()
	}
}

func (s *script) Close(context.Context) { close(s.closed) }

// shiftingGate lets the test change who asks.
type shiftingGate struct {
	gate
	mu sync.Mutex
}

func (g *shiftingGate) Authenticate(*http.Request, httpapi.Audience) (auth.Principal, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.principal, g.refuse
}

func (g *shiftingGate) set(p auth.Principal, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.principal, g.refuse = p, err
}

// tape is what a client has read, with the moment of each piece.
type tape struct {
	*httptest.ResponseRecorder
	mu     sync.Mutex
	pieces []string
	at     []time.Time
}

func (c *tape) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pieces, c.at = append(c.pieces, string(b)), append(c.at, time.Now())
	return c.ResponseRecorder.Write(b)
}

func (c *tape) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.pieces, "")
}

// listener is one stream under test.
type listener struct {
	*edge
	gate   *shiftingGate
	source *script
	tape   *tape
	ended  chan struct{}
	hangUp context.CancelFunc
	seats  *seats
}

// listen opens a stream in the caller's bubble of time.
func listen(t *testing.T, p auth.Principal) *listener {
	t.Helper()
	l := &listener{gate: &shiftingGate{}, source: newScript(), tape: &tape{ResponseRecorder: httptest.NewRecorder()}, ended: make(chan struct{}), seats: &seats{}}
	l.gate.set(p, nil)
	l.edge = newEdgeWith(t, l.gate, l.seats)
	httpapi.Stream(l.Server, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/things/stream", ID: "stream-things", Summary: "Follow things", Tag: "test",
		Audience: httpapi.Member, Permission: auth.MemberManage,
	}, func(_ context.Context, in *struct{ httpapi.LastEventID }) (httpapi.Source, error) {
		if in.ID == "refused" {
			return nil, errTestDeclared
		}
		return l.source, nil
	})
	ctx, hangUp := context.WithCancel(t.Context())
	l.hangUp = hangUp
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/things/stream", nil)
	go func() {
		defer close(l.ended)
		l.handler.ServeHTTP(l.tape, r)
	}()
	synctest.Wait()
	return l
}

func (l *listener) isOver() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// pass lets fake time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// longestSilence is the longest time between two pieces.
func (c *tape) longestSilence() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var longest time.Duration
	for i := 1; i < len(c.at); i++ {
		longest = max(longest, c.at[i].Sub(c.at[i-1]))
	}
	return longest
}

// The text of a stream is exactly that of the contract, and a silent one shows every 15 seconds that it lives. The deadline of
// a request does not end it. Seen red: a stream without its beat is silent for a minute.
// Verifies SCH-07
func TestStream_framesAndHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := listen(t, admin())
		l.source.pushes <- httpapi.Push{ID: "ONE", Event: "slot.held", Data: []byte(`{"a":1}`)}
		l.source.pushes <- httpapi.Push{Event: "resync", Data: []byte(`{}`)}
		synctest.Wait()
		want := "retry: 3000\nid: PLACE\n\nid: ONE\nevent: slot.held\ndata: {\"a\":1}\n\nevent: resync\ndata: {}\n\n"
		if got := l.tape.text(); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		if h := l.tape.Header(); h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", h)
		}

		pass(61 * time.Second)

		if got := l.tape.text(); got != want+strings.Repeat(": hb\n\n", 4) {
			t.Errorf("after a minute: %q", got)
		}
		silence := l.tape.longestSilence()
		red := &tape{at: []time.Time{time.Unix(0, 0), time.Unix(60, 0)}}
		if red.longestSilence() <= httpapi.Heartbeat {
			t.Error("red proof: a minute without a beat is not noticed")
		}
		met := silence <= 15*time.Second && silence > 0
		fmt.Printf("FIGURE H-5/heartbeat %s %s\n", silence, map[bool]string{true: "pass", false: "fail"}[met])
		if !met || l.seats.renewed != 4 {
			t.Errorf("longest silence %s, seat renewed %d times", silence, l.seats.renewed)
		}
		l.hangUp()
		synctest.Wait()
		if !l.isOver() || len(l.seats.taken) != 0 {
			t.Error("a stream whose client is gone goes on")
		}
		<-l.source.closed
	})
}

// Whoever may not listen any more does not, within five seconds.
// Verifies API-11
func TestStream_endsWithTheRightToListen(t *testing.T) {
	t.Parallel()
	member := admin()
	expired := member
	expired.ExpiresAt = time.Date(2000, 1, 1, 0, 1, 0, 0, time.UTC) // a bubble's time starts on that day
	patient := member
	patient.Role = auth.Patient
	for name, c := range map[string]struct {
		first auth.Principal
		then  auth.Principal
		err   error
		after time.Duration
		ends  bool
		says  string
	}{
		"nothing changed":         {member, member, nil, 10 * time.Minute, false, ""},
		"membership removed":      {member, member, apperror.New(apperror.Forbidden, "test_not_a_member", "x"), 5 * time.Second, true, ""},
		"another role":            {member, patient, nil, 5 * time.Second, true, ""},
		"login session ended":     {member, member, apperror.ErrUnauthorized, 5 * time.Second, true, "auth_expired"},
		"token at its end":        {expired, expired, nil, 65 * time.Second, true, "auth_expired"},
		"token not yet at its":    {expired, expired, nil, 55 * time.Second, false, ""},
		"database away":           {member, member, apperror.ErrUnavailable, time.Minute, false, ""},
		"an error nobody foresaw": {member, member, errors.New("boom"), time.Minute, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := listen(t, c.first)
				l.gate.set(c.then, c.err)
				pass(c.after)
				if l.isOver() != c.ends {
					t.Errorf("ended: %v, want %v", l.isOver(), c.ends)
				}
				if says := strings.Contains(l.tape.text(), "event: auth_expired\ndata: {"); says != (c.says != "") {
					t.Errorf("said %q", l.tape.text())
				}
				l.hangUp()
				synctest.Wait()
			})
		})
	}
}

func TestStream_endsWhenItsProcessOrItsSourceEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(l *listener){
		"process": func(l *listener) { l.CloseStreams() },
		"source":  func(l *listener) { close(l.source.pushes) },
	} {
		synctest.Test(t, func(t *testing.T) {
			l := listen(t, admin())
			end(l)
			synctest.Wait()
			if !l.isOver() {
				t.Errorf("%s: the stream goes on", name)
			}
			if name == "process" && !strings.HasSuffix(l.tape.text(), "retry: 3000\n\n") {
				t.Errorf("%s: ends with %q", name, l.tape.text())
			}
			<-l.source.closed
			l.hangUp()
		})
	}
}

func TestStream_refusesLikeAnyEndpoint(t *testing.T) {
	t.Parallel()
	var e *edge
	full := &seats{}
	synctest.Test(t, func(t *testing.T) {
		l := listen(t, admin())
		l.hangUp()
		synctest.Wait()
		e, full = l.edge, l.seats
	})

	if a := e.call(t, http.MethodGet, "/v1/things/stream", "", "Last-Event-ID", "refused"); a.StatusCode != http.StatusConflict || a.body.Code != "test_declared" {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
	if len(full.taken) != 0 {
		t.Error("a refused stream keeps its seat")
	}
	full.full = true
	if a := e.call(t, http.MethodGet, "/v1/things/stream", ""); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "3" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	doc, err := e.OpenAPI()
	if err != nil || !strings.Contains(string(doc), "text/event-stream") {
		t.Errorf("the document does not say what is answered: %v", err)
	}
}
