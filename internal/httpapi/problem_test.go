package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
)

func TestOne_answersTheEnvelope(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	postNote(e, fixedNote)

	a := e.call(t, "POST", "/v1/notes", `{"text":"hello"}`)

	if a.StatusCode != http.StatusCreated || a.Header.Get("ETag") != `"3"` {
		t.Errorf("status %d, etag %s", a.StatusCode, a.Header.Get("ETag"))
	}
	if want := `{"data":{"id":"n","text":"hello"},"meta":{"request_id":"` + a.Header.Get("X-Request-ID") + `"}}`; strings.TrimSpace(a.raw) != want {
		t.Errorf("body\n%s\nwant\n%s", a.raw, want)
	}
}

// Verifies FND-03: a panic answers a sealed 500 with the request id; the stack is in the log only; the process goes on.
func TestRecover_sealsAPanic(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	postNote(e, func(context.Context, *noteInput) (note, error) { panic("CNP 1960101123456 exploded") })

	a := e.call(t, "POST", "/v1/notes", `{"text":"x"}`)

	if a.StatusCode != http.StatusInternalServerError || a.body.Code != "internal_error" {
		t.Fatalf("answer %d %s", a.StatusCode, a.raw)
	}
	if a.body.RequestID == "" || a.body.RequestID != a.Header.Get("X-Request-ID") {
		t.Errorf("request id %q, header %q", a.body.RequestID, a.Header.Get("X-Request-ID"))
	}
	if strings.Contains(a.raw, "1960101123456") || strings.Contains(a.raw, "goroutine") {
		t.Errorf("the answer tells too much: %s", a.raw)
	}
	if !strings.Contains(e.logs.String(), "goroutine") {
		t.Error("the stack is not in the log")
	}
	if again := e.call(t, "POST", "/v1/notes", `{"text":"x"}`); again.StatusCode != http.StatusInternalServerError {
		t.Errorf("the second request answers %d", again.StatusCode)
	}
}

// Verifies FND-04: a UUID is kept, anything else is replaced.
func TestRequestFacts_requestID(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	postNote(e, fixedNote)
	const id = "0192f3a4-7c1e-7b52-9d60-3f1c2a7b8e90"

	kept := e.call(t, "POST", "/v1/notes", `{"text":"x"}`, "X-Request-ID", id)
	replaced := e.call(t, "POST", "/v1/notes", `{"text":"x"}`, "X-Request-ID", "abc")

	if got := kept.Header.Get("X-Request-ID"); got != id {
		t.Errorf("kept id is %q", got)
	}
	if got := replaced.Header.Get("X-Request-ID"); got == "abc" || len(got) != 36 {
		t.Errorf("replaced id is %q", got)
	}
}

func TestProblem_hidesInternalErrorsAndKeepsDeclaredOnes(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	var fail error
	postNote(e, func(context.Context, *noteInput) (note, error) { return note{}, fail })

	fail = fmt.Errorf("scan patient Ana Pop: %w", errors.New("no such column"))
	internal := e.call(t, "POST", "/v1/notes", `{"text":"x"}`)
	fail = fmt.Errorf("create: %w", errTestDeclared.At("body.text", "is taken").With("allowed", []string{"done"}))
	declared := e.call(t, "POST", "/v1/notes", `{"text":"x"}`)

	if internal.StatusCode != 500 || strings.Contains(internal.raw, "Ana") || strings.Contains(internal.raw, "column") {
		t.Errorf("internal error answers %d %s", internal.StatusCode, internal.raw)
	}
	if declared.StatusCode != 409 || declared.body.Code != "test_declared" || declared.body.Errors[0].Location != "body.text" {
		t.Errorf("declared error answers %d %s", declared.StatusCode, declared.raw)
	}
	if !strings.Contains(declared.raw, `"allowed":["done"]`) {
		t.Errorf("the fact is missing: %s", declared.raw)
	}
	if ct := declared.Header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
}

func TestProblem_neverEchoesWhatWasSent(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	postNote(e, fixedNote)
	const secret = "HIV-positive-1960101123456"
	cases := map[string]struct {
		body   string
		status int
		code   string
		at     string
	}{
		"unknown member":   {`{"text":"x","` + "extra" + `":"` + secret + `"}`, 422, "validation_error", "body.extra"},
		"too long":         {`{"text":"` + secret + strings.Repeat(secret, 3) + `"}`, 422, "validation_error", "body.text"},
		"wrong enum":       {`{"text":"x","kind":"` + secret + `"}`, 422, "validation_error", "body.kind"},
		"wrong type":       {`{"text":{"a":"` + secret + `"}}`, 422, "validation_error", "body.text"},
		"missing":          {`{"kind":"a"}`, 422, "validation_error", "body"},
		"not JSON":         {`{"text":"` + secret, 400, "malformed_json", ""},
		"NUL":              {`{"text":"a\u0000b"}`, 422, "validation_error", "body"},
		"array for object": {`["` + secret + `"]`, 422, "validation_error", "body"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := e.call(t, "POST", "/v1/notes", c.body)
			if a.StatusCode != c.status || a.body.Code != c.code {
				t.Fatalf("answer %d %s", a.StatusCode, a.raw)
			}
			if strings.Contains(a.raw, secret) {
				t.Errorf("the refused value is in the answer: %s", a.raw)
			}
			if c.at != "" && (len(a.body.Errors) == 0 || a.body.Errors[0].Location != c.at) {
				t.Errorf("location %v, want %s", a.body.Errors, c.at)
			}
		})
	}
	if strings.Contains(e.logs.String(), secret) {
		t.Error("the refused value is in the log")
	}
}

func TestGuard_refusesShapesThatNoEndpointAccepts(t *testing.T) {
	t.Parallel()
	e := newEdge(t, admin())
	postNote(e, fixedNote)
	cases := map[string]struct {
		target, contentType string
		status              int
		code                string
	}{
		"unknown parameter":  {"/v1/notes?foo=1", "application/json", 400, "filter_unknown"},
		"repeated parameter": {"/v1/notes?foo=1&foo=2", "application/json", 400, "bad_request"},
		"form post":          {"/v1/notes", "application/x-www-form-urlencoded", 415, "media_type_unsupported"},
		"text/plain":         {"/v1/notes", "text/plain", 415, "media_type_unsupported"},
		"no media type":      {"/v1/notes", "", 415, "media_type_unsupported"},
		"other charset":      {"/v1/notes", "application/json; charset=latin1", 415, "media_type_unsupported"},
		"NUL in the query":   {"/v1/notes?foo=%00", "application/json", 400, "bad_request"},
		"no such address":    {"/v1/nothing", "application/json", 404, "not_found"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := e.call(t, "POST", c.target, `{"text":"x"}`, "Content-Type", c.contentType)
			if a.StatusCode != c.status || a.body.Code != c.code {
				t.Errorf("answer %d %s", a.StatusCode, a.raw)
			}
		})
	}
	if a := e.call(t, "DELETE", "/v1/notes", ""); a.StatusCode != 405 || a.body.Code != "method_not_allowed" {
		t.Errorf("wrong method answers %d %s", a.StatusCode, a.raw)
	}
}

func TestGuard_readsThePermissionTable(t *testing.T) {
	t.Parallel()
	for role, status := range map[auth.Role]int{
		auth.Admin: 201, auth.Specialist: 403, auth.CustomerSupport: 403, auth.Patient: 403, auth.Anonymous: 403,
	} {
		p := admin()
		p.Role = role
		e := newEdge(t, p)
		postNote(e, fixedNote)

		a := e.call(t, "POST", "/v1/notes", `{"text":"x"}`)

		if a.StatusCode != status {
			t.Errorf("%s answers %d, want %d", role, a.StatusCode, status)
		}
		if status == 403 && (len(e.notes.all) != 1 || e.notes.all[0].Status != 403) {
			t.Errorf("%s: the trail was told %v", role, e.notes.all)
		}
	}
}

// Accounting test 10, first half: every declared code has both languages.
func TestMessages_everyCodeSpeaksRomanian(t *testing.T) {
	t.Parallel()
	for _, e := range apperror.Registered() {
		if strings.HasPrefix(e.Code, "test_") {
			continue
		}
		if httpapi.Romanian(e.Code) == "" {
			t.Errorf("%s has no Romanian text", e.Code)
		}
	}
	for _, code := range httpapi.RomanianCodes() {
		if strings.ContainsAny(httpapi.Romanian(code), "şţŞŢ") {
			t.Errorf("%s is written with cedillas", code)
		}
	}
}
