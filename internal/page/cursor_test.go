package page_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/restartix/platform/internal/page"
)

func TestCursors_openOnlyWhatTheySealed(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 28, 9, 0, 0, 0, time.UTC)
	cursors := page.NewCursors([]byte("a secret of the installation"), func() time.Time { return now })
	sealed := cursors.Seal("clinic A|action=read", "41")
	flipped := func(i int) string {
		raw, err := base64.RawURLEncoding.DecodeString(sealed)
		if err != nil {
			t.Fatal(err)
		}
		raw[i] ^= 1
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	other := page.NewCursors([]byte("another secret"), func() time.Time { return now })

	if place, err := cursors.Open("clinic A|action=read", sealed); err != nil || place != "41" {
		t.Errorf("own cursor answers %q, %v", place, err)
	}
	for name, try := range map[string]struct{ scope, cursor string }{
		"another filter":         {"clinic A|action=update", sealed},
		"another clinic":         {"clinic B|action=read", sealed},
		"a moved border":         {"clinic A|action=rea", sealed},
		"a changed place":        {"clinic A|action=read", flipped(41)},
		"a changed time":         {"clinic A|action=read", flipped(39)},
		"a changed seal":         {"clinic A|action=read", flipped(0)},
		"another installation's": {"clinic A|action=read", other.Seal("clinic A|action=read", "41")},
		"nonsense":               {"clinic A|action=read", "41"},
		"not base64":             {"clinic A|action=read", "***"},
	} {
		if _, err := cursors.Open(try.scope, try.cursor); !errors.Is(err, page.ErrCursor) {
			t.Errorf("%s answers %v, want cursor_invalid", name, err)
		}
	}

	now = now.Add(page.CursorLife)
	if _, err := cursors.Open("clinic A|action=read", sealed); err != nil {
		t.Errorf("a cursor of exactly a day answers %v", err)
	}
	now = now.Add(time.Second)
	if _, err := cursors.Open("clinic A|action=read", sealed); !errors.Is(err, page.ErrCursorExpired) {
		t.Errorf("a cursor older than a day answers %v, want cursor_expired", err)
	}
}

func TestFeedQuery_boundsThePage(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]int{0: page.DefaultSize, 1: 1, 100: 100} {
		if got, err := (page.FeedQuery{PageSize: size}).Size(); err != nil || got != want {
			t.Errorf("size %d answers %d, %v", size, got, err)
		}
	}
	for _, size := range []int{-1, 101, 1_000_000_000} {
		if _, err := (page.FeedQuery{PageSize: size}).Size(); !errors.Is(err, page.ErrSize) {
			t.Errorf("size %d answers %v, want page_size_invalid", size, err)
		}
	}
}
