package middleware

import (
	"net/http"
	"net/netip"
	"strings"
)

// TrustedProxies are the networks whose X-Forwarded-For and X-Forwarded-Host are believed. Empty trusts nobody.
type TrustedProxies []netip.Prefix

// ParseTrustedProxies reads CIDRs that config has already checked.
func ParseTrustedProxies(cidrs []string) (TrustedProxies, error) {
	out := make(TrustedProxies, 0, len(cidrs))
	for _, c := range cidrs {
		p, err := netip.ParsePrefix(c)
		if err != nil {
			return nil, err
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Trusts reports whether the peer of the connection is one of the proxies.
func (t TrustedProxies) Trusts(r *http.Request) bool {
	peer, ok := peerOf(r)
	return ok && t.contains(peer)
}

// ClientIP answers the address that limits and the trail count: the peer, or, behind trusted proxies, the right-most entry of
// X-Forwarded-For that is not one of them. Every other header of that kind is ignored, because a caller can write it.
func (t TrustedProxies) ClientIP(r *http.Request) string {
	peer, ok := peerOf(r)
	if !ok {
		return ""
	}
	if !t.contains(peer) {
		return peer.String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if hop = hop.Unmap().WithZone(""); !t.contains(hop) {
			return hop.String()
		}
	}
	return peer.String()
}

func (t TrustedProxies) contains(ip netip.Addr) bool {
	for _, p := range t {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func peerOf(r *http.Request) (netip.Addr, bool) {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	return ap.Addr().Unmap().WithZone(""), true
}
