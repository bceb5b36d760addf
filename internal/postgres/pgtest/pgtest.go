// Package pgtest gives a test its own migrated database: a clone of a template that is named by the hash of the migrations
// and made once under a lock, so that parallel packages and later runs share it.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/migrations"
)

// rolePassword is the same for the three roles of a test server, which listens on loopback only.
const rolePassword = "loopback-only-test-role"

// Database is one test's database with an address for each role.
type Database struct {
	*postgres.DB
	Name                                string
	SuperURL, AdminURL, AppURL, JobsURL string
}

// Option changes how the pools of a test database are opened.
type Option func(*postgres.Options)

// PoolSize bounds the application pool.
func PoolSize(n int32) Option { return func(o *postgres.Options) { o.PoolSize = n } }

// Clock replaces the process clock.
func Clock(now func() time.Time) Option { return func(o *postgres.Options) { o.Now = now } }

// Tracer observes every statement.
func Tracer(t pgx.QueryTracer) Option { return func(o *postgres.Options) { o.Tracer = t } }

// New clones the template for t and drops the clone afterwards; a failed test keeps it and prints how to look inside.
func New(t testing.TB, options ...Option) *Database {
	t.Helper()
	return NewOn(t, Server(t), options...)
}

// NewOn is New on the server of the superuser address.
func NewOn(t testing.TB, server string, options ...Option) *Database {
	t.Helper()
	d := clone(t, server, template(t, server))
	// A clone does not inherit the rights on the database itself, which the second migration takes away.
	run(t, Connect(t, server), "REVOKE TEMPORARY ON DATABASE "+d.Name+" FROM PUBLIC")
	o := postgres.Options{AppURL: d.AppURL, AdminURL: d.AdminURL, Now: time.Now}
	for _, apply := range options {
		apply(&o)
	}
	db, err := postgres.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	d.DB = db
	t.Cleanup(db.Close)
	return d
}

// Empty makes a database without any schema, owned by the owner role, for tests of the migrations themselves.
func Empty(t testing.TB) *Database {
	t.Helper()
	return EmptyOn(t, Server(t))
}

// EmptyOn is Empty on the server of the superuser address.
func EmptyOn(t testing.TB, server string) *Database {
	t.Helper()
	ensureRoles(t, server)
	return clone(t, server, "template1")
}

// Server returns the superuser address of the test server and fails when there is none.
func Server(t testing.TB) string {
	t.Helper()
	raw := os.Getenv("TEST_DATABASE_URL")
	if raw == "" {
		t.Fatal("TEST_DATABASE_URL is not set: run `make services` in another terminal and source .data/test.env")
	}
	return raw
}

// Super opens a connection as superuser to the test's database: the attacker who owns the server.
func (d *Database) Super(t testing.TB) *pgx.Conn { return Connect(t, d.SuperURL) }

// App opens a bare connection as restartix_app.
func (d *Database) App(t testing.TB) *pgx.Conn { return Connect(t, d.AppURL) }

// Admin opens a bare connection as the owner.
func (d *Database) Admin(t testing.TB) *pgx.Conn { return Connect(t, d.AdminURL) }

// Connect opens a connection that is closed with the test.
func Connect(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func clone(t testing.TB, server, from string) *Database {
	t.Helper()
	name := "t_" + strings.ReplaceAll(ident.New[Database]().String(), "-", "")
	super := Connect(t, server)
	run(t, super, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s OWNER restartix STRATEGY FILE_COPY", name, from))
	d := &Database{
		Name: name, SuperURL: address(t, server, name, ""), AdminURL: address(t, server, name, "restartix"),
		AppURL: address(t, server, name, "restartix_app"), JobsURL: address(t, server, name, "restartix_jobs"),
	}
	t.Cleanup(func() {
		if t.Failed() && os.Getenv("CI") == "" {
			t.Logf("database kept: psql '%s'", d.SuperURL)
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, server)
		if err != nil {
			t.Errorf("drop test database: %v", err)
			return
		}
		defer func() { _ = conn.Close(ctx) }()
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return d
}

// template makes the migrated template under an advisory lock and answers its name.
func template(t testing.TB, server string) string {
	t.Helper()
	name := "tpl_" + hash(t)
	super := Connect(t, server)
	run(t, super, "SELECT pg_advisory_lock(hashtextextended('restartix:template', 0))")
	defer run(t, super, "SELECT pg_advisory_unlock_all()")
	createRoles(t, super)
	var exists bool
	if err := super.QueryRow(t.Context(), "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		t.Fatalf("look for template: %v", err)
	}
	if exists {
		return name
	}
	part := name + "_part"
	run(t, super, "DROP DATABASE IF EXISTS "+part+" WITH (FORCE)")
	run(t, super, "CREATE DATABASE "+part+" OWNER restartix")
	if err := postgres.NewMigrator(address(t, server, part, "restartix"), migrations.Files).Up(t.Context()); err != nil {
		t.Fatalf("migrate template: %v", err)
	}
	run(t, super, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", part, name))
	return name
}

func ensureRoles(t testing.TB, server string) {
	t.Helper()
	super := Connect(t, server)
	run(t, super, "SELECT pg_advisory_lock(hashtextextended('restartix:template', 0))")
	defer run(t, super, "SELECT pg_advisory_unlock_all()")
	createRoles(t, super)
}

func createRoles(t testing.TB, super *pgx.Conn) {
	t.Helper()
	for _, role := range []struct{ name, rights string }{
		{"restartix", "LOGIN BYPASSRLS NOSUPERUSER"},
		{"restartix_app", "LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB NOINHERIT"},
		{"restartix_jobs", "LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB NOINHERIT"},
	} {
		run(t, super, fmt.Sprintf(`DO $$ BEGIN
			IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%[1]s') THEN CREATE ROLE %[1]s %[2]s PASSWORD '%[3]s'; END IF;
		END $$`, role.name, role.rights, rolePassword))
	}
}

func hash(t testing.TB) string {
	t.Helper()
	sum := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatalf("list migrations: %v", err)
	}
	for _, n := range names {
		b, err := fs.ReadFile(migrations.Files, n)
		if err != nil {
			t.Fatalf("read migration: %v", err)
		}
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", n, len(b), b)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

func address(t testing.TB, server, database, role string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("the address of the test server does not parse")
	}
	u.Path = "/" + database
	if role != "" {
		u.User = url.UserPassword(role, rolePassword)
	}
	return u.String()
}

func run(t testing.TB, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", strings.SplitN(sql, "\n", 2)[0], err)
	}
}
