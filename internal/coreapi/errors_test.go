package coreapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/httpapi"
)

// answered is what the edge sends for an error, decoded from the wire.
func answered(t *testing.T, err error, language string) httpapi.Problem {
	t.Helper()
	ctx := auth.WithRequest(t.Context(), auth.Request{ID: "0190", Language: language})
	w := httptest.NewRecorder()
	httpapi.WriteProblem(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), httpapi.ProblemOf(ctx, err))
	var p httpapi.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != w.Code || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%v: status %d in the body, %d on the wire, %s", err, p.Status, w.Code, w.Header().Get("Content-Type"))
	}
	return p
}

// mismatch says how an answer differs from the registry's entry, or "".
func mismatch(entry object, p httpapi.Problem) string {
	code := fmt.Sprint(entry["code"])
	switch {
	case p.Code != code:
		return "code " + p.Code
	case p.Type != "/errors/"+code:
		return "type " + p.Type
	case fmt.Sprint(entry["status"]) != fmt.Sprint(p.Status):
		return fmt.Sprintf("status %d, registered %v", p.Status, entry["status"])
	case p.Detail == "" || p.RequestID == "":
		return "no detail or request id"
	}
	return ""
}

// unregistered answers the codes that live answers carry and the document does not list.
func unregistered(codes map[string]int, registered map[string]object) []string {
	var out []string
	for code, status := range codes {
		if entry, known := registered[code]; !known || fmt.Sprint(entry["status"]) != fmt.Sprint(status) {
			out = append(out, code)
		}
	}
	return out
}

// Verifies API-12: type, code and status of every registered error are what the edge answers, in both languages, and no live answer
// carries another code. Seen red: an entry with another status, and a code that nobody registered.
func TestErrors_registryIsWhatIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	registered := map[string]object{}
	list, _ := contractOf(t, w.api).root["x-error-codes"].([]any)
	for _, entry := range list {
		registered[fmt.Sprint(at(entry, "code"))] = tree(entry)
	}
	for _, declared := range apperror.Registered() {
		english, romanian := answered(t, fmt.Errorf("doing this: %w", declared), "en"), answered(t, declared, "ro")
		if m := mismatch(registered[declared.Code], english); m != "" {
			t.Errorf("%s: %s", declared.Code, m)
		}
		if romanian.Detail != httpapi.Romanian(declared.Code) || romanian.Detail == "" {
			t.Errorf("%s has no Romanian sentence", declared.Code)
		}
	}
	live := map[string]int{}
	w.api.Observe(func(_ *http.Request, a apitest.Answer) {
		if a.Status >= http.StatusBadRequest {
			live[a.Code()] = a.Status
		}
	})
	for _, e := range w.api.App.Routes() {
		for _, c := range w.callers() {
			w.cell(e, c, "cross")
		}
		w.api.AsSuperadmin().In(w.a.ID).Do(e.Method, w.right(e.Method, e.Path, e.ID, w.a).path, "{")
	}
	if got := unregistered(live, registered); len(got) > 0 || len(live) < 10 {
		t.Errorf("unregistered %v among %v", got, live)
	}
	if p := answered(t, errors.Join(context.Canceled, errors.New("secret of the database")), "en"); p.Code != "internal_error" || p.Status != http.StatusInternalServerError {
		t.Errorf("an undeclared error answers %+v", p)
	}
	if mismatch(object{"code": "not_found", "status": 410}, answered(t, apperror.ErrNotFound, "en")) == "" {
		t.Error("another status is not noticed")
	}
	if len(unregistered(map[string]int{"made_up": 400}, registered)) != 1 {
		t.Error("an unregistered code is not noticed")
	}
}
