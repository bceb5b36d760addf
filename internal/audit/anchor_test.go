package audit_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/audit"
)

func head(org uuid.UUID, from, to int64) audit.Head {
	s := audit.NewSpan(org, from)
	for i := from; i < to; i++ {
		s.Add(bytes.Repeat([]byte{byte(i)}, 32))
	}
	return s.Head()
}

var other = uuid.MustParse("01936000-0000-7000-8000-00000000000b")

func TestAnchorFile_readsBackWhatWasAppended(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	path := filepath.Join(t.TempDir(), "anchors")
	file, err := audit.OpenAnchors(path, keys)
	if err != nil {
		t.Fatal(err)
	}

	first, err := file.Append(monday, []audit.Head{head(other, 0, 3), head(clinic, 0, 5)})
	if err != nil {
		t.Fatal(err)
	}
	nothing, err := file.Append(monday, []audit.Head{head(clinic, 5, 5)})
	if err != nil || nothing.Number != 0 {
		t.Fatalf("a span without rows gave anchor %d, %v", nothing.Number, err)
	}
	// A second process continues where the first stopped, and the first notices.
	second, err := audit.OpenAnchors(path, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Append(monday, []audit.Head{head(clinic, second.LastSeq(clinic), 9)}); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Append(monday, []audit.Head{head(clinic, file.LastSeq(clinic), 9)}); err == nil {
		t.Error("a span that the other process had anchored was accepted")
	}
	if _, err := file.Append(monday, []audit.Head{head(clinic, file.LastSeq(clinic), 11), head(other, 3, 4)}); err != nil {
		t.Fatal(err)
	}

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	anchors, err := audit.ReadAnchors(bytes.NewReader(content), keys)
	if err != nil || len(anchors) != 3 {
		t.Fatalf("%d anchors, %v", len(anchors), err)
	}
	if first.Number != 1 || anchors[2].Heads[0].OrganizationID != clinic || anchors[2].Heads[0].Seq != 11 {
		t.Errorf("anchors %+v", anchors)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestAnchorFile_aLineCutOffByACrashIsReplaced(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	path := filepath.Join(t.TempDir(), "anchors")
	file, err := audit.OpenAnchors(path, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Append(monday, []audit.Head{head(clinic, 0, 5)}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, bytes.Repeat([]byte("x"), 4000)...), 0o600); err != nil {
		t.Fatal(err)
	}

	again, err := audit.OpenAnchors(path, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Append(monday, []audit.Head{head(clinic, 5, 6)}); err != nil {
		t.Fatal(err)
	}

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if anchors, err := audit.ReadAnchors(bytes.NewReader(content), keys); err != nil || len(anchors) != 2 || bytes.Contains(content, []byte("xx")) {
		t.Errorf("%d anchors, %v", len(anchors), err)
	}
}

func TestReadAnchors_everyChangedByteIsFound(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	path := filepath.Join(t.TempDir(), "anchors")
	file, err := audit.OpenAnchors(path, keys)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(3) {
		if _, err := file.Append(monday, []audit.Head{head(clinic, i, i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	for i := range len(content) - 1 { // without its line end the last line is what a crash leaves
		changed := bytes.Clone(content)
		changed[i] ^= 1
		if _, err := audit.ReadAnchors(bytes.NewReader(changed), keys); err == nil {
			t.Fatalf("byte %d of %d", i, len(content))
		}
	}
	lines := strings.SplitAfter(string(content), "\n")
	for name, order := range map[string][]int{"middle line lost": {0, 2}, "first lost": {1, 2}, "exchanged": {1, 0, 2}, "doubled": {0, 0, 1}} {
		var b strings.Builder
		for _, i := range order {
			b.WriteString(lines[i])
		}
		if _, err := audit.ReadAnchors(strings.NewReader(b.String()), keys); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	spaced := strings.Replace(string(content), `"at":`, `"at": `, 1)
	if _, err := audit.ReadAnchors(strings.NewReader(spaced), keys); err == nil {
		t.Error("a second spelling was accepted")
	}
	if _, err := audit.ReadAnchors(bytes.NewReader(content), newKeys(t)); err == nil || errors.Is(err, audit.ErrUnknownKey) {
		t.Errorf("keys of another installation: %v", err)
	}
}
