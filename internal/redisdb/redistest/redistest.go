// Package redistest gives a test a real Redis: the one at TEST_REDIS_URL in a key space of its own, or a server that
// the test starts for itself. A machine without Redis fails the test; nothing is skipped.
package redistest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/redisdb"
)

// New answers a client with a private key prefix. After the test every key under it must have a time to live; keys
// without one fail the test and are named. Then they are deleted.
func New(t testing.TB) *redisdb.Client {
	t.Helper()
	address := os.Getenv("TEST_REDIS_URL")
	if address == "" {
		address = Start(t).URL
	}
	return Open(t, address)
}

// Open is New on a given server.
func Open(t testing.TB, address string) *redisdb.Client {
	t.Helper()
	client, err := redisdb.OpenWithPrefix(address, redisdb.Prefix+"test:"+uuid.NewString()+":")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Healthy(t.Context()); err != nil {
		t.Fatalf("no Redis for the test: %v", err)
	}
	t.Cleanup(func() {
		for _, key := range sweep(t, client) {
			t.Errorf("redis key %q has no time to live", key)
		}
		if err := client.Close(); err != nil {
			t.Errorf("closing redis: %v", err)
		}
	})
	return client
}

// sweep deletes all keys of the client's prefix and answers those that would have stayed for ever.
func sweep(t testing.TB, client *redisdb.Client) []string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var eternal []string
	keys := client.Scan(ctx, 0, client.Key("*"), 1000).Iterator()
	for keys.Next(ctx) {
		ttl, err := client.PTTL(ctx, keys.Val()).Result()
		if err != nil {
			t.Errorf("asking for a time to live: %v", err)
		}
		if ttl == -1 {
			eternal = append(eternal, keys.Val())
		}
		if err := client.Del(ctx, keys.Val()).Err(); err != nil {
			t.Errorf("deleting test key: %v", err)
		}
	}
	if err := keys.Err(); err != nil && !stopped(err) {
		t.Errorf("listing test keys: %v", err)
	}
	return eternal
}

// stopped tells a server that the test itself has stopped from one that misbehaves.
func stopped(err error) bool {
	return strings.Contains(err.Error(), "connection refused")
}

// Server is a Redis of the test's own, for tests that need it to go away.
type Server struct {
	URL string

	port    string
	process *exec.Cmd
}

// Start runs redis-server on a free loopback port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	for range 5 { // another process may take the port between asking and using it
		s := &Server{port: freePort(t)}
		s.URL = "redis://127.0.0.1:" + s.port
		if s.run(t) {
			t.Cleanup(func() { s.Stop(t) })
			return s
		}
	}
	t.Fatal("redis-server did not start")
	return nil
}

// Stop kills the server at once, as a crash would. Stopping twice does nothing.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Kill(); err != nil {
		t.Errorf("stopping redis-server: %v", err)
	}
	_ = s.process.Wait() // answers "killed"
	s.process = nil
}

// Restart brings a stopped server back at the same address, empty.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if !s.run(t) {
		t.Fatal("redis-server did not come back")
	}
}

func (s *Server) run(t testing.TB) bool {
	t.Helper()
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	cmd := exec.Command("redis-server", "--bind", "127.0.0.1", "--port", s.port, "--save", "", "--appendonly", "no", "--dir", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting redis-server (install it or set TEST_REDIS_URL): %v", err)
	}
	ready := false
	lines := bufio.NewScanner(out)
	for !ready && lines.Scan() {
		ready = strings.Contains(lines.Text(), "eady to accept connections")
	}
	if !ready {
		_ = cmd.Wait()
		return false
	}
	go func() { // so that the server never blocks on its log; ends with the process
		for lines.Scan() {
		}
	}()
	s.process = cmd
	return true
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port) //nolint:errcheck // a TCP listener has no other address
}
