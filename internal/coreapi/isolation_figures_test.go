package coreapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
)

// probe looks at every connection of the API's pools at the moment when a transaction is about to begin on it, and can let a use case
// panic in the middle of one.
type probe struct {
	mu    sync.Mutex
	armed string
	// session, when set, is put into the next connection for good, as a careless store would.
	session string
	found   []string
}

type probing struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (p *probe) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if ctx.Value(probing{}) != nil {
		return ctx
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed != "" && strings.Contains(data.SQL, p.armed) {
		p.armed = ""
		panic("planted in the middle of a use case")
	}
	if strings.HasPrefix(data.SQL, "BEGIN") {
		quiet := context.WithValue(ctx, probing{}, true)
		var org string
		err := conn.QueryRow(quiet, `SELECT COALESCE(current_setting('app.current_org_id', true), '') || COALESCE(current_setting('app.current_role', true), '')
			|| COALESCE(current_setting('app.current_user_id', true), '')`).Scan(&org)
		if p.found = append(p.found, org); err != nil {
			p.found = append(p.found, err.Error())
		}
		if p.session != "" {
			_, err = conn.Exec(quiet, "SELECT set_config('app.current_org_id', $1, false)", p.session)
			if p.session = ""; err != nil {
				p.found = append(p.found, err.Error())
			}
		}
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (p *probe) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (p *probe) set(armed, session string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.session = armed, session
}

// dirty are the settings that were found before a transaction began; looks is how often somebody looked.
func (p *probe) dirty() (dirty []string, looks int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.found), func(s string) bool { return s == "" }), len(p.found)
}

// With one connection a use case of clinic A dies in the middle of its transaction, reading and writing, with and without a key. The answer
// is a sealed 500 that names the request, the connection comes back clean, and the next request, which names no clinic, sees
// nothing of A. Seen red: a setting that stays with the connection is found by the same look.
// Verifies AUTH-02
func TestIsolation_panicLeavesNothing(t *testing.T) {
	t.Parallel()
	p := &probe{}
	api := apitest.Boot(t, apitest.Options{Quiet: true, Tracer: p, Environment: map[string]string{"DATABASE_POOL": "1"}})
	a, stranger := api.Clinic("alpha"), api.Person("stranger")
	keys := "/v1/organizations/" + a.ID.String() + "/access-keys"
	body := object{"name": "reader", "scopes": []string{"services:read"}}
	for name, die := range map[string]struct {
		armed string
		send  func() apitest.Answer
	}{
		"a read":        {"FROM access_keys", func() apitest.Answer { return a.AsAdmin().Get(keys) }},
		"a write":       {"INSERT INTO access_keys", func() apitest.Answer { return a.AsAdmin().Post(keys, body) }},
		"a keyed write": {"INSERT INTO access_keys", func() apitest.Answer { return a.AsAdmin().With("Idempotency-Key", uuid.NewString()).Post(keys, body) }},
	} {
		p.set(die.armed, "")
		dead := die.send().Expect(http.StatusInternalServerError, "internal_error")
		if id := dead.Problem().RequestID; uuid.Validate(id) != nil || id != dead.Header.Get("X-Request-Id") || strings.Contains(dead.Raw, "planted") {
			t.Errorf("%s: the answer is not sealed: %s", name, dead)
		}
		api.Anonymous().Get("/v1/public/policies").Expect(http.StatusBadRequest, "organization_required")
		if me := api.As(stranger).Get("/v1/me").Must(http.StatusOK); !strings.Contains(me.Raw, `"role":null`) || strings.Contains(me.Raw, a.ID.String()) {
			t.Errorf("%s: the next request, of somebody without a clinic, answers %s", name, me)
		}
	}
	var made int
	if err := api.DB.Super(t).QueryRow(t.Context(), "SELECT count(*) FROM access_keys").Scan(&made); err != nil || made > 0 {
		t.Errorf("%d keys were made by use cases that died, %v", made, err)
	}
	dirty, looks := p.dirty()
	if len(dirty) > 0 || looks < 10 {
		t.Errorf("%d looks found %q on a connection", looks, dirty)
	}
	if !strings.Contains(api.Logs.String(), `"msg":"panic"`) {
		t.Error("the log does not tell of the panic")
	}
	p.set("", a.ID.String())
	for range 3 {
		api.As(a.Admin).Get("/v1/me")
	}
	if dirty, _ := p.dirty(); len(dirty) == 0 {
		t.Error("red proof: a setting of the session is not found")
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// ownIDs are the ids in the rows of one clinic and in those of no other.
func ownIDs(t *testing.T, api *apitest.API, own, other apitest.Clinic) map[string]bool {
	t.Helper()
	rowsOf := func(c apitest.Clinic) map[string]bool {
		out := map[string]bool{c.ID.String(): true}
		for _, rows := range api.DB.Snapshot(t) {
			for _, row := range rows {
				var columns object
				if err := json.Unmarshal(row, &columns); err != nil {
					t.Fatal(err)
				}
				if fmt.Sprint(columns["organization_id"]) == c.ID.String() {
					for _, id := range anyID.FindAllString(string(row), -1) {
						out[id] = true
					}
				}
			}
		}
		return out
	}
	out, shared := rowsOf(own), rowsOf(other)
	maps.DeleteFunc(out, func(id string, _ bool) bool { return shared[id] })
	return out
}

// foreignIDs answers the ids of the other clinic in the bodies, besides those that the request named itself.
func foreignIDs(answers []exchange, theirs map[string]bool) []string {
	var out []string
	for _, e := range answers {
		for _, id := range anyID.FindAllString(e.answer.Raw, -1) {
			if theirs[id] && !strings.Contains(e.path, id) {
				out = append(out, fmt.Sprintf("%s: %s", e.path, id))
			}
		}
	}
	return out
}

// exchange is one request and its answer.
type exchange struct {
	path   string
	answer apitest.Answer
}

// reader sends one caller's share of reads and small writes.
func (w *world) reader(seed uint64, c, other apitest.Clinic, count int) []exchange {
	random := rand.New(rand.NewPCG(seed, 3))
	clients := []apitest.Client{c.AsAdmin(), c.Client(w.people[c.ID][auth.Specialist]).App(auth.Clinic), c.Client(w.people[c.ID][auth.Patient]).App(auth.Portal)}
	paths := []string{
		"/v1/me", "/v1/organizations", w.path(c, ""), w.path(c, "members"), w.path(c, "invitations"), w.path(c, "domains"), w.path(c, "access-keys"),
		w.path(c, "api-keys"), w.path(c, "break-glass"), "/v1/audit-logs", "/v1/security-events", w.path(other, ""), w.path(other, "members"), "/v1/me/login-sessions",
	}
	for _, e := range w.api.App.Routes() { // whatever lists a clinic's rows without naming it in the path
		if e.Method == http.MethodGet && !strings.Contains(e.Path, "{") && strings.HasPrefix(e.Path, "/v1/") && !strings.HasSuffix(e.Path, "/stream") {
			paths = append(paths, e.Path)
		}
	}
	var out []exchange
	for n := range count {
		path, client := paths[random.IntN(len(paths))], clients[random.IntN(len(clients))]
		if n%20 == 0 {
			out = append(out, exchange{"POST", clients[0].Post(w.path(c, "members"), object{"email": unique() + "@example.test", "role": "specialist"})})
			continue
		}
		out = append(out, exchange{path, client.Get(path)})
	}
	return out
}

// 1,000 requests of two clinics, sixteen at a time over four connections: no body holds an id of the other clinic. Seen red: one body
// of the other clinic among a clinic's own is found.
// Verifies AUTH-03
func TestIsolation_interleavedClinics(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true, Environment: map[string]string{"DATABASE_POOL": "4"}}))
	var all sync.WaitGroup
	answers := make([][]exchange, 16)
	for i := range answers {
		all.Go(func() {
			c, other := w.a, w.b
			if i%2 == 1 {
				c, other = w.b, w.a
			}
			answers[i] = w.reader(uint64(i), c, other, 64)
		})
	}
	all.Wait()
	idsA, idsB := ownIDs(t, w.api, w.a, w.b), ownIDs(t, w.api, w.b, w.a)
	var leaked []string
	total, served := 0, 0
	for i, list := range answers {
		theirs := idsB
		if i%2 == 1 {
			theirs = idsA
		}
		leaked = append(leaked, foreignIDs(list, theirs)...)
		for _, e := range list {
			if total++; e.answer.Status < 300 {
				served++
			}
			if e.answer.Status >= 500 {
				t.Errorf("%s", e.answer)
			}
		}
	}
	report(t, leaked)
	printFigure(t, "T-4/http", fmt.Sprintf("foreign=%d,requests=%d,served=%d,ids=%d", len(leaked), total, served, len(idsA)+len(idsB)),
		len(leaked) == 0 && total >= 1_000 && served > total/3 && len(idsA) > 20 && len(idsB) > 20)
	if len(foreignIDs([]exchange{{"/v1/me", w.b.AsAdmin().Get(w.path(w.b, "members"))}}, idsB)) == 0 {
		t.Error("red proof: a body of the other clinic is not found")
	}
}

// ownerWatch keeps the statements that run as the owner.
type ownerWatch struct {
	mu         sync.Mutex
	statements []string
}

// TraceQueryStart implements pgx.QueryTracer.
func (o *ownerWatch) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if conn.Config().User != "restartix_app" {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.statements = append(o.statements, data.SQL)
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (o *ownerWatch) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// take answers the owner's statements since the last call that touch rows. Signing keys are the one thing that the issuer reads as
// the owner for everybody, because no other role may see them (docs/decisions/0005).
func (o *ownerWatch) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := slices.DeleteFunc(o.statements, func(sql string) bool {
		return strings.HasPrefix(sql, "BEGIN") || strings.EqualFold(sql, "commit") || strings.EqualFold(sql, "rollback") || sql == "-- ping" ||
			strings.Contains(sql, "signing_keys") || strings.Contains(sql, "pg_advisory_xact_lock")
	})
	o.statements = nil
	return out
}

// TestFigureT12_http asks every operation as everybody but the operator and looks at what the owner's pool did meanwhile. Seen red: one
// request of the operator is seen.
func TestFigureT12_http(t *testing.T) {
	t.Parallel()
	watch := &ownerWatch{}
	w := newWorld(t, generous(t, apitest.Options{Tracer: watch}))
	journey := newJourney(w)
	callers := slices.DeleteFunc(w.callers(), func(c caller) bool { return c.name == "superadmin" })
	w.api.Anonymous().Get("/v1/auth/jwks").Must(http.StatusOK) // makes the signing keys of a new installation
	watch.take()
	journey.walk()
	requests := 0
	found := watch.take()
	for _, e := range w.api.App.Routes() {
		if strings.HasSuffix(e.Path, "/stream") {
			continue // opens no transaction of its own kind; its authentication is that of the others
		}
		for _, c := range callers {
			for _, column := range []string{"own", "cross"} {
				requests++
				w.cell(e, c, column)
				if as := watch.take(); len(as) > 0 {
					found = append(found, fmt.Sprintf("%s as %s (%s): %q", e.ID, c.name, column, as))
				}
			}
		}
	}
	report(t, found)
	printFigure(t, "T-12/http", fmt.Sprintf("owner=%d,requests=%d", len(found), requests), len(found) == 0 && requests > 1_000)
	w.api.AsSuperadmin().Get("/v1/admin/users").Must(http.StatusOK)
	if len(watch.take()) == 0 {
		t.Error("red proof: a request of the operator is not seen")
	}
}
