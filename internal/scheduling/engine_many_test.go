package scheduling_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/scheduling"
)

// What several candidates are offered together is what each is offered alone, united by start with indexes ascending. Alone, the oracle
// holds the engine to the definition.
func TestOffer_togetherIsAloneUnited(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Europe/Bucharest"), zone(t, "Africa/Casablanca"), zone(t, "Pacific/Apia")}
	rapid.Check(t, func(r *rapid.T) {
		draw := dice(func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(r, name) })
		after, length := draw("from", 0, oracleDays-1), oracleLengths()[draw("length", 0, 4)]
		q, first := drawCase(draw, zones[draw("zone", 0, 2)], after, length)
		candidates := []scheduling.Candidate{first}
		for range draw("others", 0, 5) {
			_, other := drawCase(draw, zones[draw("zone", 0, 2)], after, length)
			candidates = append(candidates, other)
		}

		got := scheduling.Offer(q, candidates)

		if want := united(q, candidates); !reflect.DeepEqual(got, want) {
			r.Fatalf("together %v, united %v", got, want)
		}
	})
}

func united(q scheduling.Query, candidates []scheduling.Candidate) []scheduling.Slot {
	var out []scheduling.Slot
	for i, c := range candidates {
		for _, s := range scheduling.Offer(q, []scheduling.Candidate{c}) {
			n := slices.IndexFunc(out, func(o scheduling.Slot) bool { return o.Start.Equal(s.Start) })
			if n < 0 {
				out = append(out, scheduling.Slot{Start: s.Start})
				n = len(out) - 1
			}
			out[n].Candidates = append(out[n].Candidates, int32(i))
		}
	}
	slices.SortFunc(out, func(a, b scheduling.Slot) int { return a.Start.Compare(b.Start) })
	return out
}
