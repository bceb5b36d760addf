package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"
)

const (
	starts     = 7
	signIns    = 100
	readyGoal  = 500 * time.Millisecond
	idleGoal   = 60 << 20
	signedGoal = 200 << 20
)

// rest measures PF-13: time from the start of the process to its first ready answer with the database there, memory before the first
// sign-in, and memory while and after a hundred people sign in.
func rest(ctx context.Context, b *board, api string, admin signIn) error {
	dir, err := os.MkdirTemp("", "restartix-load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	limits, err := limitsFile(dir)
	if err != nil {
		return err
	}
	var took, cpu []time.Duration
	for range starts {
		p, err := start(ctx, "/ready", []string{"LIMITS_FILE=" + limits}, api)
		if err != nil {
			return err
		}
		took = append(took, p.ready.Sub(p.began))
		spent, err := p.cpu()
		if err = errors.Join(err, p.stop()); err != nil {
			return err
		}
		cpu = append(cpu, spent)
	}
	slices.Sort(took)
	slices.Sort(cpu)
	median := took[len(took)/2]
	b.print("PF-13/ready", median <= readyGoal, "median=%dms,worst=%dms,cpu=%dms", median.Milliseconds(), took[len(took)-1].Milliseconds(), cpu[len(cpu)/2].Milliseconds())

	p, err := start(ctx, "/ready", []string{"LIMITS_FILE=" + limits}, api)
	if err != nil {
		return err
	}
	time.Sleep(5 * time.Second) // the queue has started and periodic work has run once
	idle, _, err := p.memory()
	if err != nil {
		return err
	}
	b.print("PF-13/idle", idle <= idleGoal, "%dMB", idle>>20)
	for range signIns {
		if _, err := p.login(ctx, admin); err != nil {
			return err
		}
	}
	after, peak, err := p.memory()
	if err != nil {
		return err
	}
	b.print("PF-13/signed-in", after <= signedGoal, "after=%dMB,peak=%dMB", after>>20, peak>>20)
	return p.stop()
}
