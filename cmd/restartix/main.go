// Command restartix runs and looks after the platform: `restartix up` starts all of it on this machine, `restartix
// services` what tests need. Each command is a field of commands and lives in a file of its own. The exit code is 0
// when the command did what it says and 1 when not, with the reason on stderr.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Up       upCommand       `cmd:"" help:"Start the whole platform on this machine and stay until Ctrl-C."`
	Services servicesCommand `cmd:"" help:"Start PostgreSQL, Redis and S3 for tests and stay until Ctrl-C."`
	Migrate  migrateCommand  `cmd:"" help:"Change the database's schema."`
	Seed     seedCommand     `cmd:"" help:"Make the demo clinics and print their sign-ins."`
	Routes   routesCommand   `cmd:"" help:"Print every endpoint with its permission."`
	Openapi  openapiCommand  `cmd:"" help:"Print the OpenAPI document."`
	Keys     keysCommand     `cmd:"" help:"Rotate and destroy the keys of sealed fields."`
	Audit    auditCommand    `cmd:"" help:"Look after the audit trail."`
}

func main() {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, release) // a second Ctrl-C ends at once
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "restartix:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("restartix"),
		kong.Description("Runs and looks after the RestartiX platform."),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return fmt.Errorf("reading the commands: %w", err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return chosen.Run()
}
