package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options says where a stack lives and what belongs to it. Root, Out and Now are required.
type Options struct {
	// Root is the absolute path of the checkout.
	Root string
	// Data is the absolute folder of the stack's state; empty means .data in Root.
	Data string
	// Cache is the absolute folder of downloads; empty means CacheDir(Env).
	Cache string
	// Env is the environment of the person who starts the stack. It is read for URLs of services and for the few
	// variables that children inherit; it is never passed on whole.
	Env map[string]string
	// CoreVariables names the further variables that the Core API reads. Those that Env holds reach the Core API, and no
	// other child; what the stack itself decides wins over them.
	CoreVariables []string
	// Out receives progress and the final table.
	Out io.Writer
	// Terminal says that Out is a terminal, so that progress may rewrite its line.
	Terminal bool
	// Only lists the parts to run (see PartNames); empty means all.
	Only []string
	// Ports are the listening ports; the zero value means DefaultPorts().
	Ports Ports
	// Builds run beside the start of the services; a part that needs one waits for it.
	Builds []Build
	// Prepare runs once, when the services answer and before the APIs start: keys, migrations, demo data. The map is the
	// environment of the Core API, and Prepare may add to it. The notes are printed under the table.
	// It runs only when the stack holds PostgreSQL; nil means nothing to prepare.
	Prepare func(ctx context.Context, env map[string]string) (notes []string, err error)
	// Now is the clock behind the times of the table and the expiry of in-process Redis keys.
	Now func() time.Time
}

// CacheDir answers where downloads are kept: RESTARTIX_CACHE, else /var/cache/restartix for root (the database runs as
// another user, who cannot enter root's home), else restartix in the user's cache folder.
func CacheDir(env map[string]string) (string, error) {
	if dir := env["RESTARTIX_CACHE"]; dir != "" {
		return filepath.Abs(dir)
	}
	if os.Getuid() == 0 {
		return "/var/cache/restartix", nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache folder (set RESTARTIX_CACHE): %w", err)
	}
	return filepath.Join(dir, "restartix"), nil
}

// EnvironMap turns os.Environ's lines into a map; the last of two equal names wins.
func EnvironMap(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			env[name] = value
		}
	}
	return env
}

// complete fills the defaults in and refuses what cannot work.
func (o Options) complete() (Options, error) {
	if o.Now == nil || o.Out == nil {
		return o, errors.New("devstack: Options.Now and Options.Out are required")
	}
	if !filepath.IsAbs(o.Root) {
		return o, fmt.Errorf("devstack: the checkout must be an absolute path, got %q", o.Root)
	}
	if o.Data == "" {
		o.Data = filepath.Join(o.Root, ".data")
	}
	if o.Ports == (Ports{}) {
		o.Ports = DefaultPorts()
	}
	if o.Cache == "" {
		dir, err := CacheDir(o.Env)
		if err != nil {
			return o, err
		}
		o.Cache = dir
	}
	for _, name := range o.Only {
		if !slices.Contains(PartNames(), name) {
			return o, fmt.Errorf("unknown part %q: choose from %s", name, strings.Join(PartNames(), ", "))
		}
	}
	o.Env = maps.Clone(o.Env)
	for _, dir := range []string{o.Data, filepath.Join(o.Data, "logs"), o.Cache} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return o, fmt.Errorf("making %s: %w", dir, err)
		}
	}
	return o, nil
}

func (o Options) has(part string) bool {
	return len(o.Only) == 0 || slices.Contains(o.Only, part)
}
