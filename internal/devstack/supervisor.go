package devstack

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
)

// layer orders the end of a stack: the highest ends first, the parts of one layer end together.
type layer int

const (
	layerServices layer = iota
	layerAPIs
	layerApps
	layers // how many there are
)

// supervisor owns everything that a running stack has started. It is safe for concurrent use.
type supervisor struct {
	opts     Options
	secret   secret
	progress *progress
	spawner  *spawner
	fail     context.CancelCauseFunc // ends the stack with a reason

	mu      sync.Mutex
	ended   bool
	endings [layers][]func()
}

// supervise runs work under a lock of the data folder and afterwards ends what it started. The context of work ends when
// ctx does or when a child ends by itself. A stack that was asked to stop answers nil.
func supervise(ctx context.Context, opts Options, what string, work func(context.Context, *supervisor) error) error {
	opts, err := opts.complete()
	if err != nil {
		return err
	}
	held, err := acquire(filepath.Join(opts.Data, what+".lock"), "restartix "+what)
	if err != nil {
		return err
	}
	defer held.release()
	key, err := loadSecret(opts.Data)
	if err != nil {
		return err
	}
	run, fail := context.WithCancelCause(ctx)
	s := &supervisor{
		opts: opts, secret: key, fail: fail, spawner: newSpawner(),
		progress: newProgress(opts.Out, opts.Terminal, opts.Now),
	}
	err = work(run, s)
	cause := context.Cause(run)
	fail(nil)
	s.progress.close()
	s.end()
	s.spawner.close()
	switch {
	case cause == nil:
		return err
	case ctx.Err() != nil && errors.Is(cause, context.Cause(ctx)):
		return nil // it was asked to stop
	default:
		// The reason why the run ended says more than "context canceled" of whatever was under way.
		return cause
	}
}

// wait blocks until the stack is asked to stop or a child ends by itself.
func (s *supervisor) wait(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// launch starts a child that belongs to the stack: it is ended with it, and its own end ends the stack.
func (s *supervisor) launch(at layer, p program) (*child, error) {
	c, err := launch(s.spawner, filepath.Join(s.opts.Data, "logs"), p, s.fail)
	if err != nil {
		return nil, err
	}
	s.atEnd(at, func() {
		if c.end() {
			s.progress.print(fmt.Sprintf("%s did not stop in %s and was killed", p.name, stopLimit))
		}
	})
	return c, nil
}

// atEnd registers what takes a part down. A part that registers while the stack already ends is taken down at once.
func (s *supervisor) atEnd(at layer, f func()) {
	s.mu.Lock()
	late := s.ended
	if !late {
		s.endings[at] = append(s.endings[at], f)
	}
	s.mu.Unlock()
	if late {
		f()
	}
}

// end takes the layers down from the top, each before the one it stands on.
func (s *supervisor) end() {
	s.mu.Lock()
	s.ended = true
	endings := s.endings
	s.mu.Unlock()
	for at := len(endings) - 1; at >= 0; at-- {
		var group sync.WaitGroup
		for _, f := range endings[at] {
			group.Go(f)
		}
		group.Wait()
	}
}
