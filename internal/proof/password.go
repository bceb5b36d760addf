package proof

import (
	"context"
	_ "embed" // the list of common passwords
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

const (
	minPasswordLength = 10
	// hashesAtOnce bounds the memory of sign-ins: each hash takes 64 MiB.
	hashesAtOnce = 2
	// dummyHash is the hash of a random text that nobody kept. Comparing with it costs what a real comparison costs, so an
	// unknown address takes as long as a known one.
	dummyHash = "$argon2id$v=19$m=65536,t=3,p=2$dRHVihbWKEGaFX4rrJa6DA$kmJYISk9xUBUnxlbsePdsaDlLBSUUisTGCTp9bi/PPg"
)

//go:embed wordlist/common.txt
var commonList string

// commonPasswords reads the shipped list once; see wordlist/README.md for where it comes from.
func commonPasswords() map[string]struct{} {
	out := make(map[string]struct{}, 10_000)
	for word := range strings.Lines(commonList) {
		out[strings.ToLower(strings.TrimSpace(word))] = struct{}{}
	}
	return out
}

// Rule refuses what is guessed first. It is immutable and safe for concurrent use.
type Rule struct{ common map[string]struct{} }

// NewRule reads the shipped list of common passwords.
func NewRule() Rule { return Rule{common: commonPasswords()} }

// IsWeak reports whether a password is shorter than ten characters, is a common one in any case, or is the address itself.
func (r Rule) IsWeak(password Secret, email string) bool {
	text := normalPassword(password)
	lower := strings.ToLower(text)
	_, common := r.common[lower]
	local, _, _ := strings.Cut(NormalEmail(email), "@")
	return utf8.RuneCountInString(text) < minPasswordLength || common || lower == NormalEmail(email) || lower == local
}

// Hasher runs argon2id, two at a time. Safe for concurrent use.
type Hasher struct{ slots chan struct{} }

// NewHasher makes one; a process has one, because its slots bound the memory.
func NewHasher() *Hasher { return &Hasher{slots: make(chan struct{}, hashesAtOnce)} }

func params() *argon2id.Params {
	return &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}
}

// enter waits for a slot. leave gives the slot back only after the 64 MiB are: the collector would let several
// generations of them pile up before it runs by itself.
func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for password hashing: %w", ctx.Err())
	}
}

func (h *Hasher) leave() {
	debug.FreeOSMemory()
	<-h.slots
}

// Hash makes the stored form, a PHC string.
func (h *Hasher) Hash(ctx context.Context, password Secret) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	out, err := argon2id.CreateHash(normalPassword(password), params())
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return out, nil
}

// Matches compares in constant time and takes as long for an empty stored hash as for a real one.
func (h *Hasher) Matches(ctx context.Context, password Secret, stored string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	known := stored != ""
	if !known {
		stored = dummyHash
	}
	same, err := argon2id.ComparePasswordAndHash(normalPassword(password), stored)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return same && known, nil
}
