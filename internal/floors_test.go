package internal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// version is three numbers; what follows them does not lower a release below a floor here.
type version [3]int

var versionText = regexp.MustCompile(`(\d+)\.(\d+)(?:\.(\d+))?`)

func versionOf(text string) (version, bool) {
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return version{}, false
	}
	var v version
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+1]) // an absent third number is zero
	}
	return v, true
}

func (v version) below(other version) bool { return slices.Compare(v[:], other[:]) < 0 }

// use is one dependency where a file names it.
type use struct{ ecosystem, module, version, at string }

// goUses reads the requirements of a go.mod.
func goUses(at, text string) []use {
	var out []use
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(words) >= 2 && strings.HasPrefix(words[1], "v") && strings.Contains(words[0], ".") {
			out = append(out, use{"go", words[0], words[1], at})
		}
	}
	return out
}

// npmUses reads the dependencies of a package.json. A version that a catalogue decides is read there.
func npmUses(t *testing.T, at, text string) []use {
	t.Helper()
	var p struct{ Dependencies, DevDependencies, PeerDependencies map[string]string }
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	var out []use
	for _, list := range []map[string]string{p.Dependencies, p.DevDependencies, p.PeerDependencies} {
		for name, v := range list {
			out = append(out, use{"npm", name, v, at})
		}
	}
	return out
}

var catalogLine = regexp.MustCompile(`(?m)^\s+["']?(@?[a-z0-9/._-]+)["']?:\s*["']?([0-9^~>=. ]+[^\s"']*)["']?\s*$`)

// catalogUses reads the versions of a pnpm-workspace.yaml.
func catalogUses(at, text string) []use {
	var out []use
	for _, m := range catalogLine.FindAllStringSubmatch(text, -1) {
		out = append(out, use{"npm", m[1], m[2], at})
	}
	return out
}

// lockUses reads the resolved packages of a pnpm-lock.yaml: "  next@16.4.6:".
func lockUses(at, text string) []use {
	var out []use
	for _, m := range regexp.MustCompile(`(?m)^  '?(@?[^@\s']+)@(\d+\.\d+\.\d+)[^\s']*'?:$`).FindAllStringSubmatch(text, -1) {
		out = append(out, use{"npm", m[1], m[2], at})
	}
	return out
}

// belowFloor are the uses of a version that has a known hole.
func belowFloor(t *testing.T, uses []use, floors map[string]string) []string {
	t.Helper()
	var out []string
	for floor, why := range floors {
		words := strings.Fields(floor)
		lowest, ok := versionOf(words[len(words)-1])
		if len(words) != 3 || !ok {
			t.Fatalf("floors.txt: %q is not '<go|npm> <module> <version>'", floor)
		}
		for _, u := range uses {
			if v, ok := versionOf(u.version); ok && u.ecosystem == words[0] && u.module == words[1] && v.below(lowest) {
				out = append(out, fmt.Sprintf("%s: %s %s is below %s: %s", u.at, u.module, u.version, words[2], why))
			}
		}
	}
	return out
}

// TestFigureX1_floors compares what the product is built from with the versions that close known holes. The vulnerability database itself is
// asked by `make lint` where VULNDB names a copy.
// Seen red: older versions in each kind of file, planted below.
func TestFigureX1_floors(t *testing.T) {
	t.Parallel()
	floors := committed(t, "floors.txt")
	uses := goUses("go.mod", read(t, "../go.mod"))
	for _, pattern := range []string{"../package.json", "../apps/*/package.json", "../packages/*/package.json", "../e2e/package.json"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			uses = append(uses, npmUses(t, p, read(t, p))...)
		}
	}
	if _, err := os.Stat("../pnpm-workspace.yaml"); err == nil {
		uses = append(uses, catalogUses("pnpm-workspace.yaml", read(t, "../pnpm-workspace.yaml"))...)
		uses = append(uses, lockUses("pnpm-lock.yaml", read(t, "../pnpm-lock.yaml"))...)
	}
	found := belowFloor(t, uses, floors)
	report(t, found)
	verdict := "pass"
	if len(found) > 0 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE X-1/floors %d %s\n", len(found), verdict)

	red := slices.Concat(
		goUses("planted", "require (\n\tgithub.com/redis/go-redis/v9 v9.7.2 // indirect\n\tgolang.org/x/net v0.62.0\n)"),
		npmUses(t, "planted", `{"dependencies": {"next": "^16.2.5", "react": "catalog:", "react-dom": "19.3.1"}}`),
		catalogUses("planted", "catalog:\n  react: 19.2.5\n  typescript: 6.0.0\n"),
		lockUses("planted", "packages:\n\n  '@clerk/nextjs@7.2.0':\n    resolution: x\n"),
	)
	mustFind(t, belowFloor(t, red, floors), "go-redis/v9 v9.7.2", "next ^16.2.5", "react 19.2.5", "@clerk/nextjs 7.2.0")
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
