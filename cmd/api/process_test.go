package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/postgres/pgtest"
	"github.com/restartix/platform/internal/redisdb/redistest"
	"github.com/restartix/platform/internal/seal"
)

// output collects what the process logs while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// cable is a TCP connection to PostgreSQL that can be pulled: while it is cut every open connection ends and every new one is closed.
type cable struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]bool
}

func newCable(t *testing.T, target string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, target: target, open: map[net.Conn]bool{}}
	go c.serve()
	t.Cleanup(func() { _ = l.Close(); c.pull() })
	return c
}

func (c *cable) serve() {
	for {
		in, err := c.listener.Accept()
		if err != nil {
			return
		}
		go c.join(in)
	}
}

func (c *cable) join(in net.Conn) {
	out, err := net.Dial("tcp", c.target)
	if err != nil || !c.keep(in, out) {
		_ = in.Close()
		return
	}
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
	_, _ = io.Copy(in, out) // ends when either side hangs up, which is what a cable does
	_ = in.Close()
}

func (c *cable) keep(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range conns {
		if c.cut {
			_ = conn.Close()
			continue
		}
		c.open[conn] = true
	}
	return !c.cut
}

func (c *cable) pull() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = true
	for conn := range c.open {
		_ = conn.Close()
		delete(c.open, conn)
	}
}

func (c *cable) plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = false
}

// world is a Core API process with everything that it depends on.
type world struct {
	db      *pgtest.Database
	cable   *cable
	redis   *redistest.Server
	storage *httptest.Server
	keys    string
	env     map[string]string
	log     *output
	base    string
	stop    context.CancelFunc
	ended   chan error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{db: pgtest.New(t), redis: redistest.Start(t), keys: t.TempDir(), log: &output{}}
	u, err := url.Parse(w.db.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	w.cable = newCable(t, u.Host)
	w.storage = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusOK) }))
	t.Cleanup(w.storage.Close)
	through := func(raw string) string { return strings.Replace(raw, u.Host, w.cable.listener.Addr().String(), 1) }
	writeKey(t, filepath.Join(w.keys, "seal.json"), seal.Generate)
	writeKey(t, filepath.Join(w.keys, "audit.json"), audit.GenerateKeys)
	w.env = map[string]string{
		"APP_ENV": "test", "DATABASE_URL": through(w.db.AppURL), "DATABASE_ADMIN_URL": through(w.db.AdminURL), "DATABASE_JOBS_URL": through(w.db.JobsURL),
		"REDIS_URL": w.redis.URL, "S3_ENDPOINT": w.storage.URL, "S3_ACCESS_KEY": "test", "S3_SECRET_KEY": "test", "SMTP_URL": "smtp://127.0.0.1:1",
		"SEAL_KEYS": filepath.Join(w.keys, "seal.json"), "AUDIT_KEYS": filepath.Join(w.keys, "audit.json"), "APP_SCHEME": "http", "API_ADDR": freeAddress(t),
		"DRAIN_NOTICE": "100ms",
	}
	w.base = "http://" + w.env["API_ADDR"]
	return w
}

func writeKey(t *testing.T, file string, generate func(time.Time) ([]byte, error)) {
	t.Helper()
	doc, err := generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (w *world) environ() []string {
	var out []string
	for k, v := range w.env {
		out = append(out, k+"="+v)
	}
	return out
}

// start runs the process until the test ends and waits until it listens.
func (w *world) start(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	w.stop, w.ended = stop, make(chan error, 1)
	go func() { w.ended <- run(ctx, w.environ(), w.log) }()
	t.Cleanup(func() {
		stop()
		if err := <-w.ended; err != nil && !t.Failed() {
			t.Errorf("process ended with %v", err)
		}
	})
	eventually(t, "the process listens", func() bool { status, _ := w.get(t, "/live"); return status == http.StatusOK })
}

// end waits for the process and leaves its result for the cleanup.
func (w *world) end(t *testing.T) error {
	t.Helper()
	err := <-w.ended
	w.ended <- nil
	return err
}

// probe is the answer of the three health addresses.
type probe struct {
	Status  string            `json:"status"`
	Version string            `json:"version"`
	Checks  map[string]string `json:"checks"`
	Schema  int64             `json:"migrations"`
}

// get answers status 0 while nobody listens.
func (w *world) get(t *testing.T, path string) (int, probe) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(w.base + path)
	if err != nil {
		return 0, probe{}
	}
	defer func() { _ = r.Body.Close() }()
	var p probe
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		t.Errorf("%s does not decode: %v", path, err)
	}
	return r.StatusCode, p
}

// eventually asks again until the answer is yes; a minute is what a monitor is given (figure O-7).
func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	limit := time.After(time.Minute)
	for !ask() {
		select {
		case <-limit:
			t.Fatalf("a minute passed and it is not so that %s", what)
		case <-again.C:
		}
	}
}
