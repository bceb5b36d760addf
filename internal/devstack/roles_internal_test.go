package devstack

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// startTestCluster starts a PostgreSQL of its own: roles belong to the whole server, so these tests cannot share one.
func startTestCluster(t *testing.T) (cluster, secret) {
	t.Helper()
	root := t.TempDir()
	if err := os.Chmod(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	opts := Options{Root: root, Out: &strings.Builder{}, Now: time.Now, Env: EnvironMap(os.Environ())}
	ctx, cancel := context.WithCancel(t.Context())
	type started struct {
		cluster cluster
		secret  secret
	}
	up, ended := make(chan started, 1), make(chan error, 1)
	go func() {
		ended <- supervise(ctx, opts, "test", func(ctx context.Context, s *supervisor) error {
			ports, err := freePorts(ctx, 1)
			if err != nil {
				return err
			}
			c, _, err := s.startCluster(ctx, ports[0], []string{"fsync=off"})
			if err != nil {
				return err
			}
			up <- started{c, s.secret}
			return s.wait(ctx)
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case s := <-up:
		return s.cluster, s.secret
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
		return cluster{}, nil
	}
}

func execute(t *testing.T, databaseURL string, statements ...string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(t.Context())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			return err
		}
	}
	return nil
}

// The embedded server: the three logins and the database are there, twice in a row with the same URLs, and have the
// rights that the platform relies on.
func TestEnsureOwner_makesTheThreeLogins(t *testing.T) {
	t.Parallel()
	c, key := startTestCluster(t)
	start := func() databaseURLs {
		t.Helper()
		owner, err := ensureOwner(t.Context(), c.superuserURL(), "owner-password")
		if err != nil {
			t.Fatal(err)
		}
		urls, err := ensureRoles(t.Context(), databaseURLs{admin: owner}, key)
		if err != nil {
			t.Fatal(err)
		}
		return urls
	}

	urls := start()
	if again := start(); again != urls {
		t.Errorf("the second start changed the URLs")
	}

	if err := execute(t, urls.admin, `CREATE EXTENSION pgcrypto`, `CREATE EXTENSION btree_gist`, `CREATE EXTENSION unaccent`,
		`CREATE TABLE rows (id int)`, `ALTER TABLE rows ENABLE ROW LEVEL SECURITY`, `ALTER TABLE rows FORCE ROW LEVEL SECURITY`,
		`INSERT INTO rows VALUES (1)`, `GRANT SELECT ON rows TO restartix_app, restartix_jobs`); err != nil {
		t.Fatalf("the owner cannot migrate: %v", err)
	}
	for _, bound := range []string{urls.app, urls.jobs} {
		if got := count(t, bound); got != 0 {
			t.Errorf("a bound login reads %d rows without a policy", got)
		}
		if err := execute(t, bound, `CREATE TABLE mine (id int)`); err == nil {
			t.Error("a bound login may create tables")
		}
	}
	if got := count(t, urls.admin); got != 1 {
		t.Errorf("the owner reads %d rows, want 1", got)
	}
	if err := execute(t, urls.admin, `ALTER ROLE restartix SUPERUSER`); err == nil {
		t.Error("the owner may make itself superuser")
	}
}

// A server of somebody else, of which only an owner's URL is given.
func TestEnsureRoles_needsOnlyAnOwner(t *testing.T) {
	t.Parallel()
	c, key := startTestCluster(t)
	if err := execute(t, c.superuserURL(), `CREATE ROLE somebody LOGIN BYPASSRLS CREATEROLE PASSWORD 'p'`, `CREATE DATABASE theirs OWNER somebody`); err != nil {
		t.Fatal(err)
	}
	owner, err := withLogin(c.superuserURL(), "somebody", "p", "theirs")
	if err != nil {
		t.Fatal(err)
	}
	given, ok, err := givenDatabase(map[string]string{"DATABASE_URL": owner})
	if err != nil || !ok || given != (databaseURLs{admin: owner}) {
		t.Fatalf("givenDatabase = %+v %v %v", given, ok, err)
	}

	urls, err := ensureRoles(t.Context(), given, key)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := ensureRoles(t.Context(), given, secret("the secret of another checkout"))

	if err != nil || elsewhere != urls {
		t.Errorf("two checkouts do not agree on the logins (%v)", err)
	}
	if err := execute(t, urls.app, `SELECT 1`); err != nil {
		t.Errorf("the app login does not work: %v", err)
	}
	if !strings.Contains(urls.app, "/theirs") || !strings.Contains(urls.jobs, "restartix_jobs:") {
		t.Error("the logins do not lead to the owner's database")
	}

	if err := execute(t, c.superuserURL(), `ALTER ROLE restartix_app BYPASSRLS`); err != nil {
		t.Fatal(err)
	}
	if _, err := ensureRoles(t.Context(), given, key); err == nil || !strings.Contains(err.Error(), "restartix_app is not bound by row security") {
		t.Errorf("a login that passes row security: %v", err)
	}
	if err := execute(t, c.superuserURL(), `ALTER ROLE somebody NOBYPASSRLS`); err != nil {
		t.Fatal(err)
	}
	if _, err := ensureRoles(t.Context(), given, key); err == nil || !strings.Contains(err.Error(), "ALTER ROLE \"somebody\" BYPASSRLS") {
		t.Errorf("an owner bound by row security: %v", err)
	}
}

func count(t *testing.T, databaseURL string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM rows`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
