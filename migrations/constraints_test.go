package migrations_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres/pgtest"
)

var onConstraint = regexp.MustCompile(`ON CONSTRAINT ([a-z0-9_]+)`)

// namedIn answers the constraint names that a Go file decides by: what postgres.Constraint is compared with, directly, by constant or in
// a switch, and the names in its SQL.
func namedIn(file *ast.File) []string {
	constants := map[string]string{}
	var out []string
	text := func(e ast.Expr) {
		switch v := e.(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(v.Value); err == nil && s != "" {
				out = append(out, s)
			}
		case *ast.Ident:
			if s := constants[v.Name]; s != "" {
				out = append(out, s)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					if lit, ok := spec.Values[i].(*ast.BasicLit); ok {
						constants[name.Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
		}
		return true
	})
	ast.Inspect(file, func(n ast.Node) bool {
		switch v := n.(type) {
		case *ast.BinaryExpr:
			if asksConstraint(v.X) {
				text(v.Y)
			}
			if asksConstraint(v.Y) {
				text(v.X)
			}
		case *ast.SwitchStmt:
			if v.Tag == nil || !asksConstraint(v.Tag) {
				return true
			}
			for _, c := range v.Body.List {
				if clause, ok := c.(*ast.CaseClause); ok {
					for _, e := range clause.List {
						text(e)
					}
				}
			}
		case *ast.BasicLit:
			for _, m := range onConstraint.FindAllStringSubmatch(v.Value, -1) {
				out = append(out, m[1])
			}
		}
		return true
	})
	return out
}

// asksConstraint reports a call of postgres.Constraint.
func asksConstraint(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Constraint"
}

// unknownTo are the names that the database does not have as a constraint, a unique index or the name that a trigger raises.
func unknownTo(t *testing.T, super *pgx.Conn, names []string) []string {
	t.Helper()
	rows, err := super.Query(t.Context(), `SELECT n FROM unnest($1::text[]) n WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = n)
		AND NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = n) AND NOT EXISTS (SELECT 1 FROM pg_proc WHERE position('''' || n || '''' IN prosrc) > 0) ORDER BY n`, names)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func parse(t *testing.T, path string, code any) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, code, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestConstraintNames_exist(t *testing.T) {
	t.Parallel()
	super := pgtest.New(t).Super(t)
	var named []string
	err := filepath.WalkDir("../internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		named = append(named, namedIn(parse(t, path, nil))...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range unknownTo(t, super, named) {
		t.Errorf("the code decides by constraint %q, which the schema does not have", n)
	}

	red := namedIn(parse(t, "planted.go", `package planted
const known = "users_email_key"
func f(err error) {
	if postgres.Constraint(err) == "gone_one" || known == postgres.Constraint(err) {}
	switch postgres.Constraint(err) { case "gone_two", "user_organizations_last_admin": }
	_ = "INSERT INTO users (id) VALUES ($1) ON CONFLICT ON CONSTRAINT gone_three DO NOTHING"
}`))
	if got := unknownTo(t, super, red); !slices.Equal(got, []string{"gone_one", "gone_three", "gone_two"}) {
		t.Errorf("of the planted names, the absent ones were said to be %q", got)
	}
}
