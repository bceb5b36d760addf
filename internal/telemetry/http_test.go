package telemetry_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/telemetry"
)

func TestHandler_healthNamesItsStores(t *testing.T) {
	t.Parallel()
	config, err := telemetry.ReadConfig(map[string]string{"APP_VERSION": "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}

	answer := httptest.NewRecorder()
	telemetry.Handler(config).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil))

	if want := `{"status":"ok","version":"1.2.3","stores":{}}`; answer.Code != 200 || strings.TrimSpace(answer.Body.String()) != want {
		t.Errorf("GET /health = %d %s, want 200 %s", answer.Code, answer.Body, want)
	}
}

func TestReadConfig_defaultsListenOnLoopback(t *testing.T) {
	t.Parallel()

	config, err := telemetry.ReadConfig(map[string]string{})

	if err != nil || config.Addr != "127.0.0.1:4000" || config.Version != "dev" {
		t.Errorf("ReadConfig = %+v, %v", config, err)
	}
}
