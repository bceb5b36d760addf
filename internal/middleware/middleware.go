// Package middleware is what surrounds every request of the Core API: request id, recovery, one log line, security headers, CORS,
// limits, and the search for the principal. It declares the small interfaces that it needs from the clinic packages;
// coreapi joins them.
package middleware

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
)

// RequestFacts gives every request an id (a caller's UUID is kept, anything else is replaced) and notes who it comes from.
func RequestFacts(proxies TrustedProxies) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := r.Header.Get("X-Request-ID")
			if parsed, err := uuid.Parse(id); err != nil || len(id) != 36 {
				id = uuid.Must(uuid.NewV7()).String()
			} else {
				id = parsed.String()
			}
			w.Header().Set("X-Request-ID", id)
			facts := auth.Request{
				ID: id, IP: proxies.ClientIP(r), UserAgent: bounded(r.UserAgent(), 400),
				ClientID: clientID(r), Language: bounded(r.Header.Get("Accept-Language"), 200),
			}
			next.ServeHTTP(w, r.WithContext(auth.WithRequest(r.Context(), facts)))
		})
	}
}

// clientID is 16 to 200 letters, digits, dots, dashes and underscores, or nothing.
func clientID(r *http.Request) string {
	id := r.Header.Get("X-Client-Id")
	if len(id) < 16 || len(id) > 200 || strings.ContainsFunc(id, foreign) {
		return ""
	}
	return id
}

// foreign tells a character that no client id of an app has.
func foreign(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-'
}

func bounded(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// Recover turns a panic into a sealed 500. The stack goes to the log only; the process lives on.
func Recover(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { //nolint:contextcheck // the answer is written with the request's own context
				cause := recover()
				if cause == nil {
					return
				}
				if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(cause)
				}
				log.LogAttrs(r.Context(), slog.LevelError, "panic",
					slog.String("request", auth.RequestOf(r.Context()).ID), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
				httpapi.WriteProblem(w, r, httpapi.ProblemOf(r.Context(), apperror.ErrInternal))
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// Log writes one line per request: route pattern instead of path, because a path may hold ids and tokens.
func Log(log *slog.Logger, now func() time.Time) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			started := now()
			ww := chimiddleware.NewWrapResponseWriter(w, r.ProtoMajor)
			line := &Line{}
			ctx := context.WithValue(r.Context(), lineKey{}, line)
			r = r.WithContext(ctx)
			next.ServeHTTP(ww, r)
			status := ww.Status()
			if status == 0 {
				status = http.StatusOK
			}
			log.LogAttrs(ctx, slog.LevelInfo, "request",
				slog.String("request", auth.RequestOf(ctx).ID), slog.String("method", r.Method), slog.String("route", pattern(r)),
				slog.Int("status", status), slog.Int("bytes", ww.BytesWritten()), slog.Int64("ms", now().Sub(started).Milliseconds()),
				slog.String("org", line.Org), slog.String("user", line.User), slog.String("role", line.Role))
		})
	}
}

type lineKey struct{}

// Line is what the principal adds to the request's log line: ids and a role, never a name or an address.
type Line struct{ Org, User, Role string }

func note(ctx context.Context, p auth.Principal) {
	if line, ok := ctx.Value(lineKey{}).(*Line); ok {
		line.Org, line.User, line.Role = p.OrgID.String(), p.UserID.String(), string(p.Role)
	}
}

func pattern(r *http.Request) string {
	if rc := chi.RouteContext(r.Context()); rc != nil && rc.RoutePattern() != "" {
		return rc.RoutePattern()
	}
	return "unmatched"
}

// SecurityHeaders are set on every answer, whatever its status. The API serves no page, so its policy allows nothing.
func SecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-site")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// Deadline bounds a request. A stream goes on under the context from before it.
func Deadline(limit time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(httpapi.KeepEndless(r.Context()), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}
