package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// The order is the architecture: a package imports only what stands before it. A …test package stands right after its parent.
func words() []string {
	return []string{"apperror", "civil", "ident", "money", "page", "locale", "telemetry/wire"}
}

func ground() []string {
	return []string{"config", "auth", "postgres", "redisdb", "httpapi", "ratelimit", "middleware", "job", "event", "live", "audit", "seal", "phone", "devstack"}
}

func hands() []string {
	return []string{"idp", "dnstxt", "video", "blob", "stream", "mail", "sms", "render"}
}

func clinic() []string {
	return []string{
		"organization", "clinickey", "identity", "proof", "issuer", "signin", "task", "specialist", "patient", "catalog", "scheduling", "file", "form", "credit", "appointment", "booking",
		"record", "document", "rehab/exercise", "rehab/treatment", "message", "notification", "webhook", "segment", "automation", "privacy",
		"insight", "fhir",
	}
}

func assembly() []string { return []string{"coreapi", "telemetry"} }

func order() []string {
	return slices.Concat(words(), ground(), hands(), clinic(), assembly())
}

// rank is a package's place in the order; -1 is unknown. A package below a listed one shares its place: it is a part of it.
func rank(pkg string) int {
	for p := pkg; p != "." && p != ""; p = path.Dir(p) {
		if i := slices.Index(order(), p); i >= 0 {
			return i
		}
	}
	return -1
}

// groupOf is the list that a package belongs to.
func groupOf(pkg string) string {
	for name, list := range map[string][]string{"words": words(), "ground": ground(), "hands": hands(), "clinic": clinic(), "assembly": assembly()} {
		for p := pkg; p != "." && p != ""; p = path.Dir(p) {
			if slices.Contains(list, p) {
				return name
			}
		}
	}
	return ""
}

// ownImports are the imports of internal packages, below internal/.
func ownImports(s source) []string {
	var out []string
	for _, i := range s.imports() {
		if p, own := strings.CutPrefix(i, "internal/"); own {
			out = append(out, p)
		}
	}
	return out
}

// isOwnPart reports that one package is the other or lies below it.
func isOwnPart(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

// r1 is the order: only earlier packages are imported, and an unknown package fails. Non-test files only; R7 has the rest.
func r1(sources []source) []string {
	var out []string
	for _, s := range sources {
		if s.IsTest() || !strings.HasPrefix(s.Path, "internal/") || s.Dir() == "internal" {
			continue
		}
		pkg := s.Package()
		if rank(pkg) < 0 {
			out = append(out, fmt.Sprintf("R1 %s: package %s has no place in the order", s.Path, pkg))
			continue
		}
		for _, i := range ownImports(s) {
			if rank(i) < 0 || rank(i) >= rank(pkg) && !isOwnPart(i, pkg) {
				out = append(out, fmt.Sprintf("R1 %s: %s imports %s, which does not stand before it", s.Path, pkg, i))
			}
		}
	}
	return out
}

// r2 keeps I/O and other people's code out of the words, and the clinic out of ground and hands; r3 lets hands import words only.
func r2r3(sources []source) []string {
	var out []string
	for _, s := range production(sources) {
		pkg := s.Package()
		group := groupOf(pkg)
		for _, i := range s.imports() {
			own, isOwn := strings.CutPrefix(i, "internal/")
			foreign := !isOwn && strings.Contains(strings.SplitN(i, "/", 2)[0], ".")
			switch {
			case group == "words" && foreign && (pkg != "ident" || i != "github.com/google/uuid"):
				out = append(out, fmt.Sprintf("R2 %s: the word %s imports %s", s.Path, pkg, i))
			case group == "words" && (i == "net/http" || i == "database/sql" || i == "os"):
				out = append(out, fmt.Sprintf("R2 %s: the word %s does I/O through %s", s.Path, pkg, i))
			case group == "ground" && isOwn && slices.Contains([]string{"clinic", "assembly"}, groupOf(own)):
				out = append(out, fmt.Sprintf("R2 %s: ground imports %s", s.Path, own))
			case group == "hands" && isOwn && groupOf(own) != "words" && !isOwnPart(own, pkg):
				out = append(out, fmt.Sprintf("R3 %s: the hand %s imports %s", s.Path, pkg, own))
			}
		}
	}
	return out
}

// r5 keeps HTTP, SQL and Redis of a clinic package in the files that are named for them.
func r5(sources []source) []string {
	redis := []string{"scheduling/hold.go", "organization/resolve.go", "organization/organization.go"} // the last is handed the client
	var out []string
	for _, s := range production(sources) {
		if groupOf(s.Package()) != "clinic" {
			continue
		}
		for _, i := range s.imports() {
			web := i == "internal/httpapi" || i == "net/http" || strings.Contains(i, "/huma")
			if web && !strings.HasPrefix(s.Name(), "http") {
				out = append(out, fmt.Sprintf("R5 %s imports %s outside http*.go", s.Path, i))
			}
			if (i == "internal/redisdb" || strings.Contains(i, "go-redis")) && !slices.Contains(redis, s.Package()+"/"+s.Name()) {
				out = append(out, fmt.Sprintf("R5 %s speaks Redis", s.Path))
			}
		}
		if strings.HasPrefix(s.Name(), "store") {
			continue
		}
		for lit, text := range s.literals() {
			if isSQL(text) {
				out = append(out, fmt.Sprintf("R5 %s holds SQL outside store*.go", s.at(lit.Pos())))
			}
		}
	}
	return out
}

// r6 keeps the pool, the clock, the root context and the environment where they are asked once.
func r6(sources []source, allowed map[string]string) []string {
	var out []string
	for _, s := range production(sources) {
		inCmd := strings.HasPrefix(s.Path, "cmd/")
		pkg := s.Package()
		say := func(what string) {
			if _, ok := allowed[what+" "+pkg]; !ok {
				out = append(out, fmt.Sprintf("R6 %s uses %s", s.Path, what))
			}
		}
		if pkg != "postgres" && slices.ContainsFunc(s.imports(), func(i string) bool { return strings.HasSuffix(i, "/pgxpool") }) {
			say("pgxpool")
		}
		s.selectors(func(x, name string, _ token.Pos) {
			switch x + "." + name {
			case "time.Now":
				if !inCmd && pkg != "coreapi" {
					say("time.Now")
				}
			case "context.Background", "context.TODO":
				if !inCmd {
					say("context.Background")
				}
			case "os.Getenv", "os.LookupEnv", "os.Environ":
				if pkg != "config" && (!inCmd || name == "Getenv" || name == "LookupEnv") {
					say("os.Getenv")
				}
			}
		})
	}
	return out
}

// r7 keeps …test packages out of what is built.
func r7(sources []source) []string {
	var out []string
	for _, s := range production(sources) {
		for _, i := range s.imports() {
			if strings.HasPrefix(i, "internal/") && isTestPackage(i) {
				out = append(out, fmt.Sprintf("R7 %s imports %s", s.Path, i))
			}
		}
	}
	return out
}

// r8 keeps the Telemetry API and the clinic apart: the wire's types are all they share.
func r8(sources []source) []string {
	var out []string
	isTelemetry := func(pkg string) bool {
		return strings.HasPrefix(pkg, "telemetry") && !strings.HasPrefix(pkg, "telemetry/wire")
	}
	for _, s := range sources {
		if !strings.HasPrefix(s.Path, "internal/") {
			continue
		}
		for _, i := range ownImports(s) {
			from, to := isTelemetry(s.Package()), isTelemetry(i)
			if from && groupOf(i) == "clinic" || !from && to || from && strings.HasPrefix(i, "coreapi") {
				out = append(out, fmt.Sprintf("R8 %s imports %s", s.Path, i))
			}
		}
	}
	return out
}

// onlyReturns reports a function whose body is one return: a table of words is long without being complicated.
func onlyReturns(f *ast.FuncDecl) (*ast.ReturnStmt, bool) {
	if len(f.Body.List) != 1 {
		return nil, false
	}
	r, ok := f.Body.List[0].(*ast.ReturnStmt)
	return r, ok
}

// ceilings are 400 lines a file, 60 a function, 3,000 a package; and a package comment for each package. caps are the committed exceptions
// "<package> <lines rounded up to hundreds>": growing past one is as red as growing past the ceiling, and so is a cap that is too high.
func ceilings(sources []source, caps map[string]string) []string {
	var out []string
	total, comment := map[string]int{}, map[string]bool{}
	for _, s := range sources {
		if s.IsTest() {
			continue
		}
		total[s.Dir()] += s.Lines
		comment[s.Dir()] = comment[s.Dir()] || s.File.Doc.Text() != ""
		if s.Lines > 400 {
			out = append(out, fmt.Sprintf("ceiling: %s has %d lines", s.Path, s.Lines))
		}
		for _, d := range s.File.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			if _, table := onlyReturns(f); table {
				continue
			}
			if n := s.Set.Position(f.Body.Rbrace).Line - s.Set.Position(f.Body.Lbrace).Line - 1; n > 60 {
				out = append(out, fmt.Sprintf("ceiling: %s %s has %d lines", s.at(f.Pos()), f.Name.Name, n))
			}
		}
	}
	for dir, n := range total {
		_, capped := caps[fmt.Sprintf("%s %d", dir, (n+99)/100*100)]
		if n > 3000 && !isTestPackage(dir) && !capped {
			out = append(out, fmt.Sprintf("ceiling: package %s has %d lines", dir, n))
		}
		if !comment[dir] {
			out = append(out, fmt.Sprintf("package %s has no package comment", dir))
		}
	}
	return out
}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	sources := tree(t)
	report(t, r1(sources))
	report(t, r2r3(sources))
	report(t, r5(sources))
	report(t, r6(sources, committed(t, "ground_exceptions.txt")))
	report(t, r7(sources))
	report(t, r8(sources))
	report(t, ceilings(sources, committed(t, "ceilings.txt")))
}

// TestArchitecture_red plants an offence against each rule.
func TestArchitecture_red(t *testing.T) {
	t.Parallel()
	file := func(at, code string) source { return planted(t, at, code) }
	mustFind(t, r1([]source{
		file("internal/auth/a.go", "package auth\nimport _ \""+module+"internal/postgres\""),
		file("internal/shared/a.go", "package shared"),
		file("internal/booking/a.go", "package booking\nimport _ \""+module+"internal/appointment\""),
	}), "auth imports postgres", "package shared has no place")
	mustFind(t, r2r3([]source{
		file("internal/page/a.go", "package page\nimport _ \"github.com/google/uuid\""),
		file("internal/civil/a.go", "package civil\nimport _ \"net/http\""),
		file("internal/middleware/a.go", "package middleware\nimport _ \""+module+"internal/organization\""),
		file("internal/mail/a.go", "package mail\nimport _ \""+module+"internal/postgres\""),
		file("internal/ident/a.go", "package ident\nimport _ \"github.com/google/uuid\""),
	}), "the word page", "the word civil", "ground imports organization", "the hand mail")
	mustFind(t, r5([]source{
		file("internal/booking/place.go", "package booking\nimport _ \"net/http\""),
		file("internal/booking/hold.go", "package booking\nimport _ \""+module+"internal/redisdb\""),
		file("internal/booking/list.go", "package booking\nconst q = \"SELECT id FROM appointments\""),
		file("internal/booking/store_list.go", "package booking\nconst q = \"SELECT id FROM appointments\""),
		file("internal/booking/http_list.go", "package booking\nimport _ \"net/http\""),
	}), "place.go imports net/http", "hold.go speaks Redis", "list.go:2 holds SQL")
	mustFind(t, r6([]source{
		file("internal/booking/a.go", "package booking\nimport \"time\"\nvar x = time.Now"),
		file("internal/booking/b.go", "package booking\nimport \"context\"\nvar x = context.Background()"),
		file("internal/booking/c.go", "package booking\nimport \"os\"\nvar x = os.Getenv(\"HOME\")"),
		file("internal/booking/d.go", "package booking\nimport _ \"github.com/jackc/pgx/v5/pgxpool\""),
		file("internal/coreapi/e.go", "package coreapi\nimport \"time\"\nvar x = time.Now"),
	}, nil), "a.go uses time.Now", "b.go uses context.Background", "c.go uses os.Getenv", "d.go uses pgxpool")
	mustFind(t, r7([]source{
		file("internal/booking/a.go", "package booking\nimport _ \""+module+"internal/postgres/pgtest\""),
		file("internal/booking/a_test.go", "package booking\nimport _ \""+module+"internal/postgres/pgtest\""),
	}), "booking/a.go imports")
	mustFind(t, r8([]source{
		file("internal/telemetry/a.go", "package telemetry\nimport _ \""+module+"internal/patient\""),
		file("internal/patient/a.go", "package patient\nimport _ \""+module+"internal/telemetry\""),
		file("internal/audit/a.go", "package audit\nimport _ \""+module+"internal/telemetry/wire\""),
	}), "telemetry/a.go imports patient", "patient/a.go imports telemetry")
	long := strings.Repeat("\t_ = 1\n", 61)
	mustFind(t, ceilings([]source{
		file("internal/a/a.go", "// Package a is long.\npackage a\n"+strings.Repeat("\n", 400)),
		file("internal/b/b.go", "// Package b has a long function.\npackage b\nfunc f() {\n"+long+"}"),
		file("internal/c/c.go", "package c\n"),
		file("internal/d/d.go", "// Package d has a table.\npackage d\nfunc f() []int {\n\treturn []int{\n"+strings.Repeat("\t\t1,\n", 61)+"\t}\n}"),
	}, nil), "a/a.go has", "f has 61 lines", "internal/c has no package comment")
}
