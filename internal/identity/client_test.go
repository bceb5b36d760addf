package identity_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
)

// caller is one way of calling an instance.
type caller struct {
	*instance
	token string
	org   ident.OrgID
	app   auth.App
}

func (i *instance) as(s somebody) caller             { return caller{instance: i, token: tokenOf(s.Subject)} }
func (i *instance) with(s middleware.Subject) caller { return caller{instance: i, token: tokenOf(s)} }
func (i *instance) bearing(token string) caller      { return caller{instance: i, token: token} }
func (c caller) in(org ident.OrgID) caller           { c.org = org; return c }
func (c caller) from(app auth.App) caller            { c.app = app; return c }
func (c caller) get(path string) reply               { return c.call(http.MethodGet, path, nil) }
func (c caller) post(path string, body any) reply    { return c.call(http.MethodPost, path, body) }
func (c caller) patch(path string, body any) reply   { return c.call(http.MethodPatch, path, body) }
func (c caller) put(path string, body any) reply     { return c.call(http.MethodPut, path, body) }
func (c caller) delete(path string) reply            { return c.call(http.MethodDelete, path, nil) }

// object is a JSON body.
type object = map[string]any

// reply is one answer.
type reply struct {
	t      testing.TB
	call   string
	status int
	raw    string
	header http.Header
}

func (c caller) call(method, path string, body any) reply {
	c.t.Helper()
	var reader *strings.Reader
	encoded := ""
	if body != nil {
		raw, err := json.Marshal(body)
		must(c.t, err)
		encoded = string(raw)
	}
	reader = strings.NewReader(encoded)
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, reader)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if !c.org.IsZero() {
		r.Header.Set("X-Organization-ID", c.org.String())
	}
	if c.app != "" {
		r.Header.Set("X-App", string(c.app))
	}
	w := httptest.NewRecorder()
	c.edge.ServeHTTP(w, r)
	return reply{t: c.t, call: method + " " + path, status: w.Code, raw: w.Body.String(), header: w.Header()}
}

// code is the problem's code, or "".
func (r reply) code() string {
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal([]byte(r.raw), &p) // an answer without a body has no code
	return p.Code
}

// expect fails the test unless the answer is the one described.
func (r reply) expect(status int, code ...string) reply {
	r.t.Helper()
	if r.status != status || len(code) > 0 && r.code() != code[0] {
		r.t.Errorf("%s answers %d %s, want %d %v\n%s", r.call, r.status, r.code(), status, code, r.raw)
	}
	return r
}

// is reports whether the answer is the one described, without failing.
func (r reply) is(status int, code string) bool { return r.status == status && r.code() == code }

// data decodes the member data.
func data[T any](r reply) T {
	r.t.Helper()
	var envelope struct {
		Data T `json:"data"`
	}
	if err := json.Unmarshal([]byte(r.raw), &envelope); err != nil {
		r.t.Fatalf("%s: %v\n%s", r.call, err, r.raw)
	}
	return envelope.Data
}
