package coreapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A process that has no connections yet asks for no traffic, and says why; once they are open it asks for it. One that stops says so first.
func TestReady_saysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	var warming, draining atomic.Bool
	well := func(context.Context) error { return nil }
	p := probes{
		postgres: well, redis: well, storage: well, keys: well, warming: &warming, draining: &draining,
		schema: func(context.Context) (int64, error) { return 1, nil },
	}
	for _, c := range []struct {
		warming, draining bool
		status            int
		says              string
	}{
		{true, false, http.StatusServiceUnavailable, "starting"},
		{false, false, http.StatusOK, "ok"},
		{true, true, http.StatusServiceUnavailable, "draining"},
		{false, true, http.StatusServiceUnavailable, "draining"},
	} {
		warming.Store(c.warming)
		draining.Store(c.draining)
		w := httptest.NewRecorder()

		p.ready(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ready", nil))

		var report healthReport
		if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || report.Status != c.says {
			t.Errorf("warming %t, draining %t: %d %s, want %d %s", c.warming, c.draining, w.Code, report.Status, c.status, c.says)
		}
	}
}
