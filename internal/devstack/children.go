package devstack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// readyLimit bounds the start of an API or an app.
const readyLimit = time.Minute

// Names of the builds that parts wait for; Options.Builds may hold either, both or none.
const (
	BuildGo  = "Go"
	BuildWeb = "web"
)

// server is one of our own programs, ready when probe answers below the status `below`.
type server struct {
	part, title string
	url         string
	at          layer
	path        string
	args        []string
	own         map[string]string
	probe       string
	below       int
}

// apis starts the two APIs once the Go build is done.
func (u *up) apis(ctx context.Context) error {
	if !u.opts.has("api") && !u.opts.has("telemetry") {
		return nil
	}
	if err := u.waitForBuild(ctx, BuildGo); err != nil {
		return err
	}
	p, bin := u.opts.Ports, filepath.Join(u.opts.Root, "bin")
	group, ctx := errgroup.WithContext(ctx)
	if u.opts.has("api") {
		if u.core["DATABASE_URL"] == "" || u.core["REDIS_URL"] == "" || u.core["S3_ENDPOINT"] == "" || u.core["SMTP_URL"] == "" {
			return errNoDatabase
		}
		group.Go(func() error {
			return u.serve(ctx, server{
				part: "api", title: "Core API", url: "http://" + address(p.API), at: layerAPIs,
				path: filepath.Join(bin, "api"), own: u.core, probe: "http://" + address(p.API) + "/ready", below: 300,
			})
		})
	}
	if u.opts.has("telemetry") {
		group.Go(func() error {
			return u.serve(ctx, server{
				part: "telemetry", title: "Telemetry API", url: "http://" + address(p.Telemetry), at: layerAPIs,
				path:  filepath.Join(bin, "telemetry"),
				own:   map[string]string{"APP_ENV": "development", "TELEMETRY_ADDR": address(p.Telemetry)},
				probe: "http://" + address(p.Telemetry) + "/health", below: 300,
			})
		})
	}
	return group.Wait()
}

// apps starts the three web apps once the web build is done. They need no secret and get none.
func (u *up) apps(ctx context.Context) error {
	p, domains := u.opts.Ports, u.domains()
	all := []struct {
		part, title, domain string
		port                int
	}{
		{"clinic", "Clinic app", domains["CLINIC_DOMAIN"], p.Clinic},
		{"portal", "Patient Portal", domains["PORTAL_DOMAIN"], p.Portal},
		{"console", "Console", domains["CONSOLE_DOMAIN"], p.Console},
	}
	// An app that answers 404 for a host without a clinic serves. Without a Core API it can say no more than 503.
	below := 500
	if !u.opts.has("api") {
		below = 600
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, app := range all {
		if !u.opts.has(app.part) {
			continue
		}
		group.Go(func() error {
			if err := u.waitForBuild(ctx, BuildWeb); err != nil {
				return err
			}
			node, err := exec.LookPath("node")
			if err != nil {
				return errors.New("node is not in PATH: start with `make up`, which installs it, or put the output of scripts/node.sh first in PATH")
			}
			folder := filepath.Join(u.opts.Root, "apps", app.part, ".next", "standalone", "apps", app.part)
			own := map[string]string{
				"HOSTNAME": "127.0.0.1", "PORT": strconv.Itoa(app.port), "NODE_ENV": "production",
				"CORE_API_URL": "http://" + address(p.API), "APP_SCHEME": "http", "NEXT_TELEMETRY_DISABLED": "1",
				"NODE_OPTIONS": "--require " + strconv.Quote(filepath.Join(u.opts.Root, "scripts", "localhost-dns.cjs")),
			}
			maps.Copy(own, domains)
			return u.serve(ctx, server{
				part: app.part, title: app.title, url: "http://" + app.domain, at: layerApps, path: node,
				args: []string{filepath.Join(folder, "server.js")}, own: own,
				probe: "http://" + address(app.port) + "/", below: below,
			})
		})
	}
	return group.Wait()
}

// serve starts one server, waits until it answers and adds its row.
func (u *up) serve(ctx context.Context, srv server) error {
	for _, file := range append([]string{srv.path}, srv.args...) {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s is not built: %s is missing (start with `make up`, or leave --no-build out)", srv.title, file)
		}
	}
	began := u.opts.Now()
	c, err := u.launch(srv.at, program{
		name: srv.part, path: srv.path, args: srv.args, env: childEnv(u.opts.Env, srv.own), dir: u.opts.Root,
		stop: syscall.SIGTERM, death: syscall.SIGTERM,
	})
	if err != nil {
		return err
	}
	if err := c.ready(ctx, readyLimit, answers(srv.probe, srv.below)); err != nil {
		return fmt.Errorf("%s: %w", srv.title, err)
	}
	u.record(srv.part, row{name: srv.title, url: srv.url, source: srv.describe(u.opts.Root), took: u.opts.Now().Sub(began)}, nil)
	return nil
}

// describe names the program in the column of sources, relative to the checkout.
func (srv server) describe(root string) string {
	file := srv.path
	if len(srv.args) > 0 {
		file = srv.args[len(srv.args)-1]
	}
	if short, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(short) {
		file = short
	}
	if srv.at == layerApps {
		return "node, apps/" + srv.part
	}
	return file
}
