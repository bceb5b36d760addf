package middleware_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/ratelimit"
)

func proxies(t *testing.T, cidrs ...string) middleware.TrustedProxies {
	t.Helper()
	p, err := middleware.ParseTrustedProxies(cidrs)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func request(peer string, forwarded ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	for _, f := range forwarded {
		r.Header.Add("X-Forwarded-For", f)
	}
	return r
}

func TestClientIP_rightMostUntrustedEntryOfATrustedProxy(t *testing.T) {
	t.Parallel()
	p := proxies(t, "127.0.0.0/8", "::1/128", "10.1.0.0/16")
	for name, c := range map[string]struct {
		r    *http.Request
		want string
	}{
		"no proxy":                       {request("203.0.113.9:4000"), "203.0.113.9"},
		"no proxy, forged header":        {request("203.0.113.9:4000", "192.0.2.1"), "203.0.113.9"},
		"proxy without header":           {request("127.0.0.1:4000"), "127.0.0.1"},
		"one hop":                        {request("127.0.0.1:4000", "192.0.2.1"), "192.0.2.1"},
		"two proxies":                    {request("127.0.0.1:4000", "192.0.2.1, 10.1.2.3"), "192.0.2.1"},
		"caller forged the left part":    {request("127.0.0.1:4000", "1.1.1.1, 192.0.2.1, 10.1.2.3"), "192.0.2.1"},
		"caller forged a header line":    {request("127.0.0.1:4000", "1.1.1.1", "192.0.2.1"), "192.0.2.1"},
		"caller claims to be a proxy":    {request("127.0.0.1:4000", "10.1.9.9, 192.0.2.1"), "192.0.2.1"},
		"everything trusted":             {request("127.0.0.1:4000", "10.1.2.3"), "127.0.0.1"},
		"rubbish next to the proxy":      {request("127.0.0.1:4000", "192.0.2.1, x"), "127.0.0.1"},
		"mapped peer":                    {request("[::ffff:127.0.0.1]:4000", "192.0.2.1"), "192.0.2.1"},
		"IPv6 proxy and caller":          {request("[::1]:4000", "2001:db8::7"), "2001:db8::7"},
		"neighbour of the trusted range": {request("10.2.0.1:4000", "192.0.2.1"), "10.2.0.1"},
		"no address at all":              {request("@"), ""},
	} {
		if got := p.ClientIP(c.r); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestParseTrustedProxies_refusesWhatIsNoNetwork(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "10.0.0.1", "10.0.0.0/33", "proxy.internal"} {
		if _, err := middleware.ParseTrustedProxies([]string{bad}); err == nil {
			t.Errorf("%q: accepted", bad)
		}
	}
}

// subjects sends n requests with random forwarding headers from one socket, and as many from one IPv6 network, and
// answers how many subjects the limits would count for each.
func subjects(n int, clientIP func(*http.Request) string) (socket, network int) {
	random := rand.New(rand.NewPCG(3, 4))
	address := func() string {
		return fmt.Sprintf("%d.%d.%d.%d", 1+random.IntN(222), random.IntN(256), random.IntN(256), random.IntN(256))
	}
	names := []string{
		"X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "X-Forwarded", "X-Cluster-Client-IP",
	}
	count := func(peer func() string) int {
		seen := map[string]bool{}
		for range n {
			r := request(peer())
			for _, name := range names {
				if random.IntN(2) == 0 {
					r.Header.Add(name, address())
				}
			}
			if random.IntN(2) == 0 {
				r.Header.Add("X-Forwarded-For", "127.0.0.1, "+address()+", 127.0.0.1")
			}
			r.Header.Set("Forwarded", "for="+address())
			seen[ratelimit.ByIP(clientIP(r))] = true
		}
		return len(seen)
	}
	socket = count(func() string { return "203.0.113.9:4000" })
	network = count(func() string {
		return fmt.Sprintf("[2001:db8:7:7:%x:%x::%x]:4000", random.IntN(65536), random.IntN(65536), 1+random.IntN(65535))
	})
	return socket, network
}

// TestFigureR3Pure is the pure part of R-3: whatever headers a caller outside the trusted proxies sends, it stays one
// subject, and so does an IPv6 network of 64 bits.
// Seen red by two planted rules: one that believes X-Real-IP, and one that believes X-Forwarded-For from everybody.
func TestFigureR3Pure(t *testing.T) {
	t.Parallel()
	p := proxies(t, "127.0.0.0/8", "::1/128")

	socket, network := subjects(1000, p.ClientIP)

	verdict := "pass"
	if socket != 1 || network != 1 {
		verdict = "fail"
		t.Fail()
	}
	fmt.Printf("FIGURE R-3/pure socket=%d,network=%d %s\n", socket, network, verdict)

	if socket, _ := subjects(100, func(r *http.Request) string {
		if ip := r.Header.Get("X-Real-IP"); ip != "" {
			return ip
		}
		return p.ClientIP(r)
	}); socket == 1 {
		t.Error("planted fault was not noticed: X-Real-IP is believed")
	}
	if socket, _ := subjects(100, proxies(t, "0.0.0.0/0", "::/0")[:1].ClientIP); socket != 1 {
		t.Error("a list that trusts everybody must end at the peer")
	}
	if socket, _ := subjects(100, proxies(t, "127.0.0.0/8", "203.0.113.0/24").ClientIP); socket == 1 {
		t.Error("planted fault was not noticed: X-Forwarded-For of everybody is believed")
	}
}
