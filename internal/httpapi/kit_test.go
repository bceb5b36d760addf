package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/seal"
)

// gate lets everybody in as the person that the test names.
type gate struct {
	principal auth.Principal
	refuse    error
}

func (g gate) Authenticate(*http.Request, httpapi.Audience) (auth.Principal, error) {
	return g.principal, g.refuse
}

func (gate) LimitCaller(http.ResponseWriter, *http.Request, string) error            { return nil }
func (gate) LimitPrincipal(http.ResponseWriter, *http.Request, auth.Principal) error { return nil }

// notes remembers what the trail was told.
type notes struct {
	mu  sync.Mutex
	all []httpapi.Refusal
}

func (n *notes) Refused(_ context.Context, r httpapi.Refusal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, r)
}

func (*notes) Watched(context.Context, string) error { return nil }

// ringSealer seals stored answers with a real key ring.
type ringSealer struct{ ring *seal.Ring }

func (s ringSealer) SealAnswer(org, row string, plain []byte) ([]byte, int32, error) {
	v, err := s.ring.Seal(plain, seal.AAD{Org: org, Table: "idempotency_keys", Column: "response", Row: row})
	return v.Cipher, v.KeyVersion, err
}

func (s ringSealer) OpenAnswer(org, row string, cipher []byte, version int32) ([]byte, error) {
	return s.ring.Open(seal.Value{Cipher: cipher, KeyVersion: version}, seal.AAD{Org: org, Table: "idempotency_keys", Column: "response", Row: row})
}

// edge is an edge with one person behind it.
type edge struct {
	*httpapi.Server
	handler http.Handler
	notes   *notes
	logs    *bytes.Buffer
}

func admin() auth.Principal {
	return auth.Principal{
		Kind: auth.ActorUser, Role: auth.Admin, Authenticated: true, MFA: true,
		UserID: ident.New[ident.User](), OrgID: ident.New[ident.Organization](),
	}
}

func newEdge(t *testing.T, p auth.Principal) *edge {
	t.Helper()
	return newEdgeWith(t, gate{principal: p}, &seats{})
}

// newEdgeWith makes an edge that asks g who is calling.
func newEdgeWith(t *testing.T, g httpapi.Authenticator, s httpapi.Seats) *edge {
	t.Helper()
	doc, err := seal.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	e := &edge{notes: &notes{}, logs: &bytes.Buffer{}}
	log := slog.New(slog.NewJSONHandler(&lockedWriter{w: e.logs}, nil))
	r := chi.NewRouter()
	r.Use(middleware.RequestFacts(nil), middleware.Log(log, time.Now), middleware.Recover(log), middleware.SecurityHeaders, middleware.Deadline(20*time.Second), httpapi.KeyMiddleware)
	e.Server = httpapi.New(r, httpapi.Deps{
		Auth: g, Limiter: gate{}, Witness: e.notes, Sealer: ringSealer{ring}, Seats: s,
		Log: log, Now: time.Now, Version: "test", BodyLimit: 64 << 10,
	})
	e.handler = r
	return e
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// answer is a decoded response.
type answer struct {
	*http.Response
	raw  string
	body struct {
		Data      json.RawMessage `json:"data"`
		Code      string          `json:"code"`
		RequestID string          `json:"request_id"`
		Detail    string          `json:"detail"`
		Errors    []struct{ Location, Message string }
		Meta      struct {
			RequestID string `json:"request_id"`
		} `json:"meta"`
	}
}

func (e *edge) call(t *testing.T, method, target, body string, header ...string) answer {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	e.handler.ServeHTTP(w, r)
	a := answer{Response: w.Result(), raw: w.Body.String()}
	if strings.Contains(a.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			t.Fatalf("answer is not JSON: %v\n%s", err, a.raw)
		}
	}
	return a
}

// note is the small entity that the tests create.
type note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	version int64
}

func (n note) Version() int64 { return n.version }

type noteInput struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"50"`
		Kind string `json:"kind,omitempty" enum:"a,b"`
	}
}

func postNote(e *edge, fn func(context.Context, *noteInput) (note, error)) {
	httpapi.One(e.Server, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/notes", ID: "create-note", Summary: "Create a note", Tag: "test",
		Audience: httpapi.Member, Permission: auth.MemberManage, Status: http.StatusCreated,
	}, fn)
}

func fixedNote(_ context.Context, in *noteInput) (note, error) {
	return note{ID: "n", Text: in.Body.Text, version: 3}, nil
}

var errTestDeclared = apperror.New(apperror.Conflict, "test_declared", "A declared conflict of the tests.")
