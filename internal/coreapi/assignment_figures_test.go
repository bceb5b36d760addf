package coreapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// freeForm are the members of requests whose content the product does not define, because another standard does.
func freeForm() []string {
	return []string{"finish-passkey.credential", "finish-passkey-login.credential"}
}

// columnNames are the columns of every table, and the words that are tried first by those who try.
func (w *world) columnNames() []string {
	rows, err := w.super.Query(w.t.Context(), `SELECT DISTINCT column_name::text FROM information_schema.columns WHERE table_schema = 'public'`)
	if err != nil {
		w.t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	names = append(names, "role", "org_id", "organization_id", "status", "signed_at", "created_by", "price", "is_superadmin", "platform_role", "user_id", "admin", "_method")
	slices.Sort(names)
	return slices.Compact(names)
}

// place is one object of a request body: the way to it and the members that the document knows there.
type place struct {
	way    []string
	known  object
	closed bool
}

// places walks the objects of a body's schema.
func (c contract) places(schema any, way []string) []place {
	s := c.resolve(schema)
	if !slices.Contains(typesOf(s), "object") {
		return nil
	}
	closed, said := s["additionalProperties"].(bool)
	out := []place{{way, tree(s, "properties"), said && !closed}}
	for _, name := range slices.Sorted(maps.Keys(tree(s, "properties"))) {
		out = append(out, c.places(at(s, "properties", name), append(slices.Clone(way), name))...)
	}
	return out
}

// with puts the extra members into the object at the end of the way; the objects on the way are made where the body has none.
func with(body any, way []string, extra object) object {
	out, ok := plain(body).(object)
	if !ok {
		out = object{}
	}
	inner := out
	for _, name := range way {
		next, ok := inner[name].(object)
		if !ok {
			next = object{}
			inner[name] = next
		}
		inner = next
	}
	maps.Copy(inner, extra)
	return out
}

// assigner tries members that no schema knows.
type assigner struct {
	*fuzzer
	names []string
}

// assign sends every name that the place does not document, all at once, and answers those that the refusal does not name.
func (a *assigner) assign(o operation, may apitest.Client, p place, known object) []string {
	extra := object{}
	for _, name := range a.names {
		if _, documented := known[name]; !documented {
			extra[name] = "superadmin"
		}
	}
	base := a.right(o.method, o.path, o.id, a.a)
	if base.body == nil {
		base.body = object{}
	}
	base.body = with(base.body, p.way, extra)
	answer := base.by(may)
	refused := map[string]bool{}
	for _, e := range answer.Problem().Errors {
		refused[e.Location] = true
	}
	var out []string
	for name := range extra {
		if location := strings.Join(append(append([]string{"body"}, p.way...), name), "."); answer.Status != http.StatusUnprocessableEntity || !refused[location] {
			out = append(out, fmt.Sprintf("%s takes %s (%d)", o.id, location, answer.Status))
		}
	}
	slices.Sort(out)
	return out
}

// TestFigureA7 is A-7 over all routes: every object of every request body is sent with every column of the database and the usual words
// that its schema does not document, by a caller who may. Each one is refused by name and no row changes. New operations and new
// tables are taken from the document and the catalogue. Seen red: a documented member that is taken for unknown is reported, its
// row change too; so is an object that takes anything.
func TestFigureA7(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	a := &assigner{newFuzzer(w), w.columnNames()}
	var found []string
	bodies, tried := 0, 0
	for _, o := range a.doc.operations() {
		schema := a.doc.body(o)
		if len(schema) == 0 {
			continue
		}
		bodies++
		may := a.rightful(o)
		before := a.api.DB.Snapshot(t)
		for _, p := range a.doc.places(schema, nil) {
			if name := strings.Join(append([]string{o.id}, p.way...), "."); !p.closed {
				if !slices.Contains(freeForm(), name) {
					found = append(found, name+" takes members that nobody documented")
				}
				continue
			}
			tried += len(a.names) - len(p.known)
			found = append(found, a.assign(o, may, p, p.known)...)
		}
		found = append(found, a.changed(before, o)...)
	}
	report(t, found)
	printFigure(t, "A-7", fmt.Sprintf("assigned=%d,bodies=%d,members=%d", len(found), bodies, tried), len(found) == 0 && bodies > 20 && tried > 5_000)
	a.redAssign()
}

// changed are the rows that changed although everything was refused. A refused sign-in is counted against its account, which is what it
// is for; making a right request may make the rows that it is about.
func (a *assigner) changed(before pgtest.Snapshot, o operation) []string {
	var out []string
	for _, c := range pgtest.Diff(a.t, before, a.api.DB.Snapshot(a.t)).Domain() {
		for column, value := range c.After {
			if fmt.Sprint(value) == "superadmin" && fmt.Sprint(c.Before[column]) != "superadmin" {
				out = append(out, fmt.Sprintf("%s sets %s.%s", o.id, c.Table, column))
			}
		}
	}
	return out
}

func (a *assigner) redAssign() {
	a.t.Helper()
	for _, o := range a.doc.operations() {
		if o.id != "update-organization" {
			continue
		}
		p := a.doc.places(a.doc.body(o), nil)[0]
		fewer := maps.Clone(p.known)
		delete(fewer, "tagline")
		a.names = []string{"tagline"}
		before := a.api.DB.Snapshot(a.t)
		if len(a.assign(o, a.a.AsAdmin(), p, fewer)) == 0 {
			a.t.Error("red proof: a member that is taken is not reported")
		}
		if len(a.changed(before, o)) == 0 {
			a.t.Error("red proof: the row that it changes is not seen")
		}
	}
	open := a.doc.places(object{"type": "object", "properties": object{"inner": object{"type": "object", "additionalProperties": true}}}, nil)
	if len(open) != 2 || open[0].closed || open[1].closed {
		a.t.Errorf("red proof: objects that take anything: %+v", open)
	}
}
