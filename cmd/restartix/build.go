package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/restartix/platform/internal/devstack"
)

// apps are the three web apps, by folder below apps/.
func apps() []string { return []string{"clinic", "portal", "console"} }

// builds are what the chosen parts need; no choice means all parts.
func builds(only []string) []devstack.Build {
	needs := func(parts ...string) bool {
		return len(only) == 0 || slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(only, part) })
	}
	var chosen []devstack.Build
	if needs("api", "telemetry") {
		chosen = append(chosen, devstack.Build{
			Name:     devstack.BuildGo,
			Inputs:   []string{"go.mod", "go.sum", "cmd", "internal", "migrations"},
			Outputs:  []string{"bin/api", "bin/telemetry"},
			Commands: [][]string{{"go", "build", "-o", "bin/", "./cmd/api", "./cmd/telemetry"}},
		})
	}
	if needs(apps()...) {
		chosen = append(chosen, webBuild())
	}
	return chosen
}

func webBuild() devstack.Build {
	build := devstack.Build{
		Name: devstack.BuildWeb,
		Inputs: []string{
			"apps", "packages", "package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "turbo.json", ".npmrc",
		},
		Commands: [][]string{{"pnpm", "install", "--frozen-lockfile"}, {"pnpm", "run", "build"}},
		Env: map[string]string{
			// No NODE_ENV: with "production" pnpm would leave the compilers out.
			"CI": "true", "NEXT_TELEMETRY_DISABLED": "1", "TURBO_TELEMETRY_DISABLED": "1",
		},
		After: placeAssets,
	}
	for _, app := range apps() {
		build.Outputs = append(build.Outputs, filepath.Join(standalone("", app), "server.js"))
	}
	return build
}

// standalone is the folder of an app's self-contained server.
func standalone(root, app string) string {
	return filepath.Join(root, "apps", app, ".next", "standalone", "apps", app)
}

// placeAssets puts static files and public files beside each server: Next leaves both out of its standalone output.
func placeAssets(root string) error {
	for _, app := range apps() {
		source, target := filepath.Join(root, "apps", app), standalone(root, app)
		for _, folder := range []string{filepath.Join(".next", "static"), "public"} {
			if err := replaceFolder(filepath.Join(source, folder), filepath.Join(target, folder)); err != nil {
				return fmt.Errorf("placing %s of %s: %w", folder, app, err)
			}
		}
	}
	return nil
}

// replaceFolder makes target a copy of source; a source that does not exist leaves no target.
func replaceFolder(source, target string) error {
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.CopyFS(target, os.DirFS(source))
}
