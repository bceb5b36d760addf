package coreapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// untyped are the addresses outside the typed endpoints: probes and the documents of the issuer.
func untyped() []string {
	return []string{"GET /live", "GET /ready", "GET /health", "GET /v1/auth/jwks", "GET /.well-known/openid-configuration"}
}

func mounted(t *testing.T, handler http.Handler) []string {
	t.Helper()
	routes, ok := handler.(chi.Routes)
	if !ok {
		t.Fatal("the handler does not list its routes")
	}
	var out []string
	err := chi.Walk(routes, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		out = append(out, method+" "+route)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func described(c contract) []string {
	var out []string
	for _, o := range c.operations() {
		out = append(out, o.method+" "+o.path)
	}
	return out
}

// onlyIn answers what is in one list and not in the other.
func onlyIn(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(s string) bool { return slices.Contains(other, s) })
}

// Mounted routes, the OpenAPI document and the expected table of access say the same. Seen red: a route mounted beside the
// typed endpoints is named.
func TestRoutes_mountedAreDescribed(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Quiet: true})
	routes, doc := mounted(t, api.Handler), contractOf(t, api)
	for _, r := range onlyIn(routes, append(described(doc), untyped()...)) {
		t.Errorf("%s is mounted and not described", r)
	}
	for _, r := range onlyIn(append(described(doc), untyped()...), routes) {
		t.Errorf("%s is described and not mounted", r)
	}
	var listed, filed []string
	for _, e := range api.App.Routes() {
		listed = append(listed, e.ID)
	}
	for _, line := range readTable(t) {
		filed = append(filed, strings.Fields(line)[0])
	}
	if extra, missing := onlyIn(filed, listed), onlyIn(listed, filed); len(extra)+len(missing) > 0 {
		t.Errorf("table of access: extra %v, missing %v", extra, missing)
	}
	grown := chi.NewRouter()
	grown.Mount("/", api.Handler)
	grown.Get("/v1/hidden", func(http.ResponseWriter, *http.Request) {})
	if got := onlyIn(mounted(t, grown), append(described(doc), untyped()...)); !slices.Contains(got, "GET /v1/hidden") {
		t.Errorf("a hidden route is not named: %v", got)
	}
}

// variants are other ways to write a request for the same address.
func variants(r request) []request {
	var out []request
	add := func(method, path string, header map[string]string) {
		all := map[string]string{}
		for _, h := range []map[string]string{r.header, header} {
			for k, v := range h {
				all[k] = v
			}
		}
		out = append(out, request{method, path, r.body, all})
	}
	for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodTrace, "PROPFIND"} {
		add(method, r.path, nil)
	}
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		add(http.MethodGet, r.path, map[string]string{name: r.method})
		add(http.MethodPost, r.path, map[string]string{name: r.method})
	}
	path, query, _ := strings.Cut(r.path, "?")
	if query != "" {
		query = "?" + query
	}
	slashed := strings.Replace(path, "/v1/", "/v1//", 1)
	for _, form := range []string{path + "/", slashed, "//" + path[1:], strings.Replace(path, "/v1/", "/v1/%2e/", 1), strings.Replace(path, "/v1/", "/v1/x/%2e%2e/", 1),
		strings.Replace(path, "/v1/", "/V1/", 1), path + "%2f", path + ";x=1", path + ".json"} {
		add(r.method, form+query, nil)
	}
	for _, name := range []string{"X-Original-URL", "X-Rewrite-URL"} {
		add(r.method, "/live", map[string]string{name: r.path})
	}
	return out
}

func served(a apitest.Answer) bool { return a.Status < 300 }

// No other way to write a request reaches more than the canonical one: what is refused stays refused and changes no row. Seen
// red: the same check counts a door that answers everybody.
func TestRoutes_noOtherSpellingReachesMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, generous(t, apitest.Options{Quiet: true}))
	patient := w.api.As(w.people[w.a.ID][auth.Patient]).In(w.a.ID).App(auth.Portal)
	tried := 0
	for _, e := range w.api.App.Routes() {
		for name, client := range map[string]apitest.Client{"anonymous": w.api.Anonymous(), "patient": patient} {
			if ruled(e, name, auth.Table()) == "" {
				continue
			}
			r := w.right(e.Method, e.Path, e.ID, w.a)
			before := w.api.DB.Snapshot(t)
			for _, v := range variants(r) {
				tried++
				a := v.by(client)
				// A GET is its own canonical request whatever it pretends to be; that it changes nothing is checked below.
				if pretends := v.method == http.MethodGet && r.method != http.MethodGet; served(a) && v.path != "/live" && !pretends {
					t.Errorf("%s as %s is served: %s", e.ID, name, a)
				}
			}
			if got := pgtest.Diff(t, before, w.api.DB.Snapshot(t)).Domain(); len(got) > 0 {
				t.Errorf("%s as %s changes rows: %v", e.ID, name, got)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d spellings tried", tried)
	}
	if open := (httpapi.Endpoint{Audience: httpapi.Open}); ruled(open, "patient", auth.Table()) != "" {
		t.Error("an open door counts as refused")
	}
	if !served(w.api.Anonymous().Get("/v1/public/organizations/resolve?slug=alpha")) {
		t.Error("what is served does not count as served")
	}
}
