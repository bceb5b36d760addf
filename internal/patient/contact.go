package patient

import (
	"fmt"
	"io"
	"log/slog"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/phone"
)

// Phone is a number in E.164, for example +40722123456. It prints as a mark, because it must not reach a log.
type Phone string

// LogValue implements slog.LogValuer.
func (Phone) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Format answers every verb with the mark.
func (Phone) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// E164 is the number itself.
func (p Phone) E164() string { return string(p) }

// ParsePhone reads a number as people write it; false when no such number can exist.
func ParsePhone(text string) (Phone, bool) {
	number, err := phone.Normalise(text)
	return Phone(number), err == nil
}

// Contact is who somebody is and how to reach them, checked and in stored form. Email is empty when none was given.
type Contact struct {
	FirstName, LastName string
	Phone               Phone
	Email               string
	Locale              locale.Tag
}

// Name is the full name.
func (c Contact) Name() string { return c.FirstName + " " + c.LastName }

func (c Contact) nameKey() string { return fold(c.Name()) }

// RawContact is a contact as it was sent.
type RawContact struct{ FirstName, LastName, Phone, Email, Locale string }

// Check puts the contact into stored form, or says at which place below at ("body.contact") it is wrong. The refused value is never
// repeated.
func (r RawContact) Check(at string) (Contact, error) {
	out := Contact{FirstName: cleanName(r.FirstName), LastName: cleanName(r.LastName), Email: strings.TrimSpace(r.Email)}
	var wrong *apperror.Error
	refuse := func(field, message string) {
		if wrong == nil {
			wrong = apperror.ErrInvalid
		}
		wrong = wrong.At(at+"."+field, message)
	}
	if !isName(out.FirstName) {
		refuse("first_name", "must be a name of at most 100 characters")
	}
	if !isName(out.LastName) {
		refuse("last_name", "must be a name of at most 100 characters")
	}
	number, ok := ParsePhone(r.Phone)
	if !ok {
		refuse("phone", "is not a phone number")
	}
	out.Phone = number
	if out.Email != "" && !isAddress(out.Email) {
		refuse("email", "is not an e-mail address")
	}
	out.Locale, _ = locale.Parse(r.Locale)
	if r.Locale == "" {
		out.Locale = locale.Romanian
	}
	if wrong != nil {
		return Contact{}, wrong
	}
	return out, nil
}

func isName(text string) bool { return utf8.RuneCountInString(text) <= 100 && fold(text) != "" }

// isAddress accepts one bare address.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

// foldASCII lowers ASCII letters only: addresses that differ in anything else are different people.
func foldASCII(email string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, email)
}
