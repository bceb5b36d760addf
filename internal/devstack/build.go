package devstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Build makes something that a part runs. It is left out when the content of its inputs is the one that its stamp
// names and all outputs exist. All paths are relative to Options.Root.
type Build struct {
	// Name is BuildGo or BuildWeb and is shown while it runs.
	Name string
	// Inputs are files and folders; absent ones count as empty. In a folder, IgnoredFolders are not looked into.
	Inputs []string
	// Outputs must exist afterwards. The stamp lies beside the first one, as <output>.inputs.
	Outputs []string
	// Commands run one after another in Root. An empty list of words is not allowed.
	Commands [][]string
	// Env is added to the variables that builds inherit.
	Env map[string]string
	// After runs when the commands have succeeded; nil means nothing.
	After func(root string) error
}

// IgnoredFolders are never part of the inputs of a build: they hold what builds and tools make.
func IgnoredFolders() []string {
	return []string{"node_modules", ".next", ".turbo", "coverage", "test-results", "playwright-report"}
}

// build brings one build up to date and lets the parts that wait for it go on.
func (u *up) build(ctx context.Context, b Build) error {
	sum, err := b.fingerprint(u.opts.Root, u.opts.Env)
	if err != nil {
		return fmt.Errorf("%s build: %w", b.Name, err)
	}
	if !b.fresh(u.opts.Root, sum) {
		step := u.progress.begin(b.Name + " build")
		err := b.run(ctx, u.opts, u.spawner)
		step.done(err)
		if err != nil {
			return err
		}
		if err := os.WriteFile(b.stamp(u.opts.Root), []byte(sum+"\n"), 0o644); err != nil {
			return fmt.Errorf("%s build: writing its stamp: %w", b.Name, err)
		}
	}
	close(u.built[b.Name])
	return nil
}

// waitForBuild blocks until the build is done; one that is not part of this start is taken as done.
func (u *up) waitForBuild(ctx context.Context, name string) error {
	done, ok := u.built[name]
	if !ok {
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (b Build) stamp(root string) string { return filepath.Join(root, b.Outputs[0]) + ".inputs" }

func (b Build) fresh(root, sum string) bool {
	stamp, err := os.ReadFile(b.stamp(root))
	if err != nil || strings.TrimSpace(string(stamp)) != sum {
		return false
	}
	return b.missing(root) == ""
}

// missing is the first output that does not exist, or empty.
func (b Build) missing(root string) string {
	for _, output := range b.Outputs {
		if _, err := os.Stat(filepath.Join(root, output)); err != nil {
			return output
		}
	}
	return ""
}

// run executes the commands with their output in logs/build-<name>.log.
func (b Build) run(ctx context.Context, opts Options, from *spawner) error {
	path := filepath.Join(opts.Data, "logs", "build-"+strings.ToLower(b.Name)+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("%s build: opening its log: %w", b.Name, err)
	}
	defer log.Close()
	for _, words := range b.Commands {
		tool, err := exec.LookPath(words[0])
		if err != nil {
			return fmt.Errorf("%s build: %s is not in PATH: start with `make up`, which installs Node.js and pnpm, and install Go from https://go.dev/dl", b.Name, words[0])
		}
		cmd := exec.CommandContext(ctx, tool, words[1:]...)
		cmd.Dir, cmd.Env = opts.Root, buildEnv(opts.Env, b.Env)
		cmd.Stdout, cmd.Stderr = log, log
		// Its own group, so that stopping in the middle of a build also ends the compilers it started.
		cmd.SysProcAttr = attributes(nil, syscall.SIGTERM)
		cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
		if err = from.start(cmd); err == nil {
			err = cmd.Wait()
		}
		if err != nil {
			return fmt.Errorf("%s build: `%s`: %w%s", b.Name, strings.Join(words, " "), err, (&child{log: path}).tail())
		}
	}
	if b.After != nil {
		if err := b.After(opts.Root); err != nil {
			return fmt.Errorf("%s build: %w", b.Name, err)
		}
	}
	if absent := b.missing(opts.Root); absent != "" {
		return fmt.Errorf("%s build: it did not make %s; its log is %s", b.Name, absent, path)
	}
	return nil
}

// fingerprint is a checksum over names and contents of all inputs, the commands and the variables that decide what is
// built.
func (b Build) fingerprint(root string, env map[string]string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q\n", b.Commands, environ(env, buildChoices, b.Env))
	for _, input := range b.Inputs {
		err := filepath.WalkDir(filepath.Join(root, input), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if entry.IsDir() {
				if slices.Contains(IgnoredFolders(), entry.Name()) {
					return fs.SkipDir
				}
				return nil
			}
			if !entry.Type().IsRegular() || generated(entry.Name()) {
				return nil
			}
			return addFile(sum, root, path)
		})
		if err != nil {
			return "", fmt.Errorf("reading %s: %w", input, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// generated are files that a build itself leaves among its sources, and tests, which no build contains.
func generated(name string) bool {
	return name == "next-env.d.ts" || strings.HasSuffix(name, ".tsbuildinfo") || strings.HasSuffix(name, "_test.go")
}

func addFile(sum io.Writer, root, path string) error {
	name, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(sum, "%q %d\n", name, info.Size())
	_, err = io.Copy(sum, file)
	return err
}
