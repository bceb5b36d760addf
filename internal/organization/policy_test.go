package organization_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/postgres"
)

// Verifies AUTH-18: a visitor reads the published policies of one clinic, never a draft and never another clinic's.
func TestPolicies_visitorReadsTheNewestPublished(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a := k.clinic("clinic-a")
	k.clinic("clinic-b")
	const add = `INSERT INTO policy_documents (id, organization_id, consent_type, version, language_code, title, markdown, content_hash, published_at)
		VALUES (gen_random_uuid(), $1, 'marketing', $2, 'ro', $3, $3, sha256('x'), CASE WHEN $4::boolean THEN now() END)`
	k.exec(add, a.id, 2, "second", true)
	k.exec(add, a.id, 3, "draft", false)

	all := k.get("/v1/public/policies?organization=clinic-a&page_size=100").expect(http.StatusOK, "").rows()
	one := k.get("/v1/public/policies?consent_type=marketing&language_code=ro", "X-Organization-Slug", "clinic-a").expect(http.StatusOK, "").rows()

	if len(all) != 18 {
		t.Errorf("%d policies, want 18", len(all))
	}
	if len(one) != 1 || one[0]["title"] != "second" {
		t.Errorf("the newest published marketing policy is %v", one)
	}
	for _, p := range all {
		if text, _ := p["markdown"].(string); len(text) < 6 || strings.Contains(text, "clinic-b") {
			t.Errorf("policy %v reads %q", p["consent_type"], shorten(text))
		}
	}
}

func TestPolicies_publishedOnesNeverChange(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.clinic("clinic-a")
	for _, change := range []string{"UPDATE policy_documents SET markdown = 'x'", "DELETE FROM policy_documents", "TRUNCATE policy_documents"} {
		if _, err := k.Admin(t).Exec(t.Context(), change); postgres.Code(err) != "42501" {
			t.Errorf("%s: %v, want a refusal", change, err)
		}
	}
}
