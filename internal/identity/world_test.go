package identity_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/identity"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/mail/mailtest"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/seal"
)

// clock is the process clock of every instance of a world.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// world is one database with any number of instances of the API on it.
type world struct {
	t      testing.TB
	db     *pgtest.Database
	owner  *pgx.Conn
	mu     sync.Mutex // guards owner
	clock  *clock
	keys   *audit.Keys
	sealer httpapi.Sealer
	mails  postbox
}

// postbox is a sink that says when a message has come.
type postbox struct {
	*mailtest.Sink
	came chan mail.Message
}

// Send implements mail.Sender.
func (p postbox) Send(ctx context.Context, m mail.Message) error {
	if err := p.Sink.Send(ctx, m); err != nil {
		return err
	}
	p.came <- m
	return nil
}

// next waits for the next message.
func (p postbox) next(t testing.TB) mail.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	select {
	case m := <-p.came:
		return m
	case <-ctx.Done():
		t.Fatal("no message came")
	}
	return mail.Message{}
}

// instance is one process of the API: its own cache, the shared database.
type instance struct {
	*world
	people *identity.Service
	bus    *event.Bus
	edge   http.Handler
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{}, mails: postbox{Sink: &mailtest.Sink{}, came: make(chan mail.Message, 100)}}
	w.db = pgtest.New(t, pgtest.Clock(w.clock.now))
	w.owner = w.db.Super(t)
	doc, err := audit.GenerateKeys(time.Now())
	must(t, err)
	w.keys, err = audit.ParseKeys(doc)
	must(t, err)
	doc, err = seal.Generate(time.Now())
	must(t, err)
	ring, err := seal.New(doc)
	must(t, err)
	w.sealer = answers{ring}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answers seals stored answers with a real key ring.
type answers struct{ ring *seal.Ring }

func (s answers) SealAnswer(org, row string, plain []byte) ([]byte, int32, error) {
	v, err := s.ring.Seal(plain, s.place(org, row))
	return v.Cipher, v.KeyVersion, err
}

func (s answers) OpenAnswer(org, row string, cipher []byte, version int32) ([]byte, error) {
	return s.ring.Open(seal.Value{Cipher: cipher, KeyVersion: version}, s.place(org, row))
}

func (answers) place(org, row string) seal.AAD {
	return seal.AAD{Org: org, Table: "idempotency_keys", Column: "response", Row: row}
}

// tokens carry their subject in the open: who signs is idp's and signin's matter, who is meant is this package's.
type tokens struct{}

func (tokens) Verify(_ context.Context, token string) (middleware.Subject, error) {
	var s middleware.Subject
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(raw, &s) != nil {
		return s, apperror.ErrUnauthorized
	}
	return s, nil
}

// MintImpersonation implements identity.TokenMinter.
func (tokens) MintImpersonation(_ context.Context, i identity.Impersonation) (string, error) {
	return tokenOf(middleware.Subject{
		Issuer: "https://issuer.test/impersonation", Subject: i.Target.String(), ImpersonationID: i.ID.String(),
		ImpersonatorID: i.Actor.String(), ImpersonationMode: i.Mode,
	}), nil
}

func tokenOf(s middleware.Subject) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// doors lets every request through the limits and knows every clinic by its id.
type doors struct{}

func (doors) LimitCaller(http.ResponseWriter, *http.Request, string) error            { return nil }
func (doors) LimitPrincipal(http.ResponseWriter, *http.Request, auth.Principal) error { return nil }
func (doors) ByID(_ context.Context, id ident.OrgID) (ident.OrgID, error)             { return id, nil }

func (doors) BySlug(context.Context, string) (ident.OrgID, error) {
	return ident.OrgID{}, middleware.ErrOrganizationNotFound
}

func (doors) ByHost(context.Context, string) (ident.OrgID, error) {
	return ident.OrgID{}, middleware.ErrOrganizationNotFound
}

func (doors) Key(context.Context, string, string) (middleware.KeyHolder, error) {
	return middleware.KeyHolder{}, apperror.ErrUnauthorized
}

// start adds an instance. wrap replaces the witness of the edge, for planted faults; nil keeps the trail.
func (w *world) start(wrap func(httpapi.Witness) httpapi.Witness) *instance {
	log := slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	trail := audit.NewTrail(w.db.DB, w.keys, log)
	bus := event.NewBus(w.db.DB)
	people := identity.New(identity.Deps{
		DB: w.db.DB, Trail: trail, Bus: bus, Mailer: identity.NewMailer(w.mails), Minter: tokens{},
		Links: identity.Links{Scheme: "https", ClinicDomain: "clinic.example.test"},
	})
	people.Subscribe(bus)
	witness := httpapi.Witness(trail)
	if wrap != nil {
		witness = wrap(trail)
	}
	r := chi.NewRouter()
	r.Use(middleware.RequestFacts(nil), middleware.Recover(log), httpapi.KeyMiddleware)
	api := httpapi.New(r, httpapi.Deps{
		Auth: &middleware.Authenticator{Verifier: tokens{}, People: people, Keys: doors{}, Clinics: doors{}}, Limiter: doors{},
		Witness: witness, Sealer: w.sealer, Log: log, Now: w.clock.now, Version: "test", BodyLimit: 64 << 10,
	})
	people.Routes(api)
	trail.Routes(api)
	return &instance{world: w, people: people, bus: bus, edge: r}
}

// work starts the queue of the instance.
func (i *instance) work() {
	i.t.Helper()
	runner, err := job.NewRunner(i.t.Context(), i.db.JobsURL, slog.New(slog.DiscardHandler))
	must(i.t, err)
	i.bus.Register(runner)
	i.people.Register(runner)
	must(i.t, runner.Start(context.WithoutCancel(i.t.Context())))
	i.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := runner.Stop(ctx); err != nil {
			i.t.Errorf("stop queue: %v", err)
		}
	})
}

// exec runs a statement as the owner of the server, past every policy: how a fixture or a fault gets in.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.owner.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// count answers a number.
func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.owner.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// text answers a text, "" for NULL and for no row.
func (w *world) text(sql string, args ...any) (s string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	rows, err := w.owner.Query(w.t.Context(), sql, args...)
	must(w.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[*string])
	must(w.t, err)
	if len(all) > 0 && all[0] != nil {
		s = *all[0]
	}
	return s
}

// clinic makes an active clinic.
func (w *world) clinic(slug string) ident.OrgID {
	w.t.Helper()
	id := ident.New[ident.Organization]()
	w.exec("INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3)", id, slug, "Clinica "+slug)
	w.exec("INSERT INTO organization_settings (organization_id) VALUES ($1)", id)
	return id
}

// somebody is a person with the token that the person calls with.
type somebody struct {
	ID      ident.UserID
	Email   string
	Subject middleware.Subject
}

// person makes somebody with a verified address who has signed in before, with the roles in the clinic.
func (w *world) person(name string, org ident.OrgID, roles ...auth.Role) somebody {
	w.t.Helper()
	id := ident.New[ident.User]()
	s := somebody{ID: id, Email: name + "@example.test"}
	s.Subject = middleware.Subject{
		Issuer: "https://issuer.test", Subject: "sub-" + name, Email: s.Email, EmailVerified: true, Name: name, AMR: []string{"pwd", "otp"},
	}
	w.exec("INSERT INTO users (id, email, email_verified_at, name, last_activity_at) VALUES ($1, $2, now(), $3, now())", id, s.Email, name)
	w.exec("INSERT INTO user_identities (id, user_id, issuer, subject) VALUES (gen_random_uuid(), $1, $2, $3)", id, s.Subject.Issuer, s.Subject.Subject)
	for _, role := range roles {
		w.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, $3)", org, id, string(role))
	}
	return s
}

// operator makes a superadmin.
func (w *world) operator(name string) somebody {
	s := w.person(name, ident.OrgID{})
	w.exec("UPDATE users SET platform_role = 'superadmin' WHERE id = $1", s.ID)
	return s
}

// figure prints the one line of a figure: the number of faults, none is right.
func figure(id string, faults []string) {
	verdict := "pass"
	if len(faults) > 0 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE %s %d %s\n", id, len(faults), verdict)
}

// redefine plants a fault into a function of the database: the piece of its source is replaced.
func (w *world) redefine(function, piece, by string) {
	w.t.Helper()
	source := w.text("SELECT pg_get_functiondef($1::regprocedure)", function)
	if !strings.Contains(source, piece) {
		w.t.Fatalf("%s does not contain %q", function, piece)
	}
	w.exec(strings.Replace(source, piece, by, 1))
}
