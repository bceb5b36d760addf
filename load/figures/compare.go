package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tolerated is how much worse a ratio may be than in the baseline: machines are noisy, a change of more is a defect.
const tolerated = 1.20

var (
	figureLine = regexp.MustCompile(`^FIGURE (\S+) (\S+) (?:pass|fail)$`)
	numbers    = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?`)
)

// ratios reads the figures of a run that two machines, or two days, can be compared by; in each of them more is worse. A rate becomes how
// many times as long the request takes as GET /v1/me of the same run.
func ratios(r io.Reader) (map[string]float64, error) {
	out, rates := map[string]float64{}, map[string]float64{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		parts := figureLine.FindStringSubmatch(lines.Text())
		if parts == nil {
			continue
		}
		for _, field := range strings.Split(parts[2], ",") {
			name, value, _ := strings.Cut(field, "=")
			number, err := strconv.ParseFloat(numbers.FindString(value), 64)
			switch {
			case err != nil:
			case name == "ratio":
				out[parts[1]] = number
			case name == "rate" && number > 0:
				rates[parts[1]] = number
			}
		}
	}
	me := rates["LOAD/me"]
	for id, rate := range rates {
		if me > 0 && id != "LOAD/me" && !strings.HasSuffix(id, "/half") { // at half the rate is chosen, not reached
			out[id] = me / rate
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	return out, nil
}

// compare prints each ratio of the run beside the baseline's and tells whether one is worse by more than is tolerated.
func compare(w io.Writer, baseline, run map[string]float64) (worse bool, err error) {
	for _, id := range slices.Sorted(maps.Keys(baseline)) {
		now, measured := run[id]
		if !measured {
			continue
		}
		verdict := "pass"
		if now > baseline[id]*tolerated {
			verdict, worse = "fail", true
		}
		if _, err := fmt.Fprintf(w, "RATIO %s now=%.2f,baseline=%.2f %s\n", id, now, baseline[id], verdict); err != nil {
			return worse, fmt.Errorf("print comparison: %w", err)
		}
	}
	return worse, nil
}

// compareFiles is compare of two kept results.
func compareFiles(baseline, run string) error {
	var both [2]map[string]float64
	for i, name := range []string{baseline, run} {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		both[i], err = ratios(f)
		_ = f.Close() // only read
		if err != nil {
			return err
		}
	}
	worse, err := compare(os.Stdout, both[0], both[1])
	if err == nil && worse {
		err = fmt.Errorf("a ratio is more than %.0f %% worse than in %s", (tolerated-1)*100, baseline)
	}
	return err
}
