package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/config"
	"github.com/restartix/platform/internal/coreapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/seal"
)

// openAPI builds the Core API of an environment without serving it.
func openAPI(ctx context.Context, environ []string) (*coreapi.App, config.Config, error) {
	cfg, err := config.Load(environ)
	if err != nil {
		return nil, cfg, err
	}
	hands, err := coreapi.ProductionHands(cfg, time.Now)
	if err != nil {
		return nil, cfg, err
	}
	app, err := coreapi.New(ctx, cfg, hands, slog.New(slog.DiscardHandler))
	return app, cfg, err
}

// described builds the Core API only to be looked at: nothing is connected, keys are made for the moment.
func described(ctx context.Context) (app *coreapi.App, err error) {
	dir, err := os.MkdirTemp("", "restartix")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	environ := []string{
		"DATABASE_URL=postgres://x@127.0.0.1:1/x", "DATABASE_ADMIN_URL=postgres://x@127.0.0.1:1/x", "DATABASE_JOBS_URL=postgres://x@127.0.0.1:1/x",
		"REDIS_URL=redis://127.0.0.1:1", "S3_ENDPOINT=http://127.0.0.1:1", "S3_ACCESS_KEY=x", "S3_SECRET_KEY=x", "SMTP_URL=smtp://127.0.0.1:1",
		"SEAL_KEYS=" + filepath.Join(dir, "seal.json"), "AUDIT_KEYS=" + filepath.Join(dir, "audit.json"), "APP_VERSION=1.0.0",
	}
	if err := errors.Join(makeKey(filepath.Join(dir, "seal.json"), seal.Generate), makeKey(filepath.Join(dir, "audit.json"), audit.GenerateKeys)); err != nil {
		return nil, err
	}
	app, _, err = openAPI(ctx, environ)
	return app, err
}

type openapiCommand struct{}

// Run prints the document of everything that is mounted.
func (openapiCommand) Run(ctx context.Context) error {
	app, err := described(ctx)
	if err != nil {
		return err
	}
	doc, err := app.OpenAPI()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(doc)
	return err
}

type routesCommand struct{}

// Run prints every typed endpoint with its guard.
func (routesCommand) Run(ctx context.Context) error {
	app, err := described(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	for _, e := range app.Routes() {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Method, e.Path, e.Permission, e.ID); err != nil {
			return err
		}
	}
	return w.Flush()
}

type seedCommand struct {
	File string `help:"Where the sign-ins are kept." default:".data/demo.json"`
}

// Run makes the demo clinics and prints how to sign in.
func (c seedCommand) Run(ctx context.Context) error {
	notes, err := seed(ctx, os.Environ(), c.File)
	for _, line := range notes {
		fmt.Println(line)
	}
	return err
}

func seed(ctx context.Context, environ []string, file string) (notes []string, err error) {
	app, cfg, err := openAPI(ctx, environ)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, app.Close(ctx)) }()
	signIns, err := app.Seed(ctx, file)
	if err != nil {
		return nil, err
	}
	return append([]string{"", "Demo sign-ins:"}, demoNotes(cfg, signIns)...), nil
}

func demoNotes(cfg config.Config, signIns []coreapi.SignIn) []string {
	var out []string
	for _, s := range signIns {
		line := fmt.Sprintf("  %-16s  %-22s  %s", s.Role, s.Email, s.Password)
		if s.TOTP != "" {
			line += "  TOTP " + s.TOTP
		}
		out = append(out, line)
	}
	return append(out, "",
		fmt.Sprintf("  Clinic app   %s://armonia.%s and %s://nord.%s", cfg.AppScheme, cfg.ClinicDomain, cfg.AppScheme, cfg.ClinicDomain),
		fmt.Sprintf("  Portal       %s://armonia.%s", cfg.AppScheme, cfg.PortalDomain),
		fmt.Sprintf("  Console      %s://%s", cfg.AppScheme, cfg.ConsoleDomain))
}

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Check every chain of the audit trail; exit 1 when one does not verify."`
}

type auditVerify struct {
	Org     string `help:"Only this clinic's chain." placeholder:"ID"`
	Anchors string `help:"File with the signed anchors." type:"path" placeholder:"FILE"`
}

// Run prints one line per chain.
func (c auditVerify) Run(ctx context.Context) (err error) {
	app, cfg, err := openAPI(ctx, os.Environ())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close(ctx)) }()
	ctx = auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorSystem, Role: auth.Superadmin})
	only, err := ident.Parse[ident.Organization](c.Org)
	if c.Org != "" && err != nil {
		return errors.New("--org is not an id")
	}
	file := c.Anchors
	if file == "" {
		file = cfg.AnchorFile
	}
	return app.VerifyAudit(ctx, os.Stdout, file, only)
}
