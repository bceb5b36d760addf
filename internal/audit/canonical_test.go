package audit_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/audit"
)

func fullRow() audit.Row {
	return audit.Row{
		ID:             uuid.MustParse("01936000-0000-7000-8000-000000000001"),
		OrganizationID: uuid.MustParse("01936000-0000-7000-8000-00000000000a"),
		Seq:            7,
		OccurredAt:     time.Date(2026, 11, 24, 11, 0, 0, 120_000_000, time.FixedZone("EET", 7200)),
		ActorUserID:    uuid.MustParse("01936000-0000-7000-8000-000000000002"),
		ActorRole:      "admin", ActorKind: "user", Action: "update", EntityType: "appointment", EntityID: "e1",
		PatientID: uuid.MustParse("01936000-0000-7000-8000-000000000003"),
		Changes:   json.RawMessage(`{"title":["ședință",null],"a":[1.5,10]}`),
		Result:    "success", HTTPStatus: 200, Route: "/v1/appointments/{id}", IP: "192.0.2.7",
		UserAgentHash: "ab12", RequestID: "r1", CorrelationID: "c1", ActionContext: "break_glass",
		BreakGlassID:    uuid.MustParse("01936000-0000-7000-8000-000000000004"),
		ImpersonationID: uuid.MustParse("01936000-0000-7000-8000-000000000005"),
		Reason:          "asked by <the> clinic", KeyID: "row-1",
	}
}

func canonical(t *testing.T, r audit.Row) string {
	t.Helper()
	out, err := r.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestCanonical_isTheDocumentedForm(t *testing.T) {
	t.Parallel()

	got := canonical(t, fullRow())

	want := `{"action":"update","action_context":"break_glass","actor_kind":"user","actor_role":"admin",` +
		`"actor_user_id":"01936000-0000-7000-8000-000000000002",` +
		`"break_glass_id":"01936000-0000-7000-8000-000000000004",` +
		`"changes":{"a":[1.5,10],"title":["ședință",null]},"correlation_id":"c1","entity_id":"e1",` +
		`"entity_type":"appointment","http_status":"200","id":"01936000-0000-7000-8000-000000000001",` +
		`"impersonation_id":"01936000-0000-7000-8000-000000000005","ip":"192.0.2.7","key_id":"row-1",` +
		`"occurred_at":"2026-11-24T09:00:00.120000Z","organization_id":"01936000-0000-7000-8000-00000000000a",` +
		`"patient_id":"01936000-0000-7000-8000-000000000003","reason":"asked by <the> clinic","request_id":"r1",` +
		`"result":"success","route":"/v1/appointments/{id}","seq":"7","user_agent_hash":"ab12"}`
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestCanonical_survivesWhatTheDatabaseDoesToARow(t *testing.T) {
	t.Parallel()
	before := fullRow()
	stored := before
	stored.OccurredAt = before.OccurredAt.UTC().Truncate(time.Microsecond)
	stored.Changes = json.RawMessage(`{"a": [1.50, 1e1], "title": ["\u0219edin\u021b\u0103", null]}`)

	if a, b := canonical(t, before), canonical(t, stored); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
}

func TestCanonical_refusesWhatCouldNotBeToldApart(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]string{
		"number beyond a double":  `{"n":9007199254740993}`,
		"digits a double drops":   `{"n":0.10000000000000000001}`,
		"number too large":        `{"n":1e400}`,
		"number too small":        `{"n":1e-999999}`,
		"doubled key":             `{"a":1,"a":2}`,
		"doubled key, escaped":    `{"a":1,"\u0061":2}`,
		"lone high surrogate":     `{"a":"\ud800"}`,
		"lone low surrogate":      `{"a":"\udc00x"}`,
		"two high surrogates":     `{"a":"\ud800\ud800"}`,
		"bad UTF-8":               "{\"a\":\"\xff\"}",
		"two values":              `{} {}`,
		"space inside a number":   `{"a":1 2}`,
		"not an object":           `[1]`,
		"null, which is not NULL": `null`,
		"empty":                   ``,
	} {
		row := fullRow()
		row.Changes = json.RawMessage(changes)
		if out, err := row.Canonical(); err == nil {
			t.Errorf("%s: accepted as %s", name, out)
		}
	}
	row := fullRow()
	row.Reason = "\xff"
	if _, err := row.Canonical(); err == nil {
		t.Error("reason that is not UTF-8: accepted")
	}
}

func TestCanonical_acceptsExactNumbersAndPairs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"n":[0,-0,0.0,0e5]}`:          `{"n":[0,0,0,0]}`,
		`{"n":[9007199254740992,12e3]}`: `{"n":[9007199254740992,12000]}`,
		`{"n":[1.10,0.1,-2.50E-3]}`:     `{"n":[1.1,0.1,-0.0025]}`,
		`{"n":1e21}`:                    `{"n":1e+21}`,
		`{"a":"\ud83d\ude00\\ud800"}`:   `{"a":"😀\\ud800"}`,
		"{\"\ufb33\":1,\"😀\":2}":        "{\"😀\":2,\"\ufb33\":1}", // sorted by UTF-16 units
	} {
		row := fullRow()
		row.Changes = json.RawMessage(in)
		if got := canonical(t, row); !strings.Contains(got, `"changes":`+want+`,`) {
			t.Errorf("%s gave %s", in, got)
		}
	}
}

// TestCanonical_everyColumnCounts walks the struct, so that a column that is added later and forgotten in the canonical
// form fails here.
func TestCanonical_everyColumnCounts(t *testing.T) {
	t.Parallel()
	hashes := map[string]bool{"PrevHash": true, "PayloadHash": true, "RowMAC": true}
	base := fullRow()
	before := canonical(t, base)

	for _, field := range reflect.VisibleFields(reflect.TypeFor[audit.Row]()) {
		changed := base
		disturb(t, reflect.ValueOf(&changed).Elem().FieldByIndex(field.Index), 0)
		if same := canonical(t, changed) == before; same != hashes[field.Name] {
			t.Errorf("%s: canonical form is the same: %v", field.Name, same)
		}
	}
}

// disturb makes the smallest change to one column; at picks the byte where there are several.
func disturb(t interface{ Fatalf(string, ...any) }, v reflect.Value, at int) {
	switch value := v.Interface().(type) {
	case uuid.UUID:
		value[at%16] ^= 1
		v.Set(reflect.ValueOf(value))
	case string:
		b := []byte(value + "x")
		b[at%len(b)] ^= 1
		v.SetString(string(b))
	case int, int64:
		v.SetInt(v.Int() + 1)
	case time.Time:
		v.Set(reflect.ValueOf(value.Add(time.Microsecond)))
	case json.RawMessage:
		// One byte inside a quoted text; a change that is no JSON any more is noticed all the more.
		v.Set(reflect.ValueOf(json.RawMessage(bytes.Replace(value, []byte(`"`), []byte(`"z`), 1))))
	case []byte:
		b := append(bytes.Clone(value), make([]byte, 32-min(32, len(value)))...)
		b[at%len(b)] ^= 1
		v.SetBytes(b)
	default:
		t.Fatalf("no way to disturb %T", value)
	}
}

func TestCanonical_changesKeepTheirMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := map[string]any{}
		for _, key := range rapid.SliceOfNDistinct(rapid.String(), 0, 6, rapid.ID[string]).Draw(t, "keys") {
			value[key] = []any{
				rapid.String().Draw(t, "before"), rapid.Float64().Draw(t, "after"), float64(rapid.Int32().Draw(t, "n")),
			}
		}
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		row := fullRow()
		row.Changes = raw

		out, err := row.Canonical()
		if err != nil {
			t.Fatal(err)
		}

		var back struct{ Changes map[string]any }
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
		if len(value) > 0 && !reflect.DeepEqual(back.Changes, value) {
			t.Fatalf("%s became %s", raw, out)
		}
	})
}

// FuzzCanonical feeds any bytes as changes: no panic, and whatever is accepted has one form that is its own canonical
// form and says the same as the input.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":[null,1]}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud800"}`, `{"n":1e21}`, `{"n":-0}`, `{"n":9007199254740993}`,
		`{"a":{"b":[[],{}]}}`, `{"\\u0061":"\\\\ud800"}`, "{\"a\":\"\x7f\u2028\"}", `{"a":1 2}`, `null`, ``, `{"n":1e-400}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, changes []byte) {
		row := audit.Row{Seq: 1, Changes: changes}
		first, err := row.Canonical()
		if err != nil {
			return
		}
		if changes == nil {
			return
		}
		var out struct{ Changes json.RawMessage }
		if err := json.Unmarshal(first, &out); err != nil {
			t.Fatalf("canonical form is not JSON: %v", err)
		}
		again := audit.Row{Seq: 1, Changes: out.Changes}
		second, err := again.Canonical()
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("not a fixed point: %s, %s, %v", first, second, err)
		}
		var a, b any
		if json.Unmarshal(changes, &a) != nil || json.Unmarshal(out.Changes, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("meaning changed: %q became %q", changes, out.Changes)
		}
	})
}
