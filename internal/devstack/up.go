package devstack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// UpEnvFile is where Up leaves the environment of the Core API, below the data folder, while it runs: an API that is
// started by hand meets the same services. It is written when the services answer and Prepare is done.
const UpEnvFile = "up.env"

// up is one start of the whole stack.
type up struct {
	*supervisor
	rows  map[string]row    // by part name
	core  map[string]string // what the Core API is started with, beside the inherited variables
	built map[string]chan struct{}
}

// PartNames are the parts of a stack in the order of the table; Options.Only chooses among them.
func PartNames() []string {
	return []string{"postgres", "redis", "s3", "mail", "api", "telemetry", "clinic", "portal", "console"}
}

// Up starts the stack, prints its table and stays until ctx ends (nil) or a child ends by itself (an error with the end
// of its log). On return everything it started has ended.
func Up(ctx context.Context, opts Options) error {
	began := time.Time{}
	if opts.Now != nil {
		began = opts.Now()
	}
	return supervise(ctx, opts, "up", func(ctx context.Context, s *supervisor) error {
		u := &up{supervisor: s, rows: map[string]row{}, core: map[string]string{}, built: map[string]chan struct{}{}}
		if err := checkFree(ctx, u.claims()); err != nil {
			return err
		}
		defer os.Remove(filepath.Join(s.opts.Data, UpEnvFile))
		notes, err := u.start(ctx)
		if err != nil {
			return err
		}
		text := table(u.tableRows(), s.opts.Now().Sub(began))
		if len(notes) > 0 {
			text += "\n\n" + strings.Join(notes, "\n")
		}
		s.progress.print("\n" + text + "\nLogs are in " + filepath.Join(s.opts.Data, "logs") + ". Ctrl-C stops everything.\n")
		return s.wait(ctx)
	})
}

// claims are the ports that this start is going to listen on.
func (u *up) claims() []claim {
	p, env := u.opts.Ports, u.opts.Env
	var claims []claim
	add := func(part, given string, c ...claim) {
		if u.opts.has(part) && (given == "" || env[given] == "") {
			claims = append(claims, c...)
		}
	}
	if env["DATABASE_ADMIN_URL"] == "" {
		add("postgres", "DATABASE_URL", claim{p.Postgres, "PostgreSQL", "DATABASE_ADMIN_URL to use a running server"})
	}
	add("redis", "REDIS_URL", claim{p.Redis, "Redis", "REDIS_URL to use a running server"})
	add("s3", "S3_ENDPOINT", claim{p.S3, "the S3 gateway", "S3_ENDPOINT to use a running one"})
	add("mail", "SMTP_URL", claim{p.SMTP, "the mail inbox (SMTP)", "SMTP_URL to use a running server"},
		claim{p.Inbox, "the mail inbox (web page)", ""})
	add("api", "", claim{p.API, "the Core API", ""})
	add("telemetry", "", claim{p.Telemetry, "the Telemetry API", ""})
	add("clinic", "", claim{p.Clinic, "the Clinic app", ""})
	add("portal", "", claim{p.Portal, "the Patient Portal", ""})
	add("console", "", claim{p.Console, "the Console", ""})
	return claims
}

// start brings everything up. Builds and services go on side by side; an API waits for its build, the services and
// Prepare, an app for its build only, because it serves its first page after the table anyway.
func (u *up) start(ctx context.Context) ([]string, error) {
	var notes []string
	for _, b := range u.opts.Builds {
		u.built[b.Name] = make(chan struct{})
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, b := range u.opts.Builds {
		group.Go(func() error { return u.build(ctx, b) })
	}
	group.Go(func() error {
		if err := u.services(ctx); err != nil {
			return err
		}
		if u.opts.Prepare != nil && u.opts.has("postgres") {
			step := u.progress.begin("preparing the database")
			lines, err := u.opts.Prepare(ctx, u.core)
			step.done(err)
			if err != nil {
				return fmt.Errorf("preparing: %w", err)
			}
			notes = lines
		}
		if err := writeEnvFile(filepath.Join(u.opts.Data, UpEnvFile), u.core); err != nil {
			return err
		}
		return u.apis(ctx)
	})
	group.Go(func() error { return u.apps(ctx) })
	err := group.Wait()
	return notes, err
}

// services starts or adopts PostgreSQL, Redis, S3 and mail side by side and collects the environment of the Core API.
func (u *up) services(ctx context.Context) error {
	maps.Copy(u.core, u.platformEnv())
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range []struct {
		name  string
		start func(context.Context) (row, map[string]string, error)
	}{{"postgres", u.upPostgres}, {"redis", u.upRedis}, {"s3", u.upS3}, {"mail", u.upMail}} {
		if !u.opts.has(part.name) {
			continue
		}
		group.Go(func() error {
			began := u.opts.Now()
			shown, env, err := part.start(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
			if shown.source != given {
				shown.took = u.opts.Now().Sub(began)
			}
			u.record(part.name, shown, env)
			return nil
		})
	}
	return group.Wait()
}

func (u *up) record(part string, shown row, env map[string]string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rows[part] = shown
	maps.Copy(u.core, env)
}

func (u *up) tableRows() []row {
	var rows []row
	for _, name := range PartNames() {
		if shown, ok := u.rows[name]; ok {
			rows = append(rows, shown)
		}
	}
	return rows
}

// writeEnvFile writes KEY=value lines, readable by the owner alone, in one step. Values are single-quoted for the shell.
func writeEnvFile(path string, env map[string]string) error {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(&text, "%s='%s'\n", name, strings.ReplaceAll(env[name], "'", `'\''`))
	}
	if err := os.WriteFile(path+".part", []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("placing %s: %w", path, err)
	}
	return nil
}

var errNoDatabase = errors.New("the Core API needs PostgreSQL, Redis, S3 and mail: choose them too, or leave --only out")
