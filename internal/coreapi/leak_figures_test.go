package coreapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// Canaries: what the people of this test type, and what must then be nowhere but in the rows meant for it.
const (
	phoneCanary    = "+40722987654"
	cnpCanary      = "2960229410018"
	nameCanary     = "Cnryana Canarescu"
	passwordCanary = "cnry-pass-Word-77-long"
	cookieCanary   = "cnrycookie0815"
)

// leaked answers every leak of the surfaces.
func leaked(surfaces map[string]string) []string {
	var out []string
	for name, text := range surfaces {
		for _, leak := range apitest.Leaks(text) {
			out = append(out, name+": "+leak)
		}
	}
	return out
}

// surfaces reads everything that leaves the rows of a use case: logs, problem documents, job arguments, facts, the trail.
func surfaces(t *testing.T, api *apitest.API, problems *strings.Builder) map[string]string {
	t.Helper()
	out := map[string]string{"log": api.Logs.String(), "problems": problems.String()}
	super := api.DB.Super(t)
	for name, sql := range map[string]string{
		"jobs":            "SELECT COALESCE(string_agg(kind || ' ' || args::text || ' ' || metadata::text || ' ' || COALESCE(errors::text, ''), E'\\n'), '') FROM river.river_job",
		"outbox":          "SELECT COALESCE(string_agg(to_jsonb(o)::text, E'\\n'), '') FROM outbox_events o",
		"trail":           "SELECT COALESCE(string_agg(concat_ws(' ', changes::text, reason, route, user_agent_hash), E'\\n'), '') FROM audit_log",
		"security events": "SELECT COALESCE(string_agg(to_jsonb(s)::text, E'\\n'), '') FROM security_events s",
	} {
		var text string
		if err := super.QueryRow(t.Context(), sql).Scan(&text); err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	return out
}

// typeCanaries does with personal values what people do: right, wrong, and in places where they do not belong.
func typeCanaries(api *apitest.API, a apitest.Clinic, specialist apitest.Person) {
	path := "/v1/organizations/" + a.ID.String()
	admin := a.AsAdmin()
	current := admin.Get(path).Must(http.StatusOK)
	admin.With("If-Match", current.ETag()).Patch(path, map[string]any{"phone": phoneCanary, "email": "cnry.clinic@example.com"}).Expect(http.StatusOK)
	admin.Patch("/v1/me", map[string]any{"name": nameCanary}).Expect(http.StatusOK)
	admin.Post(path+"/members", map[string]any{"email": "cnry.invited@example.com", "role": "specialist"}).Expect(http.StatusCreated)
	admin.Post(path+"/members", map[string]any{"email": "cnry.invited@example.com", "role": "specialist"}).Expect(http.StatusConflict)
	admin.Post(path+"/members", map[string]any{"email": "cnry " + cnpCanary, "role": phoneCanary}).Expect(http.StatusUnprocessableEntity)
	admin.Post(path+"/api-keys", map[string]any{"service": "sms", "api_key": "cnry-" + passwordCanary}).Expect(http.StatusCreated)
	admin.Post(path+"/access-keys", map[string]any{"name": "integration", "scopes": []string{"patients:read"}}).Expect(http.StatusCreated)
	admin.Do(http.MethodPost, path+"/members", `{"email": "cnry`+cnpCanary).Expect(http.StatusBadRequest)
	admin.Get(path + "/members?foo=" + cnpCanary).Expect(http.StatusBadRequest)
	admin.Get("/v1/cnry/" + cnpCanary).Expect(http.StatusNotFound)
	a.Client(specialist).With("Cookie", "__Host-session="+cookieCanary).With("User-Agent", nameCanary).Get("/v1/me").Expect(http.StatusOK)
	api.Anonymous().With("Authorization", "Bearer eyJhbGciOiJub25lIn0.cnrycnry.cnry").Get("/v1/me").Expect(http.StatusUnauthorized)
	api.Anonymous().Post("/v1/auth/login", map[string]any{"email": "cnry.login@example.com", "password": passwordCanary, "app": "clinic"}).Expect(http.StatusUnauthorized)
	api.Anonymous().With("X-Request-ID", "cnry\r\nforged: line").With("X-Client-Id", "cnry").Get("/v1/me").Expect(http.StatusUnauthorized)
}

// TestFigureX4 is X-4 and FND-05: what people type is in no log, problem, job, fact or trail, and every log line is JSON.
// Seen red by a planted log line, a planted job and a planted fact, each found by the same search.
// Verifies FND-05
func TestFigureX4(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	var mu sync.Mutex
	problems := &strings.Builder{}
	api.Observe(func(_ *http.Request, a apitest.Answer) {
		if a.Status >= http.StatusBadRequest {
			mu.Lock()
			defer mu.Unlock()
			problems.WriteString(a.Raw)
		}
	})
	a := api.Clinic("alpha")
	typeCanaries(api, a, a.Member(auth.Specialist))
	super := api.DB.Super(t)
	waitUntil(t, "every job has run", func() bool {
		var left int
		if err := super.QueryRow(t.Context(), "SELECT count(*) FROM river.river_job WHERE state IN ('available', 'running')").Scan(&left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})

	places := surfaces(t, api, problems)

	found := leaked(places)
	report(t, found)
	bytes := 0
	for name, text := range places {
		if bytes += len(text); text == "" {
			t.Errorf("there is nothing to search in %s", name)
		}
	}
	lines := strings.Split(strings.TrimSpace(places["log"]), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			found = append(found, "not JSON: "+line)
		}
	}
	printFigure(t, "X-4/api", fmt.Sprintf("found=%d,bytes=%d,lines=%d", len(found), bytes, len(lines)), len(found) == 0)

	for _, sql := range []string{
		"UPDATE river.river_job SET args = args || '{\"to\": \"somebody@example.com\"}'::jsonb WHERE id = (SELECT min(id) FROM river.river_job)",
		"UPDATE outbox_events SET data = '{\"cnp\": \"" + cnpCanary + "\"}' WHERE id = (SELECT id FROM outbox_events LIMIT 1)",
	} {
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	places = surfaces(t, api, problems)
	places["log"] += `{"phone":"` + phoneCanary + `"}` // every API's own log is searched again when its test ends
	for _, name := range []string{"log", "jobs", "outbox"} {
		if len(leaked(map[string]string{name: places[name]})) == 0 {
			t.Errorf("red proof: what was planted in %s was not found", name)
		}
	}
}

// waitUntil asks again until the answer is yes; a minute is far beyond anything that is waited for here.
func waitUntil(t *testing.T, what string, ask func() bool) {
	t.Helper()
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	limit := time.After(time.Minute)
	for !ask() {
		select {
		case <-limit:
			t.Fatalf("a minute passed and it is not so that %s", what)
		case <-again.C:
		}
	}
}
