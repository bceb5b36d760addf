package scheduling_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/redisdb/redistest"
	"github.com/restartix/platform/internal/scheduling"
	"github.com/restartix/platform/internal/seal"
	"github.com/restartix/platform/internal/specialist"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// output is a log that is read while it is written.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// holdClock is the process clock of the tests of holds.
type holdClock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *holdClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *holdClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// rules are the terms of every clinic of a test.
type rules struct{ organization.Settings }

func (r rules) TermsTx(context.Context, *postgres.Tx) (organization.Terms, error) {
	return organization.Terms{Settings: r.Settings}, nil
}

// rota offers every half hour with every specialist, ten minutes of buffer behind; what somebody else holds it does not offer.
type rota struct {
	specialists []specialist.ID
	holds       *scheduling.Holds
}

func (r *rota) offered(ctx context.Context, _ *postgres.Tx, q scheduling.Request) (scheduling.Offered, error) {
	out := scheduling.Offered{Service: q.Service, Start: q.Start, End: q.Start.Add(30 * time.Minute), BufferAfterMin: 10}
	if q.Start.Minute()%30 != 0 {
		return out, scheduling.ErrSlotNotOffered
	}
	held := map[specialist.ID]bool{}
	for _, b := range r.holds.Held(ctx, r.specialists, q.Start, out.End.Add(10*time.Minute), q.Client) {
		held[b.Specialist] = true
	}
	for _, s := range r.specialists {
		if !held[s] && (q.Specialist.IsZero() || q.Specialist == s) {
			out.Candidates = append(out.Candidates, s)
		}
	}
	if len(out.Candidates) == 0 {
		return out, scheduling.ErrSlotTaken
	}
	out.Specialist = out.Candidates[0]
	return out, nil
}

// holdKit is holds on a database and a Redis of their own, in clinic A.
type holdKit struct {
	*pgtest.Database
	*scheduling.Holds
	t       testing.TB
	clock   *holdClock
	log     *output
	hub     *live.Hub
	org     ident.OrgID
	service catalog.ServiceID
	rota    *rota
	super   *pgx.Conn
}

// kitOptions change what a kit is made of.
type kitOptions struct {
	specialists int
	settings    organization.Settings
	redis       *redisdb.Client
	ring        *seal.Ring
	// pool is how many connections the kit has; 0 leaves the default.
	pool int32
}

func newRing(t testing.TB) *seal.Ring {
	t.Helper()
	doc, err := seal.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func newHoldKit(t testing.TB, o kitOptions) *holdKit {
	t.Helper()
	k := &holdKit{t: t, clock: &holdClock{}, log: &output{}, org: ident.Must[ident.Organization](pgtest.ClinicA().Org), rota: &rota{}}
	k.Database = pgtest.Seeded(t, pgtest.Server(t), pgtest.Clock(k.clock.Now), pgtest.PoolSize(o.pool))
	k.super = k.Database.Super(t)
	k.service = first[catalog.Service](k, "services")
	k.rota.specialists = k.team(o.specialists)
	if o.redis == nil {
		o.redis = redistest.New(t)
	}
	if o.settings == (organization.Settings{}) {
		o.settings = organization.DefaultSettings()
	}
	if o.ring == nil {
		o.ring = newRing(t)
	}
	log := slog.New(slog.NewJSONHandler(k.log, nil))
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	k.hub = live.New(ctx, o.redis, k.clock.Now, log)
	k.Holds = scheduling.NewHolds(scheduling.HoldDeps{
		DB: k.DB, Ring: o.ring, Terms: rules{o.settings}, Offered: k.rota.offered, Live: k.hub, Log: log,
	}, o.redis)
	k.rota.holds = k.Holds
	var running sync.WaitGroup
	running.Go(func() { k.hub.Run(ctx) })
	running.Go(func() { k.Run(ctx) })
	t.Cleanup(func() {
		stop()
		_ = k.hub.Close()
		running.Wait()
	})
	return k
}

// first answers the id of the clinic's first row.
func first[T any](k *holdKit, table string) ident.ID[T] {
	k.t.Helper()
	var id ident.ID[T]
	if err := k.super.QueryRow(k.t.Context(), "SELECT id FROM "+table+" WHERE organization_id = $1 ORDER BY id LIMIT 1", k.org).Scan(&id); err != nil {
		k.t.Fatal(err)
	}
	return id
}

// team makes n specialists.
func (k *holdKit) team(n int) []specialist.ID {
	k.t.Helper()
	var out []specialist.ID
	for i := range n {
		id := ident.New[specialist.Specialist]()
		_, err := k.super.Exec(k.t.Context(), "INSERT INTO specialists (id, organization_id, name, slug) VALUES ($1, $2, $3, $4)",
			id, k.org, fmt.Sprintf("Number %d", i), fmt.Sprintf("number-%d", i))
		if err != nil {
			k.t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}

// ctx is a visitor of the clinic.
func (k *holdKit) ctx() context.Context {
	return auth.WithPrincipal(k.t.Context(), auth.AnonymousOf(k.org))
}

// at is a slot of a Monday far enough away.
func at(clock string) time.Time {
	start, err := time.Parse(time.RFC3339, "2031-05-05T"+clock+":00Z")
	if err != nil {
		panic(err)
	}
	return start
}

func (k *holdKit) hold(client, clock string, sp ...specialist.ID) (scheduling.Hold, error) {
	r := scheduling.Request{Viewer: scheduling.Visitor, Service: k.service, Start: at(clock)}
	if len(sp) > 0 {
		r.Specialist = sp[0]
	}
	return k.Create(k.ctx(), client, r)
}

// must is hold for a slot that is free.
func (k *holdKit) must(client, clock string, sp ...specialist.ID) scheduling.Hold {
	k.t.Helper()
	h, err := k.hold(client, clock, sp...)
	if err != nil {
		k.t.Fatalf("hold %s for %s: %v", clock, client, err)
	}
	return h
}

// history is the log, oldest first.
func (k *holdKit) history(id scheduling.HoldID) string {
	k.t.Helper()
	var out string
	err := k.super.QueryRow(k.t.Context(), "SELECT COALESCE(string_agg(type, ' ' ORDER BY at, id), '') FROM hold_events WHERE hold_id = $1", id).Scan(&out)
	if err != nil {
		k.t.Fatal(err)
	}
	return out
}

// follow listens to one specialist's times.
func (k *holdKit) follow(sp specialist.ID) *live.Subscription {
	k.t.Helper()
	s := k.hub.Subscribe(k.t.Context(), k.org, "", "slots:"+sp.String())
	k.t.Cleanup(func() { s.Close(context.WithoutCancel(k.t.Context())) })
	return s
}

// heard answers the next push as "slot.held 08:00".
func heard(t testing.TB, s *live.Subscription) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p, err := s.Next(ctx)
	if err != nil {
		t.Fatalf("no push came: %v", err)
	}
	var body struct{ Data struct{ Start time.Time } }
	if err := json.Unmarshal(p.Data, &body); err != nil {
		t.Fatal(err)
	}
	return p.Event + " " + body.Data.Start.Format("15:04")
}

// is compares errors by what people are told.
func is(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// nobody is an address where no Redis listens.
func nobody(t testing.TB) *redisdb.Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	client, err := redisdb.Open("redis://" + address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}
