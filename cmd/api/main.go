// Command api is the Core API process: it reads its configuration, opens, serves, and drains when it is told to stop.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/coreapi"
)

func main() {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	if err := run(ctx, os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "core-api:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. Logs go to out; the error is one line for a person.
func run(ctx context.Context, environ []string, out io.Writer) error {
	cfg, err := config.Load(environ)
	if err != nil {
		return err
	}
	log := coreapi.NewLogger(out, cfg.LogLevel)
	hands, err := coreapi.ProductionHands(cfg, time.Now)
	if err != nil {
		return err
	}
	app, err := coreapi.New(context.WithoutCancel(ctx), cfg, hands, log)
	if err != nil {
		return err
	}
	return app.Serve(ctx)
}
