package main

import (
	"maps"
	"strings"
	"testing"
)

const kept = `Date 2026-11-24
FIGURE PF-3/me ratio=1.35,api=998us,bare=699us,statements=10 pass
FIGURE PF-1/linear 10x30=1us,100x30=9us,growth=9.0 pass
FIGURE PF-13/idle 37MB pass
FIGURE LOAD/me rate=1000/s,p50=1.0ms,p99=2.0ms pass
FIGURE PF-2/availability rate=250/s,p50=4.0ms,p99=9.0ms pass
FIGURE PF-2/availability/half rate=125/s,p50=4.0ms,p99=9.0ms pass
`

func TestRatios_areThoseOfOneRun(t *testing.T) {
	t.Parallel()
	got, err := ratios(strings.NewReader(kept))

	want := map[string]float64{"PF-3/me": 1.35, "PF-2/availability": 4}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

// A machine that is half as fast is no regression; one request that became dearer than the others is, beyond 20 %.
func TestCompare_seesOneRatioThatBecameWorse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change *strings.Replacer
		worse  bool
		says   string
	}{
		"the same":       {strings.NewReplacer(), false, "now=4.00,baseline=4.00 pass"},
		"slower machine": {strings.NewReplacer("rate=1000", "rate=500", "rate=250", "rate=125"), false, "now=4.00,baseline=4.00 pass"},
		"within noise":   {strings.NewReplacer("ratio=1.35", "ratio=1.60"), false, "RATIO PF-3/me now=1.60,baseline=1.35 pass"},
		"dearer edge":    {strings.NewReplacer("ratio=1.35", "ratio=1.63"), true, "RATIO PF-3/me now=1.63,baseline=1.35 fail"},
		"dearer times":   {strings.NewReplacer("rate=250", "rate=200"), true, "RATIO PF-2/availability now=5.00,baseline=4.00 fail"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, err1 := ratios(strings.NewReader(kept))
			after, err2 := ratios(strings.NewReader(c.change.Replace(kept)))
			var out strings.Builder

			worse, err := compare(&out, before, after)

			if err1 != nil || err2 != nil || err != nil || worse != c.worse || !strings.Contains(out.String(), c.says) {
				t.Errorf("worse %v, %v %v %v:\n%s", worse, err1, err2, err, out.String())
			}
		})
	}
}
