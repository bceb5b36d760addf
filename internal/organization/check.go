package organization

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"github.com/restartix/platform/internal/apperror"
)

// at adds a place to the collected refusal; e is nil as long as nothing was refused.
func at(e *apperror.Error, field, message string) *apperror.Error {
	if e == nil {
		e = apperror.ErrInvalid
	}
	return e.At("body."+field, message)
}

func between(low, high int) string { return fmt.Sprintf("must be between %d and %d", low, high) }

func oneOf(value string, allowed []string) bool { return slices.Contains(allowed, value) }

var phoneFormat = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{2,30}$`)

// check brings texts to their stored form and refuses what the product does not accept. before tells which colour is new: an
// old colour is not judged again when something else changes.
func (o *Organization) check(before *Organization) error {
	o.tidy()
	e := o.checkTexts(nil)
	e = o.checkPlace(e)
	if !oneOf(string(o.Status), []string{string(Active), string(Suspended), string(Archived)}) {
		e = at(e, "status", "expected active, suspended or archived")
	}
	e = o.Settings.check(e)
	e = checkOrigins(o.EmbedOrigins, e)
	e = checkHex("color_primary", o.ColorPrimary, e)
	e = checkHex("color_accent", o.ColorAccent, e)
	if e != nil {
		return e
	}
	if o.ColorPrimary != nil && (before.ColorPrimary == nil || *before.ColorPrimary != *o.ColorPrimary) {
		return judge(*o.ColorPrimary)
	}
	return nil
}

// tidy trims, and turns an empty optional text into none.
func (o *Organization) tidy() {
	o.Name = strings.TrimSpace(o.Name)
	for _, text := range []**string{&o.Tagline, &o.Email, &o.Phone, &o.Website, &o.AddressLine, &o.Locality, &o.County, &o.PostalCode, &o.LegalName, &o.TaxID} {
		if *text == nil {
			continue
		}
		trimmed := strings.TrimSpace(**text)
		*text = &trimmed
		if trimmed == "" {
			*text = nil
		}
	}
	for _, colour := range []**string{&o.ColorPrimary, &o.ColorAccent} {
		if *colour != nil {
			lower := strings.ToLower(strings.TrimSpace(**colour))
			*colour = &lower
		}
	}
	o.Country, o.Currency = strings.ToUpper(o.Country), strings.ToUpper(o.Currency)
	if o.EmbedOrigins == nil {
		o.EmbedOrigins = []string{}
	}
	for i, origin := range o.EmbedOrigins {
		o.EmbedOrigins[i] = strings.ToLower(strings.TrimSpace(origin))
	}
	slices.Sort(o.EmbedOrigins)
	o.EmbedOrigins = slices.Compact(o.EmbedOrigins)
}

func (o *Organization) checkTexts(e *apperror.Error) *apperror.Error {
	if o.Name == "" {
		e = at(e, "name", "is required")
	}
	for _, text := range []struct {
		field string
		value *string
		most  int
	}{
		{"name", &o.Name, 200},
		{"legal_name", o.LegalName, 200},
		{"tax_id", o.TaxID, 32},
		{"tagline", o.Tagline, 300},
		{"email", o.Email, 254},
		{"phone", o.Phone, 32},
		{"website", o.Website, 500},
		{"address_line", o.AddressLine, 200},
		{"locality", o.Locality, 100},
		{"county", o.County, 100},
		{"postal_code", o.PostalCode, 16},
	} {
		switch {
		case text.value == nil:
		case len([]rune(*text.value)) > text.most:
			e = at(e, text.field, fmt.Sprintf("has at most %d characters", text.most))
		case strings.ContainsFunc(*text.value, unicode.IsControl):
			e = at(e, text.field, "holds control characters")
		}
	}
	if o.Email != nil && !isEmail(*o.Email) {
		e = at(e, "email", "expected an e-mail address")
	}
	if o.Phone != nil && !phoneFormat.MatchString(*o.Phone) {
		e = at(e, "phone", "expected a phone number")
	}
	if o.Website != nil && !isWebsite(*o.Website) {
		e = at(e, "website", "expected an http or https address")
	}
	return e
}

func (o *Organization) checkPlace(e *apperror.Error) *apperror.Error {
	if !isLanguage(o.LanguageCode) {
		e = at(e, "language_code", "expected a language of ISO 639-1")
	}
	if !isZone(o.Timezone) {
		e = at(e, "timezone", "expected a time zone of the IANA database")
	}
	if region, err := language.ParseRegion(o.Country); err != nil || len(o.Country) != 2 || !region.IsCountry() {
		e = at(e, "country", "expected a country of ISO 3166-1")
	}
	if unit, err := currency.ParseISO(o.Currency); err != nil || unit.String() != o.Currency {
		e = at(e, "currency", "expected a currency of ISO 4217")
	}
	return e
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".")
}

func isWebsite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

func isLanguage(code string) bool {
	if len(code) != 2 || strings.ToLower(code) != code {
		return false
	}
	base, err := language.ParseBase(code)
	return err == nil && base.String() == code
}

// isZone refuses the two names that mean "whatever this machine says".
func isZone(name string) bool {
	if name == "" || name == "Local" || len(name) > 64 {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
