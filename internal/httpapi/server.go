// Package httpapi is the HTTP edge: typed endpoints on chi through huma, each with a declared permission, one envelope for
// answers, one sealed problem document for errors, and the OpenAPI document that follows from them. It knows no domain.
//
// A request passes, in this order: unknown-parameter and media-type checks, rate limit, principal, permission, decoding and
// validation, idempotency, the use case. Only this package turns an error into a status.
package httpapi

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
)

// Audience says who an endpoint talks to; it decides how the principal is found.
type Audience int

// The audiences.
const (
	// Open endpoints need no clinic and no login: resolve, sign-in, health.
	Open Audience = iota + 1
	// Public endpoints need the clinic of the request and no login.
	Public
	// SignedIn endpoints need a person; a clinic is optional.
	SignedIn
	// Member endpoints need a person or key with a role in the clinic of the request.
	Member
	// Platform endpoints need a superadmin; there is no clinic.
	Platform
)

// Authenticator finds the principal of a request or refuses it with a declared error.
type Authenticator interface {
	Authenticate(r *http.Request, a Audience) (auth.Principal, error)
}

// Limiter decides whether a request may pass and writes the rate-limit headers. Both methods answer rate_limited otherwise.
type Limiter interface {
	// LimitCaller counts the caller's address, before anybody is known; name is the endpoint's own limit or empty.
	LimitCaller(w http.ResponseWriter, r *http.Request, name string) error
	// LimitPrincipal counts the signed-in person or key.
	LimitPrincipal(w http.ResponseWriter, r *http.Request, p auth.Principal) error
}

// Refusal is an answer that the trail must know about.
type Refusal struct {
	Status int
	Code   string
	// Token tells that the caller sent a credential.
	Token     bool
	Operation string
	Principal auth.Principal
}

// Witness records in its own transaction what no use case would record.
type Witness interface {
	// Refused must not fail the request.
	Refused(ctx context.Context, r Refusal)
	// Watched records, before it happens, a read under break-glass or impersonation; an error refuses the read.
	Watched(ctx context.Context, operation string) error
}

// Sealer protects stored answers. row is the hash of the key, so an answer cannot be moved to another key.
type Sealer interface {
	SealAnswer(org, row string, plain []byte) (cipher []byte, version int32, err error)
	OpenAnswer(org, row string, cipher []byte, version int32) ([]byte, error)
}

// Deps are the collaborators of the edge. All are required.
type Deps struct {
	Auth    Authenticator
	Limiter Limiter
	Witness Witness
	Sealer  Sealer
	Seats   Seats
	Log     *slog.Logger
	Now     func() time.Time
	Version string
	// BodyLimit is the largest JSON body in bytes.
	BodyLimit int64
}

// Server is the set of endpoints. Register everything before serving; afterwards it is safe for concurrent use.
type Server struct {
	deps      Deps
	api       huma.API
	router    chi.Router
	endpoints []Endpoint
	// closing is closed when every stream must end.
	closing chan struct{}
}

// New mounts the edge on a router whose middleware is already in place.
func New(router chi.Router, d Deps) *Server {
	s := &Server{deps: d, router: router, closing: make(chan struct{})}
	sealErrors()
	cfg := huma.DefaultConfig("RestartiX Core API", d.Version)
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Info.Description = "One contract for the three apps, integrators and FHIR clients."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Servers = []*huma.Server{{URL: "http://localhost:9000", Description: "Development"}}
	cfg.CreateHooks = nil
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath = "", "", ""
	cfg.Formats = map[string]huma.Format{"application/json": jsonFormat(), "json": jsonFormat()}
	cfg.RejectUnknownQueryParameters = true
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
	}
	s.api = humachi.New(router, cfg)
	router.NotFound(s.notFound)
	router.MethodNotAllowed(s.methodNotAllowed)
	return s
}

// Endpoints lists what was registered, in order; `restartix routes` and the accounting tests read it.
func (s *Server) Endpoints() []Endpoint { return s.endpoints }

// OpenAPI returns the document as YAML.
func (s *Server) OpenAPI() ([]byte, error) {
	s.describeErrors()
	s.describeNulls()
	return s.api.OpenAPI().YAML()
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, apperror.ErrNotFound)
}

func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, apperror.ErrMethodNotAllowed)
}

// write answers a problem outside an endpoint.
func (s *Server) write(w http.ResponseWriter, r *http.Request, err error) {
	WriteProblem(w, r, ProblemOf(r.Context(), err))
}

// WriteProblem answers a problem document from middleware.
func WriteProblem(w http.ResponseWriter, _ *http.Request, p *Problem) {
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	// The status is sent; a connection that broke meanwhile has nobody left to tell.
	_ = json.NewEncoder(w).Encode(p)
}

var sealOnce sync.Once //nolint:gochecknoglobals // huma keeps its error constructor for the whole process
