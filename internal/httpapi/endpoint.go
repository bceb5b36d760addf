package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/page"
)

// Endpoint declares one operation. Everything that guards it is data, so that it can be listed, compared and tested.
type Endpoint struct {
	Method, Path string
	// ID is the operation id: verb and noun in kebab-case, unique.
	ID      string
	Summary string
	Tag     string
	// Audience and Permission are required; registration panics without them.
	Audience   Audience
	Permission auth.Permission
	// Scope is what an access key needs; empty means that no key may call this.
	Scope string
	// Status of the success answer; 0 means 200, or 204 for Empty.
	Status int
	// Also is a second success status that the output may choose (StatusOf), for the document.
	Also int
	// Limit names a rate limit of its own, beside those of the address and the person.
	Limit string
	// Credential endpoints answer secrets, so their answers are never stored for an Idempotency-Key.
	Credential bool
	// KeyRequired demands an Idempotency-Key.
	KeyRequired bool
	// Impersonation tells what an impersonating admin may do here: "" reads only, "assist" form values, "always" even in view mode.
	Impersonation string
	// Errors are the declared errors of the use case, for the document.
	Errors []*apperror.Error
}

// Meta is part of every envelope.
type Meta struct {
	RequestID string `json:"request_id" doc:"Repeat it when you ask for help."`
}

// Envelope is the answer with one entity. raw carries an answer that was encoded before (idempotency).
type Envelope[T any] struct {
	Data T    `json:"data"`
	Meta Meta `json:"meta"`
	raw  json.RawMessage
}

// MarshalJSON writes the stored answer when there is one.
func (e Envelope[T]) MarshalJSON() ([]byte, error) {
	if e.raw != nil {
		return e.raw, nil
	}
	return json.Marshal(struct {
		Data T    `json:"data"`
		Meta Meta `json:"meta"`
	}{e.Data, e.Meta})
}

// Pagination counts a numbered list.
type Pagination struct {
	Page       int `json:"page"`
	PageSize   int `json:"page_size"`
	Total      int `json:"total"`
	TotalPages int `json:"total_pages"`
}

// ListEnvelope is the answer with a numbered page.
type ListEnvelope[T any] struct {
	Data       []T        `json:"data" nullable:"false"`
	Pagination Pagination `json:"pagination"`
	Meta       Meta       `json:"meta"`
}

// Cursor continues a feed; NextCursor is null at its end.
type Cursor struct {
	NextCursor *string `json:"next_cursor"`
}

// FeedEnvelope is the answer with a stretch of a feed.
type FeedEnvelope[T any] struct {
	Data       []T    `json:"data" nullable:"false"`
	Pagination Cursor `json:"pagination"`
	Meta       Meta   `json:"meta"`
}

type oneOutput[T any] struct {
	Status   int
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotency-Replayed"`
	Body     Envelope[T]
}

type (
	listOutput[T any] struct{ Body ListEnvelope[T] }
	feedOutput[T any] struct{ Body FeedEnvelope[T] }
	emptyOutput       struct{}
)

// Versioned is an output that carries the row's version; it becomes the ETag.
type Versioned interface{ Version() int64 }

// StatusOf lets an output choose between two success statuses, for example 200 for a membership and 201 for an invitation.
type StatusOf interface{ HTTPStatus() int }

// One registers an endpoint that answers one entity.
func One[I, T any](s *Server, e Endpoint, fn func(context.Context, *I) (T, error)) {
	op := s.register(&e, http.StatusOK)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*oneOutput[T], error) {
		out, err := idempotent(ctx, s, e, in, fn)
		if err != nil {
			return nil, s.problem(ctx, e, err)
		}
		return out, nil
	})
	s.describeAlso(e)
}

// List registers an endpoint that answers a numbered page.
func List[I, T any](s *Server, e Endpoint, fn func(context.Context, *I) (page.Result[T], error)) {
	op := s.register(&e, http.StatusOK)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*listOutput[T], error) {
		r, err := fn(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, e, err)
		}
		out := &listOutput[T]{Body: ListEnvelope[T]{Data: r.Rows, Meta: metaOf(ctx)}}
		if out.Body.Data == nil {
			out.Body.Data = []T{}
		}
		out.Body.Pagination = Pagination{Page: r.Page, PageSize: r.Size, Total: r.Total, TotalPages: (r.Total + r.Size - 1) / max(r.Size, 1)}
		return out, nil
	})
}

// Feed registers an endpoint that answers a stretch of a feed.
func Feed[I, T any](s *Server, e Endpoint, fn func(context.Context, *I) (page.Slice[T], error)) {
	op := s.register(&e, http.StatusOK)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*feedOutput[T], error) {
		r, err := fn(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, e, err)
		}
		out := &feedOutput[T]{Body: FeedEnvelope[T]{Data: r.Rows, Meta: metaOf(ctx)}}
		if out.Body.Data == nil {
			out.Body.Data = []T{}
		}
		if r.Next != "" {
			out.Body.Pagination.NextCursor = &r.Next
		}
		return out, nil
	})
}

// Empty registers an endpoint that answers 204.
func Empty[I any](s *Server, e Endpoint, fn func(context.Context, *I) error) {
	op := s.register(&e, http.StatusNoContent)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*emptyOutput, error) {
		if err := fn(ctx, in); err != nil {
			return nil, s.problem(ctx, e, err)
		}
		return &emptyOutput{}, nil
	})
}

func (s *Server) register(e *Endpoint, status int) huma.Operation {
	if e.Audience == 0 || e.Permission == "" || e.ID == "" {
		panic(fmt.Sprintf("endpoint %s %s declares no audience, permission or id", e.Method, e.Path))
	}
	if e.Status == 0 {
		e.Status = status
	}
	s.endpoints = append(s.endpoints, *e)
	op := huma.Operation{
		Method: e.Method, Path: e.Path, OperationID: e.ID, Summary: e.Summary, Tags: []string{e.Tag},
		DefaultStatus: e.Status, MaxBodyBytes: s.deps.BodyLimit,
		Middlewares: huma.Middlewares{s.guard(*e)},
		Extensions:  extensionsOf(*e),
		Errors:      statusesOf(*e),
	}
	if e.Audience >= SignedIn {
		op.Security = []map[string][]string{{"bearer": {}}}
	} else {
		op.Security = []map[string][]string{{}}
	}
	return op
}

func extensionsOf(e Endpoint) map[string]any {
	out := map[string]any{"x-roles": rolesOf(e.Permission)}
	if e.Limit != "" {
		out["x-limit"] = e.Limit
	}
	if e.Scope != "" {
		out["x-scope"] = e.Scope
	}
	return out
}

func rolesOf(p auth.Permission) map[string]string {
	out := map[string]string{}
	for _, role := range auth.Roles() {
		if access := auth.Grants(p, role); access != auth.Deny {
			out[string(role)] = string(access)
		}
	}
	return out
}

func statusesOf(e Endpoint) []int {
	seen := map[int]bool{http.StatusBadRequest: true, http.StatusTooManyRequests: true, http.StatusServiceUnavailable: true}
	if e.Audience >= SignedIn {
		seen[http.StatusUnauthorized], seen[http.StatusForbidden] = true, true
	}
	for _, declared := range e.Errors {
		seen[statusOf(declared.Kind)] = true
	}
	var out []int
	for status := range seen {
		out = append(out, status)
	}
	return out
}

func etag(v any) string {
	if versioned, ok := v.(Versioned); ok {
		return strconv.Quote(strconv.FormatInt(versioned.Version(), 10))
	}
	return ""
}

func metaOf(ctx context.Context) Meta { return Meta{RequestID: auth.RequestOf(ctx).ID} }
