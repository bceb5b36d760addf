package devstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const postgresVersion = "17.10.0-beta.17"

// postgresPins are npm's own checksums of @embedded-postgres/<platform>, taken when the version was chosen.
var postgresPins = map[string]string{ //nolint:gochecknoglobals // never written
	"linux-x64":    "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
	"linux-arm64":  "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
	"darwin-arm64": "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
	"darwin-x64":   "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
}

// npmPlatform is the name that npm packages of binaries carry for this machine.
func npmPlatform() string {
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	return runtime.GOOS + "-" + arch
}

// binaries is a PostgreSQL installation.
type binaries struct {
	dir    string // of postgres and initdb
	source string // for the table
	major  string // keeps the data folders of two majors apart
}

// findPostgres answers, in this order: an installed 17, the npm package of 17, an installed 16 or 15.
func (s *supervisor) findPostgres(ctx context.Context) (binaries, error) {
	if found, ok := installedPostgres("17"); ok {
		return found, nil
	}
	platform := npmPlatform()
	pack := npmPackage{name: "@embedded-postgres/" + platform, version: postgresVersion, integrity: postgresPins[platform]}
	if !pack.present(s.opts.Cache) {
		step := s.progress.begin("fetching PostgreSQL 17")
		_, err := pack.fetch(ctx, s.opts.Cache, buildEnv(s.opts.Env, nil))
		step.done(err)
	}
	folder, err := pack.fetch(ctx, s.opts.Cache, buildEnv(s.opts.Env, nil))
	if err == nil {
		return binaries{filepath.Join(folder, "native", "bin"), "npm, " + postgresVersion, "17"}, nil
	}
	for _, major := range []string{"16", "15"} {
		if found, ok := installedPostgres(major); ok {
			return found, nil
		}
	}
	return binaries{}, fmt.Errorf("no PostgreSQL: install version 17, or set DATABASE_URL and DATABASE_ADMIN_URL: %w", err)
}

func installedPostgres(major string) (binaries, bool) {
	for _, dir := range []string{
		"/usr/lib/postgresql/" + major + "/bin",
		"/opt/homebrew/opt/postgresql@" + major + "/bin",
		"/usr/local/opt/postgresql@" + major + "/bin",
	} {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return binaries{dir, "installed, " + major, major}, true
		}
	}
	return binaries{}, false
}

// databaseUser answers as whom PostgreSQL runs: as ourselves (nil), or, because it refuses root, as postgres or nobody.
// initdb wants a user that has a line in the password file.
func databaseUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(account.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("reading the account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root and there is no account postgres or nobody")
}

// enterable says whether another user can reach path: every folder above and the path itself must be open to all.
func enterable(path string) bool {
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// cluster is one PostgreSQL data folder and how it is served.
type cluster struct {
	home     string // holds data/, owned by the database's user
	port     int
	password string // of the superuser postgres
	settings []string
}

// superuserURL reaches the database postgres as its superuser.
func (c cluster) superuserURL() string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", c.password),
		Host: address(c.port), Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return u.String()
}

// clusterHome is where the data of a major version lies: in the stack's data folder, or, when that cannot be entered by
// the database's user (a checkout in root's home), beside the downloads under a name made from the data folder.
func (s *supervisor) clusterHome(major string, account *syscall.Credential) (string, error) {
	base := s.opts.Data
	if account != nil && !enterable(base) {
		sum := sha256.Sum256([]byte(base))
		base = filepath.Join(s.opts.Cache, "checkouts", hex.EncodeToString(sum[:6]))
		if err := os.MkdirAll(base, 0o755); err != nil {
			return "", fmt.Errorf("making %s: %w", base, err)
		}
		if !enterable(base) {
			return "", fmt.Errorf("the database's user cannot enter %s: set RESTARTIX_CACHE to a folder that everyone may enter", base)
		}
	}
	return filepath.Join(base, "postgres-"+major), nil
}

// startCluster makes the data folder if it is new, starts the server and waits until it takes a login.
func (s *supervisor) startCluster(ctx context.Context, port int, settings []string) (cluster, binaries, error) {
	c := cluster{port: port, password: s.secret.password("postgres superuser"), settings: settings}
	found, err := s.findPostgres(ctx)
	if err != nil {
		return c, found, err
	}
	account, err := databaseUser()
	if err != nil {
		return c, found, err
	}
	if account != nil && !enterable(found.dir) {
		return c, found, fmt.Errorf("the database's user cannot enter %s: set RESTARTIX_CACHE to a folder that everyone may enter", found.dir)
	}
	if c.home, err = s.clusterHome(found.major, account); err != nil {
		return c, found, err
	}
	env := childEnv(s.opts.Env, map[string]string{"HOME": "/", "TZ": "UTC"})
	if err := c.initialise(ctx, found, account, env); err != nil {
		return c, found, err
	}
	args := []string{
		"-D", filepath.Join(c.home, "data"), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "jit=off",
	}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	server, err := s.launch(layerServices, program{
		name: "postgres", path: filepath.Join(found.dir, "postgres"), args: args, env: env, dir: "/",
		user: account, stop: syscall.SIGINT, death: syscall.SIGINT, // SIGINT is PostgreSQL's fast shutdown
	})
	if err != nil {
		return c, found, err
	}
	return c, found, server.ready(ctx, time.Minute, func(ctx context.Context) error { return canLogin(ctx, c.superuserURL()) })
}

// initialise runs initdb into a folder beside the final one and renames it, so that an interrupted first start repairs
// itself at the next.
func (c cluster) initialise(ctx context.Context, bin binaries, account *syscall.Credential, env []string) error {
	data := filepath.Join(c.home, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return nil
	}
	if err := os.RemoveAll(data + ".part"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing an unfinished data folder: %w", err)
	}
	passwordFile := filepath.Join(c.home, "password")
	if err := os.MkdirAll(c.home, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", c.home, err)
	}
	if err := os.WriteFile(passwordFile, []byte(c.password), 0o600); err != nil {
		return fmt.Errorf("handing the password to initdb: %w", err)
	}
	defer os.Remove(passwordFile)
	if account != nil {
		for _, path := range []string{c.home, passwordFile} {
			if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
				return fmt.Errorf("giving %s to the database's user: %w", path, err)
			}
		}
	}
	locale := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		locale = "C" // macOS has no C.UTF-8; the encoding is UTF8 all the same
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin.dir, "initdb"), "-D", data+".part", "-U", "postgres", "-E", "UTF8",
		"--locale="+locale, "-A", "scram-sha-256", "--pwfile="+passwordFile, "--no-sync")
	cmd.Dir, cmd.Env = "/", env
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := os.Rename(data+".part", data); err != nil {
		return fmt.Errorf("placing the data folder: %w", err)
	}
	return nil
}

func canLogin(ctx context.Context, databaseURL string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}
