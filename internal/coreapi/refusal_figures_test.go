package coreapi_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// incident is one request that somebody may have to explain later.
type incident struct {
	name   string
	status int
	// result is that of the audit row, "" when a security event alone is due (product/08 §2).
	result string
	send   func(c apitest.Client) apitest.Answer
	as     apitest.Client
}

// unwitnessed sends every incident under an id of its own and answers those that left neither the audit row nor the security event
// that is due.
func unwitnessed(t *testing.T, db *pgx.Conn, incidents []incident) []string {
	t.Helper()
	var silent []string
	for _, i := range incidents {
		id := uuid.NewString()
		a := i.send(i.as.With("X-Request-ID", id))
		if a.Status != i.status {
			t.Errorf("%s: %s, want %d", i.name, a, i.status)
		}
		var rows, events int
		var result string
		err := db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM audit_log WHERE request_id = $1), (SELECT count(*) FROM security_events WHERE last_request_id = $1),
			COALESCE((SELECT max(result) FROM audit_log WHERE request_id = $1), '')`, id).Scan(&rows, &events, &result)
		if err != nil {
			t.Fatal(err)
		}
		refused := i.status >= http.StatusBadRequest
		if rows+events == 0 || refused && events == 0 || i.result != result {
			silent = append(silent, fmt.Sprintf("%s: %d rows (%q, want %q), %d events", i.name, rows, result, i.result, events))
		}
	}
	return silent
}

// TestFigureL2 is L-2: every refusal that matters and every act with power leaves a trace, each under its own request id.
// Seen red: with the table of security events made to swallow its rows, and with a request that may stay silent, the same check
// reports what is missing.
// Verifies AUD-08
func TestFigureL2(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	a, b := api.Clinic("alpha"), api.Clinic("beta")
	specialist, colleague := a.Member(auth.Specialist), api.UserID(a.Member(auth.CustomerSupport))
	path, foreign := "/v1/organizations/"+a.ID.String(), "/v1/organizations/"+b.ID.String()
	get := func(p string) func(apitest.Client) apitest.Answer {
		return func(c apitest.Client) apitest.Answer { return c.Get(p) }
	}
	post := func(p string, body any) func(apitest.Client) apitest.Answer {
		return func(c apitest.Client) apitest.Answer { return c.Post(p, body) }
	}
	key := map[string]any{"name": "integration", "scopes": []string{"patients:read"}}
	incidents := []incident{
		{"forged token", 401, "denied", get("/v1/me"), api.Anonymous().With("Authorization", "Bearer aaaa.bbbb.cccc")},
		{"unknown access key", 401, "denied", get(path), api.Anonymous().With("Authorization", "Bearer rxk_0000000000000000_000000000000000000000000")},
		{"expired token", 401, "denied", get("/v1/me"), api.As(specialist.With(map[string]any{"exp": api.Clock.Now().Add(-time.Hour).Unix()}))},
		{"forbidden", 403, "denied", post(path+"/access-keys", key), a.Client(specialist)},
		{"not a member", 403, "denied", get(path), api.As(specialist).In(b.ID)},
		{"platform", 403, "denied", get("/v1/admin/users"), a.Client(specialist)},
		{"foreign clinic", 404, "", get(foreign), a.AsAdmin()},
		{"create key", 201, "success", post(path+"/access-keys", key), a.AsAdmin()},
		{"change role", 200, "success", func(c apitest.Client) apitest.Answer {
			return c.Patch(path+"/members/"+colleague, map[string]any{"role": "specialist"})
		}, a.AsAdmin()},
		{"keep a key of a service", 201, "success", post(path+"/api-keys", map[string]any{"service": "sms", "api_key": "0123456789abcdef"}), a.AsAdmin()},
	}
	super := api.DB.Super(t)

	silent := unwitnessed(t, super, incidents)
	silent = append(silent, unwitnessed(t, super, []incident{floodOf(t, api), brokenBy(t, super, a, path)})...)

	report(t, silent)
	printFigure(t, "L-2", fmt.Sprintf("silent=%d/%d", len(silent), len(incidents)+2), len(silent) == 0)

	var rows int
	id := uuid.NewString()
	api.Anonymous().With("X-Request-ID", id).Get("/v1/me").Expect(http.StatusUnauthorized)
	if err := super.QueryRow(t.Context(), "SELECT count(*) FROM audit_log WHERE request_id = $1", id).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("a visitor without a token left %d rows, %v", rows, err)
	}
	_, err := super.Exec(t.Context(), `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
		CREATE TRIGGER swallow BEFORE INSERT ON security_events FOR EACH ROW EXECUTE FUNCTION swallow()`)
	if err != nil {
		t.Fatal(err)
	}
	api.Clock.Advance(2 * time.Minute)
	if found := unwitnessed(t, super, incidents[3:4]); len(found) != 1 {
		t.Errorf("red proof: a refusal without its security event was not found: %v", found)
	}
	if found := unwitnessed(t, super, []incident{{"read", 200, "", get("/v1/me"), a.AsAdmin()}}); len(found) != 1 {
		t.Errorf("red proof: a request without a trace was not found: %v", found)
	}
}

// floodOf is a caller who is over the limit of the address.
func floodOf(t *testing.T, api *apitest.API) incident {
	t.Helper()
	file := filepath.Join(t.TempDir(), "limits.json")
	if err := os.WriteFile(file, []byte(`{"ip": {"requests": 1, "per": "1h"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	flood := apitest.Boot(t, apitest.Options{Database: api.DB, Peer: "198.51.100.7:4000", Quiet: true, Environment: map[string]string{"LIMITS_FILE": file}})
	flood.Anonymous().Get("/v1/public/organizations/resolve?slug=alpha") // takes the one request of the hour, if it is still there
	return incident{"too many requests", 429, "", func(c apitest.Client) apitest.Answer { return c.Get("/v1/public/organizations/resolve?slug=alpha") }, flood.Anonymous()}
}

// brokenBy is a request that fails inside the server: a column that a use case needs is taken away for its time.
func brokenBy(t *testing.T, super *pgx.Conn, c apitest.Clinic, path string) incident {
	t.Helper()
	rename := func(from, to string) {
		if _, err := super.Exec(t.Context(), "ALTER TABLE access_keys RENAME COLUMN "+from+" TO "+to); err != nil {
			t.Fatal(err)
		}
	}
	return incident{"server error", 500, "error", func(client apitest.Client) apitest.Answer {
		rename("name", "label")
		defer rename("label", "name")
		return client.Get(path + "/access-keys")
	}, c.AsAdmin()}
}
