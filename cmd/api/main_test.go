package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/coreapi"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/seal"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func printFigure(t *testing.T, id, value string, pass bool) {
	t.Helper()
	verdict := "pass"
	if !pass {
		verdict = "fail"
		t.Errorf("figure %s missed: %s", id, value)
	}
	fmt.Printf("FIGURE %s %s %s\n", id, value, verdict)
}

// Verifies FND-01
func TestRun_namesEveryMissingVariable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer

	err := run(t.Context(), []string{"APP_ENV=test", "S3_ACCESS_KEY=key-value-0815"}, &out)

	if err == nil {
		t.Fatal("the process started without configuration")
	}
	for _, name := range []string{
		"DATABASE_URL", "DATABASE_ADMIN_URL", "DATABASE_JOBS_URL", "REDIS_URL", "S3_ENDPOINT", "S3_SECRET_KEY", "SMTP_URL", "SEAL_KEYS", "AUDIT_KEYS",
	} {
		if !strings.Contains(err.Error(), name+" is not set") {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	if strings.Contains(err.Error(), "S3_ACCESS_KEY") || strings.Contains(err.Error()+out.String(), "key-value-0815") {
		t.Errorf("%q names what is set, or its value", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is more than one message", err)
	}
}

// fault is how something is taken away, and how /health shows it: the check that turns red and the status.
type fault struct {
	check       string
	cause, heal func()
	status      int
}

// TestFigureO7_O6 takes each dependency away in turn. Each shows in /health under its own name, /live asks nobody, and everything is well
// again without a restart (O-7). The same process was started before its database and its Redis were there (O-6).
// Seen red: before each fault the same question answers that nothing is wrong.
// Verifies FND-02
func TestFigureO7_O6(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cable.pull()
	w.redis.Stop(t)
	w.start(t)
	if status, p := w.get(t, "/ready"); status != http.StatusServiceUnavailable || p.Checks["postgres"] != "down" || p.Checks["redis"] != "down" {
		t.Errorf("ready without database and Redis: %d %+v", status, p)
	}
	w.cable.plug()
	w.redis.Restart(t)
	well := func() bool {
		ready, p := w.get(t, "/ready")
		health, h := w.get(t, "/health")
		return ready == http.StatusOK && p.Schema > 0 && health == http.StatusOK && h.Status == "ok" && len(h.Checks) == 3
	}
	eventually(t, "the process is ready once database and Redis have come", well)
	eventually(t, "the queue starts by itself", func() bool { return queueRuns(t, w) })
	printFigure(t, "O-6/process", "late=2", strings.Contains(w.log.String(), "queue not started yet"))

	storage := true
	seen := 0
	for _, f := range []fault{
		{"redis", func() { w.redis.Stop(t) }, func() { w.redis.Restart(t) }, http.StatusOK},
		{"postgres", w.cable.pull, w.cable.plug, http.StatusServiceUnavailable},
		{"storage", func() { w.storage.Close(); storage = false }, func() {}, http.StatusOK},
	} {
		shows := func() bool {
			status, p := w.get(t, "/health")
			return status == f.status && p.Checks[f.check] == "down" && p.Status != "ok"
		}
		if shows() {
			t.Errorf("red proof: %s was reported down before it was", f.check)
		}
		f.cause()
		eventually(t, f.check+" shows as down", shows)
		if status, p := w.get(t, "/live"); status != http.StatusOK || len(p.Checks) != 0 {
			t.Errorf("/live without %s: %d %+v", f.check, status, p)
		}
		seen++
		f.heal()
		eventually(t, f.check+" is well again", func() bool { return well() || !storage })
	}
	printFigure(t, "O-7/health", fmt.Sprintf("%d/3", seen), seen == 3)
}

// queueRuns asks whether the queue has a leader, which only a started one has.
func queueRuns(t *testing.T, w *world) bool {
	t.Helper()
	var leaders int
	if err := w.db.Super(t).QueryRow(t.Context(), "SELECT count(*) FROM river.river_leader").Scan(&leaders); err != nil {
		t.Fatal(err)
	}
	return leaders == 1
}

// seeded gives the world demo accounts, as an operator does before the first start.
func seeded(t *testing.T, w *world) []coreapi.SignIn {
	t.Helper()
	cfg, err := config.Load(w.environ())
	if err != nil {
		t.Fatal(err)
	}
	hands, err := coreapi.ProductionHands(cfg, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	app, err := coreapi.New(t.Context(), cfg, hands, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	people, err := app.Seed(t.Context(), filepath.Join(t.TempDir(), "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return people
}

// signIn answers the status and the access token.
func signIn(w *world, p coreapi.SignIn) (int, string, error) {
	body, err := json.Marshal(map[string]string{"email": p.Email, "password": p.Password, "app": "clinic"})
	if err != nil {
		return 0, "", err
	}
	r, err := http.Post(w.base+"/v1/auth/login", "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = r.Body.Close() }()
	var answer struct {
		Data struct {
			AccessToken string `json:"access_token"`
		} `json:"data"`
	}
	return r.StatusCode, answer.Data.AccessToken, json.NewDecoder(r.Body).Decode(&answer)
}

func specialist(t *testing.T, people []coreapi.SignIn) coreapi.SignIn {
	t.Helper()
	for _, p := range people {
		if p.Role == "specialist" {
			return p
		}
	}
	t.Fatal("the seed has no specialist")
	return coreapi.SignIn{}
}

// A sign-in that takes the database five seconds is running when the process is told to stop: it finishes, and the process ends well.
// Verifies FND-02
func TestRun_drainsARunningRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := specialist(t, seeded(t, w))
	super := w.db.Super(t)
	_, err := super.Exec(t.Context(), `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); RETURN NEW; END $$;
		CREATE TRIGGER slow BEFORE INSERT ON login_sessions FOR EACH ROW EXECUTE FUNCTION slow()`)
	if err != nil {
		t.Fatal(err)
	}
	w.start(t)
	answered := make(chan int, 1)
	go func() {
		status, _, err := signIn(w, person)
		if err != nil {
			t.Errorf("running request: %v", err)
		}
		answered <- status
	}()
	eventually(t, "the request is in the database", func() bool {
		var n int
		if err := super.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 1
	})

	w.stop()

	if status := <-answered; status != http.StatusOK {
		t.Errorf("the running request answered %d", status)
	}
	if err := w.end(t); err != nil {
		t.Errorf("the process ended with %v", err)
	}
	if status, _ := w.get(t, "/live"); status != 0 {
		t.Errorf("somebody still answers: %d", status)
	}
	if !strings.Contains(w.log.String(), `"draining"`) {
		t.Error("the log does not say that the process drained")
	}
}

// Whoever balances the load has DRAIN_NOTICE to look at /ready: until it is over a new connection is served like any other.
// Seen red: with a notice of nothing the same questions are not all answered.
// Verifies FND-02
func TestRun_servesWhileItSaysThatItStops(t *testing.T) {
	t.Parallel()
	const notice = 4 * time.Second
	for name, given := range map[string]time.Duration{"with notice": notice, "red proof: without": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.env["DRAIN_NOTICE"] = given.String()
			w.start(t)
			eventually(t, "the process is ready", func() bool { status, _ := w.get(t, "/ready"); return status == http.StatusOK })
			told := time.Now()

			w.stop()

			heard := false
			eventually(t, "/ready says that the process stops, or nobody answers", func() bool {
				status, p := w.get(t, "/ready")
				heard = status == http.StatusServiceUnavailable && p.Status == "draining"
				return heard || status == 0
			})
			live, _ := w.get(t, "/live")
			served, _ := w.get(t, "/v1/auth/jwks")
			health, p := w.get(t, "/health")
			err := w.end(t)
			took := time.Since(told)
			if err != nil {
				t.Errorf("the process ended with %v", err)
			}
			kept := heard && live == http.StatusOK && served == http.StatusOK && health == http.StatusServiceUnavailable && p.Status == "draining" && took >= notice
			if kept != (given == notice) {
				t.Errorf("ready said so %v, live %d, a request %d, health %d %s, for %s", heard, live, served, health, p.Status, took)
			}
			if status, _ := w.get(t, "/live"); status != 0 {
				t.Errorf("somebody still answers: %d", status)
			}
		})
	}
}

// TestFigureE5 is E-5: keys that are missing or broken refuse the start, and keys that are not those of the data refuse the work: nothing is
// ever written in the clear instead, and no row joins a chain that it cannot be verified in.
// Seen red: with the right keys the same sign-in succeeds.
func TestFigureE5(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := specialist(t, seeded(t, w))
	bad := 0
	for name, content := range map[string]string{"missing": "", "no keyset": "{}", "not JSON": "canary-of-a-key", "short key": `{"primary":1,"keys":[{"id":1,"key":"YWJj"}]}`} {
		for _, variable := range []string{"SEAL_KEYS", "AUDIT_KEYS"} {
			other := *w
			other.env = map[string]string{}
			for k, v := range w.env {
				other.env[k] = v
			}
			file := filepath.Join(t.TempDir(), "keys.json")
			if content != "" {
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			other.env[variable], other.env["API_ADDR"] = file, "127.0.0.1:0"
			told, stop := context.WithCancel(t.Context())
			stop() // a process that accepts the keys ends at once and answers nil
			err := run(told, other.environ(), w.log)
			if err == nil || !strings.Contains(err.Error(), variable) || content != "" && strings.Contains(err.Error(), content) {
				bad++
				t.Errorf("%s in %s: %v", name, variable, err)
			}
		}
	}
	w.start(t)
	if status, token, err := signIn(w, person); status != http.StatusOK || token == "" || err != nil {
		t.Errorf("red proof: with the right keys a sign-in answers %d, %v", status, err)
	}
	if status, p := w.get(t, "/ready"); status != http.StatusOK {
		t.Errorf("red proof: with the right keys ready answers %d %+v", status, p)
	}
	w.stop()
	if err := w.end(t); err != nil {
		t.Error(err)
	}
	foreign := *w
	foreign.log, foreign.env["API_ADDR"] = &output{}, freeAddress(t)
	foreign.base, foreign.env["SEAL_KEYS"] = "http://"+foreign.env["API_ADDR"], filepath.Join(t.TempDir(), "other.json")
	writeKey(t, foreign.env["SEAL_KEYS"], seal.Generate)
	foreign.start(t)
	if status, p := foreign.get(t, "/ready"); status != http.StatusServiceUnavailable || p.Checks["keys"] != "down" {
		bad++
		t.Errorf("foreign keys: ready answers %d %+v", status, p)
	}
	if status, token, err := signIn(&foreign, person); status < 500 || token != "" || err != nil {
		bad++
		t.Errorf("foreign keys: a sign-in answers %d, %v", status, err)
	}
	foreign.env["SEAL_KEYS"], foreign.env["AUDIT_KEYS"] = w.env["SEAL_KEYS"], filepath.Join(t.TempDir(), "other.json")
	writeKey(t, foreign.env["AUDIT_KEYS"], audit.GenerateKeys)
	told, stop := context.WithCancel(t.Context())
	stop()
	if err := run(told, foreign.environ(), foreign.log); err == nil || !strings.Contains(err.Error(), "AUDIT_KEYS: the audit trail was written with other keys") {
		bad++
		t.Errorf("foreign audit keys: %v", err)
	}
	printFigure(t, "E-5", fmt.Sprintf("accepted=%d/11", bad), bad == 0)
}
