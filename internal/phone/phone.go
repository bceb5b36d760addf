// Package phone brings telephone numbers to the one form in which they are stored, sealed and compared: E.164. A number without a
// country code is Romanian.
package phone

import (
	"github.com/nyaruka/phonenumbers"

	"github.com/restartix/platform/internal/apperror"
)

const region = "RO"

// Normalise answers the E.164 form, or validation_error without a place: the caller adds where the number stood. The number itself is
// never part of the error.
func Normalise(raw string) (string, error) {
	if len(raw) > 40 {
		return "", apperror.ErrInvalid
	}
	n, err := phonenumbers.Parse(raw, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", apperror.ErrInvalid
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}
