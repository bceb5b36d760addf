package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/audit"
)

var (
	clinic = uuid.MustParse("01936000-0000-7000-8000-00000000000a")
	monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
)

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func newKeys(t fataler) *audit.Keys {
	t.Helper()
	doc, err := audit.GenerateKeys(monday)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.ParseKeys(doc)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// chain makes n rows of one clinic, and an anchor after each step rows.
func chain(t fataler, keys *audit.Keys, org uuid.UUID, n, step int) ([]audit.Row, []audit.Anchor) {
	t.Helper()
	dir, ok := t.(interface{ TempDir() string })
	var file *audit.AnchorFile
	if step > 0 && ok {
		var err error
		if file, err = audit.OpenAnchors(filepath.Join(dir.TempDir(), "anchors"), keys); err != nil {
			t.Fatal(err)
		}
	}
	var rows []audit.Row
	var anchors []audit.Anchor
	prev := audit.GenesisHash
	span := audit.NewSpan(org, 0)
	for i := range n {
		row := audit.Row{
			ID: uuid.Must(uuid.NewV7()), OrganizationID: org, Seq: int64(i + 1), OccurredAt: monday.Add(time.Duration(i) * time.Second),
			ActorKind: "user", ActorRole: "admin", Action: "update", EntityType: "specialist", EntityID: fmt.Sprint(i % 3),
			Changes: json.RawMessage(fmt.Sprintf(`{"name":["a","b%d"]}`, i)), Result: "success", HTTPStatus: 200,
			ActionContext: "normal",
		}
		if err := keys.Chain(&row, prev); err != nil {
			t.Fatal(err)
		}
		prev = row.RowMAC
		rows = append(rows, row)
		span.Add(row.RowMAC)
		if file != nil && (i+1)%step == 0 {
			a, err := file.Append(monday.Add(time.Hour), []audit.Head{span.Head()})
			if err != nil {
				t.Fatal(err)
			}
			anchors = append(anchors, a)
			span = audit.NewSpan(org, row.Seq)
		}
	}
	return rows, anchors
}

func verify(keys *audit.Keys, org uuid.UUID, rows []audit.Row, anchors []audit.Anchor) audit.Finding {
	v := audit.NewVerifier(org, keys, anchors, audit.Checkpoint{})
	for i := range rows {
		if !v.Add(&rows[i]) {
			break
		}
	}
	return v.Finish()
}

func TestVerifier_namesWhatHappened(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	rows, anchors := chain(t, keys, clinic, 50, 20) // anchors after 20 and 40
	foreign, _ := chain(t, newKeys(t), clinic, 50, 0)
	fork, _ := chain(t, keys, clinic, 50, 0) // another history, made with the right keys
	for name, c := range map[string]struct {
		change func(r []audit.Row) []audit.Row
		want   string
	}{
		"nothing":             {func(r []audit.Row) []audit.Row { return r }, "ok: 50 rows, 2 anchors"},
		"one byte":            {func(r []audit.Row) []audit.Row { r[6].Reason = "x"; return r }, "altered seq 7"},
		"one hash":            {func(r []audit.Row) []audit.Row { r[6].PayloadHash = r[5].PayloadHash; return r }, "altered seq 7"},
		"one link":            {func(r []audit.Row) []audit.Row { r[6].PrevHash = r[3].PrevHash; return r }, "altered seq 7"},
		"middle row deleted":  {func(r []audit.Row) []audit.Row { return slices.Delete(r, 10, 11) }, "gap at 11"},
		"first row deleted":   {func(r []audit.Row) []audit.Row { return r[1:] }, "gap at 1"},
		"last 10 deleted":     {func(r []audit.Row) []audit.Row { return r[:39] }, "truncated after anchor 1"},
		"back to the anchor":  {func(r []audit.Row) []audit.Row { return r[:20] }, "truncated after anchor 1"},
		"all deleted":         {func([]audit.Row) []audit.Row { return nil }, "truncated after anchor 0"},
		"numbers exchanged":   {func(r []audit.Row) []audit.Row { return exchangeNumbers(r, 10, 30) }, "order at 11"},
		"neighbours":          {func(r []audit.Row) []audit.Row { return exchangeNumbers(r, 10, 11) }, "order at 11"},
		"doubled row":         {func(r []audit.Row) []audit.Row { return slices.Insert(r, 10, r[9]) }, "order at 10"},
		"doubled at the end":  {func(r []audit.Row) []audit.Row { x := r[9]; x.Seq = 51; return append(r, x) }, "order at 51"},
		"read out of order":   {func(r []audit.Row) []audit.Row { r[10], r[11] = r[11], r[10]; return r }, "gap at 11"},
		"key id unknown":      {func(r []audit.Row) []audit.Row { r[10].KeyID = "row-9"; return r }, "key unknown: row-9 at 11"},
		"row of other keys":   {func(r []audit.Row) []audit.Row { r[10] = foreign[10]; return r }, "altered seq 11"},
		"chain of other keys": {func([]audit.Row) []audit.Row { return foreign }, "altered seq 1"},
		"fork inside":         {func(r []audit.Row) []audit.Row { return append(r[:41:41], fork[41:]...) }, "order at 42"},
		"fork of the whole":   {func([]audit.Row) []audit.Row { return fork }, "altered seq 20"},
		"row of other clinic": {func(r []audit.Row) []audit.Row { r[2].OrganizationID = uuid.Nil; return r }, "altered seq 3"},
	} {
		if got := verify(keys, clinic, c.change(slices.Clone(rows)), anchors).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// exchangeNumbers is what an owner's UPDATE of seq does; the rows then come back in order of seq.
func exchangeNumbers(r []audit.Row, i, j int) []audit.Row {
	r[i].Seq, r[j].Seq = r[j].Seq, r[i].Seq
	r[i], r[j] = r[j], r[i]
	return r
}

func TestVerifier_continuesFromACheckpoint(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	rows, anchors := chain(t, keys, clinic, 50, 20)
	from := func(n int) audit.Finding {
		v := audit.NewVerifier(clinic, keys, anchors, audit.Checkpoint{Seq: rows[n-1].Seq, RowMAC: rows[n-1].RowMAC})
		for i := n; i < len(rows); i++ {
			v.Add(&rows[i])
		}
		return v.Finish()
	}

	if got := from(20).String(); got != "ok: 30 rows, 1 anchors" {
		t.Errorf("from an anchor: %s", got)
	}
	if got := from(30).String(); got != "ok: 20 rows, 1 anchors" {
		t.Errorf("from the middle of a span: %s", got)
	}
	if got := from(50).String(); got != "ok: 0 rows, 0 anchors" {
		t.Errorf("from the end: %s", got)
	}
	v := audit.NewVerifier(clinic, keys, anchors, audit.Checkpoint{Seq: 20, RowMAC: rows[18].RowMAC})
	v.Add(&rows[20])
	if got := v.Finish(); got.Kind != audit.Order || got.Seq != 21 {
		t.Errorf("from a wrong checkpoint: %s", got)
	}
}

func TestVerifier_oldKeysStillVerify(t *testing.T) {
	t.Parallel()
	doc, err := audit.GenerateKeys(monday)
	if err != nil {
		t.Fatal(err)
	}
	before, err := audit.ParseKeys(doc)
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := chain(t, before, clinic, 3, 0)
	other, err := audit.GenerateKeys(monday)
	if err != nil {
		t.Fatal(err)
	}
	after, err := audit.ParseKeys(withSecondRowKey(t, doc, other))
	if err != nil {
		t.Fatal(err)
	}
	next := audit.Row{ID: uuid.New(), OrganizationID: clinic, Seq: 4, OccurredAt: monday}
	if err := after.Chain(&next, rows[2].RowMAC); err != nil {
		t.Fatal(err)
	}
	rows = append(rows, next)

	if got := verify(after, clinic, rows, nil); got.Kind != audit.OK || got.Rows != 4 || next.KeyID != "row-2" {
		t.Errorf("with both keys: %s", got)
	}
	if got := verify(before, clinic, rows, nil); got.Kind != audit.KeyUnknown || got.Seq != 4 || got.Key != "row-2" {
		t.Errorf("without the new key: %s", got)
	}
}

// withSecondRowKey adds the row key of another document as row-2 and makes it the primary.
func withSecondRowKey(t *testing.T, doc, other []byte) []byte {
	t.Helper()
	var a, b map[string]any
	if err := json.Unmarshal(doc, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(other, &b); err != nil {
		t.Fatal(err)
	}
	second := b["rows"].(map[string]any)["keys"].([]any)[0].(map[string]any)
	second["id"] = "row-2"
	rows := a["rows"].(map[string]any)
	rows["keys"] = append(rows["keys"].([]any), second)
	rows["primary"] = "row-2"
	out, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseKeys_refusesBadDocuments(t *testing.T) {
	t.Parallel()
	good, err := audit.GenerateKeys(monday)
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{
		"nothing":         "",
		"other format":    strings.Replace(string(good), "audit-1", "audit-2", 1),
		"unknown member":  strings.Replace(string(good), `"format"`, `"x":1,"format"`, 1),
		"missing primary": strings.Replace(string(good), `"primary": "row-1"`, `"primary": "row-2"`, 1),
		"no anchor key":   strings.Replace(string(good), `"primary": "anchor-1"`, `"primary": ""`, 1),
		"short secret":    strings.Replace(string(good), `"secret": "`, `"secret": "AAAA", "x": "`, 1),
		"empty id":        strings.Replace(string(good), `"id": "row-1"`, `"id": ""`, 1),
		"trailing":        string(good) + "{}",
	} {
		if keys, err := audit.ParseKeys([]byte(doc)); err == nil || keys != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	keys := newKeys(t)
	if got := fmt.Sprintf("%v %+v %#v", keys, keys, keys); strings.TrimSpace(strings.ReplaceAll(got, "[redacted]", "")) != "" {
		t.Errorf("keys print as %s", got)
	}
}

// TestVerifier_anyChangeIsFound makes one change at a random place of a random chain.
func TestVerifier_anyChangeIsFound(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	base, anchors := chain(t, keys, clinic, 30, 10)
	fields := reflect.VisibleFields(reflect.TypeFor[audit.Row]())
	rapid.Check(t, func(rt *rapid.T) {
		rows := slices.Clone(base)
		n := rapid.IntRange(0, len(rows)-1).Draw(rt, "row")
		m := rapid.IntRange(0, len(rows)-1).Draw(rt, "other row")
		switch rapid.IntRange(0, 5).Draw(rt, "kind") {
		case 0: // any column, any byte
			field := fields[rapid.IntRange(0, len(fields)-1).Draw(rt, "column")]
			disturb(rt, reflect.ValueOf(&rows[n]).Elem().FieldByIndex(field.Index), rapid.IntRange(0, 63).Draw(rt, "byte"))
		case 1:
			rows = slices.Delete(rows, n, n+1)
		case 2:
			rows = rows[:n]
		case 3:
			if n == m {
				return
			}
			rows = exchangeNumbers(rows, min(n, m), max(n, m))
		case 4:
			rows = slices.Insert(rows, n, rows[m])
		case 5: // content exchanged, numbers and hashes left
			if n == m {
				return
			}
			rows[n].ID, rows[m].ID = rows[m].ID, rows[n].ID
		}

		if got := verify(keys, clinic, rows, anchors); got.Kind == audit.OK {
			rt.Fatalf("not found")
		}
	})
}

func TestSpan_rootDependsOnEveryLeafAndTheirOrder(t *testing.T) {
	t.Parallel()
	roots := map[string]bool{}
	root := func(leaves ...byte) {
		s := audit.NewSpan(clinic, 0)
		for _, l := range leaves {
			s.Add(bytes.Repeat([]byte{l}, 32))
		}
		h := s.Head()
		if h.Seq != int64(len(leaves)) || len(leaves) > 0 && h.RowMAC[0] != leaves[len(leaves)-1] {
			t.Fatalf("head %+v of %v", h, leaves)
		}
		if roots[string(h.Root)] {
			t.Errorf("root of %v occurred before", leaves)
		}
		roots[string(h.Root)] = true
	}

	root()
	root(1)
	root(1, 2)
	root(2, 1)
	root(1, 2, 3)
	root(1, 2, 3, 3)
	root(1, 2, 3, 4)
	root(1, 2, 3, 4, 5)
	root(1, 2, 3, 5, 4)
	root(1, 2, 3, 4, 5, 6, 7)
}
