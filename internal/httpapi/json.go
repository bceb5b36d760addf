package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/danielgtaylor/huma/v2"
)

// errNUL is the one character that JSON allows and PostgreSQL cannot store.
var errNUL = errors.New("expected text without NUL characters")

func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			return enc.Encode(v)
		},
		Unmarshal: func(data []byte, v any) error {
			if bytes.Contains(data, []byte(`\u0000`)) {
				return errNUL
			}
			return json.Unmarshal(data, v)
		},
	}
}

// Patch is one member of a JSON Merge Patch: absent leaves the value, null clears it, anything else sets it.
type Patch[T any] struct {
	// Present tells that the member was sent.
	Present bool
	// Null tells that it was sent as null.
	Null  bool
	Value T
}

// UnmarshalJSON is only called for a member that was sent.
func (p *Patch[T]) UnmarshalJSON(b []byte) error {
	p.Present = true
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		p.Null = true
		return nil
	}
	return json.Unmarshal(b, &p.Value)
}

// MarshalJSON writes the value, or null.
func (p Patch[T]) MarshalJSON() ([]byte, error) {
	if p.Null || !p.Present {
		return []byte("null"), nil
	}
	return json.Marshal(p.Value)
}

// Schema describes the member as its own type or null.
func (p Patch[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(typeOf[T](), true, "")
	if s.Ref == "" {
		s.Nullable = true
	}
	return &s
}

// Or returns the new value of a column: the current one when the member is absent, zero when it is null.
func (p Patch[T]) Or(current T) T {
	switch {
	case !p.Present:
		return current
	case p.Null:
		var zero T
		return zero
	}
	return p.Value
}

// OrPtr is Or for a nullable column.
func (p Patch[T]) OrPtr(current *T) *T {
	switch {
	case !p.Present:
		return current
	case p.Null:
		return nil
	}
	v := p.Value
	return &v
}
