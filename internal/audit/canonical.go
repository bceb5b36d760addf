package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
)

// canonicalTime always writes six digits, so that a time reads the same before and after it was stored.
const canonicalTime = "2006-01-02T15:04:05.000000Z"

// Canonical writes the row as RFC 8785 canonical JSON without its three hashes. Two rows give the same bytes exactly
// when every column is equal; in Changes, key order and white space do not count, because jsonb does not keep them.
// It refuses what could not be told apart later: text that is not UTF-8, doubled keys, lone surrogates, and numbers
// that a double cannot hold exactly as written.
func (r *Row) Canonical() ([]byte, error) {
	for _, text := range []string{
		r.ActorRole, r.ActorKind, r.Action, r.EntityType, r.EntityID, r.Result, r.Route, r.IP, r.UserAgentHash,
		r.RequestID, r.CorrelationID, r.ActionContext, r.Reason, r.KeyID,
	} {
		if !utf8.ValidString(text) {
			return nil, errors.New("audit row holds text that is not UTF-8")
		}
	}
	changes, err := checkedChanges(r.Changes)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(map[string]any{
		"id":               orNull(r.ID),
		"organization_id":  orNull(r.OrganizationID),
		"seq":              strconv.FormatInt(r.Seq, 10),
		"occurred_at":      r.OccurredAt.UTC().Truncate(time.Microsecond).Format(canonicalTime),
		"actor_user_id":    orNull(r.ActorUserID),
		"actor_role":       textOrNull(r.ActorRole),
		"actor_kind":       textOrNull(r.ActorKind),
		"action":           textOrNull(r.Action),
		"entity_type":      textOrNull(r.EntityType),
		"entity_id":        textOrNull(r.EntityID),
		"patient_id":       orNull(r.PatientID),
		"changes":          changes,
		"result":           textOrNull(r.Result),
		"http_status":      strconv.Itoa(r.HTTPStatus),
		"route":            textOrNull(r.Route),
		"ip":               textOrNull(r.IP),
		"user_agent_hash":  textOrNull(r.UserAgentHash),
		"request_id":       textOrNull(r.RequestID),
		"correlation_id":   textOrNull(r.CorrelationID),
		"action_context":   textOrNull(r.ActionContext),
		"break_glass_id":   orNull(r.BreakGlassID),
		"impersonation_id": orNull(r.ImpersonationID),
		"reason":           textOrNull(r.Reason),
		"key_id":           textOrNull(r.KeyID),
	})
	if err != nil {
		return nil, fmt.Errorf("encoding audit row: %w", err)
	}
	return canonicalJSON(plain)
}

// payloadHash is SHA-256 of the canonical row.
func (r *Row) payloadHash() ([]byte, error) {
	canonical, err := r.Canonical()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}

func orNull(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id.String()
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func checkedChanges(raw json.RawMessage) (any, error) {
	if raw == nil {
		return nil, nil
	}
	if err := checkJSON(raw); err != nil {
		return nil, fmt.Errorf("audit row holds unusable changes: %w", err)
	}
	if bytes.TrimLeft(raw, " \t\r\n")[0] != '{' {
		return nil, errors.New("audit row holds unusable changes: not an object")
	}
	return raw, nil
}

// canonicalJSON is RFC 8785 over input that encoding/json has accepted. The library reports some faults only in
// passing, which is why callers with foreign input run checkJSON first.
func canonicalJSON(valid []byte) ([]byte, error) {
	out, err := jcs.Transform(valid)
	if err != nil {
		// The library's text may quote a key or a value.
		return nil, errors.New("value has no canonical form")
	}
	return out, nil
}

// checkJSON accepts one JSON value whose canonical form loses nothing.
func checkJSON(raw []byte) error {
	if !utf8.Valid(raw) {
		return errors.New("not UTF-8")
	}
	if !json.Valid(raw) {
		return errors.New("not JSON")
	}
	if loneSurrogate(raw) {
		return errors.New("lone surrogate")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.New("not JSON")
		}
		if n, ok := token.(json.Number); ok && !exactNumber(n.String()) {
			return errors.New("number is not exact")
		}
	}
	_, err := canonicalJSON(raw)
	return err
}

// loneSurrogate looks at \u escapes of valid JSON, where a backslash occurs inside strings only.
func loneSurrogate(raw []byte) bool {
	unit := func(i int) rune { // the UTF-16 unit of an escape at i, or 0
		if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
			return 0
		}
		b, err := hex.DecodeString(string(raw[i+2 : i+6]))
		if err != nil {
			return 0
		}
		return rune(b[0])<<8 | rune(b[1])
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		u := unit(i)
		switch {
		case !utf16.IsSurrogate(u):
			i++ // past the escaped character, which may itself be a backslash
		case utf16.DecodeRune(u, unit(i+6)) == utf8.RuneError:
			return true
		default:
			i += 11
		}
	}
	return false
}

// exactNumber reports whether the shortest text of the double is the number as written. 9007199254740993 is not: its
// double is also that of ...992, so a change of the last digit would leave the hash as it was.
func exactNumber(literal string) bool {
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.IsInf(f, 0) {
		return false
	}
	written, ok := decimalOf(literal)
	if !ok {
		return false
	}
	kept, _ := decimalOf(strconv.FormatFloat(f, 'e', -1, 64))
	return written == kept
}

// decimal is sign, digits without leading or trailing zeros, and the power of ten of the last digit.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

func decimalOf(literal string) (decimal, bool) {
	var d decimal
	literal, d.negative = strings.CutPrefix(literal, "-")
	mantissa, power, found := strings.Cut(strings.ToLower(literal), "e")
	if found {
		n, err := strconv.Atoi(power)
		if err != nil || n > 1000 || n < -1000 {
			return decimal{}, false
		}
		d.exponent = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.exponent -= len(fraction)
	digits := strings.TrimLeft(whole+fraction, "0")
	d.digits = strings.TrimRight(digits, "0")
	d.exponent += len(digits) - len(d.digits)
	if d.digits == "" {
		return decimal{}, true // every zero is the same zero
	}
	return d, true
}
