package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/live"
	"github.com/restartix/platform/internal/redisdb"
)

// instance is one Core API process of the operating system.
type instance struct {
	w       *world
	binary  string
	address string
	cmd     *exec.Cmd
}

func buildAPI(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "core-api")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// start runs the process until stop; the test's end kills one that is left.
func (i *instance) start(t *testing.T) {
	t.Helper()
	i.cmd = exec.Command(i.binary)
	i.cmd.Env = append(i.w.environ(), "API_ADDR="+i.address)
	i.cmd.Stdout, i.cmd.Stderr = i.w.log, i.w.log
	if err := i.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd := i.cmd
	t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// stop sends SIGTERM and answers how long the process took, and its error.
func (i *instance) stop(t *testing.T) (time.Duration, error) {
	t.Helper()
	began := time.Now()
	if err := i.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := i.cmd.Wait()
	return time.Since(began), err
}

var callers atomic.Uint32 //nolint:gochecknoglobals // every request of the figure comes from another address

// caller is an address of its own for every request, so that the figure does not measure the limits.
func caller() string {
	n := callers.Add(1)
	return fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

// traffic is requests at a steady rate, and streams that come back.
type traffic struct {
	base                           string
	org, specialist                string
	client                         *http.Client
	sent, failed, posted, streamed atomic.Int64
	reconnects, gaps, ends         atomic.Int64
	wg                             sync.WaitGroup
}

// load sends requests at the rate until ctx ends; every twentieth orders a mail, which is a job.
func (f *traffic) load(ctx context.Context, perSecond int) {
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f.wg.Go(func() { f.send(context.WithoutCancel(ctx), n) })
	}
}

func (f *traffic) send(ctx context.Context, n int) {
	method, path, body := http.MethodGet, "/v1/public/organizations/resolve?slug="+f.org, ""
	if n%20 == 0 {
		method, path, body = http.MethodPost, "/v1/auth/password/forgot", fmt.Sprintf(`{"email":"nobody-%d@example.test"}`, n)
	}
	r, err := http.NewRequestWithContext(ctx, method, f.base+path, strings.NewReader(body))
	if err != nil {
		f.failed.Add(1)
		return
	}
	r.Header.Set("X-Forwarded-For", caller())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	f.sent.Add(1)
	answer, err := f.client.Do(r)
	if err != nil || answer.StatusCode >= 300 {
		f.failed.Add(1)
	}
	if err == nil {
		_ = answer.Body.Close()
	}
}
