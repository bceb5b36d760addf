package middleware

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/rs/cors"
)

// Domains tells whether a host is a verified domain of an active clinic.
type Domains interface {
	IsVerifiedDomain(ctx context.Context, host string) bool
}

// CORS lets integrators' pages on a clinic's verified domain call the API with a bearer token. Origins match exactly and by
// https only; credentials (cookies) are never allowed, so no origin gains anything that its own code does not hold.
func CORS(domains Domains) func(http.Handler) http.Handler {
	c := cors.New(cors.Options{
		AllowOriginVaryRequestFunc: func(r *http.Request, origin string) (bool, []string) {
			return originAllowed(r.Context(), domains, origin), nil
		},
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		AllowedHeaders: []string{
			"Authorization", "Content-Type", "X-Organization-ID", "X-Organization-Slug", "X-App",
			"X-Request-ID", "X-Client-Id", "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language", "Last-Event-ID",
		},
		ExposedHeaders: []string{
			"X-Request-ID", "ETag", "Idempotency-Replayed", "Retry-After", "X-RateLimit-Limit",
			"X-RateLimit-Remaining", "X-RateLimit-Reset",
		},
		MaxAge: 600,
	})
	return c.Handler
}

func originAllowed(ctx context.Context, domains Domains, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	// The root's dot names the same host and yet is another origin to a browser.
	if u.Port() != "" || u.Host != strings.ToLower(u.Host) || strings.HasSuffix(u.Host, ".") {
		return false
	}
	return domains.IsVerifiedDomain(ctx, u.Host)
}
