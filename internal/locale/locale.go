// Package locale names the languages that the product speaks and chooses between them. Romanian and English are complete;
// anything else falls back to English.
package locale

import "strings"

// Tag is a language of the product.
type Tag string

// The languages of the product.
const (
	English  Tag = "en"
	Romanian Tag = "ro"
)

// Parse reads a language code ("ro", "ro-RO", "EN"); anything that is not spoken here answers false.
func Parse(s string) (Tag, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	switch Tag(base) {
	case Romanian:
		return Romanian, true
	case English:
		return English, true
	}
	return English, false
}

// FromAccept picks the first language of an Accept-Language header that is spoken here. Quality values are ignored on
// purpose: browsers send the list in order of preference.
func FromAccept(header string) Tag {
	for _, part := range strings.Split(header, ",") {
		code, _, _ := strings.Cut(part, ";")
		if t, ok := Parse(code); ok {
			return t
		}
	}
	return English
}

// Text is one sentence in each language.
type Text map[Tag]string

// In returns the sentence in the language asked for, else in English.
func (t Text) In(tag Tag) string {
	if s, ok := t[tag]; ok {
		return s
	}
	return t[English]
}
