//go:build !race

// The race detector multiplies every byte that it watches, so memory is measured without it; make test runs this file in a
// step of its own.

package proof_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/restartix/platform/internal/proof"
)

// resident is the memory of this process in MB.
func resident(t *testing.T) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return kb / 1024
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

// together runs the sign-ins' hashing, callers at once, and answers the largest memory seen after a hash.
func together(t *testing.T, sum, callers int, hash func() error) int {
	t.Helper()
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		peak int
	)
	work := make(chan struct{}, sum)
	for range sum {
		work <- struct{}{}
	}
	close(work)
	for range callers {
		wg.Go(func() {
			for range work {
				if err := hash(); err != nil {
					t.Error(err)
				}
				now := resident(t)
				mu.Lock()
				peak = max(peak, now)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return peak
}

// Figure PF-13, the part of passwords: 100 sign-ins, 20 callers at once, stay below 200 MB, during and after. Seen red: eight
// hashes at once without the bound.
func TestFigurePF13_hashingLeavesNoMemory(t *testing.T) {
	h := proof.NewHasher()
	peak := together(t, 100, 20, func() error {
		_, err := h.Matches(t.Context(), "some password", "")
		return err
	})
	after := resident(t)
	verdict := "pass"
	if peak > 200 || after > 200 {
		verdict = "fail"
		t.Errorf("peak %d MB, after %d MB", peak, after)
	}
	fmt.Printf("FIGURE PF-13/hashing %d %s\n", peak, verdict)

	params := &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}
	red := together(t, 8, 8, func() error {
		_, err := argon2id.CreateHash("some password", params)
		return err
	})
	debug.FreeOSMemory()
	if red <= 200 {
		t.Errorf("the planted fault reached only %d MB", red)
	}
}
