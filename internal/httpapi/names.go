package httpapi

import (
	"path"
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// genericName splits "Envelope[example.org/internal/signin.invitationOutput]" into the wrapper, the package and the type.
var genericName = regexp.MustCompile(`^(\w+)\[(\[\])?(?:.*/)?(\w+)\.(\w+)(?:·\d+)?\]$`)

// schemaName gives every schema a name that says whose it is, because two packages may both have an invitationOutput: the
// package, the type without Output, and Envelope, List or Feed for the wrappers.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if m := genericName.FindStringSubmatch(t.Name()); m != nil && strings.HasSuffix(t.PkgPath(), "internal/httpapi") {
		if m[2] != "" {
			return owned(m[3], m[4]) + "Array" + wrapperSuffix(m[1])
		}
		return owned(m[3], m[4]) + wrapperSuffix(m[1])
	}
	if t.Name() == "" {
		return huma.DefaultSchemaNamer(t, hint)
	}
	if owner := path.Base(t.PkgPath()); strings.Contains(t.PkgPath(), "/internal/") && owner != "httpapi" && !strings.Contains(t.Name(), "[") {
		return owned(owner, t.Name())
	}
	return huma.DefaultSchemaNamer(t, hint)
}

func wrapperSuffix(wrapper string) string {
	switch wrapper {
	case "ListEnvelope":
		return "List"
	case "FeedEnvelope":
		return "Feed"
	}
	return wrapper
}

func owned(owner, name string) string {
	name = strings.TrimSuffix(name, "Output")
	if strings.HasPrefix(strings.ToLower(name), owner) {
		return upperFirst(name)
	}
	return upperFirst(owner) + upperFirst(name)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
