package ratelimit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/redisdb/redistest"
)

// The script in Redis and the pure decision must be the same function: random requests, returns and pauses over shared
// buckets give the same answers and leave the same instants.
func TestScript_isTheSameAsThePureDecision(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		limits := []Limit{
			{rapid.IntRange(1, 9).Draw(rt, "requests"), time.Duration(rapid.IntRange(1, 90).Draw(rt, "per")) * time.Second},
			{7, 24 * time.Hour},
			{1_000_000, time.Second},
		}
		local := newLocalBuckets(100)
		now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).UnixMicro()
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			now += rapid.Int64Range(0, 5_000_000).Draw(rt, "pause")
			cost := int64(1)
			if rapid.IntRange(0, 4).Draw(rt, "give back") == 0 {
				cost = -1
			}
			picked := rapid.SliceOfNDistinct(rapid.IntRange(0, 2), 1, 3, rapid.ID[int]).Draw(rt, "buckets")
			names := make([]string, len(picked))
			charges := make([]charge, len(picked))
			for i, p := range picked {
				names[i], charges[i] = fmt.Sprintf("limit:%d:%d", run, p), charge{limits[p], cost}
			}

			allowed, full, err := sharedBuckets{client}.take(t.Context(), now, names, charges)
			if err != nil {
				rt.Fatal(err)
			}
			wantAllowed, wantFull := local.take(now, names, charges)

			if allowed != wantAllowed || !slices.Equal(full, wantFull) {
				rt.Fatalf("redis %v %v, pure %v %v", allowed, full, wantAllowed, wantFull)
			}
		}
	})
}

func TestLocalBuckets_memoryIsBounded(t *testing.T) {
	t.Parallel()
	b := newLocalBuckets(80)
	limit := []charge{{Limit{2, time.Minute}, 1}}

	for i := range 1000 {
		b.take(1, []string{fmt.Sprint(i)}, limit)
		if len(b.full) > 80 {
			t.Fatalf("%d buckets", len(b.full))
		}
	}
	b.take(time.Hour.Microseconds(), []string{"later"}, limit)
	for i := range 79 {
		b.take(time.Hour.Microseconds(), []string{fmt.Sprint("x", i)}, limit)
	}

	if allowed, _ := b.take(time.Hour.Microseconds(), []string{"later"}, limit); !allowed {
		t.Error("second of two was refused")
	}
	if allowed, _ := b.take(time.Hour.Microseconds(), []string{"later"}, limit); allowed {
		t.Error("a live bucket was forgotten although full ones could be")
	}
}
