package httpapi

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/page"
)

// ErrBreakGlassRequired refuses a superadmin who reads a clinic without a grant.
var ErrBreakGlassRequired = apperror.New(apperror.Forbidden, "break_glass_required", "Open a break-glass grant for this clinic first.")

// What else the guard refuses.
var (
	errScopeMissing           = apperror.New(apperror.Forbidden, "scope_missing", "This key was not given that scope.")
	errImpersonationForbidden = apperror.New(apperror.Forbidden, "impersonation_forbidden", "This cannot be done while acting as a patient.")
)

// visitorKey marks a refusal of somebody who sent no credential at all: the trail has no row about it.
type visitorKey struct{}

// guard runs before the body is read: cheap refusals first, then the limit, then who is asking, then whether the table
// lets that role do it.
func (s *Server) guard(e Endpoint) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(hc)
		refuse := func(ctx context.Context, err error) {
			WriteProblem(w, r, ProblemOf(ctx, s.problem(ctx, e, err)))
		}
		if err := checkShape(r); err != nil {
			refuse(r.Context(), err)
			return
		}
		if err := s.deps.Limiter.LimitCaller(w, r, e.Limit); err != nil {
			refuse(r.Context(), err)
			return
		}
		p, err := s.deps.Auth.Authenticate(r, e.Audience)
		ctx := auth.WithPrincipal(r.Context(), p)
		if err != nil {
			if r.Header.Get("Authorization") == "" {
				ctx = context.WithValue(ctx, visitorKey{}, true)
			}
			refuse(ctx, err)
			return
		}
		if err := s.deps.Limiter.LimitPrincipal(w, r, p); err != nil {
			refuse(ctx, err)
			return
		}
		if err := permit(e, p); err != nil {
			refuse(ctx, err)
			return
		}
		if err := s.watched(ctx, r, e, p); err != nil {
			refuse(ctx, err)
			return
		}
		if p.Authenticated {
			w.Header().Set("Cache-Control", "no-store")
		}
		next(huma.WithContext(hc, ctx))
	}
}

// watched writes down what somebody reads who acts for another or under a grant.
func (s *Server) watched(ctx context.Context, r *http.Request, e Endpoint, p auth.Principal) error {
	if r.Method != http.MethodGet || p.BreakGlassID.IsZero() && p.ImpersonationID.IsZero() {
		return nil
	}
	return s.deps.Witness.Watched(ctx, e.ID)
}

// permit reads the permission table; handlers never compare roles.
func permit(e Endpoint, p auth.Principal) error {
	if p.Kind == auth.ActorKey && (e.Scope == "" || !p.HasScope(e.Scope)) {
		return errScopeMissing
	}
	if !p.ImpersonationID.IsZero() && !impersonationMay(e, p.ImpersonationMode) {
		return errImpersonationForbidden
	}
	switch auth.Grants(e.Permission, p.Role) {
	case auth.Deny:
		return apperror.ErrForbidden
	case auth.Granted:
		if p.BreakGlassID.IsZero() {
			return ErrBreakGlassRequired
		}
	case auth.Allow, auth.Own, auth.Linked:
	}
	return nil
}

func impersonationMay(e Endpoint, mode string) bool {
	switch e.Impersonation {
	case "always":
		return true
	case "assist":
		return e.Method == http.MethodGet || mode == "assist"
	}
	return e.Method == http.MethodGet
}

// checkShape refuses what no endpoint accepts: text that PostgreSQL cannot store, repeated parameters, a body that is not JSON.
func checkShape(r *http.Request) error {
	if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
		return apperror.ErrBadRequest.At("path", "is not valid text")
	}
	for name, values := range r.URL.Query() {
		if len(values) > 1 {
			return apperror.ErrBadRequest.At("query", "a parameter is repeated")
		}
		if !utf8.ValidString(name) || !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0) || strings.ContainsRune(name, 0) {
			return apperror.ErrBadRequest.At("query", "is not valid text")
		}
		if len(values[0]) > 2000 {
			return apperror.ErrBadRequest.At("query", "a parameter is too long")
		}
	}
	if r.ContentLength == 0 || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" && media != "application/merge-patch+json" {
		return apperror.ErrMediaType
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return apperror.ErrMediaType
	}
	if r.Header.Get("Content-Encoding") != "" {
		return apperror.ErrMediaType
	}
	return nil
}

// unknownParameter is huma's word for a query parameter that the endpoint does not declare.
const unknownParameter = "unknown query parameter"

func filterUnknown(location string) *apperror.Error {
	return page.ErrFilter.At(location, "is not known here")
}
