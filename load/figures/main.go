// Command figures measures the real Core API process and prints the figures of quality that need one: what the edge costs over a bare
// handler that runs the same statements (PF-3), and how it starts and rests (PF-13). It reads the environment of a running stack
// (`restartix up --only=postgres,redis,s3,mail`), starts and stops its own API processes, and exits with 1 when a figure is
// missed. Times are medians of a machine that others use too; what decides is the ratio inside one run.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

func main() {
	api := flag.String("api", "bin/api", "program of the Core API")
	demo := flag.String("demo", "", "file with the demo sign-ins of the stack")
	only := flag.String("only", "", "PF-3 to measure that alone")
	filling := flag.Bool("fill", false, "give the clinic of load/availability.js its visits instead of measuring")
	baseline := flag.String("baseline", "", "compare a kept result with this one instead of measuring; -run names the result")
	run := flag.String("run", "", "result that is compared with the baseline")
	bare := flag.String("bare", "", "serve the statements of this file instead of measuring")
	addr := flag.String("addr", "127.0.0.1:0", "address of the bare handler")
	flag.IntVar(&rounds, "rounds", rounds, "rounds of each comparison; fewer for a first look")
	flag.Parse()
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	err := error(nil)
	switch {
	case *filling:
		err = fill(ctx)
	case *baseline != "":
		err = compareFiles(*baseline, *run)
	case *bare != "":
		err = serveBare(ctx, *bare, *addr)
	default:
		err = measure(ctx, *api, *demo, *only == "PF-3")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// signIn is one account of the demo file.
type signIn struct {
	Role, Email, Password string
}

func administrator(file string) (signIn, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return signIn{}, fmt.Errorf("read demo sign-ins: %w", err)
	}
	var all []signIn
	if err := json.Unmarshal(raw, &all); err != nil {
		return signIn{}, fmt.Errorf("read demo sign-ins: %w", err)
	}
	i := slices.IndexFunc(all, func(s signIn) bool { return s.Role == "admin" })
	if i < 0 {
		return signIn{}, errors.New("the demo has no administrator")
	}
	return all[i], nil
}

// board prints figures and remembers whether one was missed.
type board struct{ missed bool }

func (b *board) print(id string, met bool, format string, args ...any) {
	verdict := "pass"
	if !met {
		verdict, b.missed = "fail", true
	}
	fmt.Printf("FIGURE %s %s %s\n", id, fmt.Sprintf(format, args...), verdict)
}

func measure(ctx context.Context, api, demo string, ratios bool) error {
	admin, err := administrator(demo)
	if err != nil {
		return err
	}
	b := &board{}
	if !ratios {
		if err := errors.Join(engine(b), rest(ctx, b, api, admin)); err != nil {
			return err
		}
	}
	for _, r := range []read{
		{"me", "/v1/me"},
		{"organizations", "/v1/organizations"},
	} {
		if err := r.compare(ctx, b, api, admin); err != nil {
			return err
		}
	}
	if b.missed {
		return errors.New("a figure was missed")
	}
	return nil
}
