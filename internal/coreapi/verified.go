package coreapi

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/restartix/platform/internal/middleware"
)

const (
	// verifiedFor is how long a signature that was checked need not be checked again: as long as an answer about its person is
	// remembered, so that it lengthens nothing. A page asks several things with one token.
	verifiedFor = time.Second
	// verifiedMost bounds the memory; when it is reached everything is forgotten, which costs one more check each.
	verifiedMost = 4096
)

// verified remembers tokens whose signature was checked, by their hash. Refusals are not remembered. Safe for concurrent use.
type verified struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[[sha256.Size]byte]verdict
}

// verdict is who a token speaks for and until when that need not be asked again.
type verdict struct {
	subject middleware.Subject
	until   time.Time
}

func newVerified(now func() time.Time) *verified {
	return &verified{now: now, seen: map[[sha256.Size]byte]verdict{}}
}

func (v *verified) get(token string) (middleware.Subject, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	found, ok := v.seen[sha256.Sum256([]byte(token))]
	if left := found.until.Sub(v.now()); !ok || left <= 0 || left > verifiedFor { // a clock that was set back is no reason to believe longer
		return middleware.Subject{}, false
	}
	return found.subject, true
}

// put remembers the subject, never beyond the end of its token.
func (v *verified) put(token string, s middleware.Subject) {
	until := v.now().Add(verifiedFor)
	if !s.ExpiresAt.IsZero() && s.ExpiresAt.Before(until) {
		until = s.ExpiresAt
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) >= verifiedMost {
		clear(v.seen)
	}
	v.seen[sha256.Sum256([]byte(token))] = verdict{s, until}
}
