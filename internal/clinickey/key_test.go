package clinickey_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/seal"
)

// kit is one clinic of a whole API, with the paths of its keys.
type kit struct {
	apitest.Clinic
	api *apitest.API
	t   *testing.T
}

func newKit(t *testing.T) kit {
	t.Helper()
	api := apitest.New(t)
	return kit{Clinic: api.Clinic("kineto-nord"), api: api, t: t}
}

func (k kit) path(rest string) string { return "/v1/organizations/" + k.ID.String() + rest }

// one reads a value as the superuser.
func one[T any](k kit, sql string, args ...any) T {
	k.t.Helper()
	var out T
	if err := k.api.DB.Super(k.t).QueryRow(k.t.Context(), sql, args...).Scan(&out); err != nil {
		k.t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// with calls the API with a key of ours, from an address.
func (k kit) with(secret, ip, path string) apitest.Answer {
	return k.api.Anonymous().With("Authorization", "Bearer "+secret).From(ip).Get(path)
}

// Verifies AUTH-16: the key of another service is shown by its end only, stored sealed with its key version, and masked in the trail.
func TestIntegration_keyIsSealedAndNeverShown(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	admin := k.AsAdmin()
	const secret = "live-4f9a2c77d1e04b53-ZQ7X"

	kept := admin.Post(k.path("/api-keys"), map[string]any{"service": "sms", "api_key": secret}).Must(http.StatusCreated)
	listed := admin.Get(k.path("/api-keys")).Must(http.StatusOK)

	for _, a := range []apitest.Answer{kept, listed} {
		if strings.Contains(a.Raw, secret[:12]) || !strings.Contains(a.Raw, `"last4":"ZQ7X"`) {
			t.Errorf("the answer is %s", a)
		}
	}
	cipher := one[[]byte](k, "SELECT api_key_encrypted FROM organization_integrations WHERE organization_id = $1", k.ID)
	version := one[int32](k, "SELECT key_version FROM organization_integrations WHERE organization_id = $1", k.ID)
	row := one[string](k, "SELECT id::text FROM organization_integrations WHERE organization_id = $1", k.ID)
	place := seal.AAD{Org: k.ID.String(), Table: "organization_integrations", Column: "api_key_encrypted", Row: row}
	if plain, err := k.api.Ring(t).OpenString(seal.Value{Cipher: cipher, KeyVersion: version}, place); err != nil || plain != secret || bytes.Contains(cipher, []byte(secret[:8])) {
		t.Errorf("the column does not hold the sealed key: %v", err)
	}
	trail := one[string](k, "SELECT string_agg(changes::text, ' ') FROM audit_log WHERE organization_id = $1", k.ID)
	if strings.Contains(trail, "ZQ7X") || strings.Contains(trail, secret[:8]) || !strings.Contains(trail, "[masked]") {
		t.Errorf("the trail holds %s", trail)
	}

	admin.Post(k.path("/api-keys"), map[string]any{"service": "sms", "api_key": "short-key"}).Must(http.StatusCreated)
	type entry struct {
		Last4 string `json:"last4"`
	}
	if rows := apitest.Data[[]entry](admin.Get(k.path("/api-keys"))); len(rows) != 1 || rows[0].Last4 != "****" {
		t.Errorf("after a replacement the list is %v", rows)
	}
	admin.Post(k.path("/api-keys"), map[string]any{"service": "fax", "api_key": secret}).Expect(http.StatusUnprocessableEntity, "validation_error")
	admin.Delete(k.path("/api-keys/sms")).Expect(http.StatusNoContent)
	admin.Delete(k.path("/api-keys/sms")).Expect(http.StatusNotFound, "integration_not_found")
	k.api.AsSuperadmin().Get(k.path("/api-keys")).Expect(http.StatusForbidden, "forbidden")
}

var secretFormat = regexp.MustCompile(`^rxk_[a-z2-7]{12}_[a-z2-7]{52}$`)

// A key is seen to work by what it is refused: a known key lacks the scope of /v1/organizations, an unknown one is nobody.
func TestAccessKey_secretIsShownOnceAndWorksUntilRevoked(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	admin := k.AsAdmin()

	type key struct {
		ID     string   `json:"id"`
		Secret string   `json:"secret"`
		Scopes []string `json:"scopes"`
	}
	made := apitest.Data[key](admin.Post(k.path("/access-keys"), map[string]any{
		"name": "Site", "scopes": []string{"patients:read", "appointments:read", "patients:read"}, "allowed_cidrs": []string{"203.0.113.9/24"},
	}).Must(http.StatusCreated))
	listed := admin.Get(k.path("/access-keys")).Must(http.StatusOK)

	if !secretFormat.MatchString(made.Secret) || strings.Contains(listed.Raw, made.Secret) || strings.Contains(listed.Raw, `"secret"`) {
		t.Error("the secret has another form or is listed")
	}
	if fmt.Sprint(made.Scopes) != "[appointments:read patients:read]" {
		t.Errorf("the scopes are %v", made.Scopes)
	}
	k.with(made.Secret, "203.0.113.77", k.path("")).Expect(http.StatusForbidden, "scope_missing")
	if n := one[int](k, "SELECT count(*) FROM access_keys WHERE position(convert_to($1, 'UTF8') IN secret_hash) > 0 OR last_used_at IS NULL", made.Secret); n != 0 {
		t.Error("the secret itself is stored, or its use is not noted")
	}
	wrong := made.Secret[:len(made.Secret)-1] + map[bool]string{true: "a", false: "b"}[made.Secret[len(made.Secret)-1] != 'a']
	for _, try := range []struct{ secret, ip string }{
		{wrong, "203.0.113.77"},
		{made.Secret, "198.51.100.1"},
		{made.Secret[4:], "203.0.113.77"},
		{"rxk_", "203.0.113.77"},
		{"rxk_aaaaaaaaaaaa_" + made.Secret[17:], "203.0.113.77"},
		{made.Secret + "a", "203.0.113.77"},
		{"rxk_" + strings.Repeat("a", 4000), "203.0.113.77"},
	} {
		k.with(try.secret, try.ip, k.path("")).Expect(http.StatusUnauthorized, "unauthorized")
	}
	path := k.path("/access-keys/" + made.ID)
	admin.Delete(path).Expect(http.StatusNoContent)
	admin.Delete(path).Expect(http.StatusNoContent)
	k.with(made.Secret, "203.0.113.77", k.path("")).Expect(http.StatusUnauthorized, "unauthorized")
}

func TestAccessKey_neverReachesTheKeysThemselves(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	secret := k.key(map[string]any{"name": "Site", "scopes": []string{"patients:read", "patients:write"}})

	for _, path := range []string{k.path(""), k.path("/access-keys"), k.path("/api-keys"), k.path("/domains")} {
		if a := k.AsAdmin().Get(path); a.Status == http.StatusNotFound {
			t.Errorf("%s is not a route: %s", path, a)
		}
		k.with(secret, "203.0.113.77", path).Expect(http.StatusForbidden, "scope_missing")
	}
}

// key makes a key and answers its secret.
func (k kit) key(body map[string]any) string {
	k.t.Helper()
	return apitest.Data[struct {
		Secret string `json:"secret"`
	}](k.AsAdmin().Post(k.path("/access-keys"), body).Must(http.StatusCreated)).Secret
}

func TestAccessKey_refusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for _, bad := range []struct {
		body map[string]any
		code string
	}{
		{map[string]any{"name": "x", "scopes": []string{"members:write"}}, "unknown_scope"},
		{map[string]any{"name": "x", "scopes": []string{"patients:read", "*"}}, "unknown_scope"},
		{map[string]any{"name": "x", "scopes": []string{}}, "validation_error"},
		{map[string]any{"name": "x", "scopes": []string{"patients:read"}, "allowed_cidrs": []string{"all"}}, "validation_error"},
		{map[string]any{"name": "x", "scopes": []string{"patients:read"}, "expires_at": "2001-01-01T00:00:00Z"}, "validation_error"},
		{map[string]any{"name": "  ", "scopes": []string{"patients:read"}}, "validation_error"},
	} {
		k.AsAdmin().Post(k.path("/access-keys"), bad.body).Expect(http.StatusUnprocessableEntity, bad.code)
	}
	secret := k.key(map[string]any{
		"name": "Site", "scopes": []string{"patients:read"}, "expires_at": k.api.Clock.Now().Add(time.Minute),
		"allowed_cidrs": []string{netip.MustParsePrefix("::/0").String()},
	})
	k.with(secret, "2001:db8::1", k.path("")).Expect(http.StatusForbidden, "scope_missing")
	if _, err := k.api.DB.Super(t).Exec(t.Context(), "UPDATE access_keys SET expires_at = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	k.with(secret, "2001:db8::1", k.path("")).Expect(http.StatusUnauthorized, "unauthorized")
}
