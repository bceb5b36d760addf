package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// exitLimit is what the figure gives a process that was told to stop.
const exitLimit = 15 * time.Second

// outcome is what some restarts did to who used the installation meanwhile.
type outcome struct {
	restarts, unclean      int
	slowest                time.Duration
	requests, failed       int
	bookings, jobsLost     int
	streams, told, untold  int
	missing, repeated      int
	resyncs, leastReopened int
}

// met says whether nobody noticed, and that there was something to notice.
func (o outcome) met() bool {
	quiet := o.failed == 0 && o.jobsLost == 0 && o.unclean == 0 && o.slowest <= exitLimit && o.untold == 0 && o.missing == 0 && o.repeated == 0
	return quiet && o.bookings > 0 && o.leastReopened > 0
}

// String is the figure's value.
func (o outcome) String() string {
	return fmt.Sprintf("failed=%d/%d,jobs_lost=%d,bookings=%d,exit=%dms,unclean=%d/%d,streams=%d,told=%d,untold=%d,missed=%d,repeated=%d,resync=%d",
		o.failed, o.requests, o.jobsLost, o.bookings, o.slowest.Milliseconds(), o.unclean, o.restarts, o.streams, o.told, o.untold, o.missing, o.repeated, o.resyncs)
}

// rolling is an installation under load.
type rolling struct {
	*installation
	f         *traffic
	listeners []*listener
	office    *postOffice
	restarts  int
	unclean   int
	slowest   time.Duration
}

// load opens the streams and begins to send; the answered function ends the sending.
func load(t *testing.T, rate, streams int) (*rolling, func()) {
	t.Helper()
	r := &rolling{installation: install(t), office: &postOffice{}}
	r.mail.Before(r.office.take)
	r.f = newTraffic(t, r.installation)
	r.listeners = audience(r.f, streams, r.token("customer_support"))
	listening, hangUp := context.WithCancel(context.WithoutCancel(t.Context()))
	var ears sync.WaitGroup
	for _, l := range r.listeners {
		ears.Go(func() { l.follow(listening) })
	}
	t.Cleanup(func() { hangUp(); ears.Wait() })
	eventually(t, "every stream is open", func() bool { return r.reopened() > 0 })
	return r, r.send(rate)
}

// send sends until the answered function is called, which waits for what has begun.
func (r *rolling) send(rate int) func() {
	sending, stop := context.WithCancel(context.Background())
	sent := make(chan struct{})
	go func() { defer close(sent); r.f.run(sending, rate) }()
	end := func() { stop(); <-sent }
	r.t.Cleanup(end)
	return end
}

func (r *rolling) failed() int {
	_, failed := r.f.numbers()
	return failed
}

// reopened is how often the stream was opened that was opened least.
func (r *rolling) reopened() int {
	least := 1 << 30
	for _, l := range r.listeners {
		l.mu.Lock()
		least = min(least, l.opened)
		l.mu.Unlock()
	}
	return least
}

// restart tells the node's process to stop and starts another once it has.
func (r *rolling) restart(n int) {
	r.t.Helper()
	took, err := r.stop(n, syscall.SIGTERM)
	if err != nil {
		r.unclean++
		r.t.Logf("node %d ended with %v", n, err)
	}
	r.restarts++
	r.slowest = max(r.slowest, took)
	r.start(n, nil)
}

// judge looks at everything once the sending has ended. What is late is waited for as long as patience.
func (r *rolling) judge(patience time.Duration) outcome {
	r.t.Helper()
	o := outcome{restarts: r.restarts, unclean: r.unclean, slowest: r.slowest, streams: len(r.listeners)}
	limit, again := time.After(patience), time.NewTicker(100*time.Millisecond)
	defer again.Stop()
	for waiting := true; waiting; {
		o.jobsLost, o.missing = r.lostJobs(), r.missed()
		select {
		case <-limit:
			waiting = false
		case <-again.C:
			waiting = o.jobsLost+o.missing > 0
		}
	}
	o.requests, o.failed = r.f.numbers()
	o.bookings = len(r.f.accepted())
	o.leastReopened = r.reopened() - 1
	for _, l := range r.listeners {
		l.mu.Lock()
		o.told, o.untold = o.told+l.cuts-l.untold, o.untold+l.untold
		o.repeated, o.resyncs = o.repeated+l.repeated, o.resyncs+l.resyncs
		l.mu.Unlock()
	}
	return o
}

// lostJobs are jobs that are not done, and bookings whose booker got no mail.
func (r *rolling) lostJobs() int {
	r.t.Helper()
	mailed := map[string]bool{}
	for _, m := range r.mail.Received() {
		mailed[m.To] = true
	}
	n := r.unfinished()
	for _, address := range r.f.accepted() {
		if !mailed[address] {
			n++
		}
	}
	return n
}

func (r *rolling) missed() int {
	r.t.Helper()
	visits, n := r.visitIDs(), 0
	for _, l := range r.listeners {
		n += l.missing(visits)
	}
	return n
}

// troubles are the lines of a log that are more than information.
func troubles(log string) string {
	var out []string
	for line := range strings.Lines(log) {
		if !strings.Contains(line, `"level":"INFO"`) {
			out = append(out, line)
		}
	}
	return strings.Join(out[max(0, len(out)-40):], "")
}

// TestFigureO1 is O-1: two processes behind a balancer are restarted in turn, with requests, bookings, holds and streams going on. Nobody's
// request fails, every job is done, each process ends in time and well, and each stream is told to come back and misses nothing then. CI
// restarts four times under 20 reads, bookings and holds a second and 24 streams (printed /short); NIGHTLY=1 does what the figure says. It runs alone,
// because a machine that cannot keep up fails requests too.
// Seen red: a process that is killed and one that stops without notice, at the end, by the same judgement.
// Verifies FND-02 SCH-07
func TestFigureO1(t *testing.T) {
	restarts, rate, streams, suffix := 4, 20, 24, "/short"
	if os.Getenv("NIGHTLY") != "" {
		restarts, rate, streams, suffix = 20, 200, 200, ""
	}
	r, stop := load(t, rate, streams)
	for n := range restarts {
		r.restart(n % 2)
	}
	stop()
	o := r.judge(time.Minute)
	printFigure(t, "O-1"+suffix, o.String(), o.met())
	if t.Failed() {
		t.Log(r.f.failures())
		for _, n := range r.nodes {
			t.Logf("log of %s:\n%s", n.address, troubles(n.log.String()))
		}
	}
	redRestarts(t, r)
}

// redRestarts plants what the figure exists for. A process that is killed cuts its streams without a word and takes its running jobs with
// it. One that closes its door before the balancer has looked refuses what is sent to it.
func redRestarts(t *testing.T, r *rolling) {
	t.Helper()
	good := r.judge(time.Second)
	stop := r.send(20)
	open := r.office.shut()
	eventually(t, "both processes have mails in hand", func() bool { return r.office.waiting() >= 5 }) // each works four at most
	if _, err := r.stop(0, syscall.SIGKILL); err == nil {
		t.Error("red proof: a killed process ended well")
	}
	r.start(0, map[string]string{"DRAIN_NOTICE": "0s"})
	open()
	killed := r.judge(3 * time.Second)
	if killed.met() || killed.untold <= good.untold || killed.jobsLost <= good.jobsLost {
		t.Errorf("red proof: a killed process was not noticed: %s", killed)
	}

	eventually(t, "the balancer has seen both processes", func() bool {
		return r.front.backends[0].up.Load() && r.front.backends[1].up.Load()
	})
	r.front.blind.Store(true)
	if _, err := r.stop(0, syscall.SIGTERM); err != nil {
		t.Errorf("red proof: the process without notice ended with %v", err)
	}
	eventually(t, "a write was refused", func() bool { return strings.Contains(r.f.failures(), "POST") && r.failed() > killed.failed })
	stop()
	if hasty := r.judge(0); hasty.met() || hasty.failed <= killed.failed {
		t.Errorf("red proof: a process without notice was not noticed: %s", hasty)
	}
}
