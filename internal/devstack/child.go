package devstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	stopLimit  = 15 * time.Second
	stopRepeat = 2 * time.Second // a signal that comes while a program is still starting can be lost: it is sent again
	probePause = 15 * time.Millisecond
)

// program says what a child is and how it ends.
type program struct {
	name  string // of its log file
	path  string
	args  []string
	env   []string // the whole environment, see childEnv
	dir   string
	user  *syscall.Credential // nil keeps the supervisor's own
	stop  syscall.Signal      // asks it to end in order
	death syscall.Signal      // what the kernel sends it when the supervisor is gone
}

// child is a running program. It is safe for concurrent use.
type child struct {
	program
	process  *os.Process
	log      string
	gone     chan struct{} // closed when the process has ended and was collected
	stopping chan struct{} // closed when the end is wanted
}

// spawner starts every child from one thread: the parent-death signal belongs to the thread that forked, and Go ends
// idle threads when it likes.
type spawner struct{ work chan func() }

func newSpawner() *spawner {
	s := &spawner{work: make(chan func())}
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		for f := range s.work {
			f()
		}
	}()
	return s
}

func (s *spawner) start(cmd *exec.Cmd) error {
	result := make(chan error, 1)
	s.work <- func() { result <- cmd.Start() }
	return <-result
}

// close ends the thread. Only after every child has ended: a living one would get its death signal.
func (s *spawner) close() { close(s.work) }

// launch starts a program with its output in logs/<name>.log, keeping the previous log as .log.1. When it ends
// without being asked to, died is called with the reason and the last lines of its log.
func launch(s *spawner, logs string, p program, died func(error)) (*child, error) {
	path := filepath.Join(logs, p.name+".log")
	if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("keeping the previous log of %s: %w", p.name, err)
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the log of %s: %w", p.name, err)
	}
	defer log.Close()                      // the child holds its own descriptor
	cmd := exec.Command(p.path, p.args...) //nolint:noctx // a child outlives the request that started it and is stopped in order
	cmd.Stdout, cmd.Stderr, cmd.Env, cmd.Dir = log, log, p.env, p.dir
	cmd.SysProcAttr = attributes(p.user, p.death)
	if err := s.start(cmd); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	c := &child{program: p, process: cmd.Process, log: path, gone: make(chan struct{}), stopping: make(chan struct{})}
	go func() {
		err := cmd.Wait()
		close(c.gone)
		select {
		case <-c.stopping:
		default:
			died(fmt.Errorf("%s ended by itself (%s)%s", p.name, ending(err), c.tail()))
		}
	}()
	return c, nil
}

func ending(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// end stops the child: its own signal, the same again, and after 15 seconds its whole process group is killed.
// It reports whether the child had to be killed. Call it once.
func (c *child) end() (killed bool) {
	close(c.stopping)
	for _, wait := range []time.Duration{stopRepeat, stopLimit - stopRepeat} {
		_ = c.process.Signal(c.stop) // it may have ended already
		select {
		case <-c.gone:
			return false
		case <-time.After(wait):
		}
	}
	_ = killGroup(c.process.Pid)
	<-c.gone
	return true
}

// ready polls probe until it answers nil. It gives up when the child ends, the context ends or the limit is over.
func (c *child) ready(ctx context.Context, limit time.Duration, probe func(context.Context) error) error {
	err := poll(ctx, limit, c.gone, probe)
	if errors.Is(err, errGone) {
		return fmt.Errorf("%s ended before it was ready%s", c.name, c.tail())
	}
	if errors.Is(err, errLate) {
		return fmt.Errorf("%s: %w%s", c.name, err, c.tail())
	}
	return err
}

var (
	errGone = errors.New("ended before it was ready")
	errLate = errors.New("not ready in time")
)

// poll repeats probe until it answers nil, gone is closed (nil means never), ctx ends or limit is over.
func poll(ctx context.Context, limit time.Duration, gone <-chan struct{}, probe func(context.Context) error) error {
	late := time.NewTimer(limit)
	defer late.Stop()
	for {
		try, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := probe(try)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-gone:
			return errGone
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-late.C:
			return fmt.Errorf("%w (%s): %w", errLate, limit, err)
		case <-time.After(probePause):
		}
	}
}

// tail answers the last lines of the log, ready to be appended to a message.
func (c *child) tail() string {
	const most = 15
	text, err := os.ReadFile(c.log)
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		return "; its log " + c.log + " is empty"
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	return "; the end of " + c.log + ":\n    " + strings.Join(lines, "\n    ")
}

// answers probes an HTTP address: below is the first status that does not count as an answer.
func answers(url string, below int) func(context.Context) error {
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// A connection kept open would hold up the server's orderly end.
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	return func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
		if err != nil {
			return err
		}
		if res.StatusCode >= below {
			return fmt.Errorf("%s answered %d: %s", url, res.StatusCode, strings.TrimSpace(string(body)))
		}
		return nil
	}
}

func killGroup(leader int) error { return syscall.Kill(-leader, syscall.SIGKILL) }
