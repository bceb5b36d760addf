package patient

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/civil"
)

// What is wrong with a personal number, in the order in which it is looked at (product/13 §2).
var (
	ErrCNPLength   = apperror.New(apperror.Invalid, "cnp_length", "A personal number has 13 digits.")
	ErrCNPDigits   = apperror.New(apperror.Invalid, "cnp_digits", "A personal number has digits only.")
	ErrCNPPrefix   = apperror.New(apperror.Invalid, "cnp_prefix", "No personal number begins like this.")
	ErrCNPDate     = apperror.New(apperror.Invalid, "cnp_date", "The date inside this personal number does not exist.")
	ErrCNPCounty   = apperror.New(apperror.Invalid, "cnp_county", "The county inside this personal number does not exist.")
	ErrCNPSerial   = apperror.New(apperror.Invalid, "cnp_serial", "The serial inside this personal number does not exist.")
	ErrCNPChecksum = apperror.New(apperror.Invalid, "cnp_checksum", "The last digit of this personal number does not fit the others.")
)

// CNP is a Romanian personal number that passed every check. It prints as a mark, because it must not reach a log, an address or an event.
type CNP string

// LogValue implements slog.LogValuer.
func (CNP) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Format answers every verb with the mark.
func (CNP) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[redacted]") }

// Digits is the number itself.
func (c CNP) Digits() string { return string(c) }

// Masked is the form that is shown: 1960101******.
func (c CNP) Masked() string { return string(c[:7]) + "******" }

// ParseCNP answers the number, or the first thing that is wrong with it.
func ParseCNP(text string) (CNP, error) {
	if len([]rune(text)) != 13 {
		return "", ErrCNPLength
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", ErrCNPDigits
	}
	c := CNP(text)
	switch {
	case text[0] == '0':
		return "", ErrCNPPrefix
	case !c.dated():
		return "", ErrCNPDate
	case !isCounty(c.number(7, 9)):
		return "", ErrCNPCounty
	case c.number(9, 12) == 0:
		return "", ErrCNPSerial
	case c.control() != c.number(12, 13):
		return "", ErrCNPChecksum
	}
	return c, nil
}

func (c CNP) number(from, to int) int {
	n := 0
	for _, digit := range c[from:to] {
		n = 10*n + int(digit-'0')
	}
	return n
}

// century is the first year of the century that the first digit names; 7 to 9 (residents and foreigners) name none.
func (c CNP) century() (int, bool) {
	switch c[0] {
	case '1', '2':
		return 1900, true
	case '3', '4':
		return 1800, true
	case '5', '6':
		return 2000, true
	}
	return 0, false
}

func (c CNP) dayIn(century int) (civil.Date, bool) {
	d := civil.Date{Year: century + c.number(1, 3), Month: time.Month(c.number(3, 5)), Day: c.number(5, 7)}
	read, err := civil.ParseDate(d.String())
	return read, err == nil && d.Day > 0 && d.Month > 0
}

func (c CNP) dated() bool {
	if century, ok := c.century(); ok {
		_, exists := c.dayIn(century)
		return exists
	}
	_, old := c.dayIn(1900)
	_, young := c.dayIn(2000)
	return old || young
}

func isCounty(n int) bool { return n >= 1 && n <= 48 || n == 51 || n == 52 || n == 70 }

func (c CNP) control() int {
	const weights = "279146358279"
	sum := 0
	for i := range weights {
		sum += int(c[i]-'0') * int(weights[i]-'0')
	}
	if sum %= 11; sum == 10 {
		return 1
	}
	return sum
}

// BirthDate is the day inside the number: a suggestion to confirm. No day when the first digit names no century.
func (c CNP) BirthDate() civil.Date {
	century, ok := c.century()
	if !ok {
		return civil.Date{}
	}
	d, _ := c.dayIn(century)
	return d
}

// Sex is the sex inside the number, a suggestion too; unknown for foreigners.
func (c CNP) Sex() string {
	switch {
	case c[0] == '9':
		return SexUnknown
	case c[0]%2 == 1:
		return SexMale
	}
	return SexFemale
}
