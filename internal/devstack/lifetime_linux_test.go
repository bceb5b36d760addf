package devstack_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/restartix/platform/internal/devstack"
)

// process is a child of a stack, held by a descriptor so that its number cannot be mistaken for a later process.
type process struct {
	pid  int
	name string
	fd   int
}

// childrenOf lists the children of a process as the kernel sees them.
func childrenOf(t *testing.T, parent int) []process {
	t.Helper()
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var found []process
	for _, folder := range folders {
		stat, err := os.ReadFile(filepath.Join(folder, "stat"))
		if err != nil {
			continue // it has ended
		}
		// pid (name) state ppid ...: the name may hold spaces, so the fields are read after its closing bracket.
		head, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			t.Fatal(err)
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			continue
		}
		t.Cleanup(func() { unix.Close(fd) })
		_, name, _ := strings.Cut(head, "(")
		found = append(found, process{pid, name, fd})
	}
	return found
}

// awaitEnd blocks until the process has ended.
func (p process) awaitEnd(t *testing.T) {
	t.Helper()
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, -1)
		if err == nil {
			return
		}
		if err != unix.EINTR {
			t.Fatalf("waiting for %s (%d): %v", p.name, p.pid, err)
		}
	}
}

// canaries are the kinds of secrets that a developer's shell holds.
var canaries = map[string]string{
	"AWS_SECRET_ACCESS_KEY": "canary-5f0c1b", "GITHUB_TOKEN": "canary-8d3e77", "CLERK_SECRET_KEY": "canary-c41a90",
	"PGPASSWORD": "canary-19b2fe", "NPM_TOKEN": "canary-b7720d",
}

// leaks counts, over all processes, the secrets that their environment or command line shows. The Core API is configured
// by its environment: the logins of its own services are meant for it, anything else is a leak there too.
func leaks(t *testing.T, processes []process, foreign, services []string) (count int, where []string) {
	t.Helper()
	for _, p := range processes {
		environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", p.pid))
		if err != nil {
			t.Fatalf("reading the environment of %s: %v", p.name, err)
		}
		cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.pid))
		if err != nil {
			t.Fatalf("reading the command line of %s: %v", p.name, err)
		}
		hidden := foreign
		if p.name != "api" {
			hidden = slices.Concat(foreign, services)
		}
		for _, secret := range hidden {
			if strings.Contains(string(environ), secret) || strings.Contains(string(cmdline), secret) {
				count++
				where = append(where, p.name)
			}
		}
	}
	return count, where
}

// serviceSecrets reads what the running stack hands to the Core API.
func serviceSecrets(t *testing.T, root string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".data", devstack.UpEnvFile))
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		value = strings.Trim(value, "'")
		if name == "S3_SECRET_KEY" {
			secrets = append(secrets, value)
		}
		if _, login, ok := strings.Cut(value, "://"); ok && strings.HasPrefix(name, "DATABASE_") {
			_, rest, _ := strings.Cut(login, ":")
			password, _, _ := strings.Cut(rest, "@")
			secrets = append(secrets, password)
		}
	}
	base, err := os.ReadFile(filepath.Join(root, ".data", "secret"))
	if err != nil {
		t.Fatal(err)
	}
	return append(secrets, string(base))
}

// The whole stack, ended by SIGTERM and by kill -9: no child is left. While it runs, X-5 is measured over all its
// children. The red proof plants the fault that X-5 is about, a child that inherits the whole environment, and the same
// count must then be above zero.
func TestUp_leavesNoChildAndShowsNoSecret(t *testing.T) {
	t.Parallel()
	var env, foreign []string
	for name, value := range canaries {
		env, foreign = append(env, name+"="+value), append(foreign, value)
	}
	root, ports := checkout(t), freePorts(t)

	first := startStack(t, stackOrder{Root: root, Ports: ports}, env...)
	children := childrenOf(t, first.cmd.Process.Pid)
	var names []string
	for _, p := range children {
		names = append(names, p.name)
	}
	for _, want := range []string{"postgres", "redis-server", "api", "telemetry"} {
		if !slices.Contains(names, want) {
			t.Errorf("children are %v: %s is missing", names, want)
		}
	}
	if len(children) != 7 {
		t.Errorf("children are %v, want 7", names)
	}
	services := serviceSecrets(t, root)
	if len(services) != 5 {
		t.Fatalf("found %d secrets of the services, want 5", len(services))
	}
	count, where := leaks(t, children, foreign, services)
	verdict := "pass"
	if count > 0 {
		verdict = "fail"
		t.Errorf("secrets show in %v", where)
	}
	fmt.Printf("FIGURE X-5 %d %s\n", count, verdict)

	second := devstack.Up(t.Context(), devstack.Options{Root: root, Ports: ports, Out: &strings.Builder{}, Now: clock, Env: map[string]string{}})
	if second == nil || !strings.Contains(second.Error(), fmt.Sprintf("already running in this checkout (process %d)", first.cmd.Process.Pid)) {
		t.Errorf("a second start answered %v", second)
	}

	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := first.wait(); code != 0 {
		t.Errorf("after SIGTERM the exit code is %d: %s", code, first.stderr)
	}
	for _, p := range children {
		p.awaitEnd(t)
	}

	again := startStack(t, stackOrder{Root: root, Ports: ports}, env...)
	children = childrenOf(t, again.cmd.Process.Pid)
	if len(children) != 7 {
		t.Errorf("the second start has %d children, want 7", len(children))
	}
	if err := again.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	again.wait()
	for _, p := range children {
		p.awaitEnd(t)
	}

	third := startStack(t, stackOrder{Root: root, Ports: ports}, env...) // nothing blocks the next start
	if err := third.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := third.wait(); code != 0 {
		t.Errorf("after an interrupt the exit code is %d: %s", code, third.stderr)
	}
}

func TestUp_secretCheckSeesAPlantedLeak(t *testing.T) {
	t.Parallel()
	root := checkout(t)
	var foreign []string
	planted := os.Environ() // the fault: a child that is given everything
	for name, value := range canaries {
		planted, foreign = append(planted, name+"="+value), append(foreign, value)
	}

	child := startProgram(t, filepath.Join(root, "bin", "telemetry"), root, append(planted, "TELEMETRY_ADDR="+freeAddress(t)))
	count, _ := leaks(t, []process{{pid: child.Pid, name: "telemetry"}}, foreign, nil)

	if count != len(canaries) {
		t.Errorf("the check found %d of %d planted secrets", count, len(canaries))
	}
}

func TestUp_endsWhenAChildEnds(t *testing.T) {
	t.Parallel()
	s := startStack(t, stackOrder{Root: checkout(t), Only: []string{"redis", "telemetry"}, Ports: freePorts(t)})
	children := childrenOf(t, s.cmd.Process.Pid)
	victim := slices.IndexFunc(children, func(p process) bool { return p.name == "redis-server" })
	if victim < 0 {
		t.Fatal("there is no Redis to kill")
	}

	if err := unix.PidfdSendSignal(children[victim].fd, unix.SIGKILL, nil, 0); err != nil {
		t.Fatal(err)
	}

	if code := s.wait(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	for _, want := range []string{"redis ended by itself (signal: killed)", "redis.log", "Ready to accept connections"} {
		if !strings.Contains(s.stderr.String(), want) {
			t.Errorf("the message lacks %q: %s", want, s.stderr)
		}
	}
	for _, p := range children {
		p.awaitEnd(t)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(freePorts(t).API))
}

// startProgram runs a program until the test ends.
func startProgram(t *testing.T, path, dir string, env []string) *os.Process {
	t.Helper()
	p, err := os.StartProcess(path, []string{path}, &os.ProcAttr{Dir: dir, Env: env})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Kill()
		_, _ = p.Wait()
	})
	return p
}
