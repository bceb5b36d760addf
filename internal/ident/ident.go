// Package ident holds the typed identifiers of the product: UUIDv7, made in Go before the insert, so that a patient's id
// cannot be passed where a specialist's is expected.
package ident

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ID identifies one entity of type T. The zero value means "none" and is stored as NULL. It is comparable and safe to
// copy.
type ID[T any] struct{ value uuid.UUID }

// Organization and User are the two entities that every transaction's context names; all others are declared by the
// package that owns them.
type (
	// Organization marks the id of a clinic.
	Organization struct{}
	// User marks the id of a person who signs in.
	User struct{}
	// OrgID identifies a clinic. Zero means "no clinic".
	OrgID = ID[Organization]
	// UserID identifies a person who signs in. Zero means "nobody".
	UserID = ID[User]
)

// New makes a time-ordered identifier. It panics only when the system's source of randomness fails.
func New[T any]() ID[T] { return ID[T]{uuid.Must(uuid.NewV7())} }

// Parse reads the canonical 36-character form in either case; braces, URN prefixes and missing dashes are refused, and so is the
// nil UUID: written out it would name what the zero value says is nothing.
func Parse[T any](s string) (ID[T], error) {
	if len(s) != 36 {
		return ID[T]{}, errors.New("parse id: not 36 characters")
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return ID[T]{}, fmt.Errorf("parse id: %w", err)
	}
	if u == uuid.Nil {
		return ID[T]{}, errors.New("parse id: the nil UUID names nothing")
	}
	return ID[T]{u}, nil
}

// Must parses an identifier that is written in the source or a fixture; it panics on anything else.
func Must[T any](s string) ID[T] {
	id, err := Parse[T](s)
	if err != nil {
		panic(err)
	}
	return id
}

// From wraps an identifier that came from a library.
func From[T any](u uuid.UUID) ID[T] { return ID[T]{u} }

// UUID returns the bare value for libraries that want it.
func (id ID[T]) UUID() uuid.UUID { return id.value }

// IsZero reports whether the identifier names nothing.
func (id ID[T]) IsZero() bool { return id.value == uuid.Nil }

// String returns the canonical form, or "" for the zero value.
func (id ID[T]) String() string {
	if id.IsZero() {
		return ""
	}
	return id.value.String()
}

// MarshalText writes the canonical form; the zero value is the empty text.
func (id ID[T]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the canonical form; empty text is the zero value.
func (id *ID[T]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = ID[T]{}
		return nil
	}
	v, err := Parse[T](string(b))
	if err != nil {
		return err
	}
	*id = v
	return nil
}

// Value implements driver.Valuer: the zero value is NULL.
func (id ID[T]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id.value.String(), nil
}

// Scan implements sql.Scanner: NULL is the zero value.
func (id *ID[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID[T]{}
		return nil
	case [16]byte:
		id.value = v
		return nil
	case string:
		return id.UnmarshalText([]byte(v))
	case []byte:
		if len(v) == 16 {
			copy(id.value[:], v)
			return nil
		}
		return id.UnmarshalText(v)
	}
	return fmt.Errorf("scan id: %T", src)
}
