package coreapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/restartix/platform/internal/coreapi/apitest"
)

// contract is the OpenAPI document, read as the tree that it is.
type contract struct{ root object }

// operation is one operation of the document.
type operation struct {
	method, path, id string
	node             object
}

func parseContract(t *testing.T, raw []byte) contract {
	t.Helper()
	c := contract{root: object{}}
	if err := yaml.Unmarshal(raw, &c.root); err != nil {
		t.Fatal(err)
	}
	return c
}

func contractOf(t *testing.T, api *apitest.API) contract {
	t.Helper()
	raw, err := api.App.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	return parseContract(t, raw)
}

// at walks down the names; nil where there is nothing.
func at(n any, names ...string) any {
	for _, name := range names {
		m, ok := n.(object)
		if !ok {
			return nil
		}
		n = m[name]
	}
	return n
}

// tree is at for an object; empty where there is none.
func tree(n any, names ...string) object {
	m, _ := at(n, names...).(object)
	return m
}

func texts(n any, names ...string) []string {
	list, _ := at(n, names...).([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (c contract) operations() []operation {
	var out []operation
	paths := tree(c.root, "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := tree(paths, path)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			if id, ok := at(item, method, "operationId").(string); ok {
				out = append(out, operation{strings.ToUpper(method), path, id, tree(item, method)})
			}
		}
	}
	return out
}

// resolve follows a reference inside the document.
func (c contract) resolve(n any) object {
	m := tree(n)
	for {
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		m = tree(c.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
}

// body is the schema of the operation's request; nil without one.
func (c contract) body(o operation) object {
	return c.resolve(at(o.node, "requestBody", "content", "application/json", "schema"))
}

// parameters are the declared parameters of one place: path, query or header.
func (c contract) parameters(o operation, in string) []object {
	list, _ := o.node["parameters"].([]any)
	var out []object
	for _, p := range list {
		if r := c.resolve(p); r["in"] == in {
			out = append(out, r)
		}
	}
	return out
}
