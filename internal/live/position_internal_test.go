package live

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"
)

// The id of a push sorts like the place of its entry, and leads back to it.
func TestPosition_sortsLikeTheStreamAndLeadsBack(t *testing.T) {
	t.Parallel()
	draw := func(t *rapid.T, name string) position {
		return position{
			ms: rapid.Uint64Range(0, 1<<48-1).Draw(t, name+" ms"), seq: rapid.Uint32().Draw(t, name+" seq"),
			mark: rapid.Uint64Range(0, 1<<48-1).Draw(t, name+" mark"),
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")

		back, ok := parsePosition(a.String())
		if !ok || back != a {
			t.Fatalf("%v became %v", a, back)
		}
		read, err := readPosition(a.entry(), a.markText())
		if err != nil || read != a {
			t.Fatalf("%v was read as %v, %v", a, read, err)
		}
		want := cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.seq, b.seq), cmp.Compare(a.mark, b.mark))
		if got := cmp.Compare(a.String(), b.String()); got != want {
			t.Fatalf("%s and %s compare as %d, want %d", a, b, got, want)
		}
	})
}

func TestParsePosition_refusesWhatIsNoULID(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "0", "0000000000000000000000000U", "80000000000000000000000000", "01ARZ3NDEKTSV4RRFFQ69G5FA\n", "01arz3ndektsv4rrffq69g5fav"} {
		if p, ok := parsePosition(s); ok {
			t.Errorf("%q is read as %v", s, p)
		}
	}
}
