package patient

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// commaBelow replaces the cedilla letters of old keyboards by the Romanian ones.
func commaBelow(r rune) rune {
	switch r {
	case 'ş':
		return 'ș'
	case 'Ş':
		return 'Ș'
	case 'ţ':
		return 'ț'
	case 'Ţ':
		return 'Ț'
	}
	return r
}

// cleanName puts a name into the form that is stored: composed, Romanian letters, single spaces. Control characters disappear.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return commaBelow(r)
	}, norm.NFC.String(name))
	return strings.Join(strings.Fields(name), " ")
}

// fold makes the form that names are compared and searched in: no case, no diacritics, words apart by one space.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(cleanName(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
