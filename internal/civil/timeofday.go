package civil

import "fmt"

// TimeOfDay is minutes since local midnight on the wall clock, 0 to 1440. 1440 is 24:00, the end of the day; it is valid only
// as the end of a range.
type TimeOfDay int

// EndOfDay is 24:00.
const EndOfDay TimeOfDay = 24 * 60

// At makes a time of day from hours and minutes of the source; it does not check.
func At(hour, minute int) TimeOfDay { return TimeOfDay(hour*60 + minute) }

// ParseTimeOfDay reads HH:MM, 00:00 to 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) != 5 || s[2] != ':' {
		return 0, fmt.Errorf("parse time of day: not HH:MM")
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, fmt.Errorf("parse time of day: not HH:MM")
		}
	}
	t := At(int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0'))
	if t > EndOfDay || s[3] > '5' {
		return 0, fmt.Errorf("parse time of day: not between 00:00 and 24:00")
	}
	return t, nil
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes HH:MM.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	v, err := ParseTimeOfDay(string(b))
	if err != nil {
		return err
	}
	*t = v
	return nil
}

// Range is a stretch of one local day, [Start, End).
type Range struct {
	Start TimeOfDay `json:"start"`
	End   TimeOfDay `json:"end"`
}

// Valid reports whether the range starts inside the day and ends after it starts, at 24:00 at the latest.
func (r Range) Valid() bool { return r.Start >= 0 && r.Start < r.End && r.End <= EndOfDay }

// String returns HH:MM-HH:MM.
func (r Range) String() string { return r.Start.String() + "-" + r.End.String() }

// Overlapping returns the first pair of ranges that share a minute, or false. Touching ranges do not overlap.
func Overlapping(ranges []Range) (a, b Range, found bool) {
	sorted := sortedRanges(ranges)
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Start < sorted[i-1].End {
			return sorted[i-1], sorted[i], true
		}
	}
	return Range{}, Range{}, false
}

// Intersect returns what a and b have in common, ordered, for lists without overlaps.
func Intersect(a, b []Range) []Range {
	a, b = sortedRanges(a), sortedRanges(b)
	var out []Range
	for i, j := 0, 0; i < len(a) && j < len(b); {
		r := Range{max(a[i].Start, b[j].Start), min(a[i].End, b[j].End)}
		if r.Start < r.End {
			out = append(out, r)
		}
		if a[i].End < b[j].End {
			i++
		} else {
			j++
		}
	}
	return out
}

// Subtract returns what is left of base without the minutes of cut, ordered.
func Subtract(base, cut []Range) []Range {
	base, cut = sortedRanges(base), sortedRanges(cut)
	var out []Range
	for _, r := range base {
		for _, c := range cut {
			if c.End <= r.Start || c.Start >= r.End {
				continue
			}
			if c.Start > r.Start {
				out = append(out, Range{r.Start, c.Start})
			}
			r.Start = max(r.Start, c.End)
			if r.Start >= r.End {
				break
			}
		}
		if r.Start < r.End {
			out = append(out, r)
		}
	}
	return out
}
