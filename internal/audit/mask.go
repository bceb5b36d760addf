package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Masked stands for a value that the trail never holds.
const Masked = "[masked]"

// Change is the value of one field before and after. Nil means that there was none, or is none now.
type Change [2]any

// EncodeChanges makes the value of Row.Changes: every field masked by its name, and every text by what it looks like.
// Nil stays nil, so that "was set" and "was removed" remain visible. It fails only when a value cannot be JSON.
func EncodeChanges(changes map[string]Change) (json.RawMessage, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	plain, err := json.Marshal(changes)
	if err != nil {
		return nil, fmt.Errorf("encoding changes: %w", err)
	}
	// Through JSON first, so that structs and named types are masked by the names they are stored under.
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber()
	var generic map[string]any
	if err := dec.Decode(&generic); err != nil {
		return nil, fmt.Errorf("encoding changes: %w", err)
	}
	for field, value := range generic {
		generic[field] = maskField(field, value)
	}
	out, err := json.Marshal(generic)
	if err != nil {
		return nil, fmt.Errorf("encoding changes: %w", err)
	}
	return out, nil
}

// Names that hide the whole value. A false hit costs a detail of the trail; a miss costs a secret.
var (
	secretParts = []string{ //nolint:gochecknoglobals // never written
		"password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "access_key", "private_key",
		"credential", "recovery_code", "totp", "otp", "signature", "cookie", "authorization", "encrypted", "cipher",
	}
	secretNames = map[string]bool{ //nolint:gochecknoglobals // never written
		"body": true, "note": true, "notes": true, "message": true, "content": true, "text": true, "key": true,
		"keys": true, "code": true, "pin": true, "free_text": true,
	}
)

func isSecretName(field string) bool {
	name := strings.ToLower(field)
	if secretNames[name] {
		return true
	}
	for _, suffix := range []string{"_body", "_note", "_notes", "_text", "_key"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	for _, part := range secretParts {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func maskField(field string, value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any: // the pair of a change, or a list: each element under the same name
		for i := range v {
			v[i] = maskField(field, v[i])
		}
		return v
	case map[string]any:
		if isSecretName(field) {
			return Masked
		}
		for name, inner := range v {
			v[name] = maskField(name, inner)
		}
		return v
	case bool:
		return v
	case string:
		return maskNamedText(field, v)
	case json.Number:
		if isSecretName(field) {
			return Masked
		}
		if isContactName(field) {
			return maskNamedText(field, v.String())
		}
		if !exactNumber(v.String()) {
			return v.String() // as text, because the canonical form would refuse it
		}
		return v
	}
	return Masked
}

func isContactName(field string) bool {
	name := strings.ToLower(field)
	return strings.Contains(name, "phone") || strings.Contains(name, "mobile") || isPersonalNumber(name)
}

func isPersonalNumber(name string) bool {
	return name == "cnp" || strings.HasSuffix(name, "_cnp") || name == "national_id"
}

func maskNamedText(field, text string) string {
	name := strings.ToLower(field)
	switch {
	case isSecretName(name):
		return Masked
	case text == "" || isIdentifierOrTime(text):
		return text
	case isPersonalNumber(name):
		return tail(text, 2)
	case strings.Contains(name, "phone") || strings.Contains(name, "mobile"):
		return maskPhone(text)
	}
	return MaskText(text)
}

// isIdentifierOrTime spares the two forms whose digits look like a phone number and never are one.
func isIdentifierOrTime(text string) bool {
	if len(text) == 36 && uuid.Validate(text) == nil {
		return true
	}
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

var (
	privateKey  = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	bearer      = regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}`)
	webToken    = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*`)
	prefixedKey = regexp.MustCompile(`\b(?:sk|pk|rk|rx|whsec|ak)_[A-Za-z0-9_-]{8,}`)
	querySecret = regexp.MustCompile(`(?i)([?&](?:t|token|sig|signature|key|code|x-amz-signature|x-amz-credential|x-amz-security-token)=)[^&#\s]+`)
	email       = regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}.-]+\.[\p{L}]{2,}`)
	// A personal number is 13 digits on their own; a phone starts with + or 00, or is a Romanian number of ten digits.
	personalNumber = regexp.MustCompile(`\b[1-9]\d{12}\b`)
	// The groupings are spelled out so that "07.11.2026 10:30" stays a date.
	phone = regexp.MustCompile(`(?:\+|\b00)\d(?:[ .()/-]{0,2}\d){7,14}\b` +
		`|\b0[237]\d{2}(?:[ .-]?\d{3}){2}\b|\b0[237]\d{2}(?:[ .-]?\d{2}){3}\b` +
		`|\b0[237]\d[ .-]?\d{3}[ .-]?\d{2}[ .-]?\d{2}\b`)
)

// MaskText replaces what looks like a secret in free text, and shortens e-mail addresses, personal numbers and phone
// numbers to a form that a colleague recognises and nobody can use: "a***@***.ro", "***12", "***450".
func MaskText(text string) string {
	for _, secret := range []*regexp.Regexp{privateKey, bearer, webToken, prefixedKey} {
		text = secret.ReplaceAllString(text, Masked)
	}
	text = querySecret.ReplaceAllString(text, "${1}"+Masked)
	text = email.ReplaceAllStringFunc(text, maskEmail)
	text = personalNumber.ReplaceAllStringFunc(text, func(s string) string { return tail(s, 2) })
	return phone.ReplaceAllStringFunc(text, maskPhone)
}

func maskEmail(address string) string {
	first := []rune(address)[0]
	return string(first) + "***@***" + address[strings.LastIndexByte(address, '.'):]
}

// maskPhone keeps the last three digits, whatever stands between them.
func maskPhone(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	return tail(digits, 3)
}

// tail keeps the last n characters of a text that is longer than twice that; of a shorter one it keeps nothing.
func tail(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= 2*n {
		return "***"
	}
	return "***" + string(runes[len(runes)-n:])
}
