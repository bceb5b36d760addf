package apitest

import (
	"fmt"
	"regexp"
)

// LeakShapes are the shapes of what no log, problem, job or fact may hold: planted canaries, and anything that looks like a token, a mail address,
// a phone number or a CNP (figure X-4).
func LeakShapes() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"canary":  regexp.MustCompile(`(?i)cnry|2960229410018|722987654`),
		"token":   regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.|Bearer [A-Za-z0-9]|rxk_[A-Za-z0-9]{16}`),
		"address": regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}`),
		"phone":   regexp.MustCompile(`(\+40|\b0)7\d{8}\b`),
		"cnp":     regexp.MustCompile(`\b[1-8]\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{6}\b`),
	}
}

// Leaks answers every leak of a text, with its kind and a little of what stands before it. The found value itself is left out.
func Leaks(text string) []string {
	var out []string
	for kind, shape := range LeakShapes() {
		for _, at := range shape.FindAllStringIndex(text, 5) {
			out = append(out, fmt.Sprintf("%s after %q", kind, text[max(0, at[0]-60):at[0]]))
		}
	}
	return out
}

// checkLogs makes every test of the API a test of its log.
func (a *API) checkLogs() {
	for _, leak := range Leaks(a.Logs.String()) {
		a.t.Errorf("the log leaks: %s", leak)
	}
}
