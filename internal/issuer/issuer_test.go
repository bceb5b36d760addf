package issuer_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/idp"
	"github.com/restartix/platform/internal/issuer"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/seal"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const name = "http://core.test"

type world struct {
	*issuer.Issuer
	db       *pgtest.Database
	clock    *clock
	ring     *seal.Ring
	verifier *idp.Verifier
}

func newWorld(t *testing.T, plant func([]idp.IssuerConfig) []idp.IssuerConfig) *world {
	t.Helper()
	w := &world{clock: &clock{at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}}
	w.db = pgtest.New(t, pgtest.Clock(w.clock.now))
	doc, err := seal.Generate(w.clock.now())
	must(t, err)
	w.ring, err = seal.New(doc)
	must(t, err)
	w.Issuer = issuer.New(w.db.DB, w.ring, name, "restartix")
	configs := w.Configs()
	if plant != nil {
		configs = plant(configs)
	}
	w.verifier, err = idp.NewVerifier(configs, idp.Deps{Now: w.clock.now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) access(t *testing.T) string {
	t.Helper()
	token, err := w.AccessToken(t.Context(), ident.New[ident.User](), ident.New[auth.LoginSession](), []string{"pwd"})
	must(t, err)
	return token.Reveal()
}

func (w *world) impersonation(t *testing.T) string {
	t.Helper()
	token, err := w.ImpersonationToken(t.Context(), issuer.Impersonation{
		ID: ident.New[auth.Impersonation](), Actor: ident.New[ident.User](), Target: ident.New[ident.User](), Mode: "view",
		ExpiresAt: w.clock.now().Add(time.Hour),
	})
	must(t, err)
	return token.Reveal()
}

func (w *world) accepts(t *testing.T, token string) bool {
	t.Helper()
	_, err := w.verifier.Verify(t.Context(), token)
	return err == nil
}

func header(t *testing.T, token string) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	must(t, err)
	var h map[string]any
	must(t, json.Unmarshal(raw, &h))
	return h
}

func (w *world) published(t *testing.T) []string {
	t.Helper()
	doc, err := w.JWKS(t.Context())
	must(t, err)
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	must(t, json.Unmarshal(doc, &set))
	var ids []string
	for _, k := range set.Keys {
		if k["kty"] != "EC" || k["crv"] != "P-256" || k["alg"] != "ES256" || k["use"] != "sig" || len(k["x"]) != 43 || len(k["y"]) != 43 || k["d"] != "" {
			t.Errorf("published key %v", k)
		}
		ids = append(ids, k["kid"])
	}
	return ids
}

// Verifies AUTH-06 for our own issuer: expired by 61 s and 59 s, and a rotated key whose old kid is accepted until removed.
func TestIssuer_rotationKeepsTwoKeysLive(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	old := w.access(t)
	if !w.accepts(t, old) || header(t, old)["alg"] != "ES256" {
		t.Fatal("a fresh token is refused")
	}
	w.clock.advance(issuer.AccessLife + 59*time.Second)
	if !w.accepts(t, old) {
		t.Error("expired by 59 s is refused")
	}
	w.clock.advance(2 * time.Second)
	if w.accepts(t, old) {
		t.Error("expired by 61 s is accepted")
	}

	before := w.published(t)
	if len(before) != 2 {
		t.Fatalf("%d keys published at the start", len(before))
	}
	must(t, w.RotateKeys(t.Context()))
	if got := w.published(t); !slices.Equal(sorted(got), sorted(before)) {
		t.Fatal("a key was rotated before its time")
	}
	w.clock.advance(30 * 24 * time.Hour)
	last := w.access(t)
	must(t, w.RotateKeys(t.Context()))
	next := w.access(t)
	if header(t, next)["kid"] == header(t, last)["kid"] || !slices.Contains(before, fmt.Sprint(header(t, next)["kid"])) {
		t.Error("the key that was waiting did not take over")
	}
	if len(w.published(t)) != 3 || !w.accepts(t, last) || !w.accepts(t, next) {
		t.Error("the key of the last turn is not accepted until it is removed")
	}

	w.clock.advance(2*time.Hour + time.Minute)
	must(t, w.RotateKeys(t.Context()))
	kept := w.published(t)
	if len(kept) != 2 || slices.Contains(kept, fmt.Sprint(header(t, last)["kid"])) {
		t.Errorf("%d keys published after the tail", len(kept))
	}
	if w.accepts(t, last) || !w.accepts(t, w.access(t)) {
		t.Error("a removed key is accepted, or the current one is not")
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func TestIssuer_manyProcessesMakeOneSetOfKeys(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := issuer.New(w.db.DB, w.ring, name, "restartix").JWKS(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var keys int
	must(t, w.db.Admin(t).QueryRow(t.Context(), "SELECT count(*) FROM signing_keys").Scan(&keys))
	if keys != 4 {
		t.Errorf("%d keys, want 2 for each of 2 purposes", keys)
	}
}

func TestIssuer_privateKeysAreSealedAndOutOfReach(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	w.access(t)
	var clear int
	// Every PKCS#8 key on P-256 holds the curve's object identifier.
	must(t, w.db.Admin(t).QueryRow(t.Context(), `SELECT count(*) FROM signing_keys WHERE position('\x2a8648ce3d030107'::bytea IN private_key_encrypted) > 0`).Scan(&clear))
	if clear != 0 {
		t.Errorf("%d private keys stored in clear", clear)
	}
	if _, err := w.db.App(t).Exec(t.Context(), "SELECT 1 FROM signing_keys"); err == nil {
		t.Error("the application role reads the keys")
	}
	doc, err := seal.Generate(w.clock.now())
	must(t, err)
	wrong, err := seal.New(doc)
	must(t, err)
	if _, err := issuer.New(w.db.DB, wrong, name, "restartix").JWKS(t.Context()); err == nil {
		t.Error("keys opened with another ring")
	}
}

// confusions are tokens of one kind dressed as the other, and forgeries with what is public of our issuer.
func confusions(t *testing.T, w *world) map[string]string {
	t.Helper()
	access, impersonation := w.access(t), w.impersonation(t)
	swap := func(token string, change func(map[string]any)) string {
		parts := strings.Split(token, ".")
		raw, err := base64.RawURLEncoding.DecodeString(parts[1])
		must(t, err)
		var claims map[string]any
		must(t, json.Unmarshal(raw, &claims))
		change(claims)
		raw, err = json.Marshal(claims)
		must(t, err)
		parts[1] = base64.RawURLEncoding.EncodeToString(raw)
		return strings.Join(parts, ".")
	}
	doc, err := w.JWKS(t.Context())
	must(t, err)
	hmac, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": name, "aud": "restartix", "sub": "u", "sid": "s", "exp": w.clock.now().Add(time.Minute).Unix(),
	}).SignedString([]byte(doc))
	must(t, err)
	return map[string]string{
		"impersonation renamed to the login issuer": swap(impersonation, func(c map[string]any) { c["iss"] = name }),
		"impersonation with the login audience":     swap(impersonation, func(c map[string]any) { c["aud"] = "restartix" }),
		"impersonation with both":                   swap(impersonation, func(c map[string]any) { c["iss"], c["aud"] = name, "restartix" }),
		"login renamed to the impersonation issuer": swap(access, func(c map[string]any) { c["iss"] = name + "/impersonation" }),
		"login with an actor":                       swap(access, func(c map[string]any) { c["act"] = map[string]string{"sub": "x"} }),
		"login with a longer life":                  swap(access, func(c map[string]any) { c["exp"] = w.clock.now().Add(time.Hour).Unix() }),
		"login of somebody else":                    swap(access, func(c map[string]any) { c["sub"] = "somebody" }),
		"HS256 keyed with the published set":        hmac,
		"no signature":                              strings.Join(strings.Split(access, ".")[:2], ".") + ".",
		"signature of the other kind":               strings.Join(strings.Split(access, ".")[:2], ".") + "." + strings.Split(impersonation, ".")[2],
		"impersonation signed by the login key":     w.signedByLoginKey(t),
		"login without a device":                    w.withoutDevice(t),
	}
}

// signedByLoginKey and withoutDevice are genuine signatures of our own keys over something that must not count.
func (w *world) signedByLoginKey(t *testing.T) string {
	t.Helper()
	return issuer.SignForTest(t, w.Issuer, "access", jwt.MapClaims{
		"iss": name + "/impersonation", "aud": "restartix-impersonation", "sub": "patient", "act": map[string]string{"sub": "admin"},
		"impersonation_id": "i", "mode": "assist", "iat": w.clock.now().Unix(), "exp": w.clock.now().Add(time.Hour).Unix(),
	})
}

func (w *world) withoutDevice(t *testing.T) string {
	t.Helper()
	return issuer.SignForTest(t, w.Issuer, "access", jwt.MapClaims{
		"iss": name, "aud": "restartix", "sub": "u", "iat": w.clock.now().Unix(), "exp": w.clock.now().Add(time.Minute).Unix(),
	})
}

func acceptedConfusions(t *testing.T, w *world) []string {
	t.Helper()
	var accepted []string
	for what, token := range confusions(t, w) {
		if w.accepts(t, token) {
			accepted = append(accepted, what)
		}
	}
	return accepted
}

// Figure A-2, the side of our own issuer: of login tokens, impersonation tokens and forgeries with public parts, none is
// taken for the other kind. Seen red: with one key source for both kinds, an impersonation signed by the login key passes.
func TestFigureA2_ownIssuer(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	if !w.accepts(t, w.access(t)) || !w.accepts(t, w.impersonation(t)) {
		t.Fatal("genuine tokens are refused")
	}
	id, err := w.verifier.Verify(t.Context(), w.impersonation(t))
	must(t, err)
	if id.Issuer != w.ImpersonationName() || id.ActorSubject == "" || id.ImpersonationID == "" || id.ImpersonationMode != "view" {
		t.Errorf("impersonation says %s %s", id.Issuer, id.ImpersonationMode)
	}
	accepted := acceptedConfusions(t, w)
	verdict := "pass"
	if len(accepted) > 0 {
		verdict = "fail"
		t.Errorf("accepted: %v", accepted)
	}
	fmt.Printf("FIGURE A-2/issuer %d %s\n", len(accepted), verdict)

	t.Run("red", func(t *testing.T) {
		t.Parallel()

		shared := newWorld(t, func(configs []idp.IssuerConfig) []idp.IssuerConfig {
			configs[1].Keys = configs[0].Keys
			return configs
		})
		if len(acceptedConfusions(t, shared)) == 0 {
			t.Error("the planted fault was not found")
		}
	})
}

func TestImpersonationToken_refusesWhatIsIncomplete(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	full := issuer.Impersonation{
		ID: ident.New[auth.Impersonation](), Actor: ident.New[ident.User](), Target: ident.New[ident.User](), Mode: "assist", ExpiresAt: w.clock.now().Add(time.Hour),
	}
	for _, spoil := range []func(*issuer.Impersonation){
		func(i *issuer.Impersonation) { i.Mode = "admin" },
		func(i *issuer.Impersonation) { i.Actor = ident.UserID{} },
		func(i *issuer.Impersonation) { i.Target = ident.UserID{} },
		func(i *issuer.Impersonation) { i.ID = ident.ID[auth.Impersonation]{} },
	} {
		broken := full
		spoil(&broken)
		if _, err := w.ImpersonationToken(t.Context(), broken); err == nil {
			t.Errorf("signed %+v", broken)
		}
	}
}
