package coreapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// bareHeaders names what an answer lacks of the headers that every answer has, and what it says too much.
func bareHeaders(h http.Header) []string {
	var out []string
	for name, want := range map[string]string{
		"Strict-Transport-Security": "max-age=63072000", "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
	} {
		if !strings.Contains(h.Get(name), want) {
			out = append(out, name)
		}
	}
	csp := h.Get("Content-Security-Policy")
	if !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
		out = append(out, "Content-Security-Policy")
	}
	for _, banner := range []string{"Server", "X-Powered-By", "Via"} {
		if h.Get(banner) != "" {
			out = append(out, banner)
		}
	}
	if h.Get("X-Request-Id") == "" {
		out = append(out, "X-Request-ID")
	}
	return out
}

// H-1 for the API: every operation × {2xx, 4xx} and the untyped addresses. It answers no redirect, and its 5xx come from the
// same place as its 4xx; the one that can be provoked from outside, a panic, is proven in package middleware. Seen red: an answer
// without headers and one with a banner are counted.
func TestEdge_securityHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	bad, answers, classes := 0, 0, map[int]int{}
	w.api.Observe(func(r *http.Request, a apitest.Answer) {
		answers++
		classes[a.Status/100]++
		// The published keys are for everybody and may be kept.
		lacking := bareHeaders(a.Header)
		if public := strings.HasPrefix(r.URL.Path, "/.well-known/") || r.URL.Path == "/v1/auth/jwks"; public && len(lacking) == 1 && lacking[0] == "Cache-Control" {
			return
		}
		if len(lacking) > 0 {
			bad++
			t.Errorf("%s %s: %d lacks or leaks %v", r.Method, r.URL.Path, a.Status, lacking)
		}
	})
	for _, e := range w.api.App.Routes() {
		r := w.right(e.Method, e.Path, e.ID, w.a)
		r.by(w.a.AsAdmin())
		r.by(w.api.Anonymous())
		r.by(w.api.AsSuperadmin())
		r.by(w.api.AsSuperadmin().With("X-Organization-ID", "no id"))
		w.api.Anonymous().Do(http.MethodTrace, r.path, nil)
	}
	for _, address := range untyped() {
		w.api.Anonymous().Get(strings.TrimPrefix(address, "GET "))
	}
	w.api.Anonymous().Get("/nothing/here").Expect(http.StatusNotFound, "not_found")
	planted := http.Header{"Server": {"nginx/1.0"}}
	if got := bareHeaders(planted); len(got) < 8 {
		t.Errorf("a bare answer with a banner counts as %v", got)
	}
	if classes[2] == 0 || classes[4] == 0 {
		t.Errorf("classes reached: %v", classes)
	}
	figure(t, "H-1/api", fmt.Sprintf("%d/%d", answers-bad, answers), bad == 0)
}

// origins are who may ask: one verified domain, and nineteen that only look like it.
func origins(domain, pending string) map[string]bool {
	return map[string]bool{
		"https://" + domain: true,
		"null":              false, "https://evil.example": false, "http://" + domain: false, "https://" + domain + ".evil.example": false,
		"https://evil" + domain: false, "https://sub." + domain: false, "https://" + domain + ":8443": false, "https://" + domain + "/": false,
		"https://" + domain + "?x": false, "https://user@" + domain: false, "https://" + strings.ToUpper(domain): false, "https://" + pending: false,
		"https://" + domain + "%00.evil.example": false, "https://evil.example#" + domain: false, "https://beta.clinic.restartix.app": false,
		"file://" + domain: false, "https://": false, "https://127.0.0.1": false, "https://" + domain + ".": false,
	}
}

// misallowed reports whether an answer to the origin is not what it must be.
func misallowed(h http.Header, origin string, allowed bool) bool {
	got := h.Get("Access-Control-Allow-Origin")
	if got == "*" || h.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
		return true
	}
	if allowed {
		return got != origin
	}
	return got != ""
}

// H-2: of twenty origins only the exact verified domain is allowed, on preflights and on requests. Seen red: an answer with *, one
// that mirrors a stranger, and one without Vary are counted.
func TestEdge_crossOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	w.domain(w.a.ID, "clinica.example.com")
	w.exec("UPDATE organization_domains SET status = 'verified', verified_at = now() WHERE domain = 'clinica.example.com'")
	w.domain(w.b.ID, "waiting.example.com")
	all := origins("clinica.example.com", "waiting.example.com")
	bad := 0
	for origin, allowed := range all {
		c := w.api.Anonymous().With("Origin", origin)
		preflight := c.With("Access-Control-Request-Method", "POST").With("Access-Control-Request-Headers", "authorization").Do(http.MethodOptions, "/v1/me", nil)
		for _, a := range []apitest.Answer{preflight, c.Get("/v1/public/organizations/resolve?slug=alpha"), c.Get("/v1/me")} {
			if misallowed(a.Header, origin, allowed) {
				bad++
				t.Errorf("%s (allowed %v): %s\n%v", origin, allowed, a, a.Header)
			}
		}
	}
	vary := http.Header{"Vary": {"Origin"}}
	star, mirror := vary.Clone(), vary.Clone()
	star.Set("Access-Control-Allow-Origin", "*")
	mirror.Set("Access-Control-Allow-Origin", "https://evil.example")
	if !misallowed(star, "https://a.example", true) || !misallowed(mirror, "https://evil.example", false) || !misallowed(http.Header{}, "https://evil.example", false) {
		t.Error("a planted answer is not counted")
	}
	figure(t, "H-2", fmt.Sprintf("%d/%d", len(all)*3-bad, len(all)*3), bad == 0 && len(all) == 20)
}
