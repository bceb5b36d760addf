package devstack

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// progress shows what takes long: on a terminal one living line with the elapsed seconds of everything under way, else
// one line at the start and one at the end of each step. It is safe for concurrent use.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	mu     sync.Mutex
	active []*step
	shown  int // columns of the living line
	stop   chan struct{}
}

type step struct {
	progress *progress
	name     string
	began    time.Time
}

func newProgress(out io.Writer, terminal bool, now func() time.Time) *progress {
	p := &progress{out: out, terminal: terminal, now: now, stop: make(chan struct{})}
	if terminal {
		go p.animate()
	}
	return p
}

// begin shows a step that is expected to take more than a moment; the caller ends it with done.
func (p *progress) begin(name string) *step {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &step{progress: p, name: name, began: p.now()}
	p.active = append(p.active, s)
	if p.terminal {
		p.redraw()
	} else {
		fmt.Fprintf(p.out, "%s ...\n", name)
	}
	return s
}

// done ends the step with its time; a step that failed ends without a line, because the error follows.
func (s *step) done(err error) {
	p := s.progress
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active = slices.DeleteFunc(p.active, func(other *step) bool { return other == s })
	p.erase()
	if err == nil {
		fmt.Fprintf(p.out, "%s: %s\n", s.name, seconds(p.now().Sub(s.began)))
	}
	p.redraw()
}

// print writes whole lines above the living line.
func (p *progress) print(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintln(p.out, strings.TrimRight(text, "\n"))
	p.redraw()
}

// close ends the animation.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.active = nil
	close(p.stop)
}

func (p *progress) animate() {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
			p.mu.Lock()
			p.redraw()
			p.mu.Unlock()
		}
	}
}

// redraw writes the living line over the old one.
func (p *progress) redraw() {
	if !p.terminal || len(p.active) == 0 {
		return
	}
	words := make([]string, len(p.active))
	for i, s := range p.active {
		words[i] = fmt.Sprintf("%s %d s", s.name, int(p.now().Sub(s.began).Seconds()))
	}
	line := strings.Join(words, " · ")
	if runes := []rune(line); len(runes) > 78 {
		line = string(runes[:77]) + "…"
	}
	p.erase()
	fmt.Fprint(p.out, line)
	p.shown = len([]rune(line))
}

func (p *progress) erase() {
	if p.shown > 0 {
		fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}

func seconds(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
}
