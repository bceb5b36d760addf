// Package idptest is an identity provider for tests: an issuer that mints good and bad tokens and whose key set can be
// counted and broken, a fake of Clerk's Backend API, and the conformance suite that every driver of package idp passes.
// It listens on the loopback interface only, or on nothing at all.
package idptest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/idp"
)

// What a default token is meant for.
const (
	Audience = "restartix-api"
	Party    = "https://clinic.restartix.test"
	Subject  = "user_1"
	Session  = "sess_1"
)

// Claims overrides members of a token; a nil value removes the member.
type Claims map[string]any

// Fault is a way in which the issuer's server misbehaves.
type Fault int

// The faults. Empty is a well-formed answer without keys; Hang answers only when the caller gives up.
const (
	Healthy Fault = iota
	Down
	Garbage
	Empty
	Oversized
	Hang
)

// Issuer mints tokens and publishes their keys. It is safe for concurrent use.
type Issuer struct {
	// URL is the issuer's name and the base of its addresses.
	URL string

	tb     testing.TB
	client *http.Client

	mu        sync.Mutex
	fault     Fault
	latency   time.Duration
	now       func() time.Time
	published []Key
	signing   Key
	fetches   int
}

// New starts an issuer on a loopback port with one ES256 key; it stops with the test.
func New(tb testing.TB) *Issuer {
	tb.Helper()
	i := &Issuer{tb: tb, now: time.Now}
	server := httptest.NewServer(i)
	tb.Cleanup(server.Close)
	i.URL, i.client = server.URL, server.Client()
	i.Rotate("ES256")
	return i
}

// NewInMemory is New without a port: Client calls the handler directly, so that it works inside a synctest bubble,
// where waiting for a network would stop the bubble's clock.
func NewInMemory(tb testing.TB) *Issuer {
	tb.Helper()
	i := &Issuer{tb: tb, now: time.Now, URL: "https://issuer.restartix.test"}
	i.client = &http.Client{Transport: handlerTransport{i}}
	i.Rotate("ES256")
	return i
}

// Config trusts the issuer: its key set by HTTP, the algorithms of all keys it ever had here, Audience and Party,
// session required.
func (i *Issuer) Config() idp.IssuerConfig {
	return idp.IssuerConfig{
		Issuer:            i.URL,
		JWKSURL:           i.URL + "/jwks",
		Algorithms:        []string{"RS256", "ES256", "EdDSA"},
		Audiences:         []string{Audience},
		AuthorizedParties: []string{Party},
		RequireSessionID:  true,
	}
}

// Client reaches the issuer, and nothing else when it is in memory.
func (i *Issuer) Client() *http.Client { return i.client }

// Token mints a token that Config accepts for ten minutes, changed by overrides in their order.
func (i *Issuer) Token(overrides ...Claims) string {
	i.tb.Helper()
	return i.Signing().Sign(i.tb, nil, i.Claims(overrides...))
}

// Claims returns the claims Token would sign.
func (i *Issuer) Claims(overrides ...Claims) Claims {
	i.mu.Lock()
	clock := i.now
	i.mu.Unlock()
	now := clock().Unix()
	claims := Claims{
		"iss": i.URL, "sub": Subject, "aud": Audience, "azp": Party, "sid": Session,
		"iat": now, "nbf": now, "exp": now + 600,
	}
	for _, override := range overrides {
		merge(claims, override)
	}
	return claims
}

// SetClock mints later tokens at another time than the real one, for an API whose clock is moved.
func (i *Issuer) SetClock(now func() time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = now
}

// Rotate makes a new key of that algorithm, publishes it beside the old ones and signs with it from now on.
func (i *Issuer) Rotate(algorithm string) Key {
	i.tb.Helper()
	key := NewKey(i.tb, algorithm)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.published = append(i.published, key)
	i.signing = key
	return key
}

// Signing returns the key that Token signs with.
func (i *Issuer) Signing() Key {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.signing
}

// Withdraw removes a key from the key set. Tokens can still be signed with it: that is what a thief would do.
func (i *Issuer) Withdraw(key Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	kept := i.published[:0:0]
	for _, published := range i.published {
		if published.ID != key.ID {
			kept = append(kept, published)
		}
	}
	i.published = kept
}

// SetFault breaks the key set, or heals it with Healthy.
func (i *Issuer) SetFault(fault Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fault = fault
}

// SetLatency makes every answer of the key set take that long.
func (i *Issuer) SetLatency(latency time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.latency = latency
}

// Fetches counts the requests for the key set so far, answered or not.
func (i *Issuer) Fetches() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetches
}

// ServeHTTP answers /jwks.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/jwks" {
		http.NotFound(w, r)
		return
	}
	i.mu.Lock()
	i.fetches++
	fault, latency, published := i.fault, i.latency, i.published
	i.mu.Unlock()
	if latency > 0 {
		<-time.After(latency)
	}
	if fault != Healthy {
		misbehave(w, r, fault)
		return
	}
	writeJSON(w, http.StatusOK, keySet(published))
}

func misbehave(w http.ResponseWriter, r *http.Request, fault Fault) {
	switch fault {
	case Garbage:
		_, _ = w.Write([]byte("<html>maintenance</html>"))
	case Empty:
		writeJSON(w, http.StatusOK, keySet(nil))
	case Oversized:
		_, _ = w.Write([]byte(`{"keys":[` + strings.Repeat(" ", 1<<20) + `]}`))
	case Hang:
		<-r.Context().Done()
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// handlerTransport calls a handler as if it were at the other end of a connection.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	t.handler.ServeHTTP(recorder, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

func merge(into, override Claims) {
	maps.Copy(into, override)
	maps.DeleteFunc(into, func(_ string, value any) bool { return value == nil })
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
