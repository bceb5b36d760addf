package idp

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxTokenBytes bounds the work a stranger can ask for; real tokens are about 1 KiB.
	maxTokenBytes = 8 << 10
	// maxDepth is far above any real claim set and far below what would hurt to walk.
	maxDepth = 16
	maxKeyID = 256
)

var (
	errDuplicate = errors.New("member named twice")
	errShape     = errors.New("not one plain JSON object")

	// forbiddenHeader lists the members that would let the bearer choose the key or change how the token is read. The
	// library ignores most of them; refusing is safer, for no honest issuer of ours sends them.
	forbiddenHeader = []string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty", "epk"} //nolint:gochecknoglobals // never written

	// tokenTypes are the accepted typ values in lower case. Others (logout+jwt, dpop+jwt, secevent+jwt) are genuine
	// signatures of the same issuer over something that is not a login.
	tokenTypes = []string{"", "jwt", "at+jwt", "application/at+jwt"} //nolint:gochecknoglobals // never written
)

// shape is what may be read from a token before its signature is known: only where to look for the key.
type shape struct {
	algorithm string
	keyID     string
	issuer    string
}

// inspect refuses everything whose form is not that of a plain signed token. The library decodes the token again
// afterwards and decides about signature and time; this step exists because it accepts duplicate members, ignores
// crit, and has no limit on size.
func inspect(token string) (shape, Reason) {
	if len(token) > maxTokenBytes {
		return shape{}, ReasonTooLarge
	}
	parts := strings.Split(token, ".")
	if len(parts) == 5 {
		return shape{}, ReasonEncrypted
	}
	if len(parts) != 3 {
		return shape{}, ReasonMalformed
	}
	header, reason := decodePart(parts[0])
	if reason != ReasonNone {
		return shape{}, reason
	}
	claims, reason := decodePart(parts[1])
	if reason != ReasonNone {
		return shape{}, reason
	}
	if !isBase64URL(parts[2]) {
		return shape{}, ReasonMalformed
	}
	s := shape{}
	if reason := s.readHeader(header); reason != ReasonNone {
		return shape{}, reason
	}
	s.issuer, _ = claims["iss"].(string)
	return s, ReasonNone
}

func (s *shape) readHeader(header map[string]any) Reason {
	for _, name := range forbiddenHeader {
		if _, present := header[name]; present {
			return ReasonHeader
		}
	}
	if typ, present := header["typ"]; present {
		text, isText := typ.(string)
		if !isText || !slices.Contains(tokenTypes, strings.ToLower(text)) {
			return ReasonType
		}
	}
	s.algorithm, _ = header["alg"].(string)
	s.keyID, _ = header["kid"].(string)
	if !isPlainKeyID(s.keyID) {
		return ReasonKeyID
	}
	return ReasonNone
}

// decodePart reads one part of the token as a JSON object without duplicate members.
func decodePart(part string) (map[string]any, Reason) {
	if !isBase64URL(part) {
		return nil, ReasonMalformed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, ReasonMalformed
	}
	object, err := strictObject(raw)
	if errors.Is(err, errDuplicate) {
		return nil, ReasonDuplicateMember
	}
	if err != nil {
		return nil, ReasonMalformed
	}
	return object, ReasonNone
}

// isBase64URL exists because Go's decoder skips line breaks, which would give one token many spellings.
func isBase64URL(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '_' }) < 0
}

// isPlainKeyID accepts what real issuers use, base64 included, and nothing that could mean something to a file system
// or a database. The id is only ever compared; the rule keeps nonsense from causing a fetch.
func isPlainKeyID(id string) bool {
	if id == "" || len(id) > maxKeyID || strings.Contains(id, "..") {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("-_.~:=+/", r)
	}) < 0
}

func isAlphanumeric(r rune) bool {
	return (r >= '0' && r <= '9') || (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z')
}

// strictObject decodes exactly one JSON object. Duplicate members at any depth are errDuplicate: two readers of such a
// token may each believe another value.
func strictObject(raw []byte) (map[string]any, error) {
	if !utf8.Valid(raw) {
		return nil, errShape
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	value, err := strictValue(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errShape
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errShape
	}
	return object, nil
}

func strictValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errShape
	}
	token, err := dec.Token()
	if err != nil {
		return nil, errShape
	}
	delim, isDelim := token.(json.Delim)
	if !isDelim {
		return token, nil
	}
	if delim == '[' {
		return strictArray(dec, depth)
	}
	return strictMembers(dec, depth)
}

func strictArray(dec *json.Decoder, depth int) (any, error) {
	array := []any{}
	for dec.More() {
		value, err := strictValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	if _, err := dec.Token(); err != nil {
		return nil, errShape
	}
	return array, nil
}

func strictMembers(dec *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, errShape
		}
		name, isName := token.(string)
		if !isName {
			return nil, errShape
		}
		if _, twice := object[name]; twice {
			return nil, errDuplicate
		}
		value, err := strictValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		object[name] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, errShape
	}
	return object, nil
}
