package coreapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing/iotest"

	"github.com/restartix/platform/internal/ident"
)

// wire is a request as it leaves the sender: nothing of it has to be well-formed.
type wire struct {
	method, target string
	header         http.Header
	body           io.Reader
	// length is the announced length; -1 announces none.
	length int64
	// kind names the mutation.
	kind string
}

// raw is a piece of a body that is sent as it stands.
type raw string

// jsonMember and memberList are an object whose members may repeat.
type (
	jsonMember struct{ name, value any }
	memberList []jsonMember
)

// encode writes a body of which any part may be raw.
func encode(v any) string {
	switch v := v.(type) {
	case raw:
		return string(v)
	case memberList:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = encode(p.name) + ":" + encode(p.value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	case object:
		members := make(memberList, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, jsonMember{name, v[name]})
		}
		return encode(members)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = encode(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

// plain is a body as decoded JSON, so that every part of it can be reached.
func plain(body any) any {
	b, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}

// hostile are values for any place of a body.
func hostile() []raw {
	deep := 10_000
	return []raw{
		`null`, `true`, `0`, `-1`, `1.5`, `2147483648`, `-2147483649`, `9007199254740993`, `-9223372036854775809`, `1e400`, `1E-400`, `NaN`, `Infinity`, `-0`, `007`,
		`""`, `" "`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udfff\ud800x"`, `"\u202eabc\u202c"`, `"\u2028\ufeff"`, `"💥ȘțăÎ"`, `"مرحبا"`, `"\\"`, `"\/"`, `"\x"`,
		raw(`"` + strings.Repeat("a", 1_000) + `"`), raw(`"` + strings.Repeat("ș", 50_000) + `"`), `"' OR 1=1 --"`, `"%s%n%x"`, `"{{.}}"`, `"<script>alert(1)</script>"`,
		`"Ana\r\nBcc: x@example.com"`, `"../../etc/passwd"`, `"=1+1"`, `[]`, `{}`, `[null]`, `[[]]`, `["a","a"]`, `{"":""}`, `{"$ref":"#"}`, `{"__proto__":{"admin":true}}`,
		raw(strings.Repeat("[", deep) + strings.Repeat("]", deep)), raw(strings.Repeat(`{"a":`, deep) + "1" + strings.Repeat("}", deep)),
		`"not-a-date"`, `"2026-02-30"`, `"9999-12-31T23:59:60Z"`, `"99999-01-01T00:00:00Z"`, `"-infinity"`, `"0000-00-00"`, `"2026-03-29T03:30:00+02:00"`,
		`"00000000-0000-0000-0000-000000000000"`, `"{01900000-0000-7000-8000-000000000000}"`, `"01900000-0000-7000-8000-000000000000"`, "\"\xff\xfe\"", "\"\xed\xa0\x80\"", "\"\t\"",
	}
}

// documents are whole bodies that are no right body of anything.
func documents() []raw {
	return []raw{
		``, ` `, `null`, `[]`, `{}`, `"text"`, `1`, `{`, `}`, `{"a"}`, `{"a":1,}`, `{} {}`, `{}x`, "\xef\xbb\xbf{}", "\x00", "\xff\xfe{\x00}\x00", `{"a":1,"a":2}`, `// {}`, `<a/>`, `a=1&b=2`,
		raw(strings.Repeat("[", 10_000)), raw(strings.Repeat(`{"a":`, 10_000)), raw(`{"` + strings.Repeat("k", 60_000) + `":1}`),
		raw("{" + strings.Repeat(`"a":1,`, 5_000) + `"b":2}`), `{"role":"superadmin","organization_id":null,"is_superadmin":true}`, `{"":1}`, `{"\ud800":1}`,
	}
}

// hostileWords are put where an address or a parameter wants a word; %-escapes are those of the address.
func hostileWords() []string {
	return []string{
		"", "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%2e%2e%2f", "..%5c", "%0d%0aX:1", "%E2%80%AE", "%25", "'--", "*", "-1", "0", "1e9", "9007199254740993", "99999999999999999999", "NaN", "true", "null",
		"01900000-0000-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "%7B01900000-0000-7000-8000-000000000000%7D", strings.Repeat("a", 3_000), strings.Repeat("%C8%99", 300), "a,b,c",
		"2026-02-30", "9999-12-31T23:59:60Z", "infinity", "eyJhIjoxfQ", "AAAA", "%F0%9F%92%A5",
	}
}

// mutator makes wrong requests out of right ones, always the same for one seed.
type mutator struct {
	random *rand.Rand
	doc    contract
}

func (m mutator) pick(words []string) string { return words[m.random.IntN(len(words))] }

// mutate changes one thing, sometimes two.
func (m mutator) mutate(o operation, base request, foreign ident.OrgID) wire {
	w := wire{method: base.method, target: base.path, header: http.Header{}, length: -1}
	for name, value := range base.header {
		w.header.Set(name, value)
	}
	body := m.doc.body(o)
	right := plain(base.body)
	if right == nil && len(body) > 0 {
		right = plain(m.doc.sample(m.random, body))
	}
	text := ""
	if right != nil {
		text = encode(right)
		w.header.Set("Content-Type", "application/json")
	}
	switch n := m.random.IntN(10); {
	case len(body) > 0 && n < 6:
		text = m.body(body, right, &w)
	case n < 7 && strings.Contains(o.path, "{"):
		m.path(o.path, foreign, &w)
	case n < 8:
		m.query(o, &w)
	case n < 9:
		m.headers(&w)
	default:
		w.kind, w.method = "method", m.pick([]string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodPost, http.MethodGet, "PROPFIND", "TRACE", "CONNECT"})
	}
	if w.body == nil && text != "" {
		w.body, w.length = strings.NewReader(text), int64(len(text))
	}
	if m.random.IntN(8) == 0 {
		m.transport(text, &w)
	}
	return w
}

// body changes the body itself.
func (m mutator) body(schema object, right any, w *wire) string {
	values := hostile()
	value := values[m.random.IntN(len(values))]
	members, isObject := right.(object)
	names := slices.Sorted(maps.Keys(tree(schema, "properties")))
	switch n := m.random.IntN(12); {
	case n == 0 || !isObject || len(names) == 0:
		w.kind = "document"
		all := documents()
		return string(all[m.random.IntN(len(all))])
	case n == 1:
		w.kind = "absent"
		delete(members, m.pick(names))
	case n == 2:
		w.kind = "extra"
		members[m.pick([]string{"extra", "id", "role", "organization_id", "is_superadmin", "__proto__", "", "Ș", strings.Repeat("n", 5_000)})] = value
	case n == 3:
		w.kind = "twice"
		name := m.pick(names)
		twice := memberList{{name, members[name]}, {name, value}}
		for other, v := range members {
			if other != name {
				twice = append(twice, jsonMember{other, v})
			}
		}
		slices.SortFunc(twice[2:], func(a, b jsonMember) int { return strings.Compare(fmt.Sprint(a.name), fmt.Sprint(b.name)) })
		return encode(twice)
	default:
		w.kind = "value"
		m.replace(schema, members, value)
	}
	return encode(right)
}

// replace puts the value at a member of the schema, or inside one that is an object or a list.
func (m mutator) replace(schema, members object, value raw) {
	name := m.pick(slices.Sorted(maps.Keys(tree(schema, "properties"))))
	inner := m.doc.resolve(at(schema, "properties", name))
	switch held := members[name].(type) {
	case object:
		if len(tree(inner, "properties")) > 0 && m.random.IntN(3) > 0 {
			m.replace(inner, held, value)
			return
		}
	case []any:
		if m.random.IntN(2) == 0 {
			members[name] = append(held, value)
			return
		}
	case nil:
		if more := tree(inner, "properties"); len(more) > 0 && m.random.IntN(3) > 0 {
			fresh := object{}
			members[name] = fresh
			m.replace(inner, fresh, value)
			return
		}
	}
	members[name] = value
}

// path puts a hostile word in place of one id.
func (m mutator) path(template string, foreign ident.OrgID, w *wire) {
	w.kind = "path"
	path, query, asked := strings.Cut(w.target, "?")
	parts, names := strings.Split(path, "/"), strings.Split(template, "/")
	var places []int
	for i, name := range names {
		if strings.HasPrefix(name, "{") && i < len(parts) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return
	}
	word := m.pick(append(hostileWords(), foreign.String()))
	parts[places[m.random.IntN(len(places))]] = word
	w.target = strings.Join(parts, "/")
	if asked {
		w.target += "?" + query
	}
}

// query sets a declared parameter to something hostile, or adds one that nobody declared.
func (m mutator) query(o operation, w *wire) {
	w.kind = "query"
	path, query, _ := strings.Cut(w.target, "?")
	names := []string{"foo", "page_size", "%ff", "a[b]", "", "__proto__"}
	for _, p := range m.doc.parameters(o, "query") {
		name := url.QueryEscape(fmt.Sprint(p["name"]))
		names = append(names, name, name, name)
	}
	name := m.pick(names)
	more := name + "=" + m.pick(hostileWords())
	if m.random.IntN(8) == 0 {
		more += "&" + more
	}
	w.target = path + "?" + strings.TrimPrefix(query+"&"+more, "&")
}

// headers sets one header that the API reads to something that it does not expect.
func (m mutator) headers(w *wire) {
	w.kind = "header"
	name := m.pick([]string{
		"Authorization", "X-Organization-ID", "X-Organization-Slug", "X-Client-Id", "X-App", "X-Request-ID", "Idempotency-Key", "If-Match", "If-None-Match", "Accept",
		"Accept-Language", "Accept-Encoding", "X-Forwarded-For", "X-Forwarded-Host", "User-Agent", "Origin", "Cookie", "Range", "Expect",
	})
	value := m.pick([]string{
		"", " ", "null", "*", "\"1\"", "W/\"1\"", "\"99999999999999999999\"", "\"-1\"", "\xff\xfe", "ș", "Bearer ", "Bearer a.b.c", "Basic eDp5", "Bearer rxk_0000_0000", "application/xml", "text/html;q=0",
		"bytes=0-1", "00000000-0000-0000-0000-000000000000", "not-a-uuid", strings.Repeat("a", 10_000), "ro;q=NaN", "*;q=9", "a,b,c,,,", "' OR 1=1 --", "127.0.0.1, 10.0.0.1", "[::1]:99999",
	})
	w.header[http.CanonicalHeaderKey(name)] = []string{value}
}

// transport spoils how the body travels.
func (m mutator) transport(text string, w *wire) {
	switch m.random.IntN(7) {
	case 0:
		w.header.Set("Content-Type", m.pick([]string{
			"", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json;;", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
			"application/merge-patch+json", "APPLICATION/JSON", "application/json; charset=\"", "*/*", "application/problem+json",
		}))
	case 1:
		w.header.Set("Content-Encoding", m.pick([]string{"gzip", "br", "deflate", "identity", "gzip, gzip"}))
		w.body, w.length = bytes.NewReader(bomb()), -1
	case 2:
		w.header.Set("Content-Type", "application/json")
		w.body, w.length = io.MultiReader(strings.NewReader(`{"name":"`), endless{}), -1
	case 3:
		w.header.Set("Content-Type", "application/json")
		w.body, w.length = io.MultiReader(strings.NewReader(text[:len(text)/2]), iotest.ErrReader(io.ErrUnexpectedEOF)), -1
	case 4:
		w.header.Set("Content-Type", "application/json")
		w.body, w.length = iotest.OneByteReader(strings.NewReader(text)), -1
	case 5:
		w.header.Del("Content-Type")
	default:
		w.body, w.length = nil, 0
	}
	w.kind += "+transport"
}

// endless is a body that never ends.
type endless struct{}

// Read implements io.Reader.
func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// bomb is a small body that would unpack to megabytes.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, `{"name":"`+strings.Repeat("a", 16<<20)+`"}`)
	_ = z.Close()
	return b.Bytes()
})
