package coreapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// fuzzer sends wrong requests and judges every answer by the document alone.
type fuzzer struct {
	*world
	doc     contract
	codes   map[string]string
	sent    int
	reached map[string]bool
	wrong   []string
}

func newFuzzer(w *world) *fuzzer {
	f := &fuzzer{world: w, doc: contractOf(w.t, w.api), codes: map[string]string{}, reached: map[string]bool{}}
	list, _ := f.doc.root["x-error-codes"].([]any)
	for _, entry := range list {
		f.codes[fmt.Sprint(at(entry, "code"))] = fmt.Sprint(at(entry, "status"))
	}
	return f
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send serves the request; false when its address is one that no server would pass on.
func (f *fuzzer) send(o operation, w wire, from apitest.Client) (reply, bool) {
	target, err := url.ParseRequestURI(w.target)
	if err != nil {
		return reply{}, false
	}
	r := httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/", w.body)
	r.Method, r.URL, r.RequestURI, r.ContentLength = w.method, target, w.target, w.length
	if w.body == nil {
		r.ContentLength = 0
	}
	for name, values := range from.Headers() {
		r.Header[name] = values
	}
	for name, values := range w.header {
		r.Header[name] = values
	}
	ctx, leave := context.WithTimeout(r.Context(), time.Minute)
	defer leave()
	answer := httptest.NewRecorder()
	var writer http.ResponseWriter = answer
	if f.streams(o) { // it ends when its reader leaves, which is when it has begun
		writer = apitest.Opening{ResponseRecorder: answer, HangUp: leave}
	}
	f.api.Handler.ServeHTTP(writer, r.WithContext(ctx))
	f.sent++
	return reply{answer.Code, answer.Header(), answer.Body.Bytes()}, true
}

// streams reports whether the operation answers with events until somebody leaves.
func (f *fuzzer) streams(o operation) bool {
	return at(o.node, "responses", "200", "content", "text/event-stream") != nil
}

// judge answers everything about the reply that the document does not promise.
func (f *fuzzer) judge(o operation, r reply) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	media, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.UseNumber()
	var value any
	decoded := decoder.Decode(&value) == nil && !decoder.More()
	switch {
	case r.status >= http.StatusInternalServerError:
		say("answers %d", r.status)
	case r.status >= http.StatusBadRequest:
		problem, ok := value.(object)
		if media != "application/problem+json" || !decoded || !ok {
			say("%d is no problem document but %s", r.status, media)
			return out
		}
		for _, v := range f.doc.violations(at(f.doc.root, "components", "schemas", "Problem"), problem, "problem") {
			say("%d: %s", r.status, v)
		}
		if f.codes[fmt.Sprint(problem["code"])] != fmt.Sprint(r.status) || fmt.Sprint(problem["status"]) != fmt.Sprint(r.status) {
			say("%d carries code %v and status %v", r.status, problem["code"], problem["status"])
		}
		if problem["request_id"] != r.header.Get("X-Request-Id") {
			say("%d names another request", r.status)
		}
	case r.status >= http.StatusMultipleChoices && r.status != http.StatusNotModified:
		say("redirects with %d", r.status)
	default:
		declared := tree(o.node, "responses", fmt.Sprint(r.status))
		schema := at(declared, "content", media, "schema")
		switch {
		case declared == nil:
			say("%d is not in the document", r.status)
		case schema == nil && len(bytes.TrimSpace(r.body)) > 0:
			say("%d has a body of %q that is not in the document", r.status, media)
		case media == "application/json" && !decoded:
			say("%d is no JSON", r.status)
		case media == "application/json":
			for _, v := range f.doc.violations(schema, value, "body") {
				say("%d: %s", r.status, v)
			}
		}
	}
	return out
}

// check judges one reply and remembers what it reached.
func (f *fuzzer) check(o operation, w wire, r reply) {
	if r.status < http.StatusMultipleChoices && w.method == o.method {
		f.reached[o.id] = true
	}
	judged := o
	if w.method != o.method { // another operation of the same address, or none: then every answer but a refusal is wrong
		judged = operation{}
		for _, other := range f.doc.operations() {
			if other.path == o.path && other.method == w.method {
				judged = other
			}
		}
	}
	for _, fault := range f.judge(judged, r) {
		f.wrong = append(f.wrong, fmt.Sprintf("%s (%s %.120q %s): %s", o.id, w.method, w.target, w.kind, fault))
	}
}

// rightful finds the caller whose right request is served.
func (f *fuzzer) rightful(o operation) apitest.Client {
	callers := []apitest.Client{f.a.AsAdmin(), f.api.AsSuperadmin(), f.api.As(f.people[f.a.ID][auth.Patient]).In(f.a.ID).App(auth.Portal), f.api.Anonymous()}
	for _, c := range callers {
		base := f.right(o.method, o.path, o.id, f.a)
		w := wire{method: base.method, target: base.path, header: http.Header{}, kind: "right"}
		for name, value := range base.header {
			w.header.Set(name, value)
		}
		if base.body != nil {
			text := encode(plain(base.body))
			w.body, w.length = strings.NewReader(text), int64(len(text))
			w.header.Set("Content-Type", "application/json")
		}
		r, ok := f.send(o, w, c)
		if !ok {
			f.t.Errorf("%s: the right request cannot be sent", o.id)
			continue
		}
		f.check(o, w, r)
		if r.status < http.StatusMultipleChoices {
			return c
		}
		f.t.Logf("%s: %d %.200s", o.id, r.status, r.body)
	}
	return callers[0]
}

// fuzz sends wrong requests to one operation, most of them as the caller who may.
func (f *fuzzer) fuzz(o operation, requests int) {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(o.id))
	m := mutator{random: rand.New(rand.NewPCG(11, seed.Sum64())), doc: f.doc}
	may := f.rightful(o)
	others := []apitest.Client{f.api.Anonymous(), f.b.AsAdmin(), f.a.Client(f.people[f.a.ID][auth.Specialist]).App(auth.Clinic)}
	var base request
	for n := 0; n < requests; {
		if n%10 == 0 {
			base = f.right(o.method, o.path, o.id, f.a)
		}
		from := may
		if m.random.IntN(8) == 0 {
			from = others[m.random.IntN(len(others))]
		}
		w := m.mutate(o, base, f.b.ID)
		if r, ok := f.send(o, w, from); ok {
			f.check(o, w, r)
			n++
		}
	}
}

// TestFigureI1 is I-1 and API-02: every operation of the document, at least 200 wrong requests each, made from its schemas. Each answer is valid
// against the document, a refusal is a problem with a registered code, nothing is a 5xx and nothing panics. A new operation is taken
// from the document. Seen red: answers that break the document in every way that is judged, and a route that panics.
// Verifies API-02
func TestFigureI1(t *testing.T) {
	t.Parallel()
	each, suffix := 200, "/short"
	if os.Getenv("NIGHTLY") != "" {
		each, suffix = 5_000, ""
	}
	f := newFuzzer(newWorld(t, generous(t, apitest.Options{})))
	journey := newJourney(f.world)
	f.api.Observe(func(r *http.Request, a apitest.Answer) {
		if o, ok := f.operationOf(r); ok {
			f.check(o, wire{method: r.Method, target: r.URL.Path, kind: "journey"}, reply{a.Status, a.Header, []byte(a.Raw)})
		}
	})
	journey.walk()
	operations := f.doc.operations()
	for _, o := range operations {
		if strings.HasPrefix(o.path, "/fhir/") {
			continue // another contract, another shape of errors
		}
		f.fuzz(o, each)
	}
	panics := strings.Count(f.api.Logs.String(), `"msg":"panic"`)
	var deaf []string
	for _, o := range operations {
		if !f.reached[o.id] {
			deaf = append(deaf, o.id)
		}
	}
	report(t, deaf)
	report(t, grouped(f.wrong))
	pgtest.CheckTenantEdges(t, f.api.DB)
	share := 100 * (len(operations) - len(deaf)) / len(operations)
	printFigure(t, "I-1"+suffix, fmt.Sprintf("wrong=%d,panics=%d,requests=%d,reached=%d%%", len(f.wrong), panics, f.sent, share),
		len(f.wrong) == 0 && panics == 0 && f.sent >= max(10_000, each*len(operations)) && share >= 90)
	f.red()
}

// grouped shows one finding of each kind with the number of its like.
func grouped(findings []string) []string {
	count, first := map[string]int{}, map[string]string{}
	for _, f := range findings {
		id, _, _ := strings.Cut(f, " ")
		_, fault, _ := strings.Cut(f, "): ")
		fault = regexp.MustCompile(`\[\d+\]`).ReplaceAllString(fault, "[]")
		if count[id+fault]++; count[id+fault] == 1 {
			first[id+fault] = f
		}
	}
	var out []string
	for kind, n := range count {
		out = append(out, fmt.Sprintf("%d times: %s", n, first[kind]))
	}
	slices.Sort(out)
	return out
}

// operationOf finds the operation of an observed request.
func (f *fuzzer) operationOf(r *http.Request) (operation, bool) {
	for _, o := range f.doc.operations() {
		if o.method == r.Method && fits(o.path, r.URL.Path) {
			return o, true
		}
	}
	return operation{}, false
}

func fits(template, path string) bool {
	names, parts := strings.Split(template, "/"), strings.Split(path, "/")
	return len(names) == len(parts) && !slices.ContainsFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, "{") && name != parts[slices.Index(names, name)]
	})
}

// red plants an answer for every way of being wrong.
func (f *fuzzer) red() {
	f.t.Helper()
	o, _ := f.operationOf(httptest.NewRequestWithContext(f.t.Context(), http.MethodGet, "/v1/me", nil))
	good := f.api.As(f.a.Admin).Get("/v1/me")
	refused := f.api.Anonymous().Get("/v1/me")
	if faults := append(f.judge(o, reply{good.Status, good.Header, []byte(good.Raw)}), f.judge(o, reply{refused.Status, refused.Header, []byte(refused.Raw)})...); len(faults) > 0 {
		f.t.Errorf("right answers are judged wrong: %v", faults)
	}
	text := http.Header{"Content-Type": {"text/plain"}}
	for name, planted := range map[string]reply{
		"a server error":                {500, refused.Header, []byte(refused.Raw)},
		"a refusal in plain text":       {400, text, []byte("400 Bad Request")},
		"a code that is not registered": {401, refused.Header, []byte(strings.Replace(refused.Raw, `"unauthorized"`, `"made_up"`, 1))},
		"another status in the body":    {403, refused.Header, []byte(refused.Raw)},
		"a problem without its detail":  {401, refused.Header, []byte(strings.Replace(refused.Raw, `"detail"`, `"details"`, 1))},
		"a redirect":                    {302, http.Header{"Location": {"/"}}, nil},
		"a status nobody documented":    {206, good.Header, []byte(good.Raw)},
		"a body where there is none":    {200, text, []byte("hello")},
		"a member of another type":      {200, good.Header, []byte(strings.Replace(good.Raw, `"mfa":{`, `"mfa":7,"was":{`, 1))},
		"an unknown member":             {200, good.Header, []byte(strings.Replace(good.Raw, `"data":{`, `"data":{"password_hash":"x",`, 1))},
		"an answer cut short":           {200, good.Header, []byte(good.Raw[:len(good.Raw)/2])},
	} {
		if len(f.judge(o, planted)) == 0 {
			f.t.Errorf("red proof: %s is not noticed", name)
		}
	}
}
