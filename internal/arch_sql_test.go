package internal_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

var (
	sqlStart = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|WITH)\s`)
	sqlWrite = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\s+([a-z_]+)`)
	sqlRead  = regexp.MustCompile(`\b(?:FROM|JOIN)\s+([a-z_]+)`)
)

// isSQL reports a statement; our SQL has its keywords in capitals.
func isSQL(text string) bool { return sqlStart.MatchString(text) }

// r4 gives each table one owner: only its store*.go writes it, and only its package reads it unless a committed line says why.
func r4(sources []source, owners, excused map[string]string) []string {
	var out []string
	for _, s := range production(sources) {
		for lit, text := range s.literals() {
			for _, m := range sqlWrite.FindAllStringSubmatch(text, -1) {
				owner, known := owners[m[1]]
				_, ok := excused["write "+s.Package()+" "+m[1]]
				inStore := owner == s.Package() && strings.HasPrefix(s.Name(), "store")
				if known && !ok && !inStore {
					out = append(out, fmt.Sprintf("R4 %s writes %s, which belongs to %s/store*.go", s.at(lit.Pos()), m[1], owner))
				}
			}
			for _, m := range sqlRead.FindAllStringSubmatch(text, -1) {
				owner, known := owners[m[1]]
				_, ok := excused["read "+s.Package()+" "+m[1]]
				if known && !ok && owner != s.Package() && s.Package() != "insight" && s.Package() != "privacy" {
					out = append(out, fmt.Sprintf("R4 %s reads %s, which belongs to %s", s.at(lit.Pos()), m[1], owner))
				}
			}
		}
	}
	return out
}

// ownership reads testdata/tables.txt: "own <package> <table>", "read <package> <table>", "write <package> <table>".
func ownership(t *testing.T) (owners, excused map[string]string) {
	t.Helper()
	owners, excused = map[string]string{}, map[string]string{}
	for entry, reason := range committed(t, "tables.txt") {
		words := strings.Fields(entry)
		if len(words) != 3 {
			t.Fatalf("tables.txt: %q is not '<own|read|write> <package> <table> -- <reason>'", entry)
		}
		if words[0] == "own" {
			owners[words[2]] = words[1]
			continue
		}
		excused[entry] = reason
	}
	return owners, excused
}

func TestTables_haveOneOwner(t *testing.T) {
	t.Parallel()
	owners, excused := ownership(t)
	made := map[string]bool{}
	for _, name := range migratedTables(t) {
		made[name] = true
		if owners[name] == "" {
			t.Errorf("table %s has no owner in testdata/tables.txt", name)
		}
	}
	for name, owner := range owners {
		if !made[name] {
			t.Errorf("testdata/tables.txt names %s, which no migration makes", name)
		}
		if rank(owner) < 0 {
			t.Errorf("testdata/tables.txt: %s is no package of the order", owner)
		}
	}
	report(t, r4(tree(t), owners, excused))

	planted := []source{
		planted(t, "internal/booking/store.go", "package booking\nconst q = `UPDATE users SET name = $1`"),
		planted(t, "internal/identity/rename.go", "package identity\nconst q = `INSERT INTO users (id) VALUES ($1)`"),
		planted(t, "internal/booking/store_b.go", "package booking\nconst q = `SELECT 1 FROM appointments a JOIN users u ON true`"),
		planted(t, "internal/insight/store.go", "package insight\nconst q = `SELECT 1 FROM users`"),
		planted(t, "internal/identity/store.go", "package identity\nconst q = `DELETE FROM users`"),
	}
	var writes, reads []string
	for _, f := range r4(planted, map[string]string{"users": "identity"}, nil) {
		if strings.Contains(f, " writes ") {
			writes = append(writes, f)
		} else {
			reads = append(reads, f)
		}
	}
	mustFind(t, writes, "booking/store.go:2", "identity/rename.go:2")
	mustFind(t, reads, "booking/store_b.go:2")
}

// scopeMethods widen what a transaction may see; every call site has a committed reason.
func scopeMethods() []string {
	return []string{"InTxAsSystem", "InSigninTx", "InPlatformTx", "AsSystemOf"}
}

// scopeSites are the call sites as "<method> <package>.<function>".
func scopeSites(sources []source) map[string]string {
	out := map[string]string{}
	for _, s := range production(sources) {
		if s.Package() == "postgres" {
			continue
		}
		for _, d := range s.File.Decls {
			name := "init"
			if f, ok := d.(*ast.FuncDecl); ok {
				name = f.Name.Name
			}
			ast.Inspect(d, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				for _, m := range scopeMethods() {
					if sel.Sel.Name == m {
						out[fmt.Sprintf("%s %s.%s", m, s.Package(), name)] = s.at(sel.Pos())
					}
				}
				return true
			})
		}
	}
	return out
}

// unlisted compares the call sites with the committed list in both directions. The whole of the package signin may open the sign-in
// scope, because that scope reaches nothing but its functions.
func unlisted(sites, list map[string]string) []string {
	var out []string
	used := map[string]bool{}
	for site, at := range sites {
		entry := site
		if _, ok := list[site]; !ok && strings.HasPrefix(site, "InSigninTx ") {
			entry = site[:strings.LastIndex(site, ".")] + ".*"
		}
		if _, ok := list[entry]; !ok {
			out = append(out, fmt.Sprintf("%s: %q is not in testdata/scopes.txt", at, site))
		}
		used[entry] = true
	}
	for entry := range list {
		if !used[entry] {
			out = append(out, fmt.Sprintf("testdata/scopes.txt lists %q, which nobody calls", entry))
		}
	}
	return out
}

// TestScopes is the code half of figure T-12.
// Seen red: an unlisted call and a stale line, planted below.
func TestScopes(t *testing.T) {
	t.Parallel()
	found := unlisted(scopeSites(tree(t)), committed(t, "scopes.txt"))
	report(t, found)
	verdict := "pass"
	if len(found) > 0 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE T-12/code %d %s\n", len(found), verdict)

	sites := scopeSites([]source{planted(t, "internal/booking/place.go", "package booking\nfunc (s *Service) Place() { s.db.InPlatformTx(ctx, org, nil) }")})
	mustFind(t, unlisted(sites, map[string]string{"InTxAsSystem booking.Gone": "x"}), `"InPlatformTx booking.Place" is not in`, `"InTxAsSystem booking.Gone", which nobody`)
}
