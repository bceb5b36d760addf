package coreapi

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/middleware"
)

// newRouter puts the ambient middleware around every address, health included. Order matters: the id comes first so that
// everything after it can name the request; recovery is inside the log line so that a panic is logged as the 500 it became.
func newRouter(log *slog.Logger, now func() time.Time, proxies middleware.TrustedProxies, domains middleware.Domains, deadline time.Duration) *chi.Mux {
	r := chi.NewRouter()
	r.Use(
		middleware.RequestFacts(proxies),
		middleware.Log(log, now),
		middleware.Recover(log),
		middleware.SecurityHeaders,
		middleware.CORS(domains),
		middleware.Deadline(deadline),
		httpapi.KeyMiddleware,
	)
	return r
}

// newHTTPServer bounds what a slow or silent peer can hold. WriteTimeout is absent on purpose: streams outlive it, and
// every other answer is bounded by the request's deadline.
func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
