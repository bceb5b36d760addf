package coreapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// violations answers where a decoded JSON value (numbers as json.Number) breaks a schema of the document. A keyword that this
// check does not know is a violation too, so that a richer document cannot be checked less.
func (c contract) violations(schema, value any, at string) []string {
	s := c.resolve(schema)
	if choices, ok := s["anyOf"].([]any); ok {
		var first []string
		for i, choice := range choices {
			found := c.violations(choice, value, at)
			if len(found) == 0 {
				return nil
			}
			if i == 0 {
				first = found
			}
		}
		return first
	}
	if value == nil {
		if types := typesOf(s); len(types) == 0 || slices.Contains(types, "null") {
			return nil
		}
		return []string{at + " is null"}
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, at+" "+fmt.Sprintf(format, args...)) }
	if types := typesOf(s); len(types) > 0 && !slices.ContainsFunc(types, func(name string) bool { return isA(name, value) }) {
		say("is no %v", types)
		return out
	}
	if enum, ok := s["enum"].([]any); ok && !slices.ContainsFunc(enum, func(e any) bool { return fmt.Sprint(e) == fmt.Sprint(value) }) {
		say("is none of %v", enum)
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if !slices.Contains(understood(), name) {
			say("has a schema with the unknown keyword %s", name)
		}
	}
	switch v := value.(type) {
	case object:
		return append(out, c.objectViolations(s, v, at)...)
	case []any:
		if outside(s, "minItems", "maxItems", float64(len(v))) {
			say("has %d items", len(v))
		}
		for i, item := range v {
			out = append(out, c.violations(s["items"], item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case string:
		if outside(s, "minLength", "maxLength", float64(utf8.RuneCountInString(v))) || !formatted(s, v) {
			say("is no text of this schema")
		}
	case json.Number:
		n, err := v.Float64()
		if err != nil || outside(s, "minimum", "maximum", n) {
			say("is out of range")
		}
	}
	return out
}

func understood() []string {
	return []string{
		"type", "properties", "required", "additionalProperties", "items", "enum", "format", "minLength", "maxLength", "pattern", "minItems", "maxItems",
		"minimum", "maximum", "description", "examples", "default", "title", "deprecated", "contentEncoding", "readOnly", "writeOnly", "patternDescription",
		"uniqueItems",
	}
}

func (c contract) objectViolations(s, v object, at string) []string {
	var out []string
	for _, name := range texts(s, "required") {
		if _, there := v[name]; !there {
			out = append(out, at+" lacks "+name)
		}
	}
	known := tree(s, "properties")
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if member, ok := known[name]; ok {
			out = append(out, c.violations(member, v[name], at+"."+name)...)
			continue
		}
		switch more := s["additionalProperties"].(type) {
		case bool:
			if !more {
				out = append(out, at+" has the unknown member "+name)
			}
		case object:
			out = append(out, c.violations(more, v[name], at+"."+name)...)
		}
	}
	return out
}

func typesOf(s object) []string {
	if one, ok := s["type"].(string); ok {
		return []string{one}
	}
	return texts(s, "type")
}

func isA(name string, value any) bool {
	switch v := value.(type) {
	case object:
		return name == "object"
	case []any:
		return name == "array"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case json.Number:
		return name == "number" || name == "integer" && !strings.ContainsAny(v.String(), ".eE")
	}
	return name == "null" && value == nil
}

// outside compares a size with two keywords of the schema; YAML reads whole numbers as int.
func outside(s object, low, high string, n float64) bool {
	limit := func(name string) (float64, bool) {
		switch v := s[name].(type) {
		case int:
			return float64(v), true
		case float64:
			return v, true
		}
		return 0, false
	}
	least, bounded := limit(low)
	if bounded && n < least {
		return true
	}
	most, bounded := limit(high)
	return bounded && n > most
}

func formatted(s object, v string) bool {
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
		return false
	}
	layout := map[any]string{"date-time": time.RFC3339Nano, "date": time.DateOnly}[s["format"]]
	if layout != "" {
		_, err := time.Parse(layout, v)
		return err == nil
	}
	return s["format"] != "uuid" || uuid.Validate(v) == nil
}

// sample is a value that the schema allows, for operations that nobody wrote a right body for.
func (c contract) sample(random *rand.Rand, schema any) any {
	s := c.resolve(schema)
	if enum, ok := s["enum"].([]any); ok {
		return enum[random.IntN(len(enum))]
	}
	types := typesOf(s)
	if len(types) == 0 {
		return object{}
	}
	switch types[0] {
	case "object":
		out := object{}
		for _, name := range slices.Sorted(maps.Keys(tree(s, "properties"))) {
			if slices.Contains(texts(s, "required"), name) || random.IntN(2) == 0 {
				out[name] = c.sample(random, at(s, "properties", name))
			}
		}
		return out
	case "array":
		return []any{c.sample(random, s["items"])}
	case "integer", "number":
		if low, ok := s["minimum"].(int); ok {
			return low
		}
		return 1
	case "boolean":
		return true
	}
	return sampleText(s)
}

func sampleText(s object) string {
	switch s["format"] {
	case "uuid":
		return newID()
	case "date-time":
		return "2026-11-24T09:00:00Z"
	case "date":
		return "2026-11-24"
	}
	text := "word-" + unique()
	if most, ok := s["maxLength"].(int); ok && len(text) > most {
		text = text[:most]
	}
	if least, ok := s["minLength"].(int); ok && len(text) < least {
		text += strings.Repeat("x", least-len(text))
	}
	return text
}
