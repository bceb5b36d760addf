package coreapi_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// printFigure writes the one line of a figure and fails the test when the figure is missed.
func printFigure(t *testing.T, id, value string, pass bool) {
	t.Helper()
	verdict := "pass"
	if !pass {
		verdict = "fail"
		t.Errorf("figure %s missed: %s", id, value)
	}
	fmt.Printf("FIGURE %s %s %s\n", id, value, verdict)
}

// report logs the first few of many findings.
func report(t *testing.T, findings []string) {
	t.Helper()
	for i, f := range findings {
		if i == 40 {
			t.Logf("... and %d more", len(findings)-i)
			return
		}
		t.Log(f)
	}
}

// TestFigureL1_D2 is L-1 and D-2: under mixed requests with killed database sessions, what changed, what the trail says and what was
// published are the same facts. CI runs 6,000 requests (printed /short); NIGHTLY=1 runs the 50,000 of the figure.
// Seen red by a row that is changed past the product (a change without a row and without an event), and by an audit row and an
// event about nothing, each planted into the same database and found by the same comparison.
func TestFigureL1_D2(t *testing.T) {
	t.Parallel()
	total, suffix := 6_000, "/short"
	if os.Getenv("NIGHTLY") != "" {
		total, suffix = 50_000, ""
	}
	api := apitest.Boot(t, apitest.Options{Environment: openLimits(t)})
	foreign := api.Clinic("foreign").ID.String()
	var mixers []*mixer
	for i := range 6 {
		mixers = append(mixers, newMixer(t, api, i, foreign))
	}
	watch(t, api.DB)

	requests, kills := mixed(t, api, mixers, total, 60)

	ledger := ledgerOf(t, api.DB)
	wrong, quiet := unbalanced(ledger, requests), unannounced(ledger)
	report(t, wrong)
	report(t, quiet)
	changes, events := 0, 0
	for _, n := range ledger {
		switch n.Kind {
		case "change":
			changes++
		case "event":
			events++
		}
	}
	enough := len(requests) >= total && kills > 0 && changes > total/5 && events > total/50
	printFigure(t, "L-1"+suffix, fmt.Sprintf("unbalanced=%d,requests=%d,changes=%d,kills=%d", len(wrong), len(requests), changes, kills), enough && len(wrong) == 0)
	printFigure(t, "D-2"+suffix, fmt.Sprintf("unbalanced=%d,events=%d", len(quiet), events), enough && len(quiet) == 0)

	redLedger(t, api, mixers[0].org, requests)
}

// redLedger plants what the comparison exists for.
func redLedger(t *testing.T, api *apitest.API, org string, requests map[string]sent) {
	t.Helper()
	for name, c := range map[string]struct {
		sql         string
		audit, fact bool
	}{
		"a change nobody recorded":      {"UPDATE user_organizations SET role = 'customer_support', status = 'suspended' WHERE organization_id = $1 AND role <> 'admin'", true, true},
		"a row about nothing":           {"INSERT INTO watch.noted SELECT 1, 'audit', 'organization', $1, 'update', $1, '', 'job:1', NULL", true, false},
		"an event about nothing":        {"INSERT INTO watch.noted SELECT 2, 'event', 'user', $1, 'member.joined', $1, '', '', NULL", false, true},
		"a row that names no request":   {"INSERT INTO watch.noted SELECT 3, k, 'organization', $1, 'update', $1, '', '', NULL FROM unnest(ARRAY['change', 'audit']) k", true, false},
		"a row for a request of others": {"INSERT INTO watch.noted SELECT 4, k, 'organization', $1, 'update', $1, 'nobody', $2, NULL FROM unnest(ARRAY['change', 'audit']) k", true, false},
	} {
		before := ledgerOf(t, api.DB)
		args := []any{org}
		if name == "a row for a request of others" {
			for id := range requests {
				args = append(args, id)
				break
			}
		}
		if _, err := api.DB.Super(t).Exec(t.Context(), c.sql, args...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after := ledgerOf(t, api.DB)
		if found := len(unbalanced(after, requests)) > len(unbalanced(before, requests)); found != c.audit {
			t.Errorf("red proof, %s: found by L-1 %v, want %v", name, found, c.audit)
		}
		if found := len(unannounced(after)) > len(unannounced(before)); found != c.fact {
			t.Errorf("red proof, %s: found by D-2 %v, want %v", name, found, c.fact)
		}
	}
}

// TestTrail_withoutRowNoChange is the second half of L-1: when the audit row cannot be written, nothing else is.
// Verifies AUD-01
func TestTrail_withoutRowNoChange(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Environment: openLimits(t), Quiet: true})
	m := newMixer(t, api, 1, api.Clinic("foreign").ID.String())
	for range 40 { // so that there is something to change and to delete
		m.step()
	}
	_, err := api.DB.Super(t).Exec(t.Context(), `CREATE FUNCTION break_trail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
		CREATE TRIGGER aa_broken BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION break_trail()`)
	if err != nil {
		t.Fatal(err)
	}
	before := api.DB.Snapshot(t)
	m.requests = map[string]sent{}

	for range 120 {
		m.step()
	}

	changes := diffDomain(t, api, before)
	for _, c := range changes {
		t.Errorf("%s %s was kept without its audit row", c.Kind, c.Table)
	}
	failed := 0
	for _, r := range m.requests {
		if r.mutates && r.answer.Status < 300 {
			t.Errorf("%s was acknowledged without its audit row", r.answer)
		}
		if r.answer.Status == http.StatusInternalServerError {
			failed++
		}
	}
	printFigure(t, "L-1/rollback", fmt.Sprintf("kept=%d,failed=%d", len(changes), failed), len(changes) == 0 && failed > 20)

	// Red proof: with the trail repaired the same requests do change rows, so the empty difference above means something.
	if _, err := api.DB.Super(t).Exec(t.Context(), "DROP TRIGGER aa_broken ON audit_log"); err != nil {
		t.Fatal(err)
	}
	for range 40 {
		m.step()
	}
	if len(diffDomain(t, api, before)) == 0 {
		t.Error("red proof: nothing changed although the trail works")
	}
}

func diffDomain(t *testing.T, api *apitest.API, before pgtest.Snapshot) pgtest.Changes {
	t.Helper()
	return pgtest.Diff(t, before, api.DB.Snapshot(t)).Domain()
}
