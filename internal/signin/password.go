package signin

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

// checkPassword refuses what is guessed first: short ones, the common ones in any case, and the address itself.
func (s *Service) checkPassword(password Secret, email string) error {
	text := normalPassword(password)
	lower := strings.ToLower(text)
	_, common := s.common[lower]
	local, _, _ := strings.Cut(normalEmail(email), "@")
	if utf8.RuneCountInString(text) < minPasswordLength || common || lower == normalEmail(email) || lower == local {
		return ErrPasswordWeak.At("body.password", "is too easy to guess")
	}
	return nil
}

// hasher runs argon2id, two at a time. Safe for concurrent use.
type hasher struct{ slots chan struct{} }

func newHasher() *hasher { return &hasher{slots: make(chan struct{}, hashesAtOnce)} }

func params() *argon2id.Params {
	return &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}
}

// enter waits for a slot. leave gives the slot back only after the 64 MiB are: the collector would let several
// generations of them pile up before it runs by itself.
func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for password hashing: %w", ctx.Err())
	}
}

func (h *hasher) leave() {
	debug.FreeOSMemory()
	<-h.slots
}

// hash makes the stored form.
func (h *hasher) hash(ctx context.Context, password Secret) (string, error) {
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

// matches compares in constant time and takes as long for an empty stored hash as for a real one.
func (h *hasher) matches(ctx context.Context, password Secret, stored string) (bool, error) {
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
