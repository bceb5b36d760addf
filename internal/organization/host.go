package organization

import (
	"net"
	"net/netip"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// hosts knows the platform's own names.
type hosts struct {
	// parents are the domains under which slugs live, without port.
	parents []string
	// own are the registrable domains of the platform: no clinic may claim one or anything below it.
	own []string
}

func newHosts(s Sites) hosts {
	var h hosts
	for _, site := range []string{s.Clinic, s.Portal, s.Console} {
		name := strings.ToLower(withoutPort(site))
		if name == "" {
			continue
		}
		h.own = append(h.own, name)
		if registrable, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			h.own = append(h.own, registrable)
		}
	}
	for _, site := range []string{s.Clinic, s.Portal} {
		if name := strings.ToLower(withoutPort(site)); name != "" {
			h.parents = append(h.parents, name)
		}
	}
	return h
}

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// slugOf splits a slug host of the platform. True with an empty slug means: ours, but of no clinic.
func (h hosts) slugOf(host string) (slug string, ours bool) {
	host = strings.TrimSuffix(strings.ToLower(withoutPort(host)), ".")
	for _, parent := range h.parents {
		if host == parent {
			return "", true
		}
		if slug, ok := strings.CutSuffix(host, "."+parent); ok {
			return slug, true
		}
	}
	return "", false
}

func (h hosts) isOurs(domain string) bool {
	for _, own := range h.own {
		if domain == own || strings.HasSuffix(domain, "."+own) {
			return true
		}
	}
	return false
}

// domainFormat is a name of at least two labels whose last one is not a number: dotted, decimal and hexadecimal addresses do
// not pass.
var domainFormat = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// longest leaves room for the name of the TXT record within the 253 characters of a host name.
const longest = 253 - len(txtPrefix)

// normalise brings a domain to the form that is stored and compared: lower case, punycode, no final dot. It answers
// domain_invalid for everything that a clinic cannot own by itself.
func (h hosts) normalise(raw string) (string, error) {
	raw = strings.TrimSuffix(strings.TrimSpace(raw), ".")
	if len(raw) > 4*longest {
		return "", ErrDomainInvalid
	}
	domain, err := idna.Lookup.ToASCII(raw)
	if err != nil || len(domain) > longest || !domainFormat.MatchString(domain) {
		return "", ErrDomainInvalid
	}
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", ErrDomainInvalid
	}
	if _, err := publicsuffix.EffectiveTLDPlusOne(domain); err != nil || h.isOurs(domain) {
		return "", ErrDomainInvalid
	}
	return domain, nil
}
