package signin

import (
	"context"
	"encoding/json"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/restartix/platform/internal/auth"
)

// A passkey belongs to a relying party: the app's parent domain on the platform's own hosts, so that one passkey opens every
// clinic of the person; the host itself on a custom domain, because browsers tie passkeys to domains.

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func within(host, parent string) bool { return host == parent || strings.HasSuffix(host, "."+parent) }

// relyingParty answers the relying party of a page. host may come from whoever asks: it only chooses among parties that the
// browser checks by itself, and an unknown one is refused.
func (s *Service) relyingParty(ctx context.Context, app auth.App, host string) (string, error) {
	parents := []string{hostname(s.Domains.Clinic), hostname(s.Domains.Portal), hostname(s.Domains.Console)}
	host = hostname(host)
	for _, parent := range parents {
		if host != "" && within(host, parent) {
			return parent, nil
		}
	}
	switch {
	case host != "":
		if _, err := s.Clinics.ByHost(ctx, host); err != nil {
			return "", err
		}
		return host, nil
	case app == auth.Portal:
		return parents[1], nil
	case app == auth.Console:
		return parents[2], nil
	}
	return parents[0], nil
}

// originFor answers the origin that a response was made at, if pages of the relying party may be there, else "".
func (s *Service) originFor(rpID, origin string) string {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != s.Domains.Scheme || u.Host == "" || u.User != nil {
		return ""
	}
	host := hostname(u.Host)
	for _, domain := range []string{s.Domains.Clinic, s.Domains.Portal, s.Domains.Console} {
		if rpID == hostname(domain) {
			if within(host, rpID) && u.Port() == portOf(domain) {
				return origin
			}
			return ""
		}
	}
	if host == rpID && (u.Port() == portOf(s.Domains.Clinic) || u.Port() == portOf(s.Domains.Portal) || u.Port() == "") {
		return origin
	}
	return ""
}

func portOf(domain string) string {
	_, port, err := net.SplitHostPort(domain)
	if err != nil {
		return ""
	}
	return port
}

// originOf reads the origin that the browser wrote into a response. It is compared with the allowed ones before use and
// again, under the signature, by the library.
func originOf(clientData []byte) string {
	var data struct {
		Origin string `json:"origin"`
	}
	if json.Unmarshal(clientData, &data) != nil {
		return ""
	}
	return data.Origin
}

// ceremonyFor makes the checker of one relying party. User verification is required, so a passkey counts as two factors.
func ceremonyFor(rpID, origin string) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID: rpID, RPDisplayName: "RestartiX", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
}
