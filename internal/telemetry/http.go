package telemetry

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
)

// health is the answer of GET /health. Stores names each store with its state; it is empty while there is none.
type health struct {
	Status  string            `json:"status"`
	Version string            `json:"version"`
	Stores  map[string]string `json:"stores"`
}

// Handler serves the Telemetry API.
func Handler(config Config) http.Handler {
	router := chi.NewRouter()
	router.Get("/health", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// A failed write means that the reader has gone.
		_ = json.NewEncoder(w).Encode(health{Status: "ok", Version: config.Version, Stores: map[string]string{}})
	})
	return router
}
