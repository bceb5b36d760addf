package civil

import (
	"slices"
	"time"
)

// Interval is a stretch of time, [Start, End).
type Interval struct{ Start, End time.Time }

// Overlaps reports whether the two share an instant; touching intervals do not.
func (i Interval) Overlaps(o Interval) bool { return i.Start.Before(o.End) && o.Start.Before(i.End) }

// Contains reports whether o lies inside i.
func (i Interval) Contains(o Interval) bool { return !o.Start.Before(i.Start) && !o.End.After(i.End) }

// Merge orders the intervals and joins those that touch or overlap. Empty ones disappear. The input is not changed.
func Merge(in []Interval) []Interval {
	sorted := slices.DeleteFunc(slices.Clone(in), func(i Interval) bool { return !i.Start.Before(i.End) })
	slices.SortFunc(sorted, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	out := sorted[:0]
	for _, i := range sorted {
		if n := len(out); n > 0 && !i.Start.After(out[n-1].End) {
			if i.End.After(out[n-1].End) {
				out[n-1].End = i.End
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

func sortedRanges(in []Range) []Range {
	if slices.IsSortedFunc(in, compareRanges) {
		return in
	}
	out := slices.Clone(in)
	slices.SortFunc(out, compareRanges)
	return out
}

func compareRanges(a, b Range) int { return int(a.Start - b.Start) }
