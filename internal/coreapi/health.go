package coreapi

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
)

// probeLimit bounds each question to a dependency, so that a hanging one cannot hang the answer.
const probeLimit = 1500 * time.Millisecond

// probes are the dependencies that health reports on.
type probes struct {
	postgres func(context.Context) error
	redis    func(context.Context) error
	storage  func(context.Context) error
	schema   func(context.Context) (int64, error)
	// keys fails when what the database holds was sealed with other keys than this process has (figure E-5).
	keys     func(context.Context) error
	version  string
	draining *atomic.Bool
	// warming keeps traffic away from a process that has no connections yet.
	warming *atomic.Bool
}

type healthReport struct {
	Status  string            `json:"status"`
	Version string            `json:"version"`
	Checks  map[string]string `json:"checks"`
	Schema  int64             `json:"migrations,omitempty"`
}

// mount adds the three health addresses. They are outside the typed endpoints: no limit, no principal, no envelope.
func (p probes) mount(r chi.Router) {
	r.Get("/live", p.live)
	r.Get("/ready", p.ready)
	r.Get("/health", p.health)
}

// live says that the process runs. It asks nobody, so a broken database never gets a healthy process restarted.
func (p probes) live(w http.ResponseWriter, _ *http.Request) {
	writeReport(w, http.StatusOK, healthReport{Status: "ok", Version: p.version, Checks: map[string]string{}})
}

// ready says whether to send traffic here: the database answers and connections to it are open, its schema is there, our keys open what it
// holds, and nobody asked us to stop.
func (p probes) ready(w http.ResponseWriter, r *http.Request) {
	report := p.report(r.Context())
	schema, err := p.schema(r.Context())
	report.Schema = schema
	status := http.StatusOK
	if err != nil || report.Checks["postgres"] != "ok" || p.draining.Load() || p.warming.Load() {
		status = http.StatusServiceUnavailable
	} else if err := p.keys(r.Context()); err != nil {
		report.Status, report.Checks["keys"], status = "down", "down", http.StatusServiceUnavailable
	}
	switch {
	case p.draining.Load():
		report.Status = "draining"
	case p.warming.Load():
		report.Status = "starting"
	}
	writeReport(w, status, report)
}

// health is the report for people and monitors: degraded is still serving.
func (p probes) health(w http.ResponseWriter, r *http.Request) {
	report := p.report(r.Context())
	status := http.StatusOK
	switch {
	case p.draining.Load():
		report.Status, status = "draining", http.StatusServiceUnavailable
	case report.Checks["postgres"] != "ok":
		report.Status, status = "down", http.StatusServiceUnavailable
	}
	writeReport(w, status, report)
}

func (p probes) report(ctx context.Context) healthReport {
	out := healthReport{Status: "ok", Version: p.version, Checks: map[string]string{}}
	type answer struct{ name, state string }
	answers := make(chan answer, 3)
	for name, probe := range map[string]func(context.Context) error{"postgres": p.postgres, "redis": p.redis, "storage": p.storage} {
		go func() {
			ctx, cancel := context.WithTimeout(ctx, probeLimit)
			defer cancel()
			state := "ok"
			if err := probe(ctx); err != nil {
				state = "down"
			}
			answers <- answer{name, state}
		}()
	}
	for range 3 {
		a := <-answers
		out.Checks[a.name] = a.state
		if a.state != "ok" {
			out.Status = "degraded"
		}
	}
	return out
}

func writeReport(w http.ResponseWriter, status int, report healthReport) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is sent; a prober that hung up has nobody left to tell.
	_ = json.NewEncoder(w).Encode(report)
}
