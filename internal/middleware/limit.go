package middleware

import (
	"net/http"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ratelimit"
)

// Limits counts requests by address and by person. Safe for concurrent use.
type Limits struct{ Limiter *ratelimit.Limiter }

// LimitCaller implements httpapi.Limiter: the address, and the endpoint's own limit by address where it has one.
func (l Limits) LimitCaller(w http.ResponseWriter, r *http.Request, name string) error {
	subject := ratelimit.ByIP(auth.RequestOf(r.Context()).IP)
	buckets := []ratelimit.Bucket{{Name: ratelimit.IP, Subject: subject}}
	if name != "" {
		buckets = append(buckets, ratelimit.Bucket{Name: name, Subject: subject})
	}
	return answerLimit(w, l.Limiter.AllowAll(r.Context(), buckets...))
}

// LimitPrincipal implements httpapi.Limiter: the person or key, wherever the requests come from.
func (l Limits) LimitPrincipal(w http.ResponseWriter, r *http.Request, p auth.Principal) error {
	subject := p.UserID.String()
	if p.Kind == auth.ActorKey {
		subject = "key-" + p.AccessKeyID.String()
	}
	if subject == "" {
		return nil
	}
	return answerLimit(w, l.Limiter.Allow(r.Context(), ratelimit.User, subject))
}

// answerLimit writes the headers of the tightest bucket so far, and of the refusing one when there is one.
func answerLimit(w http.ResponseWriter, d ratelimit.Decision) error {
	remaining, err := strconv.Atoi(w.Header().Get("X-RateLimit-Remaining"))
	if err != nil || !d.Allowed || d.Remaining < remaining {
		d.Header(w.Header())
	}
	if !d.Allowed {
		return apperror.ErrRateLimited
	}
	return nil
}
