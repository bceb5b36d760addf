package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/restartix/platform/internal/coreapi"
	"github.com/restartix/platform/internal/mail/mailtest"
)

// lookEvery is how often the balancer asks for /ready: ten times in the default DRAIN_NOTICE.
const lookEvery = 200 * time.Millisecond

// node is one process of the installation, or the place where one was.
type node struct {
	address string
	log     *output
	process *exec.Cmd
	ended   chan error
}

// installation is two processes of the Core API behind a balancer, with one database, one Redis and one mail server.
type installation struct {
	*world
	t      *testing.T
	binary string
	nodes  []*node
	front  *balancer
	mail   *mailtest.Server
	people []coreapi.SignIn
}

// install builds the product, fills a database and starts two processes. They drain as they do by default.
func install(t *testing.T) *installation {
	t.Helper()
	i := &installation{world: newWorld(t), t: t, binary: filepath.Join(t.TempDir(), "api"), mail: mailtest.NewServer(t)}
	if out, err := exec.Command("go", "build", "-o", i.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	delete(i.env, "DRAIN_NOTICE")
	i.env["SMTP_URL"] = "smtp://" + i.mail.Address
	i.people = seeded(t, i.world)
	for range 2 {
		i.nodes = append(i.nodes, &node{address: freeAddress(t), log: &output{}})
	}
	front, handler := newBalancer(t, lookEvery, i.nodes[0].address, i.nodes[1].address)
	i.front = front
	server := httptest.NewServer(handler)
	t.Cleanup(server.CloseClientConnections)
	i.base = server.URL
	for n := range i.nodes {
		i.start(n, nil)
	}
	return i
}

// start runs a process on the node with these variables beside the common ones, and waits until it gets traffic.
func (i *installation) start(n int, extra map[string]string) {
	i.t.Helper()
	one := i.nodes[n]
	env := maps.Clone(i.env)
	maps.Copy(env, extra)
	env["API_ADDR"] = one.address
	cmd := exec.Command(i.binary)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = one.log, one.log
	if err := cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	one.process, one.ended = cmd, ended
	i.t.Cleanup(func() { _ = cmd.Process.Kill() }) // an error says that it has ended
	eventually(i.t, fmt.Sprintf("node %d gets traffic", n), i.front.backends[n].up.Load)
}

// stop signals the node's process and answers how it ended and how long that took.
func (i *installation) stop(n int, how os.Signal) (time.Duration, error) {
	i.t.Helper()
	began := time.Now()
	if err := i.nodes[n].process.Process.Signal(how); err != nil {
		i.t.Fatal(err)
	}
	err := <-i.nodes[n].ended
	return time.Since(began), err
}

// unfinished counts the jobs that follow from a change and are not done.
func (i *installation) unfinished() int {
	i.t.Helper()
	n := 0
	err := i.db.Super(i.t).QueryRow(i.t.Context(),
		"SELECT count(*) FROM river.river_job WHERE (kind LIKE 'event.%' OR kind LIKE 'mail.%') AND state <> 'completed'").Scan(&n)
	if err != nil {
		i.t.Fatal(err)
	}
	return n
}

// visitIDs answers the id of each visit by its reference.
func (i *installation) visitIDs() map[string]string {
	i.t.Helper()
	rows, err := i.db.Super(i.t).Query(i.t.Context(), "SELECT reference, id::text FROM appointments")
	if err != nil {
		i.t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var reference, id string
		if err := rows.Scan(&reference, &id); err != nil {
			i.t.Fatal(err)
		}
		out[reference] = id
	}
	if err := rows.Err(); err != nil {
		i.t.Fatal(err)
	}
	return out
}

// postOffice is how slowly the mail server takes messages, and how many senders wait.
type postOffice struct {
	mu     sync.Mutex
	closed chan struct{}
	inHand int
}

// take keeps each message for a moment, so that some job always runs, and as long as the office is closed.
func (p *postOffice) take(string) {
	p.mu.Lock()
	p.inHand++
	closed := p.closed
	p.mu.Unlock()
	<-time.After(300 * time.Millisecond)
	if closed != nil {
		<-closed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inHand--
}

// shut closes the office until the answered function is called.
func (p *postOffice) shut() (open func()) {
	closed := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = closed
	return func() {
		p.mu.Lock()
		p.closed = nil
		p.mu.Unlock()
		close(closed)
	}
}

func (p *postOffice) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inHand
}

// person finds a demo account.
func (i *installation) person(role string) coreapi.SignIn {
	i.t.Helper()
	for _, p := range i.people {
		if p.Role == role {
			return p
		}
	}
	i.t.Fatalf("the seed has no %s", role)
	return coreapi.SignIn{}
}

// token signs a demo account in through the balancer.
func (i *installation) token(role string) string {
	i.t.Helper()
	status, token, err := signIn(i.world, i.person(role))
	if err != nil || status != http.StatusOK || token == "" {
		i.t.Fatalf("sign in as %s: %d, %v", role, status, err)
	}
	return token
}
