package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

// Client calls the API as one person in one clinic. It is immutable: As…, In… and With… answer copies.
type Client struct {
	api    *API
	header http.Header
	peer   string
}

// From makes the calls come from an address.
func (c Client) From(ip string) Client {
	c.peer = ip
	return c
}

// As acts as the person, through no particular app.
func (c Client) As(p Person) Client { return c.With("Authorization", "Bearer "+p.Token(c.api.t)) }

// In names the clinic of the request.
func (c Client) In(org ident.OrgID) Client { return c.With("X-Organization-ID", org.String()) }

// App names the surface that the request comes from.
func (c Client) App(app auth.App) Client { return c.With("X-App", string(app)) }

// With sets a header; an empty value removes it.
func (c Client) With(name, value string) Client {
	h := c.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if value == "" {
		h.Del(name)
	} else {
		h.Set(name, value)
	}
	c.header = h
	return c
}

// Headers are those that the client sends, for suites that build their requests themselves.
func (c Client) Headers() http.Header { return c.header.Clone() }

// Get calls and decodes.
func (c Client) Get(path string) Answer { return c.Do(http.MethodGet, path, nil) }

// Post sends body as JSON; nil sends none.
func (c Client) Post(path string, body any) Answer { return c.Do(http.MethodPost, path, body) }

// Put sends body as JSON; nil sends none.
func (c Client) Put(path string, body any) Answer { return c.Do(http.MethodPut, path, body) }

// Patch sends body as JSON; nil sends none.
func (c Client) Patch(path string, body any) Answer { return c.Do(http.MethodPatch, path, body) }

// Delete calls without a body.
func (c Client) Delete(path string) Answer { return c.Do(http.MethodDelete, path, nil) }

// Do calls any method. A string body is sent as it is.
func (c Client) Do(method, path string, body any) Answer {
	return c.DoContext(c.api.t.Context(), method, path, body)
}

// DoContext is Do for a caller that hangs up. A stream is hung up on after its first line.
func (c Client) DoContext(ctx context.Context, method, path string, body any) Answer {
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			c.api.t.Errorf("encode body: %v", err)
			return Answer{}
		}
		reader = bytes.NewReader(encoded)
	}
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	r := httptest.NewRequestWithContext(ctx, method, path, reader)
	r.RemoteAddr = c.api.nextPeer()
	if c.peer != "" {
		r.RemoteAddr = net.JoinHostPort(c.peer, "4711")
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.api.Handler.ServeHTTP(Opening{w, hangUp}, r)
	a := Answer{Status: w.Code, Header: w.Header(), Raw: w.Body.String(), t: c.api.t, call: method + " " + path}
	c.api.observe(r, a)
	return a
}

// Answer is one response.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	t      testing.TB
	call   string
}

// Problem is the decoded problem document.
type Problem struct {
	Type      string `json:"type"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

// Problem decodes the problem document; the zero value when the answer is none.
func (a Answer) Problem() Problem {
	var p Problem
	if a.Header.Get("Content-Type") == "application/problem+json" {
		if err := json.Unmarshal([]byte(a.Raw), &p); err != nil {
			a.t.Errorf("%s: problem does not decode: %v", a.call, err)
		}
	}
	return p
}

// Code is the problem's code, or "".
func (a Answer) Code() string { return a.Problem().Code }

// Expect fails the test unless the status is the one given, and for a refusal also its code.
func (a Answer) Expect(status int, code ...string) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("%s answers %d, want %d\n%s", a.call, a.Status, status, a.Raw)
	} else if len(code) > 0 && a.Code() != code[0] {
		a.t.Errorf("%s answers %s, want %s\n%s", a.call, a.Code(), code[0], a.Raw)
	}
	return a
}

// Must is Expect that ends the test.
func (a Answer) Must(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s answers %d, want %d\n%s", a.call, a.Status, status, a.Raw)
	}
	return a
}

// Data decodes the member data into T.
func Data[T any](a Answer) T {
	a.t.Helper()
	var envelope struct {
		Data T `json:"data"`
	}
	if err := json.Unmarshal([]byte(a.Raw), &envelope); err != nil {
		a.t.Fatalf("%s: data does not decode: %v\n%s", a.call, err, a.Raw)
	}
	return envelope.Data
}

// ID returns data.id.
func (a Answer) ID() string {
	a.t.Helper()
	id := Data[struct {
		ID string `json:"id"`
	}](a).ID
	if id == "" {
		a.t.Fatalf("%s: no data.id\n%s", a.call, a.Raw)
	}
	return id
}

// ETag returns the version that If-Match wants.
func (a Answer) ETag() string { return a.Header.Get("ETag") }

// String shortens the answer for messages.
func (a Answer) String() string { return fmt.Sprintf("%s: %d %s", a.call, a.Status, a.Raw) }
