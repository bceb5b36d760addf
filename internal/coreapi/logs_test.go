package coreapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// brokenLines counts the lines of a log that are no JSON object of their own, or hold a control character or the planted mark.
func brokenLines(log, mark string) int {
	n := 0
	for _, line := range strings.Split(strings.TrimSuffix(log, "\n"), "\n") {
		var event object
		if json.Unmarshal([]byte(line), &event) != nil || event["msg"] == nil || strings.ContainsAny(line, "\r\x1b") || strings.Contains(line, mark) {
			n++
		}
	}
	return n
}

// I-7: line breaks, terminal codes and 64 kB in every header and in the path leave one JSON line per request, and no id but a UUID is
// taken over. Seen red: a log with a forged line is counted.
func TestLogs_nothingIsInjected(t *testing.T) {
	t.Parallel()
	api := generous(t, apitest.Options{Quiet: true})
	clinic := api.Clinic("alpha")
	const mark = "planted-by-caller"
	hostile := []string{
		mark, mark + "\r\n{\"msg\":\"forged\"}", mark + "\n\n", "\x1b[31m" + mark, mark + "\x00", strings.Repeat(mark, 4000), "\u2028" + mark,
		"{" + mark + "}", `","role":"superadmin","x":"` + mark, uuid.NewString() + mark, "{" + uuid.NewString() + "}",
	}
	before, calls, taken := len(api.Logs.String()), 0, 0
	for _, value := range hostile {
		for _, name := range []string{"X-Request-ID", "User-Agent", "X-Client-Id", "Accept-Language", "X-App", "X-Organization-Slug", "Referer", "X-Forwarded-For", "Idempotency-Key"} {
			a := clinic.AsAdmin().With(name, value).Get("/v1/me")
			calls++
			if id := a.Header.Get("X-Request-ID"); uuid.Validate(id) != nil || id == value || a.Status >= http.StatusInternalServerError {
				taken++
				t.Errorf("%s: %q: %s", name, value[:min(60, len(value))], a)
			}
		}
		api.Anonymous().Get("/v1/x%0d%0a%7B%22msg%22:%22" + mark + "%22%7D")
		calls++
	}
	log := api.Logs.String()[before:]
	broken := brokenLines(log, mark)
	if events := strings.Count(log, `"msg":"request"`); events != calls {
		t.Errorf("%d lines for %d requests", events, calls)
	}
	kept := uuid.NewString()
	if got := api.Anonymous().With("X-Request-ID", kept).Get("/live").Header.Get("X-Request-ID"); got != kept {
		t.Errorf("a good id is not kept: %s", got)
	}
	if brokenLines("{\"msg\":\"request\"}\nforged\n{\"msg\":\"\x1b[0m\"}\n", mark) != 2 {
		t.Error("a forged line is not counted")
	}
	figure(t, "I-7", fmt.Sprintf("broken=%d,taken=%d,requests=%d", broken, taken, calls), broken+taken == 0)
}
