package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/seal"
)

var created = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

var place = seal.AAD{
	Org: "01936000-0000-7000-8000-00000000000a", Table: "guest_contacts", Column: "phone",
	Row: "01936000-0000-7000-8000-000000000001",
}

func newDocument(t *testing.T) []byte {
	t.Helper()
	doc, err := seal.Generate(created)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func open(t *testing.T, doc []byte) *seal.Ring {
	t.Helper()
	ring, err := seal.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestRing_opensWhatItSealed(t *testing.T) {
	t.Parallel()
	ring := open(t, newDocument(t))

	for _, text := range []string{"", "+40722310450", strings.Repeat("ș", 5000)} {
		v, err := ring.SealString(text, place)
		if err != nil {
			t.Fatal(err)
		}
		if v.KeyVersion != 1 || v.Cipher[0] != 1 {
			t.Fatalf("version %d, format byte %d", v.KeyVersion, v.Cipher[0])
		}
		if text != "" && bytes.Contains(v.Cipher, []byte(text)) {
			t.Fatal("plaintext inside the sealed value")
		}
		got, err := ring.OpenString(v, place)
		if err != nil || got != text {
			t.Fatalf("opened %d bytes of %d, %v", len(got), len(text), err)
		}
	}
}

func TestRing_everyChangedBitIsRefused(t *testing.T) {
	t.Parallel()
	ring := open(t, newDocument(t))
	v, err := ring.SealString("+40722310450", place)
	if err != nil {
		t.Fatal(err)
	}

	for bit := range len(v.Cipher) * 8 {
		changed := bytes.Clone(v.Cipher)
		changed[bit/8] ^= 1 << (bit % 8)
		if got, err := ring.Open(seal.Value{Cipher: changed, KeyVersion: 1}, place); !errors.Is(err, seal.ErrRefused) || got != nil {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
	for cut := range v.Cipher {
		if _, err := ring.Open(seal.Value{Cipher: v.Cipher[:cut], KeyVersion: 1}, place); !errors.Is(err, seal.ErrRefused) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

func TestRing_rotationKeepsOldValuesReadable(t *testing.T) {
	t.Parallel()
	first := newDocument(t)
	old := open(t, first)
	before, err := old.SealString("before", place)
	if err != nil {
		t.Fatal(err)
	}
	second, err := seal.Rotate(first, created.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	ring := open(t, second)

	after, err := ring.SealString("after", place)
	if err != nil {
		t.Fatal(err)
	}

	if after.KeyVersion != 2 || ring.Primary() != 2 {
		t.Fatalf("new value has version %d, primary %d", after.KeyVersion, ring.Primary())
	}
	if got, err := ring.OpenString(before, place); err != nil || got != "before" {
		t.Fatalf("old value: %q, %v", got, err)
	}
	if _, err := old.Open(after, place); !errors.Is(err, seal.ErrUnknownVersion) {
		t.Fatalf("a ring without version 2 answered %v", err)
	}
	if _, err := ring.Open(seal.Value{Cipher: after.Cipher, KeyVersion: 1}, place); !errors.Is(err, seal.ErrRefused) {
		t.Fatalf("value with the wrong version answered %v", err)
	}
	if !bytes.Equal(old.BlindIndex("a", "phone", "1"), ring.BlindIndex("a", "phone", "1")) {
		t.Fatal("rotation changed the blind indexes")
	}
}

func TestNew_refusesBadDocuments(t *testing.T) {
	t.Parallel()
	edit := func(change func(map[string]any)) []byte {
		var d map[string]any
		if err := json.Unmarshal(newDocument(t), &d); err != nil {
			t.Fatal(err)
		}
		change(d)
		out, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	firstVersion := func(d map[string]any) map[string]any { return d["versions"].([]any)[0].(map[string]any) }
	bad := map[string][]byte{
		"nothing":           nil,
		"white space":       []byte(" \n"),
		"not JSON":          []byte("AAAAsecretAAAA"),
		"two documents":     append(newDocument(t), newDocument(t)...),
		"unknown member":    edit(func(d map[string]any) { d["extra"] = 1 }),
		"other format":      edit(func(d map[string]any) { d["format"] = "x" }),
		"no primary":        edit(func(d map[string]any) { d["primary"] = 7 }),
		"no versions":       edit(func(d map[string]any) { d["versions"] = []any{} }),
		"version zero":      edit(func(d map[string]any) { firstVersion(d)["id"] = 0 }),
		"doubled version":   edit(func(d map[string]any) { d["versions"] = append(d["versions"].([]any), firstVersion(d)) }),
		"broken key set":    edit(func(d map[string]any) { firstVersion(d)["keys"] = map[string]any{"key": 1} }),
		"index as field":    edit(func(d map[string]any) { firstVersion(d)["keys"] = d["index"] }),
		"field as index":    edit(func(d map[string]any) { d["index"] = firstVersion(d)["keys"] }),
		"index left out":    edit(func(d map[string]any) { delete(d, "index") }),
		"disabled key":      edit(func(d map[string]any) { keyOf(firstVersion(d))["status"] = "DISABLED" }),
		"two keys in a set": edit(func(d map[string]any) { doubleKey(firstVersion(d)) }),
	}

	for name, doc := range bad {
		ring, err := seal.New(doc)
		if err == nil || ring != nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error quotes the document: %v", name, err)
		}
	}
}

func keyOf(v map[string]any) map[string]any {
	return v["keys"].(map[string]any)["key"].([]any)[0].(map[string]any)
}

func doubleKey(v map[string]any) {
	set := v["keys"].(map[string]any)
	second := map[string]any{}
	for k, x := range keyOf(v) {
		second[k] = x
	}
	second["keyId"] = 42
	set["key"] = append(set["key"].([]any), second)
}

func TestRing_placeMustBeComplete(t *testing.T) {
	t.Parallel()
	ring := open(t, newDocument(t))

	for _, p := range []seal.AAD{{}, {Org: "a", Table: "t", Column: "c"}, {Table: "t", Column: "c", Row: "r"}} {
		if v, err := ring.Seal([]byte("x"), p); err == nil || v.Cipher != nil {
			t.Errorf("sealed for %v", p)
		}
	}
}

func TestRing_printsNothing(t *testing.T) {
	t.Parallel()
	ring := open(t, newDocument(t))
	v, err := ring.SealString("x", place)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "ring", ring, "value", v)

	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		for _, thing := range []any{ring, v, &v} {
			if got := fmt.Sprintf(verb, thing); got != "[redacted]" {
				t.Errorf("%s printed %q", verb, got)
			}
		}
	}
	if strings.Count(log.String(), "[redacted]") != 2 {
		t.Errorf("log line: %s", log.String())
	}
}
