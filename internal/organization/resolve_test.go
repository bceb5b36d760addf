package organization_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

func TestResolve_exactlyOneParameter(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	const path = "/v1/public/organizations/resolve"

	k.get(path).expect(http.StatusBadRequest, "bad_parameters")
	k.get(path+"?slug=kineto-nord&domain=clinica.ro").expect(http.StatusBadRequest, "bad_parameters")
	k.get(path+"?slug=Kineto-Nord").expect(http.StatusNotFound, "organization_not_found")
	k.get(path+"?slug=unknown").expect(http.StatusNotFound, "organization_not_found")
	c.patch(map[string]any{"color_primary": "#2f6b70", "settings": map[string]any{"embed_origins": []string{"https://B.ro", "https://a.ro"}, "features": map[string]any{"pose_sessions": true}}}).expect(http.StatusOK, "")
	got := k.get(path+"?slug=kineto-nord").expect(http.StatusOK, "").data()

	if got["id"] != c.id.String() || fmt.Sprint(got["branding"]) != "map[color_accent:<nil> color_primary:#2f6b70]" ||
		fmt.Sprint(got["features"]) != "map[messages:true pose_sessions:true waitlist:true]" || fmt.Sprint(got["embed_origins"]) != "[https://a.ro https://b.ro]" {
		t.Errorf("resolves to %v", got)
	}
	for _, hidden := range []string{"settings", "legal_name", "tax_id", "status"} {
		if _, shown := got[hidden]; shown {
			t.Errorf("a visitor reads %s", hidden)
		}
	}
}

func TestByHost_mapsSlugHostsAndVerifiedDomains(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	d := c.claim("clinica.ro", true)
	if _, err := k.svc.VerifyDomain(c.asAdmin(), c.id, d.ID); err != nil {
		t.Fatal(err)
	}
	c.claim("pending.ro", true)

	for host, found := range map[string]bool{
		"kineto-nord.clinic.restartix.app": true, "KINETO-NORD.portal.restartix.app:9200": true, "kineto-nord.portal.restartix.app.": true,
		"clinica.ro": true, "clinica.ro:443": true, "kineto-nord.console.restartix.app": false, "clinic.restartix.app": false,
		"x.kineto-nord.clinic.restartix.app": false, "www.clinica.ro": false, "pending.ro": false, "": false, "127.0.0.1": false, "evil-clinica.ro": false,
	} {
		id, err := k.svc.ByHost(t.Context(), host)
		if found && (err != nil || id != c.id) || !found && !isCode(err, organization.ErrNotFound) {
			t.Errorf("%q gives %s, %v; want found = %v", host, id, err, found)
		}
	}
	if !k.svc.IsVerifiedDomain(t.Context(), "clinica.ro") || k.svc.IsVerifiedDomain(t.Context(), "pending.ro") || k.svc.IsVerifiedDomain(t.Context(), "kineto-nord.clinic.restartix.app") {
		t.Error("IsVerifiedDomain does not mean verified domains")
	}
}

func TestResolve_entriesEndAndAreDeletedOnChange(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	key, unknown := k.redis.Key("org", "slug", "kineto-nord"), k.redis.Key("org", "slug", "nobody")
	if _, err := k.svc.Resolve(t.Context(), "kineto-nord"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.svc.Resolve(t.Context(), "nobody"); !isCode(err, organization.ErrNotFound) {
		t.Fatal(err)
	}

	if ttl := k.redis.PTTL(t.Context(), key).Val(); ttl <= 0 || ttl > 5*time.Minute {
		t.Errorf("an answer stands for %s, want at most 5 minutes", ttl)
	}
	if ttl := k.redis.PTTL(t.Context(), unknown).Val(); ttl <= 0 || ttl > 30*time.Second {
		t.Errorf("a refusal stands for %s, want at most 30 seconds", ttl)
	}
	c.patch(map[string]any{"name": "Alt nume"}).expect(http.StatusOK, "")
	if n := k.redis.Exists(t.Context(), key).Val(); n != 0 {
		t.Error("the entry outlives the change")
	}
	if o, err := k.svc.Resolve(t.Context(), "kineto-nord"); err != nil || o.Name != "Alt nume" {
		t.Errorf("after the change it resolves to %q, %v", o.Name, err)
	}
}

func TestResolve_withoutRedisReadsThrough(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	k := newKitOn(t, redistest.Open(t, server.URL))
	c := k.clinic("kineto-nord")
	server.Stop(t)

	o, err := k.svc.Resolve(t.Context(), "kineto-nord")
	if err != nil || o.ID != c.id {
		t.Errorf("without Redis it resolves to %s, %v", o.ID, err)
	}
	c.patch(map[string]any{"name": "Alt nume"}).expect(http.StatusOK, "")
	if o, err := k.svc.Resolve(t.Context(), "kineto-nord"); err != nil || o.Name != "Alt nume" {
		t.Errorf("without Redis the change reads %q, %v", o.Name, err)
	}
}

func TestResolve_withoutDatabaseAnswersWhatItKnew(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	if _, err := k.svc.Resolve(t.Context(), "kineto-nord"); err != nil {
		t.Fatal(err)
	}
	server := pgtest.Connect(t, pgtest.Server(t))
	for _, sql := range []string{
		"ALTER DATABASE " + k.Name + " WITH ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + k.Name + "'",
	} {
		if _, err := server.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}

	k.clock.advance(4 * time.Minute)
	if o, err := k.svc.Resolve(t.Context(), "kineto-nord"); err != nil || o.ID != c.id {
		t.Errorf("four minutes after the last answer it resolves to %s, %v", o.ID, err)
	}
	if _, err := k.svc.Resolve(t.Context(), "never-asked"); !isCode(err, apperror.ErrUnavailable) {
		t.Errorf("what was never known answers %v", err)
	}
	k.clock.advance(2 * time.Minute)
	if _, err := k.svc.Resolve(t.Context(), "kineto-nord"); !isCode(err, apperror.ErrUnavailable) {
		t.Errorf("six minutes after the last answer it says %v", err)
	}
}

func TestSlugOf_answersInAnyState(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	k.exec("UPDATE organizations SET status = 'archived' WHERE id = $1", c.id)

	if slug, err := k.svc.SlugOf(t.Context(), c.id); err != nil || slug != "kineto-nord" {
		t.Errorf("an archived clinic has the slug %q, %v", slug, err)
	}
	if _, err := k.svc.SlugOf(t.Context(), ident.New[ident.Organization]()); !isCode(err, organization.ErrNotFound) {
		t.Errorf("no clinic answers %v", err)
	}
}

// touched listens to every command of a Redis server and answers the keys that were named, once stop is called.
func touched(t *testing.T, url string) (stop func() []string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "redis://"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(conn)
	if _, err := fmt.Fprint(conn, "MONITOR\r\n"); err != nil || !lines.Scan() || lines.Text() != "+OK" {
		t.Fatalf("monitor does not start: %v %s", err, lines.Text())
	}
	end := ident.New[kit]().String()
	done := make(chan []string, 1)
	go func() {
		var keys []string
		for lines.Scan() {
			if strings.Contains(lines.Text(), end) {
				break
			}
			for _, word := range strings.Split(lines.Text(), `"`) {
				if strings.HasPrefix(word, "rx:") {
					keys = append(keys, word)
				}
			}
		}
		done <- keys
	}()
	return func() []string {
		options, err := redis.ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		client := redis.NewClient(options)
		defer func() { _ = client.Close() }()
		client.Echo(t.Context(), end)
		keys := <-done
		_ = conn.Close()
		return keys
	}
}

// foreign are the keys that name none of the marks.
func foreign(keys []string, marks ...string) []string {
	var out []string
	for _, key := range keys {
		named := false
		for _, mark := range marks {
			named = named || strings.Contains(key, mark)
		}
		if !named {
			out = append(out, key)
		}
	}
	return out
}

// crossings plants entries of B under the names of A and answers the look-ups of A that believe them. plant makes the value.
func crossings(k *kit, a, b clinic, domain string, plant func(from, to string) string) []string {
	var out []string
	for name, key := range map[string][2]string{
		"slug":   {k.redis.Key("org", "slug", b.slug), k.redis.Key("org", "slug", a.slug)},
		"domain": {k.redis.Key("org", "slug", b.slug), k.redis.Key("org", "domain", domain)},
		"id":     {k.redis.Key("org", "id", b.id.String()), k.redis.Key("org", "id", a.id.String())},
	} {
		_, _ = k.svc.Resolve(k.t.Context(), b.slug) // so that B's own entries are there to be moved
		_, _ = k.svc.ByID(k.t.Context(), b.id)
		if err := k.redis.Set(k.t.Context(), key[1], plant(key[0], key[1]), time.Minute).Err(); err != nil {
			k.t.Fatal(err)
		}
		find := map[string]func() (ident.OrgID, error){
			"slug":   func() (ident.OrgID, error) { return k.svc.BySlug(k.t.Context(), a.slug) },
			"domain": func() (ident.OrgID, error) { return k.svc.ByHost(k.t.Context(), domain) },
			"id":     func() (ident.OrgID, error) { return k.svc.ByID(k.t.Context(), a.id) },
		}[name]
		if id, err := find(); err != nil || id != a.id {
			out = append(out, fmt.Sprintf("%s of A answers %s, %v", name, id, err))
		}
	}
	return out
}

// stale changes a clinic behind the product's back, puts the old entry back as a slow reader would, and answers what is still
// believed two seconds later.
func stale(k *kit, c clinic, wait time.Duration) []string {
	k.clock.advance(time.Minute) // whatever was cached before is no longer believed
	if _, err := k.svc.Resolve(k.t.Context(), c.slug); err != nil {
		k.t.Fatal(err)
	}
	key := k.redis.Key("org", "slug", c.slug)
	old := k.redis.Get(k.t.Context(), key).Val()
	k.exec("UPDATE organizations SET status = 'suspended' WHERE id = $1", c.id)
	defer k.exec("UPDATE organizations SET status = 'active' WHERE id = $1", c.id)
	if err := k.redis.Set(k.t.Context(), key, old, 5*time.Minute).Err(); err != nil {
		k.t.Fatal(err)
	}
	k.clock.advance(wait)
	if o, err := k.svc.Resolve(k.t.Context(), c.slug); !isCode(err, organization.ErrNotFound) {
		return []string{fmt.Sprintf("a suspended clinic still resolves: %s, %v", o.Slug, err)}
	}
	return nil
}

// TestFigureT10_redis watches every command while clinic A works, then plants foreign and stale entries.
// Seen red: with a key that names nobody the watch reports it; an entry that the product itself made for A under A's name, holding B
// (made through a clinic that changed its slug) is believed, so the check sees a crossing; without the two seconds the stale entry is believed.
func TestFigureT10_redis(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	k := newKitOn(t, redistest.Open(t, server.URL))
	a, b := k.clinic("clinic-a"), k.clinic("clinic-b")
	stop := touched(t, server.URL)
	d := a.claim("clinica-a.ro", true)
	if _, err := k.svc.VerifyDomain(a.asAdmin(), a.id, d.ID); err != nil {
		t.Fatal(err)
	}
	a.patch(map[string]any{"tagline": "x"}).expect(http.StatusOK, "")
	k.get("/v1/public/organizations/resolve?slug=clinic-a").expect(http.StatusOK, "")
	k.get("/v1/public/organizations/resolve?domain=clinica-a.ro").expect(http.StatusOK, "")
	k.get("/v1/public/policies", "X-Organization-ID", a.id.String()).expect(http.StatusOK, "")
	k.get("/v1/public/policies?organization=clinic-a").expect(http.StatusOK, "")
	keys := stop()
	found := foreign(keys, a.id.String(), ":clinic-a", ":clinica-a.ro")
	if len(keys) < 10 {
		found = append(found, fmt.Sprintf("only %d keys were seen", len(keys)))
	}

	moved := func(from, _ string) string { return k.redis.Get(t.Context(), from).Val() }
	forged := func(from, _ string) string {
		_, body, _ := strings.Cut(k.redis.Get(t.Context(), from).Val(), ".")
		return strings.Repeat("A", 43) + "." + body
	}
	for _, plant := range []func(from, to string) string{moved, forged, func(string, string) string { return "" }, func(string, string) string { return b.id.String() }} {
		found = append(found, crossings(k, a, b, "clinica-a.ro", plant)...)
	}
	found = append(found, stale(k, a, 2*time.Second)...)

	for _, f := range found {
		t.Error(f)
	}
	fmt.Println(figure("T-10", len(found)))
	if len(foreign([]string{"rx:cache:frequent"}, a.id.String(), ":clinic-a")) == 0 {
		t.Error("a key that names nobody goes unseen")
	}
	if len(stale(k, a, 0)) == 0 {
		t.Error("an entry that is still believed goes unseen")
	}
	believedLie := func(_, to string) string {
		if !strings.HasSuffix(to, ":slug:clinic-a") {
			return ""
		}
		k.exec("UPDATE organizations SET slug = 'clinic-z' WHERE id = $1", a.id)
		k.exec("UPDATE organizations SET slug = 'clinic-a' WHERE id = $1", b.id)
		k.redis.Del(t.Context(), to)
		_, _ = k.svc.Resolve(t.Context(), "clinic-a")
		return k.redis.Get(t.Context(), to).Val()
	}
	if len(crossings(k, a, b, "clinica-a.ro", believedLie)) == 0 {
		t.Error("an entry of A that holds B is believed and goes unseen")
	}
}

// Verifies AUTH-08: a clinic that the person does not belong to, and a forwarded host that names another clinic.
// Figure A-6: whatever the request says about its clinic, it is never "the first one", and a cookie alone grants nothing.
// Seen red: with the person made a member of B, the same call that must be refused is answered, so the check would report it.
func TestFigureA6_choiceOfClinic(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a, b := k.clinic("clinic-a"), k.clinic("clinic-b")
	homeless := ident.New[ident.User]()
	k.exec("INSERT INTO users (id, email) VALUES ($1, 'homeless@example.test')", homeless)
	k.exec("INSERT INTO user_identities (id, user_id, issuer, subject) VALUES ($1, $1, 'test', ($1::uuid)::text)", homeless)
	path := a.path("")
	wrong := 0
	want := func(got answer, status int, code string) {
		t.Helper()
		if got.status != status || got.problem().Code != code {
			wrong++
			t.Errorf("%s answers %d %q, want %d %q", got.call, got.status, got.problem().Code, status, code)
		}
	}

	want(k.as(a.admin, http.MethodGet, b.path(""), nil, "X-Organization-ID", b.id.String()), http.StatusForbidden, "not_a_member")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", a.id.String(), "X-Forwarded-Host", "clinic-b.clinic.restartix.app"), http.StatusBadRequest, "org_mismatch")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", a.id.String(), "Cookie", "__Host-org-id="+b.id.String()), http.StatusBadRequest, "org_mismatch")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", "1"), http.StatusBadRequest, "bad_request")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", a.id.String()+","+b.id.String()), http.StatusBadRequest, "bad_request")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", a.id.String(), "X-Organization-ID", b.id.String()), http.StatusBadRequest, "bad_request")
	want(k.as(a.admin, http.MethodGet, path, nil, "X-Organization-ID", strings.ToUpper(a.id.String())), http.StatusOK, "")
	want(k.as(a.admin, http.MethodGet, path, nil), http.StatusOK, "")
	want(k.as(homeless, http.MethodGet, path, nil), http.StatusBadRequest, "organization_required")
	want(k.as(homeless, http.MethodGet, path, nil, "Cookie", "__Host-org-id="+a.id.String()), http.StatusBadRequest, "organization_required")
	want(k.as(k.root, http.MethodGet, path, nil, "X-App", "console"), http.StatusOK, "")
	want(k.as(k.root, http.MethodGet, path, nil, "X-App", "clinic"), http.StatusBadRequest, "organization_required")
	want(k.get("/v1/public/policies"), http.StatusBadRequest, "organization_required")
	want(k.get("/v1/public/policies", "Cookie", "__Host-org-id="+a.id.String()), http.StatusBadRequest, "organization_required")
	want(k.get("/v1/public/policies", "X-Organization-Slug", "unknown"), http.StatusNotFound, "organization_not_found")
	want(k.get("/v1/public/policies", "X-Organization-ID", homeless.String()), http.StatusNotFound, "organization_not_found")
	fmt.Println(figure("A-6/organization", wrong))

	k.exec("INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'admin')", b.id, a.admin)
	if got := k.as(a.admin, http.MethodGet, b.path(""), nil, "X-Organization-ID", b.id.String()); got.status != http.StatusOK {
		t.Errorf("a member is refused too (%d), so the refusals above say nothing", got.status)
	}
	if _, err := k.svc.ByID(t.Context(), ident.OrgID{}); !isCode(err, middleware.ErrOrganizationNotFound) {
		t.Errorf("no clinic at all answers %v", err)
	}
}
