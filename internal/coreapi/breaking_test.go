package coreapi_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

const (
	documentFile = "../../docs/openapi.yaml"
	// releasedFile is the document of the last release: what clients out there were built from.
	releasedFile = "../../docs/openapi.released.yaml"
	// acceptedFile lists the breaking changes that somebody decided on, one a line, until the next release replaces the released document.
	acceptedFile = "../../docs/openapi.accepted.txt"
)

// comparison collects what a client of the older document would no longer find in the newer one.
type comparison struct {
	was, is contract
	seen    map[string]bool
	out     []string
}

func (c *comparison) say(format string, args ...any) {
	c.out = append(c.out, fmt.Sprintf(format, args...))
}

// breaking answers every change that breaks a client of the released document, sorted.
func breaking(was, is contract) []string {
	c := &comparison{was: was, is: is, seen: map[string]bool{}}
	now := map[string]operation{}
	for _, o := range is.operations() {
		now[o.method+" "+o.path] = o
	}
	for _, o := range was.operations() {
		other, still := now[o.method+" "+o.path]
		switch {
		case !still:
			c.say("%s is gone", o.id)
			continue
		case other.id != o.id:
			c.say("%s is now called %s", o.id, other.id)
		}
		c.request(o, other)
		c.answers(o, other)
	}
	c.codes()
	slices.Sort(c.out)
	return slices.Compact(c.out)
}

// request compares what may be sent: nothing that was accepted may be refused.
func (c *comparison) request(o, other operation) {
	for _, in := range []string{"path", "query", "header"} {
		had := map[any]object{}
		for _, p := range c.was.parameters(o, in) {
			had[p["name"]] = p
		}
		for _, p := range c.is.parameters(other, in) {
			old, known := had[p["name"]]
			if p["required"] == true && in != "path" && (!known || old["required"] != true) {
				c.say("%s demands the %s parameter %v", o.id, in, p["name"])
			}
			if known {
				c.sent(old["schema"], p["schema"], fmt.Sprintf("%s %s.%v", o.id, in, p["name"]))
			}
			delete(had, p["name"])
		}
		for name := range had {
			if in != "path" {
				c.say("%s no longer takes the %s parameter %v", o.id, in, name)
			}
		}
	}
	before, after := c.was.body(o), c.is.body(other)
	if len(before) == 0 && len(after) > 0 && at(other.node, "requestBody", "required") == true {
		c.say("%s demands a body", o.id)
	}
	if len(before) > 0 {
		c.sent(before, after, o.id+" body")
	}
}

// sent compares two schemas of a request.
func (c *comparison) sent(before, after any, place string) {
	b, a := c.was.resolve(before), c.is.resolve(after)
	if c.again("sent", before, after) {
		return
	}
	c.types(b, a, place, true)
	c.bound(b, a, place)
	members := tree(a, "properties")
	for name, member := range tree(b, "properties") {
		if _, still := members[name]; !still {
			c.say("%s.%s is refused", place, name)
			continue
		}
		c.sent(member, members[name], place+"."+name)
	}
	for _, name := range texts(a, "required") {
		if !slices.Contains(texts(b, "required"), name) {
			c.say("%s.%s is demanded", place, name)
		}
	}
	if b["items"] != nil {
		c.sent(b["items"], a["items"], place+"[]")
	}
}

// bound compares the limits of a value that is sent.
func (c *comparison) bound(b, a object, place string) {
	for _, limit := range []string{"maxLength", "maximum", "maxItems", "minLength", "minimum", "minItems"} {
		was, is, lower := number(b[limit]), number(a[limit]), strings.HasPrefix(limit, "min")
		if _, limited := a[limit]; !limited {
			continue
		}
		if _, had := b[limit]; !had && !lower || !lower && is < was || lower && is > was {
			c.say("%s is limited by %s %v", place, limit, a[limit])
		}
	}
	if a["pattern"] != nil && fmt.Sprint(a["pattern"]) != fmt.Sprint(b["pattern"]) {
		c.say("%s is limited by another pattern", place)
	}
	if list, ok := a["enum"].([]any); ok {
		old, had := b["enum"].([]any)
		for _, v := range old {
			if !slices.Contains(list, v) {
				c.say("%s no longer takes %v", place, v)
			}
		}
		if !had {
			c.say("%s takes only %v", place, list)
		}
	}
}

func number(v any) float64 {
	switch n := v.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// answers compares what comes back: nothing that was promised may be missing.
func (c *comparison) answers(o, other operation) {
	for status, answer := range tree(o.node, "responses") {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		content := tree(answer, "content")
		if at(other.node, "responses", status) == nil {
			c.say("%s no longer answers %s", o.id, status)
			continue
		}
		for media := range content {
			schema := at(other.node, "responses", status, "content", media, "schema")
			if schema == nil {
				c.say("%s %s is no longer %s", o.id, status, media)
				continue
			}
			c.got(at(content, media, "schema"), schema, o.id+" "+status)
		}
	}
}

// got compares two schemas of an answer.
func (c *comparison) got(before, after any, place string) {
	b, a := c.was.resolve(before), c.is.resolve(after)
	if c.again("got", before, after) {
		return
	}
	c.types(b, a, place, false)
	members := tree(a, "properties")
	for name, member := range tree(b, "properties") {
		if _, still := members[name]; !still {
			c.say("%s.%s is gone", place, name)
			continue
		}
		c.got(member, members[name], place+"."+name)
	}
	for _, name := range texts(b, "required") {
		if _, still := members[name]; still && !slices.Contains(texts(a, "required"), name) {
			c.say("%s.%s may be absent", place, name)
		}
	}
	if b["items"] != nil {
		c.got(b["items"], a["items"], place+"[]")
	}
	if more, ok := b["additionalProperties"].(object); ok {
		c.got(more, a["additionalProperties"], place+".*")
	}
	if choices, ok := b["anyOf"].([]any); ok {
		others, _ := a["anyOf"].([]any)
		for i, choice := range choices {
			if i >= len(others) {
				c.say("%s has fewer choices", place)
				break
			}
			c.got(choice, others[i], place)
		}
	} else if a["anyOf"] != nil {
		c.say("%s has several forms", place)
	}
}

// types compares the types: what is sent may become wider, what is answered narrower.
func (c *comparison) types(b, a object, place string, sent bool) {
	was, is := typesOf(b), typesOf(a)
	wide, narrow := is, was
	if !sent {
		wide, narrow = was, is
	}
	if missing := onlyIn(narrow, wide); len(missing) > 0 && len(wide) > 0 || fmt.Sprint(b["format"]) != fmt.Sprint(a["format"]) && len(was) > 0 {
		c.say("%s was %v %v and is %v %v", place, was, b["format"], is, a["format"])
	}
}

// again reports whether two components were compared before, which also ends recursion.
func (c *comparison) again(how string, before, after any) bool {
	one, ok := at(before, "$ref").(string)
	other, too := at(after, "$ref").(string)
	if !ok || !too {
		return false
	}
	key := how + one + other
	was := c.seen[key]
	c.seen[key] = true
	return was
}

// codes compares the registry of errors: a code never changes.
func (c *comparison) codes() {
	status := func(root object) map[string]string {
		out := map[string]string{}
		list, _ := root["x-error-codes"].([]any)
		for _, e := range list {
			out[fmt.Sprint(at(e, "code"))] = fmt.Sprint(at(e, "status"))
		}
		return out
	}
	now := status(c.is.root)
	for code, was := range status(c.was.root) {
		if now[code] != was {
			c.say("error %s had status %s", code, was)
		}
	}
}

func readContract(t *testing.T, file string) contract {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseContract(t, raw)
}

// unaccepted are the changes that the list does not name, and the lines of the list that name no change.
func unaccepted(changes []string, accepted string) []string {
	var lines []string
	for line := range strings.SplitSeq(accepted, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	out := onlyIn(changes, lines)
	for _, stale := range onlyIn(lines, changes) {
		out = append(out, "accepted, but no change: "+stale)
	}
	return out
}

// The committed document is what the routes say, and no client of the last release breaks. Seen red: the plants below, one for each
// kind of breaking change; a renamed member among them. Additions are none.
// Verifies API-01
func TestDocument_isCommittedAndBreaksNobody(t *testing.T) {
	t.Parallel()
	generated, err := apitest.Boot(t, apitest.Options{Quiet: true, Environment: map[string]string{"APP_VERSION": "1.0.0"}}).App.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(generated, committed) {
		t.Errorf("docs/openapi.yaml is not what the routes say (run `make gen`), for example %q", onlyIn(strings.Split(string(generated), "\n"), strings.Split(string(committed), "\n")))
	}
	accepted, err := os.ReadFile(acceptedFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range unaccepted(breaking(readContract(t, releasedFile), parseContract(t, generated)), string(accepted)) {
		t.Errorf("breaks clients of the last release: %s", change)
	}
	for name, plant := range plants() {
		was, is := parseContract(t, generated), parseContract(t, generated)
		plant(is.root)
		if len(breaking(was, is)) == 0 {
			t.Errorf("red proof: %s is not noticed", name)
		}
	}
	was, is := parseContract(t, generated), parseContract(t, generated)
	tree(is.root, "components", "schemas", "IdentityMe", "properties")["nickname"] = object{"type": "string"}
	maps.Copy(tree(is.root, "paths"), object{"/v1/new": object{"get": object{"operationId": "get-new"}}})
	if got := breaking(was, is); len(got) > 0 {
		t.Errorf("an addition counts as breaking: %v", got)
	}
	if got := unaccepted([]string{"a", "b"}, "# why\nb\nc\n"); len(got) != 2 {
		t.Errorf("the list of accepted changes: %v", got)
	}
}

// plants break the document in every way that is looked for.
func plants() map[string]func(root object) {
	schema := func(root object, name string) object { return tree(root, "components", "schemas", name) }
	me := func(root object) object { return schema(root, "IdentityMe") }
	rename := func(members object, from, to string) { members[to] = members[from]; delete(members, from) }
	return map[string]func(root object){
		"a renamed member of an answer": func(r object) { rename(tree(me(r), "properties"), "email", "mail") },
		"a member that may be absent":   func(r object) { me(r)["required"] = []any{"id"} },
		"a member of another type":      func(r object) { tree(me(r), "properties")["email"] = object{"type": "integer"} },
		"a member that may be null":     func(r object) { tree(me(r), "properties")["email"] = object{"type": []any{"string", "null"}} },
		"a renamed member of a request": func(r object) { rename(tree(schema(r, "AddDomainInputBody"), "properties"), "domain", "name") },
		"a new demand":                  func(r object) { schema(r, "AcceptInputBody")["required"] = []any{"name"} },
		"a shorter limit":               func(r object) { tree(schema(r, "AcceptInputBody"), "properties", "name")["maxLength"] = 10 },
		"a value that is no longer":     func(r object) { tree(schema(r, "AddDomainInputBody"), "properties", "app")["enum"] = []any{"clinic"} },
		"an operation that is gone":     func(r object) { delete(tree(r, "paths", "/v1/me"), "patch") },
		"an operation of another name":  func(r object) { tree(r, "paths", "/v1/me", "get")["operationId"] = "who-am-i" },
		"another status of success":     func(r object) { rename(tree(r, "paths", "/v1/me", "get", "responses"), "200", "203") },
		"a parameter that is gone":      func(r object) { tree(r, "paths", "/v1/organizations", "get")["parameters"] = []any{} },
		"an error code that is gone":    func(r object) { r["x-error-codes"] = []any{} },
		"an answer that is no JSON": func(r object) {
			rename(tree(r, "paths", "/v1/me", "get", "responses", "200", "content"), "application/json", "text/csv")
		},
		"another name of a path segment": func(r object) { rename(tree(r, "paths"), "/v1/me", "/v1/myself") },
	}
}
