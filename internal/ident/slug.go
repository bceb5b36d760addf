package ident

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// MaxSlug is the longest slug in bytes.
const MaxSlug = 80

var slugFormat = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// IsSlug reports whether the text can stand in an address of the clinic's site.
func IsSlug(s string) bool { return len(s) <= MaxSlug && slugFormat.MatchString(s) }

// plain are letters of our languages without their marks; others than these and ASCII separate words.
var plain = strings.NewReplacer( //nolint:gochecknoglobals // never written
	"ă", "a", "â", "a", "î", "i", "ș", "s", "ş", "s", "ț", "t", "ţ", "t",
	"á", "a", "à", "a", "ä", "a", "é", "e", "è", "e", "ë", "e", "í", "i", "ó", "o", "ö", "o", "ő", "o", "ú", "u", "ü", "u", "ű", "u", "ß", "ss",
)

// Slug makes an address out of a name: lower case, without marks, words joined by hyphens. A name without any letter or digit
// becomes fallback. The answer is one that taken does not report: the name itself, or the name with the first free number.
func Slug(name, fallback string, taken func(string) bool) string {
	words := strings.FieldsFunc(plain.Replace(strings.ToLower(name)), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	base := strings.Join(words, "-")
	if len(base) > MaxSlug-5 {
		base = strings.Trim(base[:MaxSlug-5], "-")
	}
	if base == "" {
		base = fallback
	}
	slug := base
	for n := 2; taken(slug); n++ {
		slug = fmt.Sprintf("%s-%d", base, n)
	}
	return slug
}
