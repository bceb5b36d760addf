package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/postgres"
)

const problemType = "application/problem+json"

// Problem is the RFC 9457 document. It is sealed: nothing internal, no refused value.
type Problem struct {
	Type      string         `json:"type" doc:"Address of the error's description."`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail" doc:"A sentence for a person, in the language of Accept-Language."`
	Code      string         `json:"code" doc:"Stable for ever; decide by it."`
	RequestID string         `json:"request_id"`
	Errors    []ProblemField `json:"errors,omitempty"`
	Facts     map[string]any `json:"-"`
	_         struct{}       `additionalProperties:"true"`
}

// ProblemField points at a place of the request.
type ProblemField struct {
	Location string `json:"location" doc:"For example body.contact.phone."`
	Message  string `json:"message"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError: a refusal that says when to come back says it in the header too.
func (p *Problem) GetHeaders() http.Header {
	seconds, ok := p.Facts["retry_after"].(int)
	if !ok {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(seconds)}}
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

// MarshalJSON adds the facts beside the standard members; a fact never replaces one.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type bare Problem
	if len(p.Facts) == 0 {
		return json.Marshal((*bare)(p))
	}
	b, err := json.Marshal((*bare)(p))
	if err != nil {
		return nil, err
	}
	members := map[string]any{}
	if err := json.Unmarshal(b, &members); err != nil {
		return nil, err
	}
	for k, v := range p.Facts {
		if _, taken := members[k]; !taken {
			members[k] = v
		}
	}
	return json.Marshal(members)
}

func statusOf(k apperror.Kind) int {
	switch k {
	case apperror.BadRequest:
		return http.StatusBadRequest
	case apperror.Unauthorized:
		return http.StatusUnauthorized
	case apperror.PaymentRequired:
		return http.StatusPaymentRequired
	case apperror.Forbidden:
		return http.StatusForbidden
	case apperror.NotFound:
		return http.StatusNotFound
	case apperror.MethodNotAllowed:
		return http.StatusMethodNotAllowed
	case apperror.Conflict:
		return http.StatusConflict
	case apperror.Gone:
		return http.StatusGone
	case apperror.PreconditionFailed:
		return http.StatusPreconditionFailed
	case apperror.PreconditionRequired:
		return http.StatusPreconditionRequired
	case apperror.TooLarge:
		return http.StatusRequestEntityTooLarge
	case apperror.MediaType:
		return http.StatusUnsupportedMediaType
	case apperror.Invalid:
		return http.StatusUnprocessableEntity
	case apperror.RateLimited:
		return http.StatusTooManyRequests
	case apperror.Unavailable:
		return http.StatusServiceUnavailable
	case apperror.Internal:
	}
	return http.StatusInternalServerError
}

// ProblemOf makes the document of an error. An error that nobody declared becomes internal_error, whatever its text says.
func ProblemOf(ctx context.Context, err error) *Problem {
	return problemFor(auth.RequestOf(ctx), err)
}

// problemFor makes the document for one request; its type is relative, which RFC 9457 resolves against the API's host.
func problemFor(request auth.Request, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var declared *apperror.Error
	if !errors.As(err, &declared) {
		declared = apperror.ErrInternal
	}
	status := statusOf(declared.Kind)
	out := &Problem{
		Type: "/errors/" + declared.Code, Title: http.StatusText(status), Status: status, Code: declared.Code,
		Detail: sentence(declared, locale.FromAccept(request.Language)), RequestID: request.ID, Facts: declared.Facts,
	}
	for _, f := range declared.Fields {
		out.Errors = append(out.Errors, ProblemField(f))
	}
	return out
}

func sentence(e *apperror.Error, tag locale.Tag) string {
	if tag == locale.Romanian {
		if text, ok := romanian()[e.Code]; ok {
			return text
		}
	}
	return e.Message
}

// problem logs what is ours, tells the witness what the trail must know, and seals the rest.
func (s *Server) problem(ctx context.Context, e Endpoint, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.Join(apperror.ErrUnavailable, err)
	}
	if errors.Is(err, context.DeadlineExceeded) || postgres.Code(err) == "57014" || postgres.Code(err) == "55P03" {
		err = errors.Join(apperror.ErrUnavailable, err)
	}
	if postgres.Code(err) == "22021" || postgres.Code(err) == "22P05" {
		err = errors.Join(apperror.ErrInvalid, err)
	}
	p := ProblemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		s.deps.Log.LogAttrs(ctx, slog.LevelError, "request failed",
			slog.String("op", e.ID), slog.String("request", p.RequestID), slog.String("code", p.Code), slog.String("error", err.Error()))
	}
	principal, _ := auth.From(ctx)
	s.deps.Witness.Refused(ctx, Refusal{Status: p.Status, Code: p.Code, Token: principal.Authenticated || ctx.Value(visitorKey{}) == nil && (p.Code == "unauthorized" || p.Code == "token_expired"), Operation: e.ID, Principal: principal})
	return p
}

// sealErrors replaces huma's own errors, which would echo refused values and internal texts.
func sealErrors() {
	sealOnce.Do(func() {
		huma.NewErrorWithContext = func(hc huma.Context, status int, message string, errs ...error) huma.StatusError {
			return ProblemOf(hc.Context(), fromHuma(status, message, errs))
		}
		huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
			return problemFor(auth.Request{}, fromHuma(status, message, errs))
		}
	})
}

// fromHuma turns huma's own refusals into declared errors: 400 for parameters, 422 for bodies.
func fromHuma(status int, message string, errs []error) *apperror.Error {
	if message == unreadableBody {
		return apperror.ErrMalformedJSON
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return apperror.ErrBodyTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return apperror.ErrMediaType
	case http.StatusInternalServerError:
		return apperror.ErrInternal
	}
	fields := fieldsOf(errs)
	if len(fields) == 0 {
		if status == http.StatusBadRequest {
			return apperror.ErrMalformedJSON
		}
		return apperror.ErrBadRequest
	}
	base := apperror.ErrBadRequest
	for _, f := range fields {
		if f.Message == unknownParameter {
			return filterUnknown(f.Location)
		}
		if strings.HasPrefix(f.Location, "body") {
			base = apperror.ErrInvalid
		}
		if f.Message == notJSON {
			return apperror.ErrMalformedJSON
		}
	}
	out := base
	for _, f := range fields {
		out = out.At(f.Location, f.Message)
	}
	return out
}

func fieldsOf(errs []error) []apperror.Field {
	var out []apperror.Field
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		out = append(out, apperror.Field{Location: detail.Location, Message: safeMessage(detail.Location, detail.Message)})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Location < out[j].Location })
	return out
}

const (
	notJSON = "is not valid JSON"
	// unreadableBody is huma's word for a body that ended early or whose chunks are broken. It takes that for its own failure; it is the sender's.
	unreadableBody = "cannot read request body"
)

// safeMessage lets only the validator's own templates through; a parser's text may quote what was sent.
func safeMessage(location, message string) string {
	if message == unknownParameter || location == "" {
		return message
	}
	inBody := strings.HasPrefix(location, "body")
	for _, prefix := range []string{"expected ", "unexpected property", "required "} {
		if inBody && strings.HasPrefix(message, prefix) {
			return message
		}
	}
	if location == "body" && strings.Contains(message, "JSON") || strings.Contains(message, "invalid character") || strings.Contains(message, "unexpected end") {
		return notJSON
	}
	if strings.HasPrefix(message, "required ") {
		return "is required"
	}
	return "is not valid"
}
