// Package apperror declares the one kind of error that is shown to people: a kind that the edge turns into a status,
// a code that never changes, and a plain sentence. Everything else is internal and never leaves the process.
//
// The package owns the registry of codes. It knows nothing about HTTP, languages or domains.
package apperror

import (
	"fmt"
	"sort"
	"sync"
)

// Kind says what went wrong in the terms of a caller; the HTTP edge owns the mapping to a status.
type Kind int

// The kinds, one for each status that product/12 §3 lists.
const (
	BadRequest Kind = iota + 1
	Unauthorized
	PaymentRequired
	Forbidden
	NotFound
	MethodNotAllowed
	Conflict
	Gone
	PreconditionFailed
	PreconditionRequired
	TooLarge
	MediaType
	Invalid
	RateLimited
	Internal
	Unavailable
)

// Field points at one place of the request that was refused, for example "body.contact.phone". It never holds the
// refused value, which may be health data.
type Field struct {
	Location string
	Message  string
}

// Error is a declared error. Values are compared by code through errors.Is, so a copy that carries fields or facts
// still matches the declaration. It is immutable: With… methods return copies, so a declared error is safe to share.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Fields  []Field
	// Facts are extra members of the problem document (for example the allowed transitions). Ids, enums, numbers and
	// times only.
	Facts map[string]any
}

var registry = struct {
	sync.Mutex
	byCode map[string]*Error
}{byCode: map[string]*Error{}}

// New declares an error. The code must be unique over the product; a second declaration is a programmer's error and
// panics while the process starts.
func New(kind Kind, code, message string) *Error {
	registry.Lock()
	defer registry.Unlock()
	if _, taken := registry.byCode[code]; taken {
		panic(fmt.Sprintf("apperror: code %q is declared twice", code))
	}
	e := &Error{Kind: kind, Code: code, Message: message}
	registry.byCode[code] = e
	return e
}

// Registered returns every declared error ordered by code. The OpenAPI document and docs/errors.md are made from it.
func Registered() []*Error {
	registry.Lock()
	defer registry.Unlock()
	all := make([]*Error, 0, len(registry.byCode))
	for _, e := range registry.byCode {
		all = append(all, e)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Code < all[j].Code })
	return all
}

// Error implements error with the code alone: messages are for people, codes are for logs.
func (e *Error) Error() string { return e.Code }

// Is reports whether target is the same declared error, whatever fields or facts either carries.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At returns a copy that also points at a place of the request.
func (e *Error) At(location, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Location: location, Message: message})
	return &c
}

// With returns a copy that carries one more fact in the problem document.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Facts = make(map[string]any, len(e.Facts)+1)
	for k, v := range e.Facts {
		c.Facts[k] = v
	}
	c.Facts[name] = value
	return &c
}
