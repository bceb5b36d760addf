package civil_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/civil"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestOn_missingAndDoubledHour(t *testing.T) {
	t.Parallel()
	bucharest := zone(t, "Europe/Bucharest")
	cases := []struct {
		name string
		date civil.Date
		at   civil.TimeOfDay
		edge civil.Edge
		want string
	}{
		{"winter", civil.Date{Year: 2027, Month: 1, Day: 15}, civil.At(9, 0), civil.Start, "2027-01-15T07:00:00Z"},
		{"summer", civil.Date{Year: 2027, Month: 7, Day: 15}, civil.At(9, 0), civil.Start, "2027-07-15T06:00:00Z"},
		{"missing half hour moves to the first instant after the gap", civil.Date{Year: 2027, Month: 3, Day: 28}, civil.At(3, 30), civil.Start, "2027-03-28T01:00:00Z"},
		{"missing as an end too", civil.Date{Year: 2027, Month: 3, Day: 28}, civil.At(3, 30), civil.End, "2027-03-28T01:00:00Z"},
		{"first minute of the gap", civil.Date{Year: 2027, Month: 3, Day: 28}, civil.At(3, 0), civil.Start, "2027-03-28T01:00:00Z"},
		{"right after the gap", civil.Date{Year: 2027, Month: 3, Day: 28}, civil.At(4, 0), civil.Start, "2027-03-28T01:00:00Z"},
		{"doubled start is the first", civil.Date{Year: 2027, Month: 10, Day: 31}, civil.At(3, 30), civil.Start, "2027-10-31T00:30:00Z"},
		{"doubled end is the last", civil.Date{Year: 2027, Month: 10, Day: 31}, civil.At(3, 30), civil.End, "2027-10-31T01:30:00Z"},
		{"end of the doubled hour", civil.Date{Year: 2027, Month: 10, Day: 31}, civil.At(4, 0), civil.End, "2027-10-31T02:00:00Z"},
		{"24:00", civil.Date{Year: 2027, Month: 10, Day: 30}, civil.EndOfDay, civil.End, "2027-10-30T21:00:00Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := civil.On(c.date, c.at, bucharest, c.edge).Format(time.RFC3339); got != c.want {
				t.Errorf("%s %s is %s, want %s", c.date, c.at, got, c.want)
			}
		})
	}
}

func TestDoubled(t *testing.T) {
	t.Parallel()
	bucharest := zone(t, "Europe/Bucharest")
	for text, want := range map[string]bool{
		"2027-10-30T23:59:00Z": false, "2027-10-31T00:00:00Z": true, "2027-10-31T00:59:59Z": true, "2027-10-31T01:00:00Z": true,
		"2027-10-31T01:59:00Z": true, "2027-10-31T02:00:00Z": false, "2027-03-28T00:59:00Z": false, "2027-03-28T01:00:00Z": false,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.Doubled(at.In(bucharest)); got != want {
			t.Errorf("%s: %t", text, got)
		}
		if civil.Doubled(at) {
			t.Errorf("%s is twice in UTC", text)
		}
	}
}

// The oracle walks every minute of the neighbourhood and reads the wall clock off it, which is slow and hard to get wrong.
func oracle(d civil.Date, at civil.TimeOfDay, z *time.Location, edge civil.Edge) time.Time {
	if at == civil.EndOfDay {
		d, at = d.AddDays(1), 0
	}
	first := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Add(-30 * time.Hour)
	var found time.Time
	for m := range 60 * 60 {
		i := first.Add(time.Duration(m) * time.Minute)
		local := i.In(z)
		wall := local.Hour()*60 + local.Minute()
		same := civil.DateOf(local) == d && wall == int(at)
		past := civil.DateOf(local).After(d) || civil.DateOf(local) == d && wall > int(at)
		switch {
		case same && (edge == civil.End || found.IsZero()):
			found = i
		case past && found.IsZero():
			return i
		case past && !found.IsZero() && edge == civil.Start:
			return found
		}
	}
	return found
}

func TestOn_equalsTheMinuteByMinuteOracle(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{
		zone(t, "Europe/Bucharest"), zone(t, "America/New_York"), zone(t, "Australia/Lord_Howe"),
		zone(t, "Africa/Casablanca"), zone(t, "Asia/Kathmandu"), zone(t, "Pacific/Apia"),
	}
	rapid.Check(t, func(r *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(r, "zone")
		d := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 800).Draw(r, "day"))
		at := civil.TimeOfDay(rapid.IntRange(0, 1440).Draw(r, "minute"))
		edge := civil.Edge(rapid.IntRange(0, 1).Draw(r, "edge"))

		got, want := civil.On(d, at, z, edge), oracle(d, at, z, edge)

		if !got.Equal(want) {
			r.Fatalf("%s %s in %s (edge %d): %s, oracle %s", d, at, z, edge, got, want.UTC())
		}
	})
}

func TestOn_everyMinuteOfTransitionDays(t *testing.T) {
	t.Parallel()
	for name, days := range map[string][]civil.Date{
		"Europe/Bucharest":    {{Year: 2026, Month: 3, Day: 29}, {Year: 2026, Month: 10, Day: 25}, {Year: 2027, Month: 3, Day: 28}, {Year: 2027, Month: 10, Day: 31}},
		"America/New_York":    {{Year: 2026, Month: 3, Day: 8}, {Year: 2026, Month: 11, Day: 1}},
		"Australia/Lord_Howe": {{Year: 2026, Month: 4, Day: 5}, {Year: 2026, Month: 10, Day: 4}},
		"Africa/Casablanca":   {{Year: 2026, Month: 2, Day: 15}, {Year: 2026, Month: 3, Day: 22}},
	} {
		z := zone(t, name)
		for _, d := range days {
			for m := 0; m <= 1440; m += 5 {
				for _, edge := range []civil.Edge{civil.Start, civil.End} {
					at := civil.TimeOfDay(m)
					if got, want := civil.On(d, at, z, edge), oracle(d, at, z, edge); !got.Equal(want) {
						t.Fatalf("%s %s %s edge %d: %s, oracle %s", name, d, at, edge, got, want.UTC())
					}
				}
			}
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	day := func(pairs ...int) []civil.Range {
		var out []civil.Range
		for i := 0; i+1 < len(pairs); i += 2 {
			out = append(out, civil.Range{Start: civil.At(pairs[i], 0), End: civil.At(pairs[i+1], 0)})
		}
		return out
	}
	equal := func(name string, got, want []civil.Range) {
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
			return
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	}
	equal("break", civil.Subtract(day(9, 17), day(12, 13)), day(9, 12, 13, 17))
	equal("cut the start", civil.Subtract(day(9, 17), day(8, 10)), day(10, 17))
	equal("cut all", civil.Subtract(day(9, 17), day(8, 18)), nil)
	equal("two cuts", civil.Subtract(day(9, 17), day(14, 15, 10, 11)), day(9, 10, 11, 14, 15, 17))
	equal("intersect", civil.Intersect(day(9, 14), day(12, 18)), day(12, 14))
	equal("intersect splits", civil.Intersect(day(8, 10, 12, 16), day(9, 13, 15, 20)), day(9, 10, 12, 13, 15, 16))
	if _, _, found := civil.Overlapping(day(9, 12, 12, 13)); found {
		t.Error("touching ranges overlap")
	}
	if a, b, found := civil.Overlapping(day(12, 14, 9, 13)); !found || a.Start != civil.At(9, 0) || b.Start != civil.At(12, 0) {
		t.Errorf("overlap is %v %v %v", a, b, found)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"24:01", "9:00", "09:60", "ab:cd", "", "25:00", "-1:00"} {
		if v, err := civil.ParseTimeOfDay(s); err == nil {
			t.Errorf("%q parsed as %s", s, v)
		}
	}
	if v, err := civil.ParseTimeOfDay("24:00"); err != nil || v != civil.EndOfDay {
		t.Errorf("24:00 is %v, %v", v, err)
	}
	for _, s := range []string{"2026-02-29", "2026-2-1", "26-01-01", ""} {
		if v, err := civil.ParseDate(s); err == nil {
			t.Errorf("%q parsed as %s", s, v)
		}
	}
	if d := (civil.Date{Year: 2026, Month: 3, Day: 1}); d.Weekday() != 7 || d.Sub(civil.Date{Year: 2026, Month: 2, Day: 1}) != 28 {
		t.Errorf("weekday %d", d.Weekday())
	}
}
