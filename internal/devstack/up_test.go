package devstack_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/devstack"
)

func clock() time.Time { return time.Now() }

func TestUp_namesTheTakenPort(t *testing.T) {
	t.Parallel()
	ports := freePorts(t)
	var config net.ListenConfig
	squatter, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	ports.Redis = squatter.Addr().(*net.TCPAddr).Port
	root := checkout(t)

	err = devstack.Up(t.Context(), devstack.Options{
		Root: root, Ports: ports, Only: []string{"redis", "mail"}, Out: &strings.Builder{}, Now: clock, Env: map[string]string{},
	})

	if err == nil || !strings.Contains(err.Error(), "for Redis is already in use") || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("Up = %v", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the message has more than one line: %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, ".data", "mail")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the inbox was opened although a port was taken")
	}
}

func TestUp_showsTheLogOfAProgramThatDoesNotStart(t *testing.T) {
	t.Parallel()
	root := checkout(t)
	write(t, filepath.Join(root, "crash"), "")

	err := devstack.Up(t.Context(), devstack.Options{
		Root: root, Ports: freePorts(t), Only: []string{"telemetry"}, Out: &strings.Builder{}, Now: clock, Env: map[string]string{},
	})

	if err == nil || !strings.Contains(err.Error(), "the stand-in crashes as planted") {
		t.Errorf("Up = %v", err)
	}
}

func TestUp_refusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for name, c := range map[string]struct {
		opts devstack.Options
		want string
	}{
		"unknown part":      {devstack.Options{Root: empty, Only: []string{"postgresql"}}, "choose from postgres, redis"},
		"relative checkout": {devstack.Options{Root: "."}, "absolute"},
		"program not built": {devstack.Options{Root: empty, Only: []string{"telemetry"}}, "bin/telemetry is missing"},
		"api alone":         {devstack.Options{Root: empty, Only: []string{"api"}}, "needs PostgreSQL, Redis, S3 and mail"},
		"half of S3": {
			devstack.Options{Root: empty, Only: []string{"s3"}, Env: map[string]string{"S3_ENDPOINT": "http://127.0.0.1:1", "S3_BUCKET": "b"}},
			"S3_REGION, S3_ACCESS_KEY, S3_SECRET_KEY",
		},
		"jobs login alone": {
			devstack.Options{Root: empty, Only: []string{"postgres"}, Env: map[string]string{"DATABASE_JOBS_URL": "postgres://127.0.0.1:1/x"}},
			"set DATABASE_ADMIN_URL too",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.opts.Out, c.opts.Now, c.opts.Ports = &strings.Builder{}, clock, freePorts(t)

			err := devstack.Up(t.Context(), c.opts)

			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Up = %v, want a message with %q", err, c.want)
			}
		})
	}
}

// Services that the environment gives are used and never started. The Core API gets them, the further variables that it
// reads and what Prepare adds; what the stack decides itself wins, and the table shows no password.
func TestUp_usesWhatTheEnvironmentGives(t *testing.T) {
	t.Parallel()
	root, ports, table := checkout(t), freePorts(t), &strings.Builder{}
	given := map[string]string{
		"REDIS_URL": "redis://:hidden-password@127.0.0.1:1/0", "SMTP_URL": "smtp://127.0.0.1:1", "LOG_LEVEL": "debug",
		"APP_ENV": "production", "UNKNOWN": "stays out", "PATH": os.Getenv("PATH"),
		"S3_ENDPOINT": "http://127.0.0.1:1", "S3_REGION": "r", "S3_BUCKET": "b", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "s",
	}
	stop := runUp(t, devstack.Options{
		Root: root, Ports: ports, Only: []string{"postgres", "redis", "s3", "mail", "api"}, Env: given,
		CoreVariables: []string{"LOG_LEVEL", "APP_ENV"}, Out: table,
		Prepare: func(_ context.Context, env map[string]string) ([]string, error) {
			env["PREPARED"] = "yes"
			return []string{"A note for the person."}, nil
		},
	})

	text := get(t, fmt.Sprintf("http://127.0.0.1:%d/environment", ports.API))
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	env := devstack.EnvironMap(strings.Split(text, "\n"))
	for name, want := range map[string]string{
		"REDIS_URL": given["REDIS_URL"], "S3_SECRET_KEY": "s", "SMTP_URL": given["SMTP_URL"], "LOG_LEVEL": "debug",
		"APP_ENV": "development", "PREPARED": "yes", "UNKNOWN": "",
	} {
		if env[name] != want {
			t.Errorf("the Core API has %s=%q, want %q", name, env[name], want)
		}
	}
	if strings.Contains(table.String(), "hidden-password") {
		t.Errorf("the table shows a password:\n%s", table)
	}
	if !strings.Contains(table.String(), "A note for the person.") {
		t.Errorf("the note is missing:\n%s", table)
	}
	if _, err := os.Stat(filepath.Join(root, ".data", "redis")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a Redis was started although one is given")
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A build runs when its inputs changed or an output is gone, and is left out otherwise.
func TestUp_buildsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	root := checkout(t)
	write(t, filepath.Join(root, "src", "a.txt"), "one")
	opts := devstack.Options{Root: root, Ports: freePorts(t), Only: []string{"telemetry"}, Builds: []devstack.Build{{
		Name: devstack.BuildGo, Inputs: []string{"src", "absent"}, Outputs: []string{"out/runs"},
		Commands: [][]string{{"mkdir", "-p", "out"}, {"sh", "-c", "echo run >> out/runs"}},
	}}}
	runs := func() int {
		t.Helper()
		if err := runUp(t, opts)(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(root, "out", "runs"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), "run")
	}

	if got := runs(); got != 1 {
		t.Fatalf("first start: %d runs, want 1", got)
	}
	write(t, filepath.Join(root, "src", "node_modules", "x.txt"), "not an input")
	write(t, filepath.Join(root, "src", "a_test.go"), "not an input")
	if got := runs(); got != 1 {
		t.Errorf("nothing changed: %d runs, want 1", got)
	}
	write(t, filepath.Join(root, "src", "a.txt"), "two")
	if got := runs(); got != 2 {
		t.Errorf("an input changed: %d runs, want 2", got)
	}
	opts.Env = devstack.EnvironMap(append(os.Environ(), "AUTH_DRIVER=oidc"))
	if got := runs(); got != 3 {
		t.Errorf("another sign-in driver is built: %d runs, want 3", got)
	}
	if err := os.Remove(filepath.Join(root, "out", "runs")); err != nil {
		t.Fatal(err)
	}
	if got := runs(); got != 1 {
		t.Errorf("the output was gone: %d runs in the new file, want 1", got)
	}
}

func TestUp_showsWhyABuildFailed(t *testing.T) {
	t.Parallel()

	err := devstack.Up(t.Context(), devstack.Options{
		Root: checkout(t), Ports: freePorts(t), Only: []string{"telemetry"}, Out: &strings.Builder{}, Now: clock,
		Env: devstack.EnvironMap(os.Environ()), Builds: []devstack.Build{{
			Name: devstack.BuildGo, Outputs: []string{"bin/none"}, Commands: [][]string{{"sh", "-c", "echo syntax error; exit 2"}},
		}},
	})

	if err == nil || !strings.Contains(err.Error(), "Go build") || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("Up = %v", err)
	}
}
