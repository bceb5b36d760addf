package httpapi

import (
	"maps"
	"slices"

	"github.com/restartix/platform/internal/apperror"
)

// describeErrors writes the registry of codes into the document, so that a client can be generated with them.
func (s *Server) describeErrors() {
	codes := make([]map[string]any, 0)
	for _, e := range apperror.Registered() {
		codes = append(codes, map[string]any{"code": e.Code, "status": statusOf(e.Kind), "message": e.Message})
	}
	doc := s.api.OpenAPI()
	if doc.Extensions == nil {
		doc.Extensions = map[string]any{}
	}
	doc.Extensions["x-error-codes"] = codes
}

// StatusOfCode returns the status that a declared error answers with; the error catalogue uses it.
func StatusOfCode(e *apperror.Error) int { return statusOf(e.Kind) }

// Romanian returns the Romanian sentence of a code, or "" when it has none.
func Romanian(code string) string { return romanian()[code] }

// RomanianCodes lists the codes that have a Romanian sentence.
func RomanianCodes() []string { return slices.Sorted(maps.Keys(romanian())) }
