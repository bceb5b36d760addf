package organization_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
)

// claim adds a domain and publishes its record when asked to.
func (c clinic) claim(domain string, publish bool) organization.Domain {
	c.k.t.Helper()
	d, err := c.k.svc.AddDomain(c.asAdmin(), c.id, domain, "portal")
	if err != nil {
		c.k.t.Fatalf("claim %s: %v", domain, err)
	}
	if publish {
		c.k.publish(d)
	}
	return d
}

// published are the records that every claim on a name has put there, so that two clinics' records stand side by side.
var published sync.Map

func (k *kit) publish(d organization.Domain) {
	key := k.dns.Address + d.TXTName()
	before, _ := published.Load(key)
	values, _ := before.([]string)
	values = append(append([]string{}, values...), d.TXTValue())
	published.Store(key, values)
	k.dns.SetTXT(d.TXTName(), values...)
}

// Verifies AUTH-07: a claim does not resolve; the TXT record makes it; a second clinic comes too late; a removed domain is gone at once.
func TestDomain_fromClaimToRemoval(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a, b := k.clinic("clinic-a"), k.clinic("clinic-b")
	const resolve = "/v1/public/organizations/resolve?domain=clinica.ro"

	added := k.as(a.admin, http.MethodPost, a.path("/domains"), map[string]any{"domain": "Clinica.RO.", "app": "portal"}).expect(http.StatusCreated, "").data()
	if added["domain"] != "clinica.ro" || added["txt_name"] != "_restartix-verify.clinica.ro" || !strings.HasPrefix(fmt.Sprint(added["txt_value"]), "restartix-verify=") {
		t.Errorf("the claim reads %v", added)
	}
	verify := a.path("/domains/" + fmt.Sprint(added["id"]) + "/verify")
	k.get(resolve).expect(http.StatusNotFound, "organization_not_found")
	k.as(a.admin, http.MethodPost, verify, map[string]any{}).expect(http.StatusUnprocessableEntity, "txt_not_found")
	k.dns.SetTXT("_restartix-verify.clinica.ro", "v=spf1 -all", fmt.Sprint(added["txt_value"]))
	k.as(a.admin, http.MethodPost, verify, nil).expect(http.StatusOK, "")
	if got := k.get(resolve).expect(http.StatusOK, "").data(); got["id"] != a.id.String() {
		t.Errorf("resolves to %v", got)
	}
	k.as(a.admin, http.MethodPost, verify, map[string]any{}).expect(http.StatusOK, "")

	theirs := b.claim("clinica.ro", false)
	k.dns.SetTXT("_restartix-verify.clinica.ro", fmt.Sprint(added["txt_value"]), theirs.TXTValue())
	k.as(b.admin, http.MethodPost, b.path("/domains/"+theirs.ID.String()+"/verify"), map[string]any{}).expect(http.StatusConflict, "domain_taken")

	k.as(a.admin, http.MethodDelete, a.path("/domains/"+fmt.Sprint(added["id"])), nil).expect(http.StatusNoContent, "")
	k.get(resolve).expect(http.StatusNotFound, "organization_not_found")
	k.as(b.admin, http.MethodPost, b.path("/domains/"+theirs.ID.String()+"/verify"), map[string]any{}).expect(http.StatusOK, "")
	if got := k.get(resolve).expect(http.StatusOK, "").data(); got["id"] != b.id.String() {
		t.Errorf("after the move it resolves to %v", got)
	}
	if n := one[string](k, "SELECT string_agg(type, ' ' ORDER BY occurred_at, id) FROM outbox_events WHERE type LIKE 'domain.%'"); n != "domain.verified domain.removed domain.verified" {
		t.Errorf("events are %s", n)
	}
}

func TestDomain_acceptsOnlyWhatAClinicCanOwn(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	for _, bad := range []string{
		"127.0.0.1", "[::1]", "::1", "2130706433", "0x7f.1", "10.0.0", "ro", "com.ro", "co.uk", "github.io", "localhost", "clinica",
		"*.clinica.ro", "clinica.ro:8443", "https://clinica.ro", "clinica.ro/path", "user@clinica.ro", "a..ro", "-a.ro", "_dmarc.clinica.ro",
		"restartix.app", "www.restartix.app", "x.clinic.restartix.app", "portal.restartix.app", "clinica ro", "clinica.ro\u0000", "",
		strings.Repeat("a", 64) + ".ro", strings.Repeat("a23456789.", 24) + "ro",
	} {
		if _, err := k.svc.AddDomain(c.asAdmin(), c.id, bad, "portal"); !isCode(err, organization.ErrDomainInvalid) {
			t.Errorf("%q answers %v, want domain_invalid", bad, err)
		}
	}
	for raw, want := range map[string]string{
		"Programari.Clinica.RO.": "programari.clinica.ro", "clinică.ro": "xn--clinic-n0a.ro", "XN--CLINIC-N0A.eu": "xn--clinic-n0a.eu", "kineto.co.uk": "kineto.co.uk",
	} {
		d, err := k.svc.AddDomain(c.asAdmin(), c.id, raw, "portal")
		if err != nil || d.Domain != want {
			t.Errorf("%q becomes %q (%v), want %q", raw, d.Domain, err, want)
		}
	}
	k.as(c.admin, http.MethodPost, c.path("/domains"), map[string]any{"domain": "127.0.0.1", "app": "portal"}).expect(http.StatusUnprocessableEntity, "domain_invalid").at("body.domain")
	k.as(c.admin, http.MethodPost, c.path("/domains"), map[string]any{"domain": "clinica.eu", "app": "console"}).expect(http.StatusUnprocessableEntity, "validation_error")
}

func TestDomain_aClaimRunsOutAndBeginsAgain(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	first := c.claim("clinica.ro", true)
	if _, err := k.svc.AddDomain(c.asAdmin(), c.id, "clinica.ro", "portal"); !isCode(err, organization.ErrDomainExists) {
		t.Errorf("a second claim answers %v, want domain_exists", err)
	}

	k.clock.advance(7*24*time.Hour + time.Minute)

	if _, err := k.svc.VerifyDomain(c.asAdmin(), c.id, first.ID); !isCode(err, organization.ErrClaimExpired) {
		t.Errorf("verification after seven days answers %v, want claim_expired", err)
	}
	second := c.claim("clinica.ro", false)
	if _, err := k.svc.VerifyDomain(c.asAdmin(), c.id, second.ID); second.Token == first.Token || !isCode(err, organization.ErrTXTNotFound) {
		t.Errorf("the old record proves the new claim: %v", err)
	}
}

func TestDomain_aSilentResolverDecidesNothing(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")
	d := c.claim("clinica.ro", true)
	if _, err := k.svc.VerifyDomain(c.asAdmin(), c.id, d.ID); err != nil {
		t.Fatal(err)
	}
	k.dns.Fail()

	other := c.claim("alta.ro", true)
	k.as(c.admin, http.MethodPost, c.path("/domains/"+other.ID.String()+"/verify"), map[string]any{}).expect(http.StatusServiceUnavailable, "dependency_unavailable")
	if err := k.svc.RecheckDomain(c.asSystem(), d.ID); err == nil {
		t.Error("a recheck without an answer is taken for done, so nobody tries again")
	}

	if s := one[string](k, "SELECT status FROM organization_domains WHERE id = $1", d.ID); s != "verified" {
		t.Errorf("a resolver that does not answer made the domain %s", s)
	}
}

// races lets both clinics verify one domain 25 times each at once and answers how many different clinics own it afterwards and how
// often ownership was announced.
func races(k *kit, a, b clinic, domain string) (owners, announced int) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for _, c := range []clinic{a, b} {
		d := c.claim(domain, true)
		for range 25 {
			all.Go(func() {
				<-start
				_, err := k.svc.VerifyDomain(c.asAdmin(), c.id, d.ID)
				for isCode(err, apperror.ErrUnavailable) { // more callers than connections: the API answers 503 and they come again
					_, err = k.svc.VerifyDomain(c.asAdmin(), c.id, d.ID)
				}
				if err != nil && !isCode(err, organization.ErrDomainTaken) {
					k.t.Errorf("verification answers %v", err)
				}
			})
		}
	}
	close(start)
	all.Wait()
	owners = one[int](k, "SELECT count(*) FROM organization_domains WHERE domain = $1 AND status = 'verified'", domain)
	announced = one[int](k, "SELECT count(*) FROM outbox_events e JOIN organization_domains d ON d.id = e.aggregate_id WHERE e.type = 'domain.verified' AND d.domain = $1", domain)
	return owners, announced
}

// gone says what of "the record is gone" the product does not notice within 24 hours of its hourly look.
func gone(k *kit, c clinic, d organization.Domain, recheck bool) (bad int) {
	k.dns.Delete(d.TXTName())
	for range 24 {
		k.clock.advance(time.Hour)
		if recheck {
			if err := k.svc.EnqueueChecks(k.asRoot()); err != nil {
				k.t.Fatal(err)
			}
		}
		for range one[int](k, "SELECT count(*) FROM river.river_job WHERE kind = 'organization.domain_check' AND args ->> 'organization_id' = $1", c.id.String()) {
			if err := k.svc.RecheckDomain(c.asSystem(), d.ID); err != nil {
				k.t.Fatal(err)
			}
		}
		k.exec("DELETE FROM river.river_job WHERE kind = 'organization.domain_check'")
	}
	if one[string](k, "SELECT status FROM organization_domains WHERE id = $1", d.ID) != "failed" {
		bad++
	}
	if _, err := k.svc.ResolveDomain(k.t.Context(), d.Domain); !isCode(err, organization.ErrNotFound) {
		bad++
	}
	return bad
}

// TestFigureH7_domainClaims: 50 parallel verifications by two clinics give one owner, told once; a record that is gone ends the
// ownership within 24 hours; the next owner needs a record of its own.
// Seen red: without the unique index the same race gives two owners; without the hourly look the record's end goes unnoticed.
// Verifies AUTH-07
func TestFigureH7_domainClaims(t *testing.T) {
	t.Parallel()
	k := newKit(t, pool(10))
	a, b := k.clinic("clinic-a"), k.clinic("clinic-b")
	bad := 0
	for i := range 3 {
		if owners, announced := races(k, a, b, fmt.Sprintf("race%d.ro", i)); owners != 1 || announced != 1 {
			t.Errorf("%d owners, announced %d times", owners, announced)
			bad++
		}
	}
	held := a.claim("moved.ro", true)
	if _, err := k.svc.VerifyDomain(a.asAdmin(), a.id, held.ID); err != nil {
		t.Fatal(err)
	}
	next := b.claim("moved.ro", false)
	bad += gone(k, a, held, true)
	if _, err := k.svc.VerifyDomain(b.asAdmin(), b.id, next.ID); !isCode(err, organization.ErrTXTNotFound) {
		t.Errorf("the next owner needs no record: %v", err)
		bad++
	}
	k.dns.SetTXT(next.TXTName(), next.TXTValue())
	if _, err := k.svc.VerifyDomain(b.asAdmin(), b.id, next.ID); err != nil {
		t.Errorf("the next owner is refused: %v", err)
		bad++
	}
	fmt.Println(figure("H-7", bad))

	planted := a.claim("planted.ro", true)
	if _, err := k.svc.VerifyDomain(a.asAdmin(), a.id, planted.ID); err != nil {
		t.Fatal(err)
	}
	if gone(k, a, planted, false) == 0 {
		t.Error("without the hourly look the record's end is still said to be noticed")
	}
	k.exec("DROP INDEX organization_domains_verified")
	if owners, _ := races(k, a, b, "red.ro"); owners != 2 {
		t.Errorf("without the unique index the race gives %d owners; the check cannot see a double owner", owners)
	}
}

func TestRecheck_ofADomainThatIsNotThereIsDone(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	c := k.clinic("kineto-nord")

	if err := k.svc.RecheckDomain(c.asSystem(), ident.New[organization.Domain]()); err != nil {
		t.Errorf("recheck answers %v; the job would be tried for ever", err)
	}
}
