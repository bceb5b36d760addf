package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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

// describeAlso documents the second success status of an endpoint: the same answer under another number.
func (s *Server) describeAlso(e Endpoint) {
	if e.Also == 0 {
		return
	}
	item := s.api.OpenAPI().Paths[e.Path]
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
		if op == nil || op.OperationID != e.ID {
			continue
		}
		also := *op.Responses[strconv.Itoa(e.Status)]
		also.Description = http.StatusText(e.Also)
		op.Responses[strconv.Itoa(e.Also)] = &also
	}
}

// componentPrefix begins every reference inside the document.
const componentPrefix = "#/components/schemas/"

// describeNulls says of an answer's member that is a pointer to an object that it may be null, which huma says of plain values only.
// Schemas of requests stay as they are: they are what bodies are checked against.
func (s *Server) describeNulls() {
	doc := s.api.OpenAPI()
	all := doc.Components.Schemas.Map()
	asked := map[string]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || op.RequestBody == nil {
				continue
			}
			for _, media := range op.RequestBody.Content {
				reach(media.Schema, all, asked)
			}
		}
	}
	for name, schema := range all {
		if t := doc.Components.Schemas.TypeFromRef(componentPrefix + name); t != nil && !asked[name] {
			nullable(schema, t)
		}
	}
}

// reach collects the names of the components that a schema leads to.
func reach(schema *huma.Schema, all map[string]*huma.Schema, seen map[string]bool) {
	if schema == nil {
		return
	}
	if name, ok := strings.CutPrefix(schema.Ref, componentPrefix); ok && !seen[name] {
		seen[name] = true
		reach(all[name], all, seen)
	}
	reach(schema.Items, all, seen)
	for _, member := range schema.Properties {
		reach(member, all, seen)
	}
}

func nullable(schema *huma.Schema, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		member := schema.Properties[name]
		if f.Type.Kind() != reflect.Pointer || strings.Contains(options, "omitempty") || member == nil || member.Ref == "" {
			continue
		}
		schema.Properties[name] = &huma.Schema{Description: member.Description, AnyOf: []*huma.Schema{{Ref: member.Ref}, {Type: "null"}}}
	}
}
