package apitest

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/coreapi"
	"github.com/restartix/platform/internal/dnstxt"
	"github.com/restartix/platform/internal/dnstxt/dnstest"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/idp/idptest"
	"github.com/restartix/platform/internal/mail/mailtest"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/seal"
)

// API is one Core API with everything around it.
type API struct {
	App       *coreapi.App
	Handler   http.Handler
	DB        *pgtest.Database
	Issuer    *idptest.Issuer
	Mail      *mailtest.Sink
	DNS       *dnstest.Server
	Logs      *Logs
	Clock     *Clock
	Config    config.Config
	t         testing.TB
	super     Person
	observers []observer
	fixedPeer string
}

// Options change how an API is booted.
type Options struct {
	// Environment replaces variables of the configuration.
	Environment map[string]string
	// Peer is the address that every call comes from; empty gives each call its own.
	Peer string
	// Quiet keeps the queue's workers off, for tests that look at what was enqueued.
	Quiet bool
	// Database is an existing one; nil makes a new one. Two APIs on one database are two processes of one installation.
	Database *pgtest.Database
	// Keys is the folder of another API's keys, for the second process of an installation.
	Keys string
	// Redis is the address of the Redis; empty takes TEST_REDIS_URL.
	Redis string
	// Tracer observes every statement; nil observes none.
	Tracer pgx.QueryTracer
}

type storage struct{}

// Healthy implements coreapi.Storage: the object store is outside and always there.
func (storage) Healthy(context.Context) error { return nil }

// New boots an API for the test and stops it afterwards.
func New(t testing.TB) *API { return Boot(t, Options{}) }

// Boot is New with options.
func Boot(t testing.TB, o Options) *API {
	t.Helper()
	a := &API{t: t, DB: o.Database, Issuer: idptest.New(t), Mail: &mailtest.Sink{}, DNS: dnstest.New(t), Logs: &Logs{}, Clock: &Clock{}, fixedPeer: o.Peer}
	if a.DB == nil {
		a.DB = pgtest.New(t)
	}
	a.Config = loadConfig(t, a, o)
	app, err := coreapi.New(context.WithoutCancel(t.Context()), a.Config, coreapi.Hands{
		Now: a.Clock.Now, Mail: a.Mail, TXT: dnstxt.New(a.DNS.Address, dnstxt.Timeout), Storage: storage{},
		HTTP: a.Issuer.Client(), Issuers: []idp.IssuerConfig{a.Issuer.Config()}, Tracer: o.Tracer,
	}, silent(a.Logs))
	if err != nil {
		t.Fatalf("boot: %v", err)
	}
	a.App, a.Handler = app, app.Handler()
	background, stop := context.WithCancel(context.Background())
	if !o.Quiet {
		app.StartBackground(background)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := app.Close(ctx); err != nil {
			t.Errorf("stop API: %v", err)
		}
		stop()
		a.checkLogs()
	})
	return a
}

func loadConfig(t testing.TB, a *API, o Options) config.Config {
	t.Helper()
	keys := o.Keys
	if keys == "" {
		keys = t.TempDir()
		writeKeys(t, keys)
	}
	redis := o.Redis
	if redis == "" {
		redis = os.Getenv("TEST_REDIS_URL")
	}
	if redis == "" {
		t.Fatal("TEST_REDIS_URL is not set: run `make services` in another terminal and source .data/test.env")
	}
	env := map[string]string{
		"APP_ENV": "test", "DATABASE_URL": a.DB.AppURL, "DATABASE_ADMIN_URL": a.DB.AdminURL, "DATABASE_JOBS_URL": a.DB.JobsURL,
		"REDIS_URL": redis, "S3_ENDPOINT": "http://127.0.0.1:1", "S3_ACCESS_KEY": "test", "S3_SECRET_KEY": "test",
		"SMTP_URL": "smtp://127.0.0.1:1", "SEAL_KEYS": filepath.Join(keys, "seal.json"), "AUDIT_KEYS": filepath.Join(keys, "audit.json"),
		"AUTH_ISSUER": "http://api.restartix.test", "APP_SCHEME": "http", "DATABASE_POOL": "8",
	}
	for k, v := range o.Environment {
		env[k] = v
	}
	var environ []string
	for k, v := range env {
		environ = append(environ, k+"="+v)
	}
	c, err := config.Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func writeKeys(t testing.TB, dir string) {
	t.Helper()
	for name, generate := range map[string]func(time.Time) ([]byte, error){"seal.json": seal.Generate, "audit.json": audit.GenerateKeys} {
		doc, err := generate(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), doc, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Ring opens what the API has sealed.
func (a *API) Ring(t testing.TB) *seal.Ring {
	t.Helper()
	raw, err := os.ReadFile(a.Config.SealKeys)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.New(raw)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// Superadmin is the platform's operator. Nobody can become one through the product, so the row is set as the owner would.
func (a *API) Superadmin() Person {
	a.t.Helper()
	if a.super.Subject == "" {
		p := a.Person("operator")
		a.As(p).Get("/v1/me").Must(http.StatusOK)
		if _, err := a.DB.Admin(a.t).Exec(a.t.Context(), "UPDATE users SET platform_role = 'superadmin' WHERE email = $1", p.Email); err != nil {
			a.t.Fatal(err)
		}
		a.super = p
		a.Clock.Advance(2 * time.Second)
	}
	return a.super
}

// AsSuperadmin is a client of the operator in the Console.
func (a *API) AsSuperadmin() Client { return a.As(a.Superadmin()).App(auth.Console) }

// Clinic makes a clinic as the operator does, and its first admin joins by signing in with the invited address.
func (a *API) Clinic(slug string) Clinic {
	a.t.Helper()
	admin := a.Person(slug + "-admin")
	created := a.AsSuperadmin().Post("/v1/organizations", map[string]any{
		"slug": slug, "name": "Clinic " + strings.ToUpper(slug), "language_code": "ro", "timezone": "Europe/Bucharest", "admin_email": admin.Email,
	}).Must(http.StatusCreated)
	id := ident.Must[ident.Organization](created.ID())
	c := Clinic{ID: id, Slug: slug, Admin: admin, api: a}
	c.AsAdmin().Get("/v1/me").Must(http.StatusOK)
	return c
}

// Member makes a person with the role: staff by invitation, a patient as the owner would until patients are onboarded.
func (c Clinic) Member(role auth.Role) Person {
	c.api.t.Helper()
	p := c.api.Person(c.Slug + "-" + string(role))
	if role == auth.Patient {
		c.api.As(p).Get("/v1/me").Must(http.StatusOK)
		_, err := c.api.DB.Admin(c.api.t).Exec(c.api.t.Context(), `INSERT INTO user_organizations (id, organization_id, user_id, role)
			SELECT $1, $2, id, 'patient' FROM users WHERE email = $3`, ident.New[Person](), c.ID, p.Email)
		if err != nil {
			c.api.t.Fatal(err)
		}
		c.api.Clock.Advance(2 * time.Second)
		return p
	}
	c.AsAdmin().Post("/v1/organizations/"+c.ID.String()+"/members", map[string]any{"email": p.Email, "role": role}).Must(http.StatusCreated)
	c.Client(p).Get("/v1/me").Must(http.StatusOK)
	return p
}

// UserID is the id that the API gave the person.
func (a *API) UserID(p Person) string {
	a.t.Helper()
	return a.As(p).Get("/v1/me").Must(http.StatusOK).ID()
}

// Move sets the clock to an instant, and later tokens are minted then. What the database stamps stays real, so people join a clinic
// before the clock is moved.
func (a *API) Move(to time.Time) {
	a.Clock.Advance(to.Sub(a.Clock.Now()))
	a.Issuer.SetClock(a.Clock.Now)
}

// JSON decodes any answer into T, for shapes without an envelope.
func JSON[T any](a Answer) T {
	a.t.Helper()
	var out T
	if err := json.Unmarshal([]byte(a.Raw), &out); err != nil {
		a.t.Fatalf("%s: does not decode: %v\n%s", a.call, err, a.Raw)
	}
	return out
}
