// Package internal_test holds the accounting tests: rules about the code as a whole that no single package can keep. It has no
// production code.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/restartix/platform/"

// source is one parsed Go file of the repository.
type source struct {
	// Path is relative to the module, with slashes, for example "internal/booking/store.go".
	Path  string
	File  *ast.File
	Set   *token.FileSet
	Lines int
}

// Dir is the package's path relative to the module.
func (s source) Dir() string { return path.Dir(s.Path) }

// Name is the file's base name.
func (s source) Name() string { return path.Base(s.Path) }

// Package is the path below internal/, or the whole path outside of it.
func (s source) Package() string { return strings.TrimPrefix(s.Dir(), "internal/") }

// IsTest reports a _test.go file.
func (s source) IsTest() bool { return strings.HasSuffix(s.Path, "_test.go") }

// at names a place for a finding.
func (s source) at(p token.Pos) string {
	return fmt.Sprintf("%s:%d", s.Path, s.Set.Position(p).Line)
}

// imports are the import paths; those of the module are relative to it.
func (s source) imports() []string {
	var out []string
	for _, i := range s.File.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			out = append(out, strings.TrimPrefix(p, module))
		}
	}
	return out
}

// literals are the string literals with their values.
func (s source) literals() map[*ast.BasicLit]string {
	out := map[*ast.BasicLit]string{}
	ast.Inspect(s.File, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if v, err := strconv.Unquote(lit.Value); err == nil {
				out[lit] = v
			}
		}
		return true
	})
	return out
}

// selectors calls fn for every x.Name with the local name x of a package or variable.
func (s source) selectors(fn func(x, name string, at token.Pos)) {
	ast.Inspect(s.File, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			x := ""
			if id, ok := sel.X.(*ast.Ident); ok {
				x = id.Name
			}
			fn(x, sel.Sel.Name, sel.Pos())
		}
		return true
	})
}

// planted parses a snippet as if it stood at the path; it is how each rule is seen red.
func planted(t *testing.T, at, code string) source {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, at, code, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return source{Path: at, File: file, Set: set, Lines: strings.Count(code, "\n")}
}

// tree parses every Go file of the module's own packages.
func tree(t *testing.T) []source {
	t.Helper()
	root := ".."
	var out []source
	for _, top := range []string{"cmd", "internal", "migrations"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && slices.Contains([]string{"testdata", "node_modules"}, d.Name()) {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(p, ".go") {
				return nil
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			out = append(out, planted(t, filepath.ToSlash(rel), string(b)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found: the rules would be green over nothing", len(out))
	}
	return out
}

// production keeps what is built into a program: neither tests nor the packages that only tests import.
func production(all []source) []source {
	return slices.DeleteFunc(slices.Clone(all), func(s source) bool { return s.IsTest() || isTestPackage(s.Package()) })
}

// isTestPackage reports packages such as pgtest and apitest.
func isTestPackage(pkg string) bool { return strings.HasSuffix(pkg, "test") }

// committed reads a file of testdata without blank lines and comments and splits off the reason.
func committed(t *testing.T, name string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.SplitSeq(string(b), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		entry, reason, found := strings.Cut(line, " -- ")
		if !found || strings.TrimSpace(reason) == "" {
			t.Fatalf("%s: %q has no reason", name, line)
		}
		out[strings.TrimSpace(entry)] = reason
	}
	return out
}

// report fails t for every finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	slices.Sort(findings)
	for _, f := range slices.Compact(findings) {
		t.Error(f)
	}
}

// mustFind is the red proof: the rule over the planted sources must name each of the words.
func mustFind(t *testing.T, findings []string, words ...string) {
	t.Helper()
	if len(findings) != len(words) {
		t.Errorf("planted %d faults, found %q", len(words), findings)
	}
	for _, w := range words {
		if !slices.ContainsFunc(findings, func(f string) bool { return strings.Contains(f, w) }) {
			t.Errorf("the planted fault %q went unseen: %q", w, findings)
		}
	}
}

var createTable = regexp.MustCompile(`(?m)^CREATE TABLE (?:IF NOT EXISTS )?([a-z_.]+)`)

// migratedTables are the tables that the migrations make.
func migratedTables(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../migrations/*.up.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	var out []string
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range createTable.FindAllStringSubmatch(string(b), -1) {
			out = append(out, m[1])
		}
	}
	return out
}
