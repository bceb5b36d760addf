package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// backend is one process as the balancer sees it.
type backend struct {
	address string
	up      atomic.Bool
}

// balancer hands requests to those of its processes that said last that they are ready, in turn. Like HAProxy with redispatch it tries
// another one when a connection was refused, which is before any byte was sent, and only where doing it twice does no harm.
type balancer struct {
	backends []*backend
	turn     atomic.Uint64
	// blind stops the looks at /ready: what was up stays up.
	blind     atomic.Bool
	transport http.Transport
}

func newBalancer(t *testing.T, every time.Duration, addresses ...string) (*balancer, http.Handler) {
	t.Helper()
	b := &balancer{transport: http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(func() { stop(); b.transport.CloseIdleConnections() })
	for _, address := range addresses {
		one := &backend{address: address}
		b.backends = append(b.backends, one)
		go b.watch(ctx, one, every)
	}
	return b, &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] },
		Transport: b, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0),
	}
}

// watch looks at one process until ctx ends.
func (b *balancer) watch(ctx context.Context, one *backend, every time.Duration) {
	look := time.NewTicker(every)
	defer look.Stop()
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for ctx.Err() == nil {
		if !b.blind.Load() {
			r, err := client.Get("http://" + one.address + "/ready")
			if !b.blind.Load() { // a look that had begun says nothing any more
				one.up.Store(err == nil && r.StatusCode == http.StatusOK)
			}
			if err == nil {
				_ = r.Body.Close() // the status is all that matters
			}
		}
		select {
		case <-ctx.Done():
		case <-look.C:
		}
	}
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	first, err := int(b.turn.Add(1)), errors.New("no process is ready")
	for i := range b.backends {
		one := b.backends[(first+i)%len(b.backends)]
		if !one.up.Load() {
			continue
		}
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host = "http", one.address
		var answer *http.Response
		if answer, err = b.transport.RoundTrip(out); err == nil {
			return answer, nil
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || r.Method == http.MethodPost || r.Method == http.MethodPatch {
			return nil, err
		}
	}
	return nil, err
}
