// Package apitest boots the whole Core API in memory, on a database and a Redis key space of its own, with fakes only for what is outside
// (mail, DNS, an external issuer), and calls it as people of clinics. People and clinics are made through the product's
// own endpoints, so a fixture cannot be in a state that the product cannot reach.
package apitest

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp/idptest"
)

// Logs is everything that the API logged, safe to read while it runs.
type Logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns all lines so far.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Clock is the process clock of an API under test.
type Clock struct {
	mu     sync.Mutex
	offset time.Duration
}

// Now is the real time moved by what the test asked for.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// Person is somebody of the external test issuer.
type Person struct {
	Subject, Email, Name string
	issuer               *idptest.Issuer
	claims               idptest.Claims
}

// Token is a fresh access token of the person, with a second factor unless WithoutMFA was asked for.
func (p Person) Token(testing.TB) string {
	claims := idptest.Claims{"sub": p.Subject, "email": p.Email, "email_verified": true, "name": p.Name, "amr": []string{"pwd", "otp", "mfa"}}
	for k, v := range p.claims {
		claims[k] = v
	}
	return p.issuer.Token(claims)
}

// With replaces claims of the person's tokens.
func (p Person) With(claims idptest.Claims) Person {
	merged := idptest.Claims{}
	for k, v := range p.claims {
		merged[k] = v
	}
	for k, v := range claims {
		merged[k] = v
	}
	p.claims = merged
	return p
}

// observer sees every call; suites use it to collect what was reached.
type observer func(r *http.Request, a Answer)

//nolint:gochecknoglobals // callers of one test process are numbered, from a number that another process hardly has: Redis is shared
var (
	peers     atomic.Uint32
	firstPeer = rand.Uint32N(1 << 24)
)

// nextPeer gives every call an address of its own, so that only the tests of limits meet them.
func (a *API) nextPeer() string {
	if a.fixedPeer != "" {
		return a.fixedPeer
	}
	n := firstPeer + peers.Add(1)
	return fmt.Sprintf("10.%d.%d.%d:40000", n>>16&255, n>>8&255, n&255)
}

func (a *API) observe(r *http.Request, answer Answer) {
	for _, o := range a.observers {
		o(r, answer)
	}
}

// Observe adds an observer of every later call.
func (a *API) Observe(o func(r *http.Request, a Answer)) { a.observers = append(a.observers, o) }

// Person makes somebody whom nobody knows yet; the first call provisions the account.
func (a *API) Person(name string) Person {
	n := peers.Add(1)
	return Person{
		Subject: fmt.Sprintf("sub-%s-%d", name, n), Email: fmt.Sprintf("%s.%d@example.test", name, n), Name: name, issuer: a.Issuer,
	}
}

// Anonymous is a client without a login.
func (a *API) Anonymous() Client { return Client{api: a} }

// As is a client of the person.
func (a *API) As(p Person) Client { return a.Anonymous().As(p) }

// Clinic is a clinic with its first admin.
type Clinic struct {
	ID    ident.OrgID
	Slug  string
	Admin Person
	api   *API
}

// Client calls as the person in this clinic.
func (c Clinic) Client(p Person) Client { return c.api.As(p).In(c.ID) }

// AsAdmin calls as the clinic's first admin, from the clinic app.
func (c Clinic) AsAdmin() Client { return c.Client(c.Admin).App(auth.Clinic) }

// silent keeps expected noise of the database pools out of the test's output.
func silent(l *Logs) *slog.Logger { return slog.New(slog.NewJSONHandler(l, nil)) }
