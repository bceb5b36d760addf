package coreapi_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/httpapi"
)

// updateAccess rewrites the expected table from live answers; the difference is then read like any other change.
var updateAccess = flag.Bool("update-access", false, "rewrite testdata/access.txt")

const accessFile = "testdata/access.txt"

// caller is one principal of the table, seen from clinic A.
type caller struct {
	name   string
	client apitest.Client
}

func (w *world) callers() []caller {
	as := func(c apitest.Clinic, role auth.Role, app auth.App) apitest.Client {
		return w.api.As(w.people[c.ID][role]).App(app)
	}
	return []caller{
		{"anonymous", w.api.Anonymous()},
		{"patient", as(w.a, auth.Patient, auth.Portal)},
		{"patient_of_b", as(w.b, auth.Patient, auth.Portal)},
		{"specialist", as(w.a, auth.Specialist, auth.Clinic)},
		{"support", as(w.a, auth.CustomerSupport, auth.Clinic)},
		{"admin", as(w.a, auth.Admin, auth.Clinic)},
		{"admin_of_b", as(w.b, auth.Admin, auth.Clinic)},
		{"superadmin", w.api.AsSuperadmin()},
		{"blocked", w.api.As(w.blocked).App(auth.Clinic)},
		{"narrow_key", w.api.Anonymous().With("Authorization", "Bearer "+w.key)},
	}
}

// columns are the four ways to name a clinic: A, B, A's header with B's rows, and no header with A's rows.
func columns() []string { return []string{"own", "other", "cross", "none"} }

func (w *world) cell(e httpapi.Endpoint, c caller, column string) string {
	about, client := w.a, c.client
	switch column {
	case "own":
		client = client.In(w.a.ID)
	case "other":
		about, client = w.b, client.In(w.b.ID)
	case "cross":
		about, client = w.b, client.In(w.a.ID)
	}
	return outcome(w.right(e.Method, e.Path, e.ID, about).by(client))
}

// outcome is the status, and the code where there is one.
func outcome(a apitest.Answer) string {
	if code := a.Code(); code != "" {
		return fmt.Sprintf("%d:%s", a.Status, code)
	}
	return fmt.Sprint(a.Status)
}

// liveTable asks every operation as every caller in every column: one line per operation and caller.
func (w *world) liveTable() []string {
	var lines []string
	callers := w.callers()
	for _, e := range w.api.App.Routes() {
		for _, c := range callers {
			line := e.ID + " " + c.name
			for _, column := range columns() {
				line += " " + column + "=" + w.cell(e, c, column)
			}
			lines = append(lines, line)
		}
		if strings.Contains(e.ID, "break-glass") { // no later operation is read under a grant that this one opened
			w.exec("UPDATE break_glass_grants SET ended_at = now() WHERE ended_at IS NULL")
			w.api.Clock.Advance(2 * time.Second)
		}
	}
	slices.Sort(lines)
	return lines
}

func readTable(t *testing.T) []string {
	t.Helper()
	doc, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for s := bufio.NewScanner(bytes.NewReader(doc)); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// wrongCells compares live answers with the expected table, both ways.
func wrongCells(live, expected []string) []string {
	key := func(line string) string { f := strings.Fields(line); return f[0] + " " + f[1] }
	index := func(lines []string) map[string]string {
		out := map[string]string{}
		for _, l := range lines {
			out[key(l)] = l
		}
		return out
	}
	was, is := index(expected), index(live)
	var out []string
	for k, line := range is {
		switch want, known := was[k]; {
		case !known:
			out = append(out, k+" has no line in the table")
		case want != line:
			out = append(out, "answers "+line+"\n   expected "+want)
		}
	}
	for k := range was {
		if _, still := is[k]; !still {
			out = append(out, k+" is in the table and nowhere else")
		}
	}
	if len(was) != len(expected) {
		out = append(out, "the table says something twice")
	}
	slices.Sort(out)
	return out
}

// Verifies AUTH-09: every operation × 10 callers × 4 ways to name the clinic answers what testdata/access.txt says.
// Seen red: an operation without a line, a line without an operation, and one changed cell are each named below.
func TestAccess_table(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	live := w.liveTable()
	if *updateAccess {
		head := "# Who gets what: operation, caller, then the answer for clinic A, for clinic B, for B's rows named through A, and without a clinic.\n"
		if err := os.WriteFile(accessFile, []byte(head+strings.Join(live, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expected := readTable(t)
	wrong := wrongCells(live, expected)
	for _, one := range wrong {
		t.Error(one)
	}
	t.Run("an operation without a line is named", func(t *testing.T) {
		t.Parallel()
		grown := append(slices.Clone(live), "read-everything admin own=200 other=200 cross=200 none=200")
		if got := wrongCells(grown, expected); len(got) != len(wrong)+1 || !strings.Contains(strings.Join(got, "\n"), "read-everything") {
			t.Errorf("not named: %v", got)
		}
	})
	t.Run("a line without an operation is named", func(t *testing.T) {
		t.Parallel()
		if got := wrongCells(live[1:], expected); len(got) != len(wrong)+1 {
			t.Errorf("not named: %v", got)
		}
	})
	t.Run("a wrong cell is named", func(t *testing.T) {
		t.Parallel()
		opened := slices.Clone(live)
		i := slices.IndexFunc(opened, func(l string) bool { return strings.HasPrefix(l, "list-members patient ") })
		opened[i] = strings.Replace(opened[i], "own=403:forbidden", "own=200", 1)
		if got := wrongCells(opened, expected); len(got) != len(wrong)+1 {
			t.Errorf("not named: %v", got)
		}
	})
	figure(t, "A-1", fmt.Sprintf("wrong=%d,cells=%d", len(wrong), len(live)*len(columns())), len(wrong) == 0)
}

// refusals are what the edge says before a use case runs.
func refusals() []string {
	return []string{
		"401:unauthorized", "403:forbidden", "403:user_blocked", "403:not_a_member", "403:mfa_required", "403:scope_missing",
		"403:break_glass_required", "403:impersonation_forbidden", "400:organization_required", "404:organization_not_found",
	}
}

// ruled is what the permission table and the audience demand of a caller in clinic A: one refusal, or "" for none.
func ruled(e httpapi.Endpoint, caller string, table map[auth.Permission]map[auth.Role]auth.Access) string {
	if e.Audience == httpapi.Open || e.Audience == httpapi.Public {
		return ""
	}
	switch caller {
	case "anonymous":
		return "401:unauthorized"
	case "blocked":
		return "403:user_blocked"
	case "narrow_key":
		if e.Scope == "services:read" { // the one that it has
			return ""
		}
		if e.Audience == httpapi.Member {
			return "403:scope_missing"
		}
		return "403:forbidden"
	case "patient_of_b", "admin_of_b":
		if e.Audience == httpapi.Platform {
			return "403:forbidden"
		}
		return "403:not_a_member"
	}
	role := map[string]auth.Role{"support": auth.CustomerSupport}[caller]
	if role == "" {
		role = auth.Role(caller)
	}
	if e.Audience == httpapi.Platform && role != auth.Superadmin {
		return "403:forbidden"
	}
	// The platform's own trail is an operator's to read; a clinic's is read under a grant.
	if trail := e.Permission == auth.AuditRead || e.Permission == auth.SecurityEventRead; trail && role == auth.Superadmin {
		return "403:break_glass_required"
	}
	switch table[e.Permission][role] {
	case auth.Allow, auth.Own, auth.Linked:
		return ""
	case auth.Granted:
		return "403:break_glass_required"
	case auth.Deny:
	}
	return "403:forbidden"
}

func unruled(endpoints []httpapi.Endpoint, lines []string, table map[auth.Permission]map[auth.Role]auth.Access) []string {
	var out []string
	for _, e := range endpoints {
		for _, line := range lines {
			f := strings.Fields(line)
			// Two use cases say more than the table: an operator may choose a clinic as anybody may and then belongs to none, and
			// acknowledges the platform's own events only.
			operator := f[1] == "superadmin" && (f[0] == "switch-organization" || f[0] == "acknowledge-security-event")
			if f[0] != e.ID || operator {
				continue
			}
			want, got := ruled(e, f[1], table), strings.TrimPrefix(f[2], "own=")
			if want != "" && got != want || want == "" && slices.Contains(refusals(), got) {
				out = append(out, fmt.Sprintf("%s %s: the table of permissions says %q, the file %q", e.ID, f[1], want, got))
			}
		}
	}
	return out
}

// The expected table is no mere recording: the column of the own clinic follows from the permission table and the audience. Seen
// red: a permission given to patients, and one taken from admins.
func TestAccess_tableFollowsFromPermissions(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	routes, lines := api.App.Routes(), readTable(t)
	for _, one := range unruled(routes, lines, auth.Table()) {
		t.Error(one)
	}
	for name, plant := range map[string]func(map[auth.Permission]map[auth.Role]auth.Access){
		"patients read members":   func(p map[auth.Permission]map[auth.Role]auth.Access) { p[auth.MemberRead][auth.Patient] = auth.Own },
		"admins lose the domains": func(p map[auth.Permission]map[auth.Role]auth.Access) { p[auth.DomainManage][auth.Admin] = auth.Deny },
		"operators get the keys": func(p map[auth.Permission]map[auth.Role]auth.Access) {
			p[auth.AccessKeyManage][auth.Superadmin] = auth.Allow
		},
	} {
		planted := auth.Table()
		plant(planted)
		if len(unruled(routes, lines, planted)) == 0 {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// Nobody is refused what the positive cells promise: at least one caller gets a 2xx from every operation that is no sign-in.
func TestAccess_everyOperationServesSomebody(t *testing.T) {
	t.Parallel()
	served := map[string]bool{}
	for _, line := range readTable(t) {
		f := strings.Fields(line)
		served[f[0]] = served[f[0]] || slices.ContainsFunc(f[2:], func(cell string) bool { return strings.Contains(cell, "=2") })
	}
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	for _, e := range api.App.Routes() {
		if !served[e.ID] && !strings.HasPrefix(e.Path, "/v1/auth/") && e.Method != http.MethodTrace && e.ID != "end-login-session" {
			t.Errorf("%s serves nobody", e.ID)
		}
	}
}
