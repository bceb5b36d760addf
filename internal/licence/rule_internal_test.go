package licence

import (
	"testing"

	"github.com/restartix/platform/internal/civil"
)

func TestDue(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		left  int
		given []int
		days  int
		ok    bool
	}{
		{61, nil, 0, false},
		{60, nil, 60, true},
		{60, []int{60}, 60, false},
		{31, []int{60}, 60, false},
		{30, []int{60}, 30, true},
		{20, nil, 30, true}, // entered late: the nearest one, once
		{20, []int{30}, 30, false},
		{7, []int{60, 30}, 7, true},
		{0, []int{60, 30, 7}, 0, true},
		{-5, []int{60, 30}, 0, true},
		{-5, []int{0}, 0, false},
	} {
		if days, ok := due(one.left, one.given); ok != one.ok || ok && days != one.days {
			t.Errorf("%d days left after %v: %d %v", one.left, one.given, days, ok)
		}
	}
}

func date(t *testing.T, s string) civil.Date {
	t.Helper()
	if s == "" {
		return civil.Date{}
	}
	d, err := civil.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEnded(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		licences [][2]string
		day      string
		want     bool
	}{
		"never had one":              {nil, "2026-05-12", false},
		"last day":                   {[][2]string{{"", "2026-05-12"}}, "2026-05-11", false},
		"first day without":          {[][2]string{{"", "2026-05-12"}}, "2026-05-12", true},
		"another one holds":          {[][2]string{{"", "2026-05-12"}, {"2025-01-01", "2027-01-01"}}, "2026-05-12", false},
		"the next one comes later":   {[][2]string{{"", "2026-05-12"}, {"2026-06-01", "2027-01-01"}}, "2026-05-31", true},
		"the next one begins":        {[][2]string{{"", "2026-05-12"}, {"2026-06-01", "2027-01-01"}}, "2026-06-01", false},
		"the first one is to begin":  {[][2]string{{"2026-06-01", "2027-01-01"}}, "2026-05-12", false},
		"all of them ended long ago": {[][2]string{{"", "2020-05-12"}, {"2021-01-01", "2022-01-01"}}, "2026-05-12", true},
	} {
		var licences []period
		for _, l := range one.licences {
			licences = append(licences, period{date(t, l[0]), date(t, l[1])})
		}
		if got := ended(licences, date(t, one.day)); got != one.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestIssuers(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, i := range Issuers() {
		if seen[i.Code] || len(i.Country) != 2 || i.Name == "" || i.Profession == "" {
			t.Errorf("issuer %+v", i)
		}
		seen[i.Code] = true
	}
	for _, code := range []string{"CFZRO", "OBBCSSR", "CMR", "COPSI", "OAMGMAMR"} {
		if !seen[code] {
			t.Errorf("issuer %s is missing", code)
		}
	}
}
