// Package dnstxt asks the domain name system for TXT records. A clinic proves that a domain is its own by publishing
// one; this package only reads what is there, it judges nothing.
package dnstxt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Timeout is how long one look-up may take, retries included.
const Timeout = 5 * time.Second

// Resolver looks records up. It is safe for concurrent use and keeps no cache: a person who has just published a
// record and presses "verify" must not read an old answer of ours.
type Resolver struct {
	resolver *net.Resolver
	timeout  time.Duration
}

// New asks the resolver at address (host:port), or the system's when address is empty. timeout is normally Timeout.
func New(address string, timeout time.Duration) *Resolver {
	r := &net.Resolver{PreferGo: true}
	if address != "" {
		r.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		}
	}
	return &Resolver{resolver: r, timeout: timeout}
}

// LookupTXT answers the exact texts of all TXT records of the name; the parts of a long record are joined, as the
// standard says. A name without such records, or one that does not exist, has no texts and is no error. An error means
// that nobody knows: the resolver is away, too slow, or broken.
func (r *Resolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	// The final dot keeps the machine's search list out: "clinic.example" must never become "clinic.example.office".
	texts, err := r.resolver.LookupTXT(ctx, strings.TrimSuffix(name, ".")+".")
	var answer *net.DNSError
	if errors.As(err, &answer) && answer.IsNotFound && !answer.IsTimeout && !answer.IsTemporary {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking up TXT records: %w", err)
	}
	return texts, nil
}
