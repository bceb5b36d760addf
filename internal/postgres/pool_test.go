package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// tenant is one clinic of the dirty-pool run; every text of it carries its own id.
type tenant struct {
	org   ident.OrgID
	admin ident.UserID
}

func makeTenants(t *testing.T, d *pgtest.Database, n int) []tenant {
	t.Helper()
	super := d.Super(t)
	out := make([]tenant, n)
	for i := range out {
		x := tenant{org: ident.New[ident.Organization](), admin: ident.New[ident.User]()}
		out[i] = x
		for _, sql := range []string{
			"INSERT INTO organizations (id, slug, name) VALUES ($1, 'clinic-' || $1::uuid, 'CNRY-' || $1::uuid)",
			"INSERT INTO organization_settings (organization_id, legal_name) VALUES ($1, 'CNRY-' || $1::uuid)",
			"INSERT INTO access_keys (id, organization_id, name, prefix, secret_hash, scopes) SELECT gen_random_uuid(), $1, 'CNRY-' || $1::uuid, substr(md5($1::text || n), 1, 12), sha256('x'), '{a}' FROM generate_series(1, 5) n",
		} {
			mustExec(t, super, sql, x.org)
		}
		mustExec(t, super, "INSERT INTO users (id, email) VALUES ($1, $1::uuid || '@example.test')", x.admin)
		mustExec(t, super, "INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'admin')", x.org, x.admin)
	}
	return out
}

func (x tenant) context(ctx context.Context) context.Context {
	return auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorUser, Role: auth.Admin, OrgID: x.org, UserID: x.admin, Authenticated: true})
}

// tally is what the workers of a dirty-pool run saw.
type tally struct{ done, foreign, missing, casts, cancelled, panics, timeouts, killed, odd atomic.Int64 }

// readOwn reads everything that the context shows and counts what is not the tenant's.
func (x tenant) readOwn(ctx context.Context, tx *postgres.Tx, sum *tally) error {
	rows, err := tx.Query(ctx, `SELECT 'CNRY-' || organization_id, name FROM access_keys UNION ALL SELECT 'CNRY-' || organization_id, legal_name FROM organization_settings
		UNION ALL SELECT 'CNRY-' || id, name FROM organizations`)
	if err != nil {
		return err
	}
	type text struct{ Owner, Text string }
	texts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[text])
	if err != nil {
		return err
	}
	own := "CNRY-" + x.org.String()
	for _, v := range texts {
		if v.Owner != own || v.Text != own {
			sum.foreign.Add(1)
		}
	}
	if len(texts) != 7 {
		sum.missing.Add(1)
	}
	return nil
}

// request is one unit of the run: mostly a plain read, sometimes an accident.
func (x tenant) request(ctx context.Context, db *postgres.DB, dice int, sum *tally) {
	defer func() {
		if recover() != nil {
			sum.panics.Add(1)
		}
	}()
	ctx = x.context(ctx)
	if dice < 20 {
		cut, stop := context.WithTimeout(ctx, time.Duration(rand.IntN(20_000))*time.Microsecond)
		defer stop()
		ctx = cut
	}
	err := db.InTx(ctx, func(tx *postgres.Tx) error {
		if err := x.readOwn(ctx, tx, sum); err != nil {
			return err
		}
		switch dice {
		case 20:
			panic("an accident in the middle of a transaction")
		case 21:
			_, err := tx.Exec(ctx, "SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1)")
			return err
		case 22:
			_, err := tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return err
		}
		return nil
	})
	sum.count(ctx, err, dice)
}

func (s *tally) count(ctx context.Context, err error, dice int) {
	switch code := postgres.Code(err); {
	case err == nil:
		s.done.Add(1)
	case code == "22P02":
		s.casts.Add(1)
	case dice < 20 && ctx.Err() != nil:
		s.cancelled.Add(1)
	case dice == 21 && code == "57014":
		s.timeouts.Add(1)
	case dice == 22 && errors.Is(err, apperror.ErrUnavailable), dice == 22 && code == "57P01":
		s.killed.Add(1)
	default:
		s.odd.Add(1)
	}
}

// dirty runs the load: 64 workers over the pool until the requests are used up.
func dirty(t *testing.T, db *postgres.DB, tenants []tenant, requests int64) *tally {
	t.Helper()
	var left atomic.Int64
	left.Store(requests)
	sum := &tally{}
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				tenants[rand.IntN(len(tenants))].request(t.Context(), db, rand.IntN(100), sum)
			}
		})
	}
	wg.Wait()
	return sum
}

// leftovers looks at every connection of the pool at once and answers what a request left on it. pgx's own statement cache is named
// stmtcache_…; its statements hold no rows.
func leftovers(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	var out []string
	var held []*pgxpool.Conn
	defer func() {
		for _, c := range held {
			c.Release()
		}
	}()
	for range pool.Config().MaxConns {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
		var what []string
		err = conn.QueryRow(t.Context(), `SELECT array_remove(ARRAY[
			(SELECT 'context ' || x FROM concat(current_setting('app.current_user_id', true), current_setting('app.current_org_id', true), current_setting('app.current_role', true)) x WHERE x <> ''),
			(SELECT 'temporary table' FROM pg_class WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema() LIMIT 1),
			(SELECT 'cursor ' || name FROM pg_cursors WHERE name <> '' LIMIT 1),
			(SELECT 'prepared ' || name FROM pg_prepared_statements WHERE name !~ '^stmtcache_' LIMIT 1),
			(SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() LIMIT 1)], NULL)`).Scan(&what)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, what...)
	}
	return out
}

// TestFigureT4_dirtyPool throws 20,000 requests of 20 clinics at four connections, a fifth of them cancelled, some panicking, timed out
// or killed, and reads only its own rows through it all. Not parallel: it wants the pool's waiting time for itself.
// Seen red: a session-wide SET on the pool, planted at the end, is found as a leftover and shows foreign rows.
// Verifies AUTH-03
func TestFigureT4_dirtyPool(t *testing.T) {
	d := pgtest.New(t, pgtest.PoolSize(4))
	tenants := makeTenants(t, d, 20)
	fresh := visitorView(t, d)

	sum := dirty(t, d.DB, tenants, 20_000)

	rest := leftovers(t, d.AppPool())
	used := visitorView(t, d)
	bad := sum.foreign.Load() + sum.missing.Load() + sum.casts.Load() + sum.odd.Load() + int64(len(rest))
	t.Logf("done %d, cancelled %d, panics %d, timeouts %d, killed %d", sum.done.Load(), sum.cancelled.Load(), sum.panics.Load(), sum.timeouts.Load(), sum.killed.Load())
	if bad > 0 {
		t.Errorf("foreign %d, missing %d, casts %d, unexpected errors %d, left behind %v", sum.foreign.Load(), sum.missing.Load(), sum.casts.Load(), sum.odd.Load(), rest)
	}
	if sum.panics.Load() == 0 || sum.timeouts.Load() == 0 || sum.killed.Load() == 0 || sum.cancelled.Load() == 0 {
		t.Error("an accident of the recipe never happened")
	}
	if fresh != used {
		t.Errorf("a visitor sees %q on a fresh connection and %q on a used one", fresh, used)
	}
	fmt.Println(figure("T-4", bad, !t.Failed()))

	plantSessionContext(t, d, tenants[0])
	if got := leftovers(t, d.AppPool()); len(got) == 0 {
		t.Error("a context that was set for the session went unseen")
	}
	red := &tally{}
	if err := tenants[1].readUnscoped(t, d, red); err != nil {
		t.Fatal(err)
	}
	if red.foreign.Load() == 0 {
		t.Error("rows of another clinic went unseen")
	}
}

// plantSessionContext is the fault that the rule "only ever transaction-local" prevents.
func plantSessionContext(t *testing.T, d *pgtest.Database, x tenant) {
	t.Helper()
	conn, err := d.AppPool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	_, err = conn.Exec(t.Context(), "SELECT set_config('app.current_org_id', $1, false), set_config('app.current_role', 'admin', false)", x.org.String())
	if err != nil {
		t.Fatal(err)
	}
}

// readUnscoped reads on every pooled connection without setting a context, as a careless store would.
func (x tenant) readUnscoped(t *testing.T, d *pgtest.Database, sum *tally) error {
	t.Helper()
	var held []pgx.Tx
	for range d.AppPool().Config().MaxConns {
		tx, err := d.AppPool().Begin(t.Context())
		if err != nil {
			return err
		}
		held = append(held, tx)
		if err := x.readOwn(t.Context(), &postgres.Tx{Tx: tx}, sum); err != nil {
			return err
		}
	}
	for _, tx := range held {
		if err := tx.Rollback(t.Context()); err != nil {
			return err
		}
	}
	return nil
}

// visitorView is what an anonymous caller of no clinic sees of the clinics, as one text.
func visitorView(t *testing.T, d *pgtest.Database) string {
	t.Helper()
	var out string
	err := d.InTx(auth.WithPrincipal(t.Context(), auth.AnonymousOf(ident.OrgID{})), func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT count(*) || ' ' || COALESCE(string_agg(name, ',' ORDER BY id), '') FROM organizations").Scan(&out)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAuth02_panicLeavesNothing lets the only connection's transaction die in a panic and looks at what the next one finds.
// Verifies AUTH-02
func TestAuth02_panicLeavesNothing(t *testing.T) {
	t.Parallel()
	d := pgtest.New(t, pgtest.PoolSize(1))
	x := makeTenants(t, d, 1)[0]
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed below the edge")
			}
		}()
		_ = d.InTx(x.context(t.Context()), func(tx *postgres.Tx) error {
			if err := x.readOwn(t.Context(), tx, &tally{}); err != nil {
				return err
			}
			panic("mid-transaction")
		})
	}()

	if got := leftovers(t, d.AppPool()); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	err := d.InSigninTx(t.Context(), func(tx *postgres.Tx) error {
		var org string
		var rows int
		if err := tx.QueryRow(t.Context(), "SELECT COALESCE(current_setting('app.current_org_id', true), ''), (SELECT count(*) FROM access_keys)").Scan(&org, &rows); err != nil {
			return err
		}
		if org != "" || rows != 0 {
			t.Errorf("the next transaction finds clinic %q and %d rows", org, rows)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// missingLimits are the limits that a connection does not carry.
func missingLimits(t *testing.T, q interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) []string {
	t.Helper()
	var out []string
	err := q.QueryRow(t.Context(), `SELECT array_remove(array_agg(CASE WHEN setting = '0' THEN name END), NULL) FROM pg_settings
		WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`).Scan(&out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// running counts the statements with the mark that a server still works on, other than the asking one.
func running(t *testing.T, super *pgx.Conn, mark string) int {
	t.Helper()
	var n int
	err := super.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND position($1 IN query) > 0", mark).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// awaitRunning asks until the number of marked statements is n or the deadline passes, and tells which.
func awaitRunning(t *testing.T, super *pgx.Conn, mark string, n int, within time.Duration) bool {
	t.Helper()
	deadline := time.Now().Add(within)
	for running(t, super, mark) != n {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// TestFigureR9_limitsAndHangUp: every connection carries its limits, and a caller who hangs up stops his statement on the server.
// Seen red: a bare connection without limits, and a statement whose caller is still there.
func TestFigureR9_limitsAndHangUp(t *testing.T) {
	t.Parallel()
	d := pgtest.New(t)
	super := d.Super(t)
	bad := 0
	for name, pool := range map[string]*pgxpool.Pool{"application": d.AppPool(), "owner": d.AdminPool()} {
		if missing := missingLimits(t, pool); len(missing) > 0 {
			bad++
			t.Errorf("the %s pool has no %v", name, missing)
		}
	}
	x := makeTenants(t, d, 1)[0]
	ctx, hangUp := context.WithCancel(x.context(t.Context()))
	ended := make(chan error, 1)
	go func() {
		ended <- d.InTx(ctx, func(tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, "SELECT pg_sleep(9) /* hang-up */")
			return err
		})
	}()
	if !awaitRunning(t, super, "/* hang-up */", 1, 5*time.Second) {
		t.Fatal("the statement never started")
	}
	if awaitRunning(t, super, "/* hang-up */", 0, 50*time.Millisecond) {
		t.Error("red proof: the statement of a caller who is there was called gone")
	}
	hangUp()
	if !awaitRunning(t, super, "/* hang-up */", 0, time.Second) {
		bad++
		t.Error("the statement outlived its caller by a second")
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("hang-up answered %v", err)
	}
	fmt.Println(figure("R-9/postgres", bad, bad == 0))

	if missing := missingLimits(t, d.App(t)); len(missing) != 3 {
		t.Errorf("red proof: a bare connection was said to carry limits: %v", missing)
	}
}

// TestFigureR10_nestedUse: with every connection taken, a transaction inside a transaction is refused as unavailable within two seconds
// instead of waiting for itself for ever.
// Seen red: the same wait on the bare pool, which has no bound of its own, runs into the deadline.
func TestFigureR10_nestedUse(t *testing.T) {
	t.Parallel()
	d := pgtest.New(t, pgtest.PoolSize(1))
	ctx := makeTenants(t, d, 1)[0].context(t.Context())
	limit, stop := context.WithTimeout(ctx, 2*time.Second)
	defer stop()

	err := d.InTx(limit, func(*postgres.Tx) error { return d.InTx(limit, func(*postgres.Tx) error { return nil }) })

	pass := errors.Is(err, apperror.ErrUnavailable) && limit.Err() == nil
	if !pass {
		t.Errorf("nested use answered %v (deadline: %v)", err, limit.Err())
	}
	fmt.Println(figure("R-10/postgres", 0, pass))

	short, end := context.WithTimeout(ctx, 200*time.Millisecond)
	defer end()
	held, err := d.AppPool().Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if _, err := d.AppPool().Acquire(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("red proof: the bare pool answered %v", err)
	}
}
