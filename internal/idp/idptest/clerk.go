package idptest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/idp"
)

// clerkSecret opens the fake Backend API and nothing else.
const clerkSecret = "backend-api-secret-of-the-tests"

// ClerkUser is a user of the fake.
type ClerkUser struct {
	ID        string
	Email     string
	Verified  bool
	FirstName string
	LastName  string
	Banned    bool
}

// Clerk is a Clerk instance on the loopback: an issuer of RS256 session tokens and the part of the Backend API that the
// driver uses, answering in Clerk's own shapes. It is safe for concurrent use.
type Clerk struct {
	// Issuer mints the session tokens.
	Issuer *Issuer

	server *httptest.Server

	mu          sync.Mutex
	users       map[string]ClerkUser
	invitations []string
	calls       int
	status      int
	gate        chan struct{}
}

// NewClerk starts the fake; it stops with the test.
func NewClerk(tb testing.TB) *Clerk {
	tb.Helper()
	c := &Clerk{Issuer: New(tb), users: make(map[string]ClerkUser)}
	c.Issuer.Withdraw(c.Issuer.Signing())
	c.Issuer.Rotate("RS256")
	c.server = httptest.NewServer(c)
	tb.Cleanup(c.server.Close)
	return c
}

// Config points the driver at the fake.
func (c *Clerk) Config() idp.ClerkConfig {
	return idp.ClerkConfig{
		Issuer:            c.Issuer.URL,
		JWKSURL:           c.Issuer.URL + "/jwks",
		SecretKey:         clerkSecret,
		APIURL:            c.server.URL + "/v1",
		AuthorizedParties: []string{Party},
	}
}

// Client reaches the fake.
func (c *Clerk) Client() *http.Client { return c.server.Client() }

// Driver is the clerk driver configured for the fake.
func (c *Clerk) Driver(tb testing.TB) *idp.Clerk {
	tb.Helper()
	driver, err := idp.NewClerk(c.Config(), c.Client(), time.Now)
	if err != nil {
		tb.Fatalf("configuring clerk: %v", err)
	}
	return driver
}

// SessionToken mints a session token of that user, shaped as Clerk shapes it: azp and sid, no aud.
func (c *Clerk) SessionToken(userID string, overrides ...Claims) string {
	c.Issuer.tb.Helper()
	return c.Issuer.Token(append([]Claims{{"sub": userID, "aud": nil}}, overrides...)...)
}

// Put adds or changes a user.
func (c *Clerk) Put(user ClerkUser) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users[user.ID] = user
}

// Delete removes a user.
func (c *Clerk) Delete(userID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.users, userID)
}

// FailWith makes the Backend API answer every call with that status; 0 heals it.
func (c *Clerk) FailWith(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status = status
}

// Hold makes the Backend API keep every answer back until release is called.
func (c *Clerk) Hold() (release func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	gate := make(chan struct{})
	c.gate = gate
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.gate = nil
		close(gate)
	}
}

// Calls counts the calls of the Backend API so far.
func (c *Clerk) Calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

// Invitations lists the invited addresses in their order.
func (c *Clerk) Invitations() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.invitations...)
}

// ServeHTTP answers GET /v1/users/{id} and POST /v1/invitations.
func (c *Clerk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.calls++
	status, gate := c.status, c.gate
	c.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-r.Context().Done():
			return
		}
	}
	userID, isUser := strings.CutPrefix(r.URL.Path, "/v1/users/")
	switch {
	case status != 0:
		writeClerkError(w, status)
	case r.Header.Get("Authorization") != "Bearer "+clerkSecret:
		writeClerkError(w, http.StatusUnauthorized)
	case isUser && r.Method == http.MethodGet:
		c.serveUser(w, userID)
	case r.URL.Path == "/v1/invitations" && r.Method == http.MethodPost:
		c.serveInvitation(w, r)
	default:
		writeClerkError(w, http.StatusNotFound)
	}
}

func (c *Clerk) serveUser(w http.ResponseWriter, userID string) {
	c.mu.Lock()
	found, known := c.users[userID]
	c.mu.Unlock()
	if !known {
		writeClerkError(w, http.StatusNotFound)
		return
	}
	verification := "unverified"
	if found.Verified {
		verification = "verified"
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": found.ID, "object": "user", "first_name": found.FirstName, "last_name": found.LastName, "banned": found.Banned,
		"primary_email_address_id": "idn_2",
		"email_addresses": []map[string]any{
			{"id": "idn_1", "email_address": "former@example.test", "verification": map[string]any{"status": "verified"}},
			{"id": "idn_2", "email_address": found.Email, "verification": map[string]any{"status": verification}},
		},
	})
}

func (c *Clerk) serveInvitation(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		EmailAddress string `json:"email_address"`
		RedirectURL  string `json:"redirect_url"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || !strings.Contains(asked.EmailAddress, "@") {
		writeClerkError(w, http.StatusUnprocessableEntity)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invitations = append(c.invitations, asked.EmailAddress)
	writeJSON(w, http.StatusOK, map[string]any{"object": "invitation", "id": "inv_1", "status": "pending"})
}

func writeClerkError(w http.ResponseWriter, status int) {
	writeJSON(w, status, map[string]any{
		"errors":         []map[string]any{{"code": "refused", "message": "refused", "long_message": "refused by the fake"}},
		"clerk_trace_id": "trace",
	})
}
