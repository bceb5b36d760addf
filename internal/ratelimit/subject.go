package ratelimit

import "net/netip"

// ByIP is the subject of an address: an IPv4 address itself, an IPv6 address as its /64, because one customer has all
// of it. Text that is no address is a subject of its own, so that callers without one share a bucket.
func ByIP(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
