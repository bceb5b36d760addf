package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// chainKit is a database with clinics and a trail over it.
type chainKit struct {
	*pgtest.Database
	trail *audit.Trail
	orgs  []ident.OrgID
}

func newChainKit(t *testing.T, clinics int) *chainKit {
	t.Helper()
	doc, err := audit.GenerateKeys(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.ParseKeys(doc)
	if err != nil {
		t.Fatal(err)
	}
	k := &chainKit{Database: pgtest.New(t, pgtest.PoolSize(32))}
	k.trail = audit.NewTrail(k.DB, keys, slog.New(slog.DiscardHandler))
	for i := range clinics {
		org := ident.New[ident.Organization]()
		if _, err := k.Admin(t).Exec(t.Context(), "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, 'Clinic')", org, fmt.Sprintf("clinic-%d", i)); err != nil {
			t.Fatal(err)
		}
		k.orgs = append(k.orgs, org)
	}
	return k
}

func (k *chainKit) as(ctx context.Context, org ident.OrgID) context.Context {
	ctx = auth.WithRequest(ctx, auth.Request{ID: ident.New[audit.Row]().String(), IP: "192.0.2.7", UserAgent: "test"})
	return auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorUser, Role: auth.Admin, OrgID: org, UserID: ident.New[ident.User]()})
}

func (k *chainKit) write(ctx context.Context, org ident.OrgID, rows int) error {
	return k.InTx(k.as(ctx, org), func(tx *postgres.Tx) error {
		for range rows {
			k.trail.RecordTx(ctx, tx, audit.Entry{
				Action: "update", EntityType: "organization", EntityID: org.String(),
				Changes: map[string]audit.Change{"name": {"before", "after"}},
			})
		}
		return nil
	})
}

func (k *chainKit) verify(t *testing.T, org ident.OrgID) audit.Finding {
	t.Helper()
	ctx := auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.ActorSystem, Role: auth.Superadmin})
	f, err := k.trail.VerifyOrg(ctx, org, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTrail_roundTripThroughTheDatabaseVerifies(t *testing.T) {
	t.Parallel()
	k := newChainKit(t, 2)
	for i := range 20 {
		if err := k.write(t.Context(), k.orgs[i%2], 1+i%3); err != nil {
			t.Fatal(err)
		}
	}
	for _, org := range k.orgs {
		if f := k.verify(t, org); f.Kind != audit.OK {
			t.Errorf("chain of %s: %s", org, f)
		}
	}
}

func TestTrail_aChangeWithoutItsRowDoesNotCommit(t *testing.T) {
	t.Parallel()
	k := newChainKit(t, 1)
	ctx := k.as(t.Context(), k.orgs[0])
	// Planted: the trail's function is gone, as if the audit insert failed.
	if _, err := k.Super(t).Exec(t.Context(), "ALTER FUNCTION audit_append(jsonb) RENAME TO audit_append_gone"); err != nil {
		t.Fatal(err)
	}

	err := k.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE organizations SET name = 'changed'"); err != nil {
			return err
		}
		k.trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "organization"})
		return nil
	})

	var name string
	if scan := k.Admin(t).QueryRow(t.Context(), "SELECT name FROM organizations").Scan(&name); scan != nil {
		t.Fatal(scan)
	}
	if err == nil || name == "changed" {
		t.Errorf("committed without a row: %v, name %q", err, name)
	}
}

// The figure L-4: 64 writers on one clinic and seven others make one chain each, without fork or gap, and a reader never sees a
// broken chain on the way. Seen red below: a writer that does not take the chain's lock is refused by the head check, so
// the planted fault removes that check and forks the chain.
func TestTrail_manyWritersOneChain(t *testing.T) {
	t.Parallel()
	const writers, each = 64, 1000
	k := newChainKit(t, 8)
	began := time.Now()
	stop := make(chan struct{})
	broken := make(chan string, 1)
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if f := k.verify(t, k.orgs[0]); f.Kind != audit.OK {
				select {
				case broken <- f.String():
				default:
				}
			}
		}
	})
	var wg sync.WaitGroup
	errs := make(chan error, writers)
	for w := range writers {
		wg.Go(func() {
			for done := 0; done < each; done += 20 {
				// The first clinic gets every eighth writer; its rows come in transactions of twenty entries.
				if err := retryFull(func() error { return k.write(t.Context(), k.orgs[w%len(k.orgs)], 20) }); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	reader.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	rate := float64(writers*each) / time.Since(began).Seconds()
	verdict := "pass"
	select {
	case f := <-broken:
		t.Errorf("a reader saw a broken chain: %s", f)
		verdict = "fail"
	default:
	}
	for _, org := range k.orgs {
		f := k.verify(t, org)
		if f.Kind != audit.OK || f.Rows != writers/8*each {
			t.Errorf("chain of %s: %s, %d rows", org, f, f.Rows)
			verdict = "fail"
		}
	}
	if t.Failed() {
		verdict = "fail"
	}
	fmt.Printf("FIGURE L-4 %d_rows,%.0f/s,0_forks %s\n", writers*each, rate, verdict)
	plantFork(t)
}

// retryFull repeats a write that met a full pool; the figure is about the chain, not about admission.
func retryFull(write func() error) error {
	for {
		err := write()
		if err == nil || !strings.Contains(err.Error(), "dependency_unavailable") {
			return err
		}
	}
}

// plantFork shows that the check would see a fork: without the lock and the head check two writers build on one link.
func plantFork(t *testing.T) {
	t.Helper()
	k := newChainKit(t, 1)
	if err := k.write(t.Context(), k.orgs[0], 3); err != nil {
		t.Fatal(err)
	}
	super := k.Super(t)
	for _, sql := range []string{
		"ALTER TABLE audit_log DISABLE TRIGGER ALL",
		"DROP INDEX audit_log_chain",
		`INSERT INTO audit_log SELECT gen_random_uuid(), organization_id, seq, occurred_at, actor_user_id, actor_role, actor_kind, action,
			entity_type, entity_id, patient_id, changes, result, http_status, route, ip, user_agent_hash, request_id, correlation_id,
			action_context, break_glass_id, impersonation_id, reason, prev_hash, payload_hash, row_mac, key_id FROM audit_log WHERE seq = 3`,
	} {
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if f := k.verify(t, k.orgs[0]); f.Kind == audit.OK {
		t.Error("the planted fork was not seen")
	}
}

// The figure L-3 on the stored chain: eight kinds of tampering at twenty places, done by an owner who switches the triggers off.
// The last-rows and whole-chain kinds are found by the anchor that lies outside the database. Seen red: an untouched
// chain verifies, so a verifier that always complains fails too.
func TestTrail_everyTamperingIsFound(t *testing.T) {
	t.Parallel()
	k := newChainKit(t, 1)
	for range 12 {
		if err := k.write(t.Context(), k.orgs[0], 5); err != nil {
			t.Fatal(err)
		}
	}
	anchors := k.anchor(t)
	if f := k.verifyAnchored(t, anchors); f.Kind != audit.OK {
		t.Fatalf("the untouched chain: %s", f)
	}
	super := k.Super(t)
	if _, err := super.Exec(t.Context(), "ALTER TABLE audit_log DISABLE TRIGGER ALL; DROP INDEX audit_log_chain; ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey"); err != nil {
		t.Fatal(err)
	}
	found, total := 0, 0
	for name, sql := range tamperings() {
		for place := range 20 {
			total++
			if k.tampered(t, super, anchors, fmt.Sprintf(sql, 3*place+1)) {
				found++
			} else {
				t.Errorf("%s at %d was not found", name, 3*place+1)
			}
		}
	}
	verdict := "pass"
	if found != total || total != 160 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE L-3 %d/%d %s\n", found, total, verdict)
}

func tamperings() map[string]string {
	return map[string]string{
		"edit":          "UPDATE audit_log SET reason = 'x' WHERE seq = %d",
		"delete middle": "DELETE FROM audit_log WHERE seq = %d",
		"delete tail":   "DELETE FROM audit_log WHERE seq >= %d",
		"delete all":    "DELETE FROM audit_log WHERE seq > 0 * %d",
		"reorder":       "UPDATE audit_log SET seq = CASE seq WHEN %[1]d THEN %[1]d + 1 ELSE %[1]d END WHERE seq IN (%[1]d, %[1]d + 1)",
		"insert":        "INSERT INTO audit_log SELECT gen_random_uuid(), organization_id, 61 + 0 * %d, occurred_at, actor_user_id, actor_role, actor_kind, 'read', entity_type, entity_id, patient_id, changes, result, http_status, route, ip, user_agent_hash, request_id, correlation_id, action_context, break_glass_id, impersonation_id, reason, row_mac, payload_hash, sha256(row_mac), key_id FROM audit_log WHERE seq = 60",
		"duplicate":     "INSERT INTO audit_log SELECT * FROM audit_log WHERE seq = %d",
		"rewrite whole": "UPDATE audit_log SET reason = 'x', payload_hash = sha256(payload_hash), prev_hash = sha256(prev_hash), row_mac = sha256(row_mac) WHERE seq > 0 * %d",
	}
}

// tampered applies one tampering, verifies, and undoes it.
func (k *chainKit) tampered(t *testing.T, super *pgx.Conn, anchors []audit.Anchor, sql string) bool {
	t.Helper()
	if _, err := super.Exec(t.Context(), "CREATE TABLE kept AS SELECT * FROM audit_log"); err != nil {
		t.Fatal(err)
	}
	if _, err := super.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	finding := k.verifyAnchored(t, anchors)
	if _, err := super.Exec(t.Context(), "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept; DROP TABLE kept"); err != nil {
		t.Fatal(err)
	}
	return finding.Kind != audit.OK
}

func (k *chainKit) anchor(t *testing.T) []audit.Anchor {
	t.Helper()
	ctx := auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.ActorSystem, Role: auth.Superadmin})
	file := t.TempDir() + "/anchors"
	if err := k.trail.Anchor(ctx, file, time.Now()); err != nil {
		t.Fatal(err)
	}
	anchors, err := k.trail.Anchors(file)
	if err != nil || len(anchors) != 1 {
		t.Fatalf("anchors: %v, %v", anchors, err)
	}
	return anchors
}

func (k *chainKit) verifyAnchored(t *testing.T, anchors []audit.Anchor) audit.Finding {
	t.Helper()
	ctx := auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.ActorSystem, Role: auth.Superadmin})
	f, err := k.trail.VerifyOrg(ctx, k.orgs[0], anchors)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTrail_needsAContext(t *testing.T) {
	t.Parallel()
	k := newChainKit(t, 1)
	err := k.InTx(t.Context(), func(*postgres.Tx) error { return nil })
	if !errors.Is(err, postgres.ErrNoPrincipal) {
		t.Errorf("a transaction without a principal answers %v", err)
	}
}
