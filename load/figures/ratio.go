package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// rounds of each comparison.
var rounds = 15 //nolint:gochecknoglobals // a flag

const (
	perRound   = 1_500
	concurrent = 8
	ratioGoal  = 2.0
)

// read is one reading address that is compared with a bare handler.
type read struct{ name, path string }

// compare measures PF-3: the API and a bare handler that runs the statements of the same request take turns, round after round; the figure is
// the median over the rounds of the ratio of their processor times per request.
func (r read) compare(ctx context.Context, b *board, api string, admin signIn) error {
	dir, err := os.MkdirTemp("", "restartix-load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	limits, err := limitsFile(dir)
	if err != nil {
		return err
	}
	full, err := start(ctx, "/ready", []string{"LIMITS_FILE=" + limits}, api)
	if err != nil {
		return err
	}
	token, err := full.login(ctx, admin)
	if err != nil {
		return errors.Join(err, full.stop())
	}
	statements, err := record(ctx, limits, r.path, token)
	if err != nil {
		return errors.Join(err, full.stop())
	}
	raw, err := json.Marshal(statements)
	if err != nil {
		return errors.Join(err, full.stop())
	}
	file := filepath.Join(dir, "statements.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		return errors.Join(err, full.stop())
	}
	bare, err := start(ctx, "/", nil, os.Args[0], "-bare", file, "-addr", "{addr}")
	if err != nil {
		return errors.Join(err, full.stop())
	}
	err = r.rounds(ctx, b, full, bare, token, len(statements))
	return errors.Join(err, full.stop(), bare.stop())
}

func (r read) rounds(ctx context.Context, b *board, full, bare *process, token string, statements int) error {
	var ratios []float64
	var costs [2]time.Duration
	for round := range rounds + 1 {
		fullCost, err := full.load(ctx, r.path, token)
		if err != nil {
			return err
		}
		bareCost, err := bare.load(ctx, "/", "")
		if err != nil {
			return err
		}
		if round == 0 {
			continue // connections open, caches fill
		}
		ratios = append(ratios, float64(fullCost)/float64(bareCost))
		costs[0], costs[1] = costs[0]+fullCost, costs[1]+bareCost
	}
	slices.Sort(ratios)
	median := ratios[len(ratios)/2]
	each := func(total time.Duration) int64 { return (total / time.Duration(rounds*perRound)).Microseconds() }
	b.print("PF-3/"+r.name, median <= ratioGoal, "ratio=%.2f,api=%dus,bare=%dus,statements=%d", median, each(costs[0]), each(costs[1]), statements)
	return nil
}

// load sends one round and answers the processor time that the process spent on it.
func (p *process) load(ctx context.Context, path, token string) (time.Duration, error) {
	before, err := p.cpu()
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	failed := make(chan error, concurrent)
	for range concurrent {
		all.Go(func() {
			for range perRound / concurrent {
				if err := p.get(ctx, path, token); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		return 0, err
	}
	after, err := p.cpu()
	return after - before, err
}

func (p *process) get(ctx context.Context, path, token string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, nil)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return fmt.Errorf("get %s: %w", path, err)
	}
	drain(answer)
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("get %s: status %d", path, answer.StatusCode)
	}
	return nil
}
