package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// AAD is the place a value belongs to. All four parts are required: a value without a place could be moved.
// Org and Row are identifiers in their text form; a platform-wide row uses the zero identifier as Org.
type AAD struct {
	Org    string
	Table  string
	Column string
	Row    string
}

// bytes writes each part behind its length, so that no two different places give the same bytes.
func (a AAD) bytes() ([]byte, error) {
	if a.Org == "" || a.Table == "" || a.Column == "" || a.Row == "" {
		return nil, errors.New("place of a sealed value is incomplete")
	}
	out := make([]byte, 0, 16+len(a.Org)+len(a.Table)+len(a.Column)+len(a.Row))
	for _, part := range []string{a.Org, a.Table, a.Column, a.Row} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part))) //nolint:gosec // names and ids, far below 4 GiB
		out = append(out, part...)
	}
	return out, nil
}

// Value is a sealed field as it is stored: the bytes and the version of the key that opens them.
// The zero Value is not a sealed empty text; it never opens.
type Value struct {
	Cipher     []byte
	KeyVersion int32
}

// LogValue keeps even ciphertext out of logs: it would outlive the key's destruction there.
func (Value) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String is the same mark for every value.
func (Value) String() string { return "[redacted]" }

// Format answers every verb with the mark, because %+v and %x would otherwise print the bytes.
func (Value) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }
