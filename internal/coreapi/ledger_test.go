package coreapi_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// ledgerSQL watches a database from outside the product: triggers of the superuser note every changed domain row, every audit row
// and every event with the transaction that made it, so that the three can be compared fact by fact. What a rollback takes
// back is taken back here too. An update of nothing but bookkeeping columns is no change.
const ledgerSQL = `
CREATE SCHEMA watch;
CREATE TABLE watch.noted (tx bigint, kind text, entity text, id text, action text, org text, actor text, request text, moved text[]);
CREATE FUNCTION watch.row_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    n jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    r jsonb := CASE WHEN TG_OP = 'DELETE' THEN o ELSE n END;
    moved text[];
    entity text := regexp_replace(regexp_replace(TG_TABLE_NAME, 'ies$', 'y'), '([^s])s$', '\1');
BEGIN
    SELECT array_agg(k ORDER BY k) INTO moved FROM jsonb_object_keys(o || n) k WHERE o -> k IS DISTINCT FROM n -> k
       AND k NOT IN ('updated_at', 'row_version', 'last_activity_at', 'last_used_at', 'last_checked_at', 'last_login_at');
    IF TG_OP = 'UPDATE' AND moved IS NULL THEN RETURN NULL; END IF;
    IF TG_TABLE_NAME = 'organization_settings' THEN entity := 'organization'; END IF;
    INSERT INTO watch.noted VALUES (txid_current(), 'change', entity,
        COALESCE(r ->> 'id', r ->> 'organization_id'),
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'delete' END,
        CASE WHEN TG_TABLE_NAME = 'organizations' THEN r ->> 'id' ELSE COALESCE(r ->> 'organization_id', '') END,
        COALESCE(current_setting('app.current_user_id', true), ''), '', moved);
    RETURN NULL;
END $$;
CREATE FUNCTION watch.audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.result = 'success' AND NEW.action NOT IN ('read', 'export', 'login') THEN
        INSERT INTO watch.noted VALUES (txid_current(), 'audit', NEW.entity_type, NEW.entity_id, NEW.action, COALESCE(NEW.organization_id::text, ''),
            COALESCE(NEW.actor_user_id::text, ''), COALESCE(NEW.request_id, ''), NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION watch.published() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO watch.noted VALUES (txid_current(), 'event', NEW.aggregate_type, NEW.aggregate_id::text, NEW.type, COALESCE(NEW.organization_id::text, ''),
        COALESCE(NEW.actor_id::text, ''), COALESCE(NEW.correlation_id, ''), NULL);
    RETURN NULL;
END $$;
GRANT USAGE ON SCHEMA watch TO PUBLIC;
CREATE TRIGGER watch AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION watch.audited();
CREATE TRIGGER watch AFTER INSERT ON outbox_events FOR EACH ROW EXECUTE FUNCTION watch.published();
DO $$ DECLARE t text; BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN
        ('audit_log', 'audit_heads', 'outbox_events', 'event_consumers', 'idempotency_keys', 'security_events', 'hold_events', 'schema_migrations') LOOP
        EXECUTE format('CREATE TRIGGER watch AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION watch.row_changed()', t);
    END LOOP;
END $$;`

// noted is one line of the ledger.
type noted struct {
	Tx                                              int64
	Kind, Entity, ID, Action, Org, Actor, RequestID string
	Moved                                           []string
}

// fact is what a change and its audit row must agree on.
func (n noted) fact() string {
	return fmt.Sprintf("tx %d: %s %s %s of %q by %q", n.Tx, n.Action, n.Entity, n.ID, n.Org, n.Actor)
}

func watch(t *testing.T, d *pgtest.Database) {
	t.Helper()
	if _, err := d.Super(t).Exec(t.Context(), ledgerSQL); err != nil {
		t.Fatalf("watch: %v", err)
	}
}

func ledgerOf(t *testing.T, d *pgtest.Database) []noted {
	t.Helper()
	rows, err := d.Super(t).Query(t.Context(), "SELECT tx, kind, entity, id, action, org, actor, request, moved FROM watch.noted")
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[noted])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sent is what the client knows about one request that it sent.
type sent struct {
	actor, org string
	mutates    bool
	answer     apitest.Answer
}

// unbalanced compares the multisets of figure L-1 and answers every fact that only one side has, every audit row whose actor or clinic is not
// that of the request it names, and every acknowledged change without a row.
func unbalanced(ledger []noted, requests map[string]sent) []string {
	balance := map[string]int{}
	audited := map[string]bool{}
	changedIn := map[string]bool{}
	var wrong []string
	for _, n := range ledger {
		switch n.Kind {
		case "change":
			if entity := n.fact(); !changedIn[entity] { // a clinic and its settings are one entity
				changedIn[entity] = true
				balance[entity]++
			}
		case "audit":
			balance[n.fact()]--
			audited[n.RequestID] = true
			r, known := requests[n.RequestID]
			if known && (r.actor != n.Actor || r.org != n.Org && n.Entity != "user") {
				wrong = append(wrong, fmt.Sprintf("%s, but the request came from %s in %s", n.fact(), r.actor, r.org))
			}
			if !known && (len(n.RequestID) < 4 || n.RequestID[:4] != "job:") {
				wrong = append(wrong, n.fact()+" names no request: "+n.RequestID)
			}
			if known && r.answer.Status >= 400 && r.answer.Status < 500 {
				wrong = append(wrong, fmt.Sprintf("%s although it was refused with %d", n.fact(), r.answer.Status))
			}
		}
	}
	for fact, n := range balance {
		if n != 0 {
			wrong = append(wrong, fmt.Sprintf("%s: changes without a row %+d", fact, n))
		}
	}
	for id, r := range requests {
		if r.mutates && r.answer.Status < 300 && !audited[id] {
			wrong = append(wrong, fmt.Sprintf("%s was acknowledged and is not in the trail", r.answer))
		}
	}
	slices.Sort(wrong)
	return wrong
}

// eventOf names the event that a change of a row must publish in its transaction (product/07), or "".
func eventOf(n noted) string {
	switch {
	case n.Entity == "staff_invitation" && (n.Action == "create" || slices.Contains(n.Moved, "expires_at")):
		return "member.invited"
	case n.Entity == "user_organization" && n.Action == "create":
		return "member.joined"
	case n.Entity == "user_organization" && n.Action == "update":
		return "member.role_changed"
	case n.Entity == "organization_domain" && n.Action == "delete":
		return "domain.removed"
	case n.Entity == "organization_domain" && n.Action == "update" && slices.Contains(n.Moved, "verified_at"):
		return "domain.verified"
	case n.Entity == "break_glass_grant" && n.Action == "create":
		return "break_glass.opened"
	}
	return ""
}

// unannounced compares changes and events (figure D-2) by transaction, type and clinic.
func unannounced(ledger []noted) []string {
	balance := map[string]int{}
	for _, n := range ledger {
		switch n.Kind {
		case "change":
			if e := eventOf(n); e != "" {
				balance[fmt.Sprintf("tx %d: %s in %q", n.Tx, e, n.Org)]++
			}
		case "event":
			balance[fmt.Sprintf("tx %d: %s in %q", n.Tx, n.Action, n.Org)]--
		}
	}
	var wrong []string
	for fact, n := range balance {
		if n != 0 {
			wrong = append(wrong, fmt.Sprintf("%s: changes without an event %+d", fact, n))
		}
	}
	slices.Sort(wrong)
	return wrong
}
