package middleware

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
)

// What the search for the principal refuses.
var (
	ErrTokenExpired         = apperror.New(apperror.Unauthorized, "token_expired", "Your session has ended. Sign in again.")
	ErrUserBlocked          = apperror.New(apperror.Forbidden, "user_blocked", "This account is blocked. Ask your clinic's administrator.")
	ErrNotMember            = apperror.New(apperror.Forbidden, "not_a_member", "You do not belong to this clinic.")
	ErrMFARequired          = apperror.New(apperror.Forbidden, "mfa_required", "Set up a second step of sign-in first.")
	ErrOrgMismatch          = apperror.New(apperror.BadRequest, "org_mismatch", "The request names two different clinics.")
	ErrOrganizationRequired = apperror.New(apperror.BadRequest, "organization_required", "Say which clinic this is about.")
	ErrOrganizationNotFound = apperror.New(apperror.NotFound, "organization_not_found", "There is no clinic at this address.")
)

// Subject is a verified token: who an issuer says is calling.
type Subject struct {
	Issuer, Subject   string
	Email             string
	EmailVerified     bool
	Name              string
	AMR               []string
	LoginSessionID    string
	ImpersonationID   string
	ImpersonatorID    string
	ImpersonationMode string
	Token             string
	ExpiresAt         time.Time
}

// Person is what the product knows about a subject in one clinic.
type Person struct {
	UserID ident.UserID
	Email  string
	// PlatformRole is "superadmin" or empty.
	PlatformRole string
	Blocked      bool
	// OrgID is the clinic that the question was answered for: the one asked about, else the person's current one.
	OrgID     ident.OrgID
	OrgActive bool
	// MFARequired is the clinic's policy for staff.
	MFARequired  bool
	Roles        []auth.Role
	BreakGlassID ident.ID[auth.BreakGlass]
	// Ended tells that the impersonation or login session of the token is over.
	Ended bool
}

// KeyHolder is a valid access key.
type KeyHolder struct {
	ID     ident.ID[auth.AccessKey]
	OrgID  ident.OrgID
	Scopes []string
}

// Verifier checks a token and says whose it is. It answers ErrTokenExpired or unauthorized.
type Verifier interface {
	Verify(ctx context.Context, token string) (Subject, error)
}

// People finds the person of a subject, provisioning on the first login.
type People interface {
	Person(ctx context.Context, s Subject, org ident.OrgID) (Person, error)
}

// Keys finds a valid access key; an unknown, expired or foreign one answers unauthorized.
type Keys interface {
	Key(ctx context.Context, secret, ip string) (KeyHolder, error)
}

// Clinics finds active clinics; an unknown one answers organization_not_found.
type Clinics interface {
	ByID(ctx context.Context, id ident.OrgID) (ident.OrgID, error)
	BySlug(ctx context.Context, slug string) (ident.OrgID, error)
	ByHost(ctx context.Context, host string) (ident.OrgID, error)
}

// Authenticator finds the principal of a request. Safe for concurrent use.
type Authenticator struct {
	Verifier Verifier
	People   People
	Keys     Keys
	Clinics  Clinics
	Proxies  TrustedProxies
}

// keyPrefix starts every access key of ours, so that it is never mistaken for a token.
const keyPrefix = "rxk_"

// Authenticate implements httpapi.Authenticator. The principal is returned also with an error, as far as it is known, for
// the trail.
func (a *Authenticator) Authenticate(r *http.Request, audience httpapi.Audience) (auth.Principal, error) {
	p, err := a.find(r, audience)
	note(r.Context(), p)
	return p, err
}

func (a *Authenticator) find(r *http.Request, audience httpapi.Audience) (auth.Principal, error) {
	switch audience {
	case httpapi.Open:
		return auth.AnonymousOf(ident.OrgID{}), nil
	case httpapi.Public:
		org, err := a.publicOrganization(r)
		return auth.AnonymousOf(org), err
	case httpapi.SignedIn, httpapi.Member, httpapi.Platform:
	}
	credential, err := bearer(r)
	if err != nil {
		return auth.AnonymousOf(ident.OrgID{}), err
	}
	org, err := a.namedOrganization(r)
	if err != nil {
		return auth.AnonymousOf(ident.OrgID{}), err
	}
	if strings.HasPrefix(credential, keyPrefix) {
		return a.key(r, credential, org, audience)
	}
	return a.person(r, credential, org, audience)
}

// bearer reads the one Authorization header; a second one, another scheme or an oversized value is no credential at all.
func bearer(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return "", apperror.ErrUnauthorized
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > 8192 || strings.ContainsAny(token, " ,") {
		return "", apperror.ErrUnauthorized
	}
	return token, nil
}

// namedOrganization reads the clinic that the request names: header, cookie hint and forwarded host must agree.
func (a *Authenticator) namedOrganization(r *http.Request) (ident.OrgID, error) {
	var named ident.OrgID
	values := r.Header.Values("X-Organization-ID")
	if len(values) > 1 {
		return named, apperror.ErrBadRequest.At("header.X-Organization-ID", "is repeated")
	}
	if len(values) == 1 {
		id, err := ident.Parse[ident.Organization](values[0])
		if err != nil || id.IsZero() {
			return named, apperror.ErrBadRequest.At("header.X-Organization-ID", "is not an id")
		}
		named = id
	}
	if cookie, err := r.Cookie("__Host-org-id"); err == nil && !named.IsZero() && !strings.EqualFold(cookie.Value, named.String()) {
		return named, ErrOrgMismatch
	}
	host := r.Header.Get("X-Forwarded-Host")
	if host == "" || named.IsZero() || !a.Proxies.Trusts(r) {
		return named, nil
	}
	byHost, err := a.Clinics.ByHost(r.Context(), host)
	if errors.Is(err, ErrOrganizationNotFound) {
		return named, nil
	}
	if err != nil {
		return named, err
	}
	if byHost != named {
		return named, ErrOrgMismatch
	}
	return named, nil
}

func (a *Authenticator) publicOrganization(r *http.Request) (ident.OrgID, error) {
	if len(r.Header.Values("X-Organization-ID")) > 0 {
		named, err := a.namedOrganization(r)
		if err != nil {
			return ident.OrgID{}, err
		}
		return a.Clinics.ByID(r.Context(), named)
	}
	slugs := r.Header.Values("X-Organization-Slug")
	if len(slugs) > 1 {
		return ident.OrgID{}, apperror.ErrBadRequest.At("header.X-Organization-Slug", "is repeated")
	}
	slug := r.Header.Get("X-Organization-Slug")
	if slug == "" {
		slug = r.URL.Query().Get("organization")
	}
	if slug == "" {
		return ident.OrgID{}, ErrOrganizationRequired
	}
	return a.Clinics.BySlug(r.Context(), slug)
}

func (a *Authenticator) key(r *http.Request, secret string, named ident.OrgID, audience httpapi.Audience) (auth.Principal, error) {
	holder, err := a.Keys.Key(r.Context(), secret, auth.RequestOf(r.Context()).IP)
	if err != nil {
		return auth.AnonymousOf(ident.OrgID{}), err
	}
	p := auth.Principal{
		Kind: auth.ActorKey, Role: auth.Admin, OrgID: holder.OrgID, Authenticated: true,
		AccessKeyID: holder.ID, Scopes: holder.Scopes,
	}
	if !named.IsZero() && named != holder.OrgID {
		return p, ErrNotMember
	}
	if audience != httpapi.Member {
		return p, apperror.ErrForbidden
	}
	return p, nil
}

func (a *Authenticator) person(r *http.Request, token string, named ident.OrgID, audience httpapi.Audience) (auth.Principal, error) {
	ctx := r.Context()
	none := auth.AnonymousOf(ident.OrgID{})
	subject, err := a.Verifier.Verify(ctx, token)
	if err != nil {
		return none, err
	}
	person, err := a.People.Person(ctx, subject, named)
	if err != nil {
		return none, err
	}
	if person.Ended {
		return none, apperror.ErrUnauthorized
	}
	p := principalOf(subject, person)
	if person.Blocked {
		return p, ErrUserBlocked
	}
	app := auth.App(r.Header.Get("X-App"))
	switch app {
	case "", auth.Clinic, auth.Portal, auth.Console:
	default:
		return p, apperror.ErrBadRequest.At("header.X-App", "expected clinic, portal or console")
	}
	p.App = app
	role, inClinic := actingRole(person, app)
	p.Role = role
	if role != auth.Superadmin {
		p.BreakGlassID = ident.ID[auth.BreakGlass]{} // a superadmin who works here as staff needs no grant and must not look as if
	} else if named.IsZero() {
		inClinic, p.BreakGlassID = false, ident.ID[auth.BreakGlass]{} // the platform is never left by a remembered clinic
	}
	if inClinic {
		p.OrgID = person.OrgID
	}
	return p, admit(p, person, named, audience)
}

func principalOf(s Subject, person Person) auth.Principal {
	p := auth.Principal{
		Kind: auth.ActorUser, UserID: person.UserID, Email: person.Email, Authenticated: true,
		MFA:          slices.Contains(s.AMR, "mfa") || slices.Contains(s.AMR, "otp") || slices.Contains(s.AMR, "hwk"),
		BreakGlassID: person.BreakGlassID, ImpersonationMode: s.ImpersonationMode, Role: auth.Patient,
		ExpiresAt: s.ExpiresAt,
	}
	p.LoginSessionID, _ = ident.Parse[auth.LoginSession](s.LoginSessionID)
	p.ImpersonationID, _ = ident.Parse[auth.Impersonation](s.ImpersonationID)
	p.ImpersonatorID, _ = ident.Parse[ident.User](s.ImpersonatorID)
	return p
}

// actingRole picks the role by the app. Without the header a staff role comes before the patient's: integrations and tests
// that do not name an app act as the stronger membership that the clinic itself gave. A person without a clinic acts as a
// patient of none, which sees own rows only.
func actingRole(person Person, app auth.App) (auth.Role, bool) {
	superadmin := person.PlatformRole == string(auth.Superadmin)
	var staff, patient auth.Role
	if person.OrgActive {
		for _, role := range person.Roles {
			if role.IsStaff() {
				staff = role
			} else if role == auth.Patient {
				patient = role
			}
		}
	}
	switch {
	case app == auth.Console && superadmin:
		return auth.Superadmin, true
	case app == auth.Console:
		return auth.Patient, false
	case app != auth.Portal && staff != "":
		return staff, true
	case app != auth.Clinic && patient != "":
		return patient, true
	case app == "" && superadmin:
		return auth.Superadmin, true
	case app == auth.Clinic && superadmin && !person.BreakGlassID.IsZero():
		return auth.Superadmin, true
	}
	return auth.Patient, false
}

// admit applies what the audience demands of the person.
func admit(p auth.Principal, person Person, named ident.OrgID, audience httpapi.Audience) error {
	switch audience {
	case httpapi.Platform:
		if p.Role != auth.Superadmin {
			return apperror.ErrForbidden
		}
	case httpapi.Member:
		if p.OrgID.IsZero() && p.Role != auth.Superadmin {
			if named.IsZero() {
				return ErrOrganizationRequired
			}
			return ErrNotMember
		}
	case httpapi.SignedIn:
		if !named.IsZero() && p.OrgID.IsZero() && p.Role != auth.Superadmin {
			return ErrNotMember
		}
		return nil
	case httpapi.Open, httpapi.Public:
		return nil
	}
	if !p.MFA && p.ImpersonationID.IsZero() && (p.Role == auth.Superadmin || person.MFARequired && p.Role.IsStaff()) {
		return ErrMFARequired.With("enrolment_path", "/account/security")
	}
	return nil
}
