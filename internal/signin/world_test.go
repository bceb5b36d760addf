package signin_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/ratelimit"
	"github.com/restartix/platform/internal/redisdb/redistest"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/signin"
)

const (
	issuerName = "http://core.test"
	audience   = "restartix"
	password   = signin.Secret("Corect Cal Baterie 9")
)

// clock is the one clock of a world.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) advance(d time.Duration) { c.set(c.now().Add(d)) }

// inbox keeps what was mailed.
type inbox struct {
	mu   sync.Mutex
	mail []signin.Message
}

func (i *inbox) SendSignIn(_ context.Context, m signin.Message) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.mail = append(i.mail, m)
	return nil
}

// last answers the newest mail of a template.
func (i *inbox) last(t *testing.T, template string) signin.Message {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, m := range slices.Backward(i.mail) {
		if m.Template == template {
			return m
		}
	}
	t.Fatalf("no mail %s among %d", template, len(i.mail))
	return signin.Message{}
}

// clinics reads the test's own clinics.
type clinics struct{ db *pgtest.Database }

func (c clinics) ByHost(ctx context.Context, host string) (ident.OrgID, error) {
	var org ident.OrgID
	err := c.db.InSigninTx(ctx, func(tx *postgres.Tx) error {
		return tx.QueryRow(ctx, "SELECT organization_id FROM organization_domains WHERE domain = $1", host).Scan(&org)
	})
	if postgres.IsNoRows(err) {
		return org, middleware.ErrOrganizationNotFound
	}
	return org, err
}

func (c clinics) Slug(ctx context.Context, org ident.OrgID) (slug string, err error) {
	err = c.db.InPlatformTx(auth.WithPrincipal(ctx, auth.SystemOf(org)), org, func(tx *postgres.Tx) error {
		return tx.QueryRow(ctx, "SELECT slug FROM organizations WHERE id = $1", org).Scan(&slug)
	})
	return slug, err
}

// members writes one audit row in the clinic's own chain for each membership.
type members struct{ trail *audit.Trail }

func (m members) JoinedTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, joined []signin.Joined) error {
	for _, j := range joined {
		err := tx.AsSystemOf(ctx, j.OrganizationID, func() error {
			m.trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "user_organization", EntityID: user.String()})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// world is one built-in issuer on its own database and counters.
type world struct {
	*signin.Service
	db       *pgtest.Database
	clock    *clock
	inbox    *inbox
	ring     *seal.Ring
	verifier *idp.Verifier
	limiter  *ratelimit.Limiter
	trail    *audit.Trail
	logs     *logs
	// owner is one connection past every policy, for looking behind the product; not for goroutines.
	owner *pgx.Conn
}

// logs is a buffer that many goroutines may write to.
type logs struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{clock: &clock{at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}, inbox: &inbox{}, logs: &logs{}}
	w.db = pgtest.New(t, pgtest.Clock(w.clock.now))
	w.owner = w.db.Admin(t)
	log := slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	sealDoc, err := seal.Generate(w.clock.now())
	must(t, err)
	w.ring, err = seal.New(sealDoc)
	must(t, err)
	auditDoc, err := audit.GenerateKeys(w.clock.now())
	must(t, err)
	keys, err := audit.ParseKeys(auditDoc)
	must(t, err)
	w.trail = audit.NewTrail(w.db.DB, keys, log)
	w.limiter = ratelimit.New(redistest.New(t), ratelimit.Defaults(), w.clock.now)
	own := issuer.New(w.db.DB, w.ring, issuerName, audience)
	w.Service = signin.New(signin.Deps{
		DB: w.db.DB, Ring: w.ring, Trail: w.trail, Limiter: w.limiter, Mailer: w.inbox, Clinics: clinics{w.db}, Members: members{w.trail},
		Issuer:  own,
		Domains: signin.Domains{Scheme: "http", Clinic: "clinic.localhost:9100", Portal: "portal.localhost:9200", Console: "console.localhost:9300"},
	})
	w.verifier, err = idp.NewVerifier(own.Configs(), idp.Deps{Now: w.clock.now, Log: log})
	must(t, err)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// from is the context of a request of a visitor at an address.
func from(t *testing.T, ip string) context.Context {
	t.Helper()
	return auth.WithRequest(t.Context(), auth.Request{
		ID: uuid.NewString(), IP: ip, UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
	})
}

// operator is the context of the operator's command.
func operator(t *testing.T) context.Context {
	t.Helper()
	return auth.WithPrincipal(from(t, "127.0.0.1"), auth.SystemOf(ident.OrgID{}))
}

func (w *world) account(t *testing.T, email string) ident.UserID {
	t.Helper()
	user, err := w.AddAccount(operator(t), signin.NewAccount{Email: email, Name: "Ana", Locale: "ro", Password: password})
	must(t, err)
	return user
}

func (w *world) accountWithTOTP(t *testing.T, email string) ident.UserID {
	t.Helper()
	// Base32 of the ASCII text 12345678901234567890, the seed of RFC 6238.
	user, err := w.AddAccount(operator(t), signin.NewAccount{Email: email, Name: "Ana", Password: password, TOTPSecret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"})
	must(t, err)
	return user
}

func (w *world) login(t *testing.T, ctx context.Context, email string) signin.Tokens {
	t.Helper()
	l, err := w.LogIn(ctx, signin.ByPassword{Email: email, Password: password, App: auth.Clinic})
	must(t, err)
	if l.Tokens == nil {
		t.Fatal("the sign-in did not finish")
	}
	return *l.Tokens
}

// person is the context of a request with the access token.
func (w *world) person(t *testing.T, ctx context.Context, tokens signin.Tokens) context.Context {
	t.Helper()
	id, err := w.verifier.Verify(ctx, tokens.Access.Reveal())
	must(t, err)
	session, err := ident.Parse[auth.LoginSession](id.SessionID)
	must(t, err)
	return auth.WithPrincipal(ctx, auth.Principal{
		Kind: auth.ActorUser, UserID: tokens.UserID, Role: auth.Patient, Authenticated: true, LoginSessionID: session,
		MFA: slices.Contains(id.AMR, "mfa"),
	})
}

// one reads one value as the owner.
func one[T any](t *testing.T, w *world, sql string, args ...any) (out T) {
	t.Helper()
	if err := w.owner.QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

func execute(t *testing.T, w *world, sql string, args ...any) {
	t.Helper()
	if _, err := w.owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// runJobs runs what waits in the queue, as its runner would, and empties it. It answers the arguments that it saw.
func (w *world) runJobs(t *testing.T) []string {
	t.Helper()
	rows, err := w.db.Super(t).Query(t.Context(), "DELETE FROM river.river_job RETURNING kind, args::text")
	must(t, err)
	type queued struct{ kind, args string }
	var all []queued
	for rows.Next() {
		var q queued
		must(t, rows.Scan(&q.kind, &q.args))
		all = append(all, q)
	}
	must(t, rows.Err())
	ctx := auth.WithPrincipal(t.Context(), auth.SystemOf(ident.OrgID{}))
	var seen []string
	for _, q := range all {
		seen = append(seen, q.args)
		switch q.kind {
		case signin.JobMail:
			must(t, w.SendMail(ctx, json.RawMessage(q.args)))
		case signin.JobNotice:
			must(t, w.SendNotice(ctx, json.RawMessage(q.args)))
		default:
			t.Fatalf("unknown job %s", q.kind)
		}
	}
	return seen
}

func (w *world) clinic(t *testing.T, slug string) ident.OrgID {
	t.Helper()
	org := ident.New[ident.Organization]()
	execute(t, w, "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3)", org, slug, "Clinica "+slug)
	return org
}

func (w *world) member(t *testing.T, org ident.OrgID, user ident.UserID, role auth.Role) {
	t.Helper()
	execute(t, w, "INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, $3)", org, user, role)
}

func (w *world) invite(t *testing.T, org ident.OrgID, email string, role auth.Role) signin.Secret {
	t.Helper()
	token := signin.Secret("invitation-" + uuid.NewString())
	hash := sha256.Sum256([]byte(token.Reveal()))
	execute(t, w, "INSERT INTO staff_invitations (id, organization_id, email, role, token_hash, expires_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)",
		org, email, role, hash[:], w.clock.now().Add(14*24*time.Hour))
	return token
}
