// Package auth says who is asking and what that role may do: the principal of a request, the roles, and the one table
// of permissions. It decides nothing about rows; that is the database's row-level security.
package auth

import (
	"context"
	"slices"
	"time"

	"github.com/restartix/platform/internal/ident"
)

// Role is the database role value of a transaction (app.current_role) and the column of the permission table.
type Role string

// The roles of product/01 §4. No user can hold Anonymous or System.
const (
	Anonymous       Role = "anonymous"
	Patient         Role = "patient"
	Specialist      Role = "specialist"
	CustomerSupport Role = "customer_support"
	Admin           Role = "admin"
	Superadmin      Role = "superadmin"
	System          Role = "system"
)

// Roles are the columns of the permission table, in its order.
func Roles() []Role {
	return []Role{Anonymous, Patient, Specialist, CustomerSupport, Admin, Superadmin}
}

// IsStaff reports whether the role works in the clinic app.
func (r Role) IsStaff() bool { return r == Specialist || r == CustomerSupport || r == Admin }

// App is the surface that a request comes from (header X-App); it picks the role that is used.
type App string

// The three apps.
const (
	Clinic  App = "clinic"
	Portal  App = "portal"
	Console App = "console"
)

// ActorKind is written to the audit trail.
type ActorKind string

// The kinds of actor of product/08 §2.
const (
	ActorAnonymous ActorKind = "anonymous"
	ActorUser      ActorKind = "user"
	ActorKey       ActorKind = "key"
	ActorSystem    ActorKind = "system"
)

// AccessKey, Impersonation, BreakGlass and LoginSession mark the ids that a principal may carry.
type (
	// AccessKey marks the id of a key that calls our API.
	AccessKey struct{}
	// Impersonation marks the id of an admin acting as a patient.
	Impersonation struct{}
	// BreakGlass marks the id of a superadmin's grant for one clinic.
	BreakGlass struct{}
	// LoginSession marks the id of a device that is signed in with the built-in issuer.
	LoginSession struct{}
)

// Principal is the person, key or job behind a request and the clinic that it acts in. It is a value: a request's
// principal never changes after the edge has set it.
type Principal struct {
	Kind ActorKind
	// UserID is zero for visitors, keys and jobs.
	UserID ident.UserID
	// OrgID is zero where no clinic is involved (sign-in, the Console).
	OrgID ident.OrgID
	Role  Role
	App   App
	// Email is the verified address of a signed-in person; it is for mail, never for logs.
	Email string
	// Authenticated tells that a token was accepted, whatever the role.
	Authenticated   bool
	MFA             bool
	LoginSessionID  ident.ID[LoginSession]
	AccessKeyID     ident.ID[AccessKey]
	Scopes          []string
	ImpersonationID ident.ID[Impersonation]
	ImpersonatorID  ident.UserID
	// ImpersonationMode is "view" or "assist" while ImpersonationID is set.
	ImpersonationMode string
	BreakGlassID      ident.ID[BreakGlass]
	// ExpiresAt is when the token ends; zero for visitors, keys and jobs. What outlives a request must look at it.
	ExpiresAt time.Time
}

// HasScope reports whether an access key was given the scope; a signed-in person needs none.
func (p Principal) HasScope(scope string) bool {
	return p.Kind != ActorKey || slices.Contains(p.Scopes, scope)
}

type principalKey struct{}

// WithPrincipal returns a context that acts as p.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns the principal of the context; false means that the edge set none, and then no row may be touched.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(Principal)
	return p, ok
}

// SystemOf is the principal of a job or listener of one clinic.
func SystemOf(org ident.OrgID) Principal {
	return Principal{Kind: ActorSystem, Role: System, OrgID: org}
}

// AnonymousOf is the principal of a visitor; a zero org means that no clinic is known yet.
func AnonymousOf(org ident.OrgID) Principal {
	return Principal{Kind: ActorAnonymous, Role: Anonymous, OrgID: org}
}

// Request carries what the audit trail wants to know about the request that an act came with.
type Request struct {
	ID        string
	Route     string
	IP        string
	UserAgent string
	ClientID  string
	Language  string
}

type requestKey struct{}

// WithRequest attaches the facts of the request.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestOf returns the facts of the request; the zero value outside one.
func RequestOf(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}
