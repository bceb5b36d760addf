// Package proof holds what people prove themselves with, as pure decisions: random tokens and codes, password rules and
// hashing, time-based codes. It keeps nothing and asks nobody; package signin owns the tables and the story.
package proof

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Secret is a credential on its way to its owner: a token, a code, a link. It prints as a mark; only JSON for the owner
// and Reveal show it.
type Secret string

// String hides the value.
func (Secret) String() string { return "[redacted]" }

// LogValue hides the value.
func (Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Format answers every verb with the mark, because %+v of a struct around it would print the text.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// Reveal returns the value for the one place that sends or checks it.
func (t Secret) Reveal() string { return string(t) }

// NewToken makes 256 random bits. crypto/rand never fails; it ends the process instead.
func NewToken() Secret {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Hash is how a random token is stored. Its 256 bits need no key and no salt.
func Hash(t Secret) []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

// NewDigits makes a code of six decimal digits.
func NewDigits() (Secret, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make code: %w", err)
	}
	return Secret(fmt.Sprintf("%06d", n)), nil
}

// recoveryAlphabet is Crockford's: without i, l, o and u, which are misread.
func recoveryAlphabet() *base32.Encoding {
	return base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
}

// NewRecoveryCode makes 50 random bits as ten letters in two groups.
func NewRecoveryCode() Secret {
	var b [10]byte
	_, _ = rand.Read(b[:])
	text := recoveryAlphabet().EncodeToString(b[:])[:10]
	return Secret(text[:5] + "-" + text[5:])
}

// NormalRecoveryCode undoes what people do to a code that they copy from paper.
func NormalRecoveryCode(text string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(text))
}

// NormalEmail is the form that lookups, counters and keyed hashes use: letters of ASCII in lower case and nothing else folded,
// because addresses that differ in anything else belong to different people.
func NormalEmail(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(email))
}

// normalPassword makes a password the same whichever keyboard composed its letters.
func normalPassword(p Secret) string { return norm.NFKC.String(p.Reveal()) }
