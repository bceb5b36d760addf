// Package leaktest looks for what must never stand in a log, a metric, a trace, an error page or a job's arguments: canaries of seeded rows,
// tokens, cookies, signed addresses, passwords in addresses, e-mail addresses, phone numbers, personal numbers (figure X-4).
package leaktest

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Leak is one place that says too much. It never holds the text itself, because a report is a log too.
type Leak struct {
	Kind string
	// Where is the source's name and line.
	Where string
}

// String implements fmt.Stringer.
func (l Leak) String() string { return l.Where + ": " + l.Kind }

type pattern struct {
	kind string
	re   *regexp.Regexp
	// only narrows a match down where the pattern alone finds too much; nil takes every match.
	only func(string) bool
}

func patterns() []pattern {
	return []pattern{
		{"canary of a seeded row", regexp.MustCompile(`(?i)CNRY-[A-Za-z0-9]`), nil},
		{"token", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*`), nil},
		{"bearer credential", regexp.MustCompile(`(?i)bearer\s+[A-Za-z0-9._~+/-]{12,}`), nil},
		{"cookie", regexp.MustCompile(`(?i)(set-cookie|__Host-[a-z-]+=|__session=)`), nil},
		{"signed address", regexp.MustCompile(`(?i)X-Amz-(Signature|Credential)=`), nil},
		{"password in an address", regexp.MustCompile(`[a-z]+://[^:/@\s"]*:[^@/\s"]{1,}@`), func(s string) bool { return !strings.Contains(s, "xxxxx@") }},
		{"password hash", regexp.MustCompile(`\$argon2(id|i|d)\$`), nil},
		{"private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`), nil},
		{"e-mail address", regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`), func(s string) bool { return !versioned.MatchString(s) }},
		{"phone number", regexp.MustCompile(`(?:\+40|\b0040|\b0)[ .-]?[237]\d{2}[ .-]?\d{3}[ .-]?\d{3}\b`), nil},
		{"personal number", regexp.MustCompile(`\b[1-9]\d{12}\b`), isCNP},
	}
}

// versioned are packages with their version, such as pgx@v5.12.0, which look like addresses.
var versioned = regexp.MustCompile(`@v?\d+(\.\d+)+`)

// isCNP checks month, day and control digit, so that an instant in milliseconds is not taken for a person.
func isCNP(s string) bool {
	const weights = "279146358279"
	sum := 0
	for i := range weights {
		sum += int(s[i]-'0') * int(weights[i]-'0')
	}
	control := sum % 11
	if control == 10 {
		control = 1
	}
	month, day := s[3:5], s[5:7]
	return int(s[12]-'0') == control && month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// Scan answers every leak of a text; name says in the report where the text comes from.
func Scan(name, text string) []Leak {
	var out []Leak
	all := patterns()
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		for _, p := range all {
			for _, match := range p.re.FindAllString(lines.Text(), -1) {
				if p.only == nil || p.only(match) {
					out = append(out, Leak{Kind: p.kind, Where: fmt.Sprintf("%s:%d", name, n)})
					break
				}
			}
		}
	}
	if err := lines.Err(); err != nil {
		out = append(out, Leak{Kind: "unreadable line", Where: name})
	}
	return out
}

// ScanTree scans every file below a folder. An empty or missing folder is an error: it would be green over nothing.
func ScanTree(dir string) ([]Leak, error) {
	var out []Leak
	files := 0
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		files++
		out = append(out, Scan(filepath.Join(filepath.Base(dir), path), string(b))...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("scan logs: %w", err)
	}
	if files == 0 {
		return nil, fmt.Errorf("scan logs: %s holds no file", dir)
	}
	return out, nil
}

// Check fails t for every leak of the text and prints the figure under the given id, for example "X-4/api".
func Check(t testing.TB, id, text string) {
	t.Helper()
	Report(t, id, Scan("log", text))
}

// Report is Check for leaks that were found already.
func Report(t testing.TB, id string, leaks []Leak) {
	t.Helper()
	verdict := "pass"
	for _, l := range leaks {
		verdict = "fail"
		t.Error(l)
	}
	fmt.Printf("FIGURE %s %d %s\n", id, len(leaks), verdict)
}
