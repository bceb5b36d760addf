package organization

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// How long an answer stands in Redis, and how long it is believed.
//
// Deleting on change is not enough: a reader that asked the database before the change may write its answer after
// the delete, a process may die between commit and delete, and Redis may be away at that moment. Therefore every entry carries
// the instant before its database read, and is believed for `believed` from then on. An older entry is asked for again;
// it is answered only when the database does not answer at all. So a wrong answer ends a second after the change, whatever raced
// with what, and a busy clinic costs one indexed row per second.
//
// An entry is authenticated with a key that is not in Redis and bound to its own name, so what somebody writes or moves there
// is no entry at all: it is read through and overwritten.
const (
	believed      = time.Second
	kept          = 5 * time.Minute
	keptAsUnknown = 30 * time.Second
)

// entry is what stands in Redis. Clinic is nil when there is none under the name.
type entry struct {
	ReadAt time.Time     `json:"read_at"`
	Clinic *Organization `json:"clinic"`
}

func (e entry) answer() (Organization, error) {
	if e.Clinic == nil {
		return Organization{}, ErrNotFound
	}
	return *e.Clinic, nil
}

// Resolve answers the public face of the active clinic with this slug.
func (s *Service) Resolve(ctx context.Context, slug string) (Organization, error) {
	if !isSlug(slug) {
		return Organization{}, ErrNotFound
	}
	return s.lookUp(ctx, s.Redis.Key("org", "slug", slug), func(tx *postgres.Tx) (Organization, error) {
		return activeBySlug(ctx, tx, slug)
	})
}

// ResolveDomain answers the public face of the active clinic that has proved this domain.
func (s *Service) ResolveDomain(ctx context.Context, domain string) (Organization, error) {
	domain, err := s.hosts.normalise(domain)
	if err != nil {
		return Organization{}, ErrNotFound
	}
	return s.lookUp(ctx, s.Redis.Key("org", "domain", domain), func(tx *postgres.Tx) (Organization, error) {
		return activeByDomain(ctx, tx, domain)
	})
}

// ByID implements middleware.Clinics.
func (s *Service) ByID(ctx context.Context, id ident.OrgID) (ident.OrgID, error) {
	o, err := s.activeByID(ctx, id)
	return o.ID, err
}

func (s *Service) activeByID(ctx context.Context, id ident.OrgID) (Organization, error) {
	if id.IsZero() {
		return Organization{}, ErrNotFound
	}
	return s.lookUp(ctx, s.Redis.Key("org", "id", id.String()), func(tx *postgres.Tx) (Organization, error) {
		return activeByID(ctx, tx, id)
	})
}

// SlugOf answers the slug of a clinic, whatever its state, as system of that clinic: sign-in builds links from it.
func (s *Service) SlugOf(ctx context.Context, id ident.OrgID) (string, error) {
	if id.IsZero() {
		return "", ErrNotFound
	}
	var o Organization
	err := s.DB.InTxAsSystem(auth.WithPrincipal(ctx, auth.SystemOf(id)), func(tx *postgres.Tx) error {
		var err error
		o, err = byID(ctx, tx, id)
		return err
	})
	return o.Slug, err
}

// Slug answers the address of an active clinic, for links in mails.
func (s *Service) Slug(ctx context.Context, id ident.OrgID) (string, error) {
	o, err := s.lookUp(ctx, s.Redis.Key("org", "id", id.String()), func(tx *postgres.Tx) (Organization, error) {
		return activeByID(ctx, tx, id)
	})
	return o.Slug, err
}

// BySlug implements middleware.Clinics.
func (s *Service) BySlug(ctx context.Context, slug string) (ident.OrgID, error) {
	o, err := s.Resolve(ctx, slug)
	return o.ID, err
}

// ByHost implements middleware.Clinics: a slug host of the platform, else a verified domain. Ports are ignored.
func (s *Service) ByHost(ctx context.Context, host string) (ident.OrgID, error) {
	slug, ours := s.hosts.slugOf(host)
	if ours {
		return s.BySlug(ctx, slug)
	}
	o, err := s.ResolveDomain(ctx, withoutPort(host))
	return o.ID, err
}

// IsVerifiedDomain implements middleware.Domains.
func (s *Service) IsVerifiedDomain(ctx context.Context, host string) bool {
	_, err := s.ResolveDomain(ctx, host)
	return err == nil
}

func (s *Service) lookUp(ctx context.Context, key string, read func(*postgres.Tx) (Organization, error)) (Organization, error) {
	raw, cached := s.cached(ctx, key)
	readAt := s.DB.Now()
	if cached != nil && readAt.Sub(cached.ReadAt) < believed {
		return cached.answer()
	}
	fresh := entry{ReadAt: readAt}
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		o, err := read(tx)
		if err == nil {
			fresh.Clinic = &o
		}
		return err
	})
	switch {
	case err == nil, errors.Is(err, ErrNotFound):
		s.keep(ctx, key, raw, fresh)
		return fresh.answer()
	case cached != nil && errors.Is(err, apperror.ErrUnavailable):
		return cached.answer()
	}
	return Organization{}, err
}

// cached reads an entry. Anything that is not a whole, authentic entry of this key from the last five minutes is none; a
// Redis that does not answer has none either: the caller reads through, and /health says what is wrong.
func (s *Service) cached(ctx context.Context, key string) (raw string, e *entry) {
	raw, err := s.Redis.Get(ctx, key).Result()
	if err != nil {
		return "", nil
	}
	mac, body, ok := strings.Cut(raw, ".")
	if !ok || !hmac.Equal([]byte(mac), []byte(s.mark(key, body))) {
		return raw, nil
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return raw, nil
	}
	life := kept
	if e.Clinic == nil {
		life = keptAsUnknown
	}
	if age := s.DB.Now().Sub(e.ReadAt); age < 0 || age > life {
		return raw, nil
	}
	return raw, e
}

// keep writes an entry unless somebody else wrote meanwhile: the other one is not older than ours was when we began. A Redis
// that does not answer keeps nothing.
func (s *Service) keep(ctx context.Context, key, raw string, e entry) {
	body, err := json.Marshal(e)
	if err != nil {
		s.Log.ErrorContext(ctx, "resolve entry not encoded", "error", err.Error())
		return
	}
	life := kept
	if e.Clinic == nil {
		life = keptAsUnknown
	}
	value := s.mark(key, string(body)) + "." + string(body)
	// The answer is right without the cache; /health reports a Redis that is away.
	_ = replace.Run(ctx, s.Redis, []string{key}, raw, value, life.Milliseconds()).Err()
}

// replace sets the value when the key still holds what was read ("" stands for nothing).
var replace = redis.NewScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// mark authenticates an entry under its own key. The blind index is a keyed hash whose key is not in Redis; the purpose keeps
// it apart from every stored index.
func (s *Service) mark(key, body string) string {
	return base64.RawURLEncoding.EncodeToString(s.Ring.BlindIndex(uuid.Nil.String(), "organization.resolve", key+"\x00"+body))
}

// forget deletes what the cache says about a clinic, before the change commits; what a reader writes back in between is not
// believed longer than a second.
func (s *Service) forget(ctx context.Context, tx *postgres.Tx, o Organization) error {
	domains, err := domainNames(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	keys := []string{s.Redis.Key("org", "slug", o.Slug), s.Redis.Key("org", "id", o.ID.String())}
	for _, d := range domains {
		keys = append(keys, s.Redis.Key("org", "domain", d))
	}
	s.drop(ctx, keys...)
	return nil
}

func (s *Service) forgetDomain(ctx context.Context, domain string) {
	s.drop(ctx, s.Redis.Key("org", "domain", domain))
}

// drop deletes keys. A Redis that is away must not refuse the change: its entries stop being believed by themselves.
func (s *Service) drop(ctx context.Context, keys ...string) {
	if err := s.Redis.Del(ctx, keys...).Err(); err != nil {
		s.Log.WarnContext(ctx, "resolve cache not cleared", "error", fmt.Sprintf("%T", err))
	}
}
