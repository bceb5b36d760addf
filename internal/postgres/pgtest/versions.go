package pgtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// olderBinaries is where Debian keeps the oldest PostgreSQL that the product runs on.
const olderBinaries = "/usr/lib/postgresql/15/bin"

// Instance is one PostgreSQL server that the isolation figures run on.
type Instance struct {
	// Version is the major version, for example "17".
	Version string
	// URL is the superuser's address.
	URL string
}

// older is the server that this process started for itself, if any test asked for it.
type older struct {
	start sync.Once
	url   string
	err   error
	stop  func()
}

//nolint:gochecknoglobals // one server per test process: starting PostgreSQL for every test would take seconds each.
var second older

// Main runs a package's tests and then stops the server that Versions may have started. Use it as the package's TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if second.stop != nil {
		second.stop()
	}
	return code
}

// Versions answers the servers of every supported version at hand: TEST_DATABASE_URL, and the older one of
// TEST_DATABASE_URL_15 or else of the installed PostgreSQL 15, which is started for this process. The package needs Main.
func Versions(t testing.TB) []Instance {
	t.Helper()
	all := []Instance{instance(t, Server(t))}
	url := os.Getenv("TEST_DATABASE_URL_15")
	if url == "" {
		if _, err := os.Stat(filepath.Join(olderBinaries, "postgres")); err != nil {
			t.Logf("no PostgreSQL 15 here: set TEST_DATABASE_URL_15 to run the figure on it too")
			return all
		}
		second.start.Do(func() { second.url, second.stop, second.err = startOlder() })
		if second.err != nil {
			t.Fatalf("start PostgreSQL 15: %v", second.err)
		}
		url = second.url
	}
	return append(all, instance(t, url))
}

func instance(t testing.TB, url string) Instance {
	t.Helper()
	conn := Connect(t, url)
	var version string
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('server_version_num')::int / 10000").Scan(&version); err != nil {
		t.Fatalf("ask for the version: %v", err)
	}
	return Instance{Version: version, URL: url}
}

// startOlder makes a throw-away cluster on a free loopback port. It is tied to this process by a pipe: when the process ends, in
// whatever way, the shell reads the end of its input, stops the server and removes the files.
func startOlder() (url string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "restartix-pg15-")
	if err != nil {
		return "", nil, fmt.Errorf("make directory: %w", err)
	}
	identity, err := unprivileged(dir)
	if err != nil {
		return "", nil, err
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	secret := filepath.Join(dir, "secret")
	initdb := exec.Command("/bin/sh", "-c", `printf %s "$3" > "$2" && exec "$0/initdb" -D "$1" -U postgres -A scram-sha-256 --pwfile="$2" -E UTF8 --locale=C.UTF-8 --no-sync`,
		olderBinaries, data, secret, rolePassword)
	initdb.SysProcAttr, initdb.Dir = identity, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	server := exec.Command("/bin/sh", "-c", `"$0/postgres" -D "$1/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c jit=off -c max_connections=100 >"$1/log" 2>&1 </dev/null & pid=$!; cat >/dev/null; kill -INT "$pid"; wait "$pid"; rm -rf "$1"`,
		olderBinaries, dir, strconv.Itoa(port))
	server.SysProcAttr, server.Dir = identity, "/"
	leash, err := server.StdinPipe()
	if err != nil {
		return "", nil, fmt.Errorf("make pipe: %w", err)
	}
	if err := server.Start(); err != nil {
		return "", nil, fmt.Errorf("start server: %w", err)
	}
	stop = func() { release(leash, server) }
	url = fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres?sslmode=disable", rolePassword, port)
	if err := answering(url); err != nil {
		stop()
		return "", nil, err
	}
	return url, stop, nil
}

func release(leash io.Closer, server *exec.Cmd) {
	_ = leash.Close()
	_ = server.Wait()
}

// unprivileged gives the directory to a user that is not root, because PostgreSQL refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("find an unprivileged user: %w", err)
		}
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if uidErr != nil || gidErr != nil {
		return nil, fmt.Errorf("user %s has no numeric id", u.Username)
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return nil, fmt.Errorf("give directory away: %w", err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a port: %w", err)
	}
	defer func() { _ = l.Close() }()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("find a port: unexpected address %s", l.Addr())
	}
	return addr.Port, nil
}

// answering asks until the server accepts a connection, at most 30 seconds.
func answering(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for PostgreSQL 15: %w", err)
		case <-again.C:
		}
	}
}

// moduleRoot is the directory of go.mod above the running test, which starts in its package's directory.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("ask for the directory: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir || strings.TrimSpace(up) == "" {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
