package devstack_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/restartix/platform/internal/devstack"
)

// stackVariable makes the test binary run a stack instead of the tests, so that tests can kill it.
const stackVariable = "DEVSTACK_TEST_STACK"

// TestMain lets this binary also stand for the programs of a stack: under the name api or telemetry it is a server, and
// with stackVariable it is the supervisor.
func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case name == "api" || name == "telemetry":
		os.Exit(standIn(name))
	case os.Getenv(stackVariable) != "":
		os.Exit(superviseForTest())
	default:
		os.Exit(m.Run())
	}
}

// standIn answers its environment at every path, on the address that it names. It ends by itself when the checkout holds a file
// called crash.
func standIn(name string) int {
	if _, err := os.Stat("crash"); err == nil {
		fmt.Fprintln(os.Stderr, "the stand-in crashes as planted")
		return 3
	}
	addr := os.Getenv(map[string]string{"api": "API_ADDR", "telemetry": "TELEMETRY_ADDR"}[name])
	server := &http.Server{Addr: addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Join(os.Environ(), "\n"))
	})}
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer release()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	_ = server.ListenAndServe()
	return 0
}

// stackOrder is what a test asks the supervisor process for.
type stackOrder struct {
	Root  string
	Only  []string
	Ports devstack.Ports
}

func superviseForTest() int {
	var order stackOrder
	if err := json.Unmarshal([]byte(os.Getenv(stackVariable)), &order); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	err := devstack.Up(ctx, devstack.Options{
		Root: order.Root, Only: order.Only, Ports: order.Ports, Env: devstack.EnvironMap(os.Environ()),
		Out: os.Stdout, Now: time.Now,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// stack is a supervisor process under test.
type stack struct {
	cmd    *exec.Cmd
	root   string
	ports  devstack.Ports
	lines  *bufio.Scanner
	stderr *strings.Builder
}

// startStack runs a supervisor with an environment of its own and returns when it has printed its table.
func startStack(t *testing.T, order stackOrder, env ...string) *stack {
	t.Helper()
	text, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	s := &stack{root: order.Root, ports: order.Ports, stderr: &strings.Builder{}}
	s.cmd = exec.CommandContext(t.Context(), os.Args[0])
	s.cmd.Env = append(os.Environ(), append(env, stackVariable+"="+string(text))...)
	s.cmd.Stderr = s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewScanner(out)
	for s.lines.Scan() {
		if strings.HasPrefix(s.lines.Text(), "Ready in") {
			return s
		}
	}
	_ = s.cmd.Wait()
	t.Fatalf("the stack did not start: %s", s.stderr)
	return nil
}

// wait lets the supervisor end and answers its exit code.
func (s *stack) wait() int {
	for s.lines.Scan() { // the pipe must be read to its end before Wait closes it
	}
	_ = s.cmd.Wait()
	return s.cmd.ProcessState.ExitCode()
}

// checkout makes a folder that looks like a built checkout: the APIs are this test binary, the apps are small servers.
// Everyone may enter it, because the database runs as another user.
func checkout(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Chmod(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "scripts", "localhost-dns.cjs"), "")
	for _, app := range []string{"clinic", "portal", "console"} {
		write(t, filepath.Join(root, "apps", app, ".next", "standalone", "apps", app, "server.js"),
			`require("node:http").createServer((q, a) => a.end("app")).listen(process.env.PORT, process.env.HOSTNAME);`)
	}
	if err := os.MkdirAll(filepath.Join(root, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"api", "telemetry"} {
		if err := os.Symlink(self, filepath.Join(root, "bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// freePorts gives every part a port that nobody holds.
func freePorts(t *testing.T) devstack.Ports {
	t.Helper()
	ports, err := devstack.FreePorts(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return devstack.Ports{
		API: ports[0], Telemetry: ports[1], Clinic: ports[2], Portal: ports[3], Console: ports[4],
		Postgres: ports[5], Redis: ports[6], S3: ports[7], SMTP: ports[8], Inbox: ports[9],
	}
}

// runUp runs a stack inside the test until stop is called; stop answers what Up returned. opts.Out may be nil; it is not
// to be read before stop has returned.
func runUp(t *testing.T, opts devstack.Options) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	shown := io.Discard
	if opts.Out != nil {
		shown = opts.Out
	}
	opts.Out, opts.Now = io.MultiWriter(writer, shown), time.Now
	if opts.Env == nil {
		opts.Env = devstack.EnvironMap(os.Environ())
	}
	result := make(chan error, 1)
	go func() {
		err := devstack.Up(ctx, opts)
		_ = writer.Close()
		result <- err
	}()
	lines := bufio.NewScanner(reader)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ready in") {
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	stop = func() error {
		cancel()
		return <-result
	}
	select {
	case err := <-result:
		cancel()
		t.Fatalf("the stack did not start: %v", err)
	default:
	}
	return stop
}
