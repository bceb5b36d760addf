package organization_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/seal"
)

// Verifies AUTH-16: the key of another service is shown by its end only, stored sealed with its key version, and masked in the trail.
func TestIntegration_keyIsSealedAndNeverShown(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	const secret = "live-4f9a2c77d1e04b53-ZQ7X"

	kept := k.as(c.admin, http.MethodPost, c.path("/api-keys"), map[string]any{"service": "sms", "api_key": secret}).expect(http.StatusCreated, "")
	listed := k.as(c.admin, http.MethodGet, c.path("/api-keys"), nil).expect(http.StatusOK, "")

	for _, a := range []answer{kept, listed} {
		if strings.Contains(a.raw, secret[:12]) || !strings.Contains(a.raw, `"last4":"ZQ7X"`) {
			t.Errorf("%s answers %s", a.call, a.raw)
		}
	}
	cipher := one[[]byte](k, "SELECT api_key_encrypted FROM organization_integrations WHERE organization_id = $1", c.id)
	version := one[int32](k, "SELECT key_version FROM organization_integrations WHERE organization_id = $1", c.id)
	row := one[string](k, "SELECT id::text FROM organization_integrations WHERE organization_id = $1", c.id)
	place := seal.AAD{Org: c.id.String(), Table: "organization_integrations", Column: "api_key_encrypted", Row: row}
	if plain, err := k.ring.OpenString(seal.Value{Cipher: cipher, KeyVersion: version}, place); err != nil || plain != secret || bytes.Contains(cipher, []byte(secret[:8])) {
		t.Errorf("the column does not hold the sealed key: %v", err)
	}
	trail := one[string](k, "SELECT string_agg(changes::text, ' ') FROM audit_log WHERE organization_id = $1", c.id)
	if strings.Contains(trail, "ZQ7X") || strings.Contains(trail, secret[:8]) || !strings.Contains(trail, "[masked]") {
		t.Errorf("the trail holds %s", trail)
	}

	k.as(c.admin, http.MethodPost, c.path("/api-keys"), map[string]any{"service": "sms", "api_key": "short-key"}).expect(http.StatusCreated, "")
	if rows := k.as(c.admin, http.MethodGet, c.path("/api-keys"), nil).rows(); len(rows) != 1 || rows[0]["last4"] != "****" {
		t.Errorf("after a replacement the list is %v", rows)
	}
	k.as(c.admin, http.MethodPost, c.path("/api-keys"), map[string]any{"service": "fax", "api_key": secret}).expect(http.StatusUnprocessableEntity, "validation_error")
	k.as(c.admin, http.MethodDelete, c.path("/api-keys/sms"), nil).expect(http.StatusNoContent, "")
	k.as(c.admin, http.MethodDelete, c.path("/api-keys/sms"), nil).expect(http.StatusNotFound, "integration_not_found")
	k.as(k.root, http.MethodGet, c.path("/api-keys"), nil, "X-App", "console").expect(http.StatusForbidden, "forbidden")
}

var secretFormat = regexp.MustCompile(`^rxk_[a-z2-7]{12}_[a-z2-7]{52}$`)

func TestAccessKey_secretIsShownOnceAndWorksUntilRevoked(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	made := k.as(c.admin, http.MethodPost, c.path("/access-keys"), map[string]any{
		"name": "Site", "scopes": []string{"patients:read", "appointments:read", "patients:read"}, "allowed_cidrs": []string{"203.0.113.9/24"},
	}).expect(http.StatusCreated, "").data()
	secret := fmt.Sprint(made["secret"])
	listed := k.as(c.admin, http.MethodGet, c.path("/access-keys"), nil).expect(http.StatusOK, "")

	if !secretFormat.MatchString(secret) || strings.Contains(listed.raw, secret) || strings.Contains(listed.raw, `"secret"`) {
		t.Errorf("the secret has another form or is listed: %s", shorten(listed.raw))
	}
	holder, err := k.svc.Key(t.Context(), secret, "203.0.113.77")
	if err != nil || holder.OrgID != c.id || fmt.Sprint(holder.Scopes) != "[appointments:read patients:read]" {
		t.Errorf("the key opens %v, %v", holder, err)
	}
	if n := one[int](k, "SELECT count(*) FROM access_keys WHERE position(convert_to($1, 'UTF8') IN secret_hash) > 0 OR last_used_at IS NULL", secret); n != 0 {
		t.Error("the secret itself is stored, or its use is not noted")
	}
	wrong := secret[:len(secret)-1] + map[bool]string{true: "a", false: "b"}[secret[len(secret)-1] != 'a']
	for _, try := range []struct{ secret, ip string }{
		{wrong, "203.0.113.77"}, {secret, "198.51.100.1"}, {secret, "unknown"}, {secret[4:], "203.0.113.77"}, {"rxk_", "203.0.113.77"},
		{"rxk_aaaaaaaaaaaa_" + secret[17:], "203.0.113.77"}, {secret + "a", "203.0.113.77"}, {"rxk_" + strings.Repeat("a", 4000), "203.0.113.77"},
	} {
		if _, err := k.svc.Key(t.Context(), try.secret, try.ip); !isCode(err, apperror.ErrUnauthorized) {
			t.Errorf("%.30s from %s answers %v, want unauthorized", try.secret, try.ip, err)
		}
	}
	path := c.path("/access-keys/" + fmt.Sprint(made["id"]))
	k.as(c.admin, http.MethodDelete, path, nil).expect(http.StatusNoContent, "")
	k.as(c.admin, http.MethodDelete, path, nil).expect(http.StatusNoContent, "")
	if _, err := k.svc.Key(t.Context(), secret, "203.0.113.77"); !isCode(err, apperror.ErrUnauthorized) {
		t.Errorf("a revoked key answers %v", err)
	}
}

func TestAccessKey_neverReachesTheKeysThemselves(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	_, secret, err := k.svc.CreateAccessKey(c.asAdmin(), c.id, organization.NewAccessKey{Name: "Site", Scopes: organization.Scopes()})
	if err != nil {
		t.Fatal(err)
	}

	for _, path := range []string{c.path(""), c.path("/access-keys"), c.path("/api-keys"), c.path("/domains")} {
		r := k.as(k.root, http.MethodGet, path, nil) // a person, to see that the path itself is there
		if r.status == http.StatusNotFound && r.problem().Code == "not_found" {
			t.Errorf("%s is not a route", path)
		}
		k.get(path, "Authorization", "Bearer "+secret).expect(http.StatusForbidden, "scope_missing")
	}
}

func TestAccessKey_refusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
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
		k.as(c.admin, http.MethodPost, c.path("/access-keys"), bad.body).expect(http.StatusUnprocessableEntity, bad.code)
	}
	soon := k.clock.now().Add(time.Minute)
	_, secret, err := k.svc.CreateAccessKey(c.asAdmin(), c.id, organization.NewAccessKey{
		Name: "Site", Scopes: []string{"patients:read"}, ExpiresAt: &soon, AllowedCIDRs: []netip.Prefix{netip.MustParsePrefix("::/0")},
	})
	if err != nil {
		t.Fatal(err)
	}
	k.exec("UPDATE access_keys SET expires_at = now() - interval '1 second'")
	if _, err := k.svc.Key(t.Context(), secret, "2001:db8::1"); !isCode(err, apperror.ErrUnauthorized) {
		t.Errorf("an expired key answers %v", err)
	}
}
