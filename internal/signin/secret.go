package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/restartix/platform/internal/ident"
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

// newToken makes 256 random bits. crypto/rand never fails; it ends the process instead.
func newToken() Secret {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return Secret(base64.RawURLEncoding.EncodeToString(b[:]))
}

// tokenHash is how a random token is stored. Its 256 bits need no key and no salt.
func tokenHash(t Secret) []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

// newDigits makes a code of six decimal digits.
func newDigits() (Secret, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make code: %w", err)
	}
	return Secret(fmt.Sprintf("%06d", n)), nil
}

// shortHash is how a guessable code is stored: keyed with a key that is not in the database, because all codes of six
// digits are tried in a second.
func (s *Service) shortHash(purpose string, user ident.UserID, code string) []byte {
	return s.Ring.BlindIndex(platform(), purpose, user.String()+":"+code)
}

// recoveryAlphabet is Crockford's: without i, l, o and u, which are misread.
func recoveryAlphabet() *base32.Encoding {
	return base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
}

// newRecoveryCode makes 50 random bits as ten letters in two groups.
func newRecoveryCode() Secret {
	var b [10]byte
	_, _ = rand.Read(b[:])
	text := recoveryAlphabet().EncodeToString(b[:])[:10]
	return Secret(text[:5] + "-" + text[5:])
}

// normalRecoveryCode undoes what people do to a code that they copy from paper.
func normalRecoveryCode(text string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(text))
}

// normalEmail is the form that counting and keyed hashes use; the database compares case-insensitively by itself.
func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// emailSubject names an address in counters and in the trail without saying it.
func (s *Service) emailSubject(email string) string {
	return "email:" + hex.EncodeToString(s.Ring.BlindIndex(platform(), "sign_in_email", normalEmail(email))[:12])
}

// normalPassword makes a password the same whichever keyboard composed its letters.
func normalPassword(p Secret) string { return norm.NFKC.String(p.Reveal()) }

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
