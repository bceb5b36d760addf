package organization_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/clinickey"
	"github.com/restartix/platform/internal/dnstxt"
	"github.com/restartix/platform/internal/dnstxt/dnstest"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/redisdb/redistest"
	"github.com/restartix/platform/internal/seal"
)

// kit is the package on a database, a Redis key space and a name server of its own, behind the real edge. Only the issuer of tokens
// is pretended: a token is the person's id.
type kit struct {
	*pgtest.Database
	t       testing.TB
	clock   *clock
	svc     *organization.Service
	redis   *redisdb.Client
	dns     *dnstest.Server
	ring    *seal.Ring
	invites *invites
	handler http.Handler
	root    ident.UserID
	// owner is one bare connection for what a test looks up or plants.
	owner     *pgx.Conn
	ownerLock sync.Mutex
}

type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// invites writes the invitation that package identity writes, and fails on demand after having written it.
type invites struct{ fail error }

func (i *invites) InviteTx(ctx context.Context, tx *postgres.Tx, org ident.OrgID, email string, role auth.Role, locale string) error {
	hash := sha256.Sum256([]byte(org.String() + email))
	_, err := tx.Exec(ctx, `INSERT INTO staff_invitations (id, organization_id, email, role, locale, token_hash, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, ident.New[invites](), org, email, string(role), locale, hash[:], tx.Now.Add(time.Hour))
	return errors.Join(err, i.fail)
}

func newKit(t *testing.T, options ...pgtest.Option) *kit {
	t.Helper()
	return newKitOn(t, redistest.New(t), options...)
}

func newKitOn(t *testing.T, redis *redisdb.Client, options ...pgtest.Option) *kit {
	t.Helper()
	k := &kit{t: t, clock: &clock{}, redis: redis, dns: dnstest.New(t), invites: &invites{}, root: ident.New[ident.User]()}
	k.Database = pgtest.New(t, append([]pgtest.Option{pgtest.Clock(k.clock.now)}, options...)...)
	k.owner = k.Admin(t)
	// A busy machine may need longer for a first connection than the product waits for one.
	for tries := 0; k.Ping(t.Context()) != nil; tries++ {
		if tries == 20 {
			t.Fatal("the test's database does not answer")
		}
	}
	log := slog.New(slog.DiscardHandler)
	k.ring = must(seal.New(must(seal.Generate(time.Now()))))
	trail := audit.NewTrail(k.DB, must(audit.ParseKeys(must(audit.GenerateKeys(time.Now())))), log)
	k.svc = organization.New(organization.Deps{
		DB: k.DB, Redis: redis, Ring: k.ring, Trail: trail, Bus: event.NewBus(k.DB), TXT: dnstxt.New(k.dns.Address, dnstxt.Timeout),
		Inviter: k.invites, Log: log,
		Sites: organization.Sites{Clinic: "clinic.restartix.app", Portal: "portal.restartix.app:9200", Console: "console.restartix.app"},
	})
	keys := clinickey.New(clinickey.Deps{DB: k.DB, Ring: k.ring, Trail: trail, Clinics: k.svc})
	proxies := must(middleware.ParseTrustedProxies([]string{"127.0.0.0/8"}))
	r := chi.NewRouter()
	r.Use(middleware.RequestFacts(proxies), middleware.Recover(log), httpapi.KeyMiddleware)
	api := httpapi.New(r, httpapi.Deps{
		Auth:    &middleware.Authenticator{Verifier: k, People: k, Keys: keys, Clinics: k.svc, Proxies: proxies},
		Limiter: k, Witness: trail, Sealer: answerSealer{k.ring}, Log: log, Now: k.clock.now, Version: "test", BodyLimit: 64 << 10,
	})
	k.svc.Routes(api)
	keys.Routes(api)
	k.handler = r
	k.exec("INSERT INTO users (id, email, platform_role) VALUES ($1, 'root@example.test', 'superadmin')", k.root)
	k.exec("INSERT INTO user_identities (id, user_id, issuer, subject) VALUES ($1, $1, 'test', ($1::uuid)::text)", k.root)
	return k
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

type answerSealer struct{ ring *seal.Ring }

func answerPlace(org, row string) seal.AAD {
	return seal.AAD{Org: "org:" + org, Table: "idempotency_keys", Column: "response", Row: row}
}

func (a answerSealer) SealAnswer(org, row string, plain []byte) ([]byte, int32, error) {
	v, err := a.ring.Seal(plain, answerPlace(org, row))
	return v.Cipher, v.KeyVersion, err
}

func (a answerSealer) OpenAnswer(org, row string, cipher []byte, version int32) ([]byte, error) {
	return a.ring.Open(seal.Value{Cipher: cipher, KeyVersion: version}, answerPlace(org, row))
}

func (k *kit) LimitCaller(http.ResponseWriter, *http.Request, string) error { return nil }

func (k *kit) LimitPrincipal(http.ResponseWriter, *http.Request, auth.Principal) error { return nil }

// Verify implements middleware.Verifier.
func (k *kit) Verify(_ context.Context, token string) (middleware.Subject, error) {
	if _, err := ident.Parse[ident.User](token); err != nil {
		return middleware.Subject{}, apperror.ErrUnauthorized
	}
	return middleware.Subject{Issuer: "test", Subject: token, AMR: []string{"mfa"}}, nil
}

// Person implements middleware.People with the function that the product uses.
func (k *kit) Person(ctx context.Context, s middleware.Subject, org ident.OrgID) (middleware.Person, error) {
	var p middleware.Person
	err := k.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		var platform, status *string
		var roles []string
		err := tx.QueryRow(ctx, "SELECT user_id, platform_role, organization_id, organization_status, roles FROM signin_principal($1, $2, $3, $4)",
			s.Issuer, s.Subject, org, tx.Now).Scan(&p.UserID, &platform, &p.OrgID, &status, &roles)
		if errors.Is(err, pgx.ErrNoRows) {
			return apperror.ErrUnauthorized
		}
		if platform != nil {
			p.PlatformRole = *platform
		}
		p.OrgActive = status != nil && *status == "active"
		for _, r := range roles {
			p.Roles = append(p.Roles, auth.Role(r))
		}
		return err
	})
	return p, err
}

func (k *kit) exec(sql string, args ...any) {
	k.t.Helper()
	k.ownerLock.Lock()
	defer k.ownerLock.Unlock()
	if _, err := k.owner.Exec(k.t.Context(), sql, args...); err != nil {
		k.t.Fatalf("%s: %v", sql, err)
	}
}

// one reads a single value as the owner.
func one[T any](k *kit, sql string, args ...any) T {
	k.t.Helper()
	k.ownerLock.Lock()
	defer k.ownerLock.Unlock()
	var v T
	if err := k.owner.QueryRow(k.t.Context(), sql, args...).Scan(&v); err != nil {
		k.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// clinic is a clinic made through the product, with an admin and a patient.
type clinic struct {
	k              *kit
	id             ident.OrgID
	slug           string
	admin, patient ident.UserID
}

func (k *kit) clinic(slug string) clinic {
	k.t.Helper()
	o, err := k.svc.Create(k.asRoot(), organization.NewOrganization{
		Slug: slug, Name: "Clinica " + slug, LanguageCode: "ro", Timezone: "Europe/Bucharest", AdminEmail: "admin@" + slug + ".ro",
	})
	if err != nil {
		k.t.Fatalf("create clinic: %v", err)
	}
	c := clinic{k: k, id: o.ID, slug: slug}
	c.admin, c.patient = c.member("admin"), c.member("patient")
	return c
}

// member makes a person with one role in the clinic.
func (c clinic) member(role string) ident.UserID {
	c.k.t.Helper()
	id := ident.New[ident.User]()
	c.k.exec("INSERT INTO users (id, email, email_verified_at, current_organization_id) VALUES ($1, $2, now(), $3)", id, id.String()+"@example.test", c.id)
	c.k.exec("INSERT INTO user_identities (id, user_id, issuer, subject) VALUES ($1, $1, 'test', ($1::uuid)::text)", id)
	c.k.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, $3)", c.id, id, role)
	return id
}

func (k *kit) asRoot() context.Context {
	return auth.WithPrincipal(k.t.Context(), auth.Principal{Kind: auth.ActorUser, Role: auth.Superadmin, UserID: k.root, Authenticated: true})
}

func (c clinic) asAdmin() context.Context {
	return auth.WithPrincipal(c.k.t.Context(), auth.Principal{Kind: auth.ActorUser, Role: auth.Admin, UserID: c.admin, OrgID: c.id, Authenticated: true})
}

func (c clinic) asSystem() context.Context {
	return auth.WithPrincipal(c.k.t.Context(), auth.SystemOf(c.id))
}

func (c clinic) path(rest string) string { return "/v1/organizations/" + c.id.String() + rest }

// answer is one response of the API.
type answer struct {
	t      testing.TB
	call   string
	status int
	header http.Header
	raw    string
}

// as calls the API with a person's token; the zero id calls without one.
func (k *kit) as(user ident.UserID, method, target string, body any, header ...string) answer {
	k.t.Helper()
	var reader io.Reader
	if body != nil {
		text, plain := body.(string)
		if !plain {
			text = string(must(json.Marshal(body)))
		}
		reader = bytes.NewReader([]byte(text))
	}
	r := httptest.NewRequestWithContext(k.t.Context(), method, target, reader)
	r.RemoteAddr = "127.0.0.1:40000"
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if !user.IsZero() {
		r.Header.Set("Authorization", "Bearer "+user.String())
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	k.handler.ServeHTTP(w, r)
	return answer{t: k.t, call: method + " " + target, status: w.Code, header: w.Header(), raw: w.Body.String()}
}

func (k *kit) get(target string, header ...string) answer {
	return k.as(ident.UserID{}, http.MethodGet, target, nil, header...)
}

type problem struct {
	Code   string
	Errors []struct{ Location, Message string }
}

func (a answer) problem() problem {
	var p problem
	_ = json.Unmarshal([]byte(a.raw), &p) // no problem document has no code
	return p
}

// expect fails the test unless status and code are the ones given.
func (a answer) expect(status int, code string) answer {
	a.t.Helper()
	if a.status != status || a.problem().Code != code {
		a.t.Errorf("%s answers %d %q, want %d %q\n%s", a.call, a.status, a.problem().Code, status, code, a.raw)
	}
	return a
}

// at fails the test unless the problem points at the place.
func (a answer) at(location string) answer {
	a.t.Helper()
	for _, e := range a.problem().Errors {
		if e.Location == location {
			return a
		}
	}
	a.t.Errorf("%s does not name %s\n%s", a.call, location, a.raw)
	return a
}

func (a answer) data() map[string]any {
	a.t.Helper()
	var out struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(a.raw), &out); err != nil || out.Data == nil {
		a.t.Fatalf("%s has no data: %v\n%s", a.call, err, a.raw)
	}
	return out.Data
}

func (a answer) rows() []map[string]any {
	a.t.Helper()
	var out struct{ Data []map[string]any }
	if err := json.Unmarshal([]byte(a.raw), &out); err != nil {
		a.t.Fatalf("%s has no rows: %v\n%s", a.call, err, a.raw)
	}
	return out.Data
}

func isCode(err error, declared *apperror.Error) bool { return errors.Is(err, declared) }

func figure(id string, bad int) string {
	verdict := "pass"
	if bad > 0 {
		verdict = "fail"
	}
	return fmt.Sprintf("FIGURE %s %d %s", id, bad, verdict)
}

func shorten(s string) string { return s[:min(len(s), 300)] }

func pool(n int32) pgtest.Option { return pgtest.PoolSize(n) }
