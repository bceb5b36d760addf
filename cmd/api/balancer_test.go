package main

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// lookEvery is how often the balancer asks each process whether it is ready.
const lookEvery = 200 * time.Millisecond

// balancer shares requests among processes that say they are ready. It never sends a request twice, so that whatever a process
// refuses is seen.
type balancer struct {
	targets []*url.URL
	ready   []atomic.Bool
	next    atomic.Uint64
	failed  atomic.Int64
	proxy   *httputil.ReverseProxy
}

func newBalancer(t *testing.T, addresses ...string) *balancer {
	t.Helper()
	b := &balancer{ready: make([]atomic.Bool, len(addresses))}
	for _, a := range addresses {
		b.targets = append(b.targets, &url.URL{Scheme: "http", Host: a})
	}
	b.proxy = &httputil.ReverseProxy{
		Transport: &http.Transport{MaxIdleConnsPerHost: 300, ResponseHeaderTimeout: 30 * time.Second},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(b.pick())
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			if r.Context().Err() == nil { // else the client hung up
				b.failed.Add(1)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	for i := range addresses {
		go b.watch(t.Context(), i)
	}
	return b
}

// watch looks at one process until the test ends.
func (b *balancer) watch(ctx context.Context, i int) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.targets[i].JoinPath("ready").String(), nil)
		if err != nil {
			return
		}
		answer, err := client.Do(req)
		if err == nil {
			_ = answer.Body.Close()
		}
		b.ready[i].Store(err == nil && answer.StatusCode == http.StatusOK)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// pick takes the ready processes in turn, any when none is.
func (b *balancer) pick() *url.URL {
	n := b.next.Add(1)
	for i := range uint64(len(b.targets)) {
		if at := (n + i) % uint64(len(b.targets)); b.ready[at].Load() {
			return b.targets[at]
		}
	}
	return b.targets[n%uint64(len(b.targets))]
}

// ServeHTTP implements http.Handler.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.proxy.ServeHTTP(w, r) }
