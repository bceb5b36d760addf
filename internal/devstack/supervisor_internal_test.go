package devstack

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestChildEnv_isAnAllowList(t *testing.T) {
	t.Parallel()
	from := map[string]string{
		"PATH": "/bin", "HOME": "/home/ana", "AWS_SECRET_ACCESS_KEY": "s", "GOPROXY": "p", "npm_config_registry": "r", "PORT": "1",
	}

	child := childEnv(from, map[string]string{"PORT": "9100"})
	build := buildEnv(from, map[string]string{"CI": "true"})

	if want := []string{"HOME=/home/ana", "PATH=/bin", "PORT=9100"}; !slices.Equal(child, want) {
		t.Errorf("childEnv = %q, want %q", child, want)
	}
	if want := []string{"CI=true", "GOPROXY=p", "HOME=/home/ana", "PATH=/bin", "npm_config_registry=r"}; !slices.Equal(build, want) {
		t.Errorf("buildEnv = %q, want %q", build, want)
	}
}

func TestAcquire_oneHolderAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	held, err := acquire(path, "restartix up")
	if err != nil {
		t.Fatal(err)
	}

	_, second := acquire(path, "restartix up")
	held.release()
	third, err := acquire(path, "restartix up")

	if second == nil || !strings.Contains(second.Error(), "restartix up is already running in this checkout") {
		t.Errorf("the second holder got %v", second)
	}
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	third.release()
}

// The apps end before the APIs, and those before the services that they stand on; a part that comes up while the stack
// already ends is taken down at once.
func TestEnd_takesLayersDownFromTheTop(t *testing.T) {
	t.Parallel()
	var (
		mu    sync.Mutex
		order []string
	)
	note := func(name string) func() {
		return func() {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
		}
	}
	s := &supervisor{}
	s.atEnd(layerServices, note("service"))
	s.atEnd(layerApps, note("app"))
	s.atEnd(layerAPIs, note("api"))

	s.end()
	s.atEnd(layerApps, note("late"))

	if want := []string{"app", "api", "service", "late"}; !slices.Equal(order, want) {
		t.Errorf("order = %v, want %v", order, want)
	}
}

// Keys of the in-process Redis expire with the clock of the stack.
func TestStartMiniredis_keysExpire(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := &supervisor{opts: Options{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}}}
	ports, err := freePorts(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.startMiniredis(ports[0]); err != nil {
		t.Fatal(err)
	}
	defer s.end()
	client := redis.NewClient(&redis.Options{Addr: address(ports[0])})
	defer client.Close()
	if err := client.Set(t.Context(), "hold", "x", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}

	mu.Lock()
	now = now.Add(2 * time.Minute)
	mu.Unlock()

	err = poll(t.Context(), time.Minute, nil, func(ctx context.Context) error {
		n, err := client.Exists(ctx, "hold").Result()
		if err == nil && n > 0 {
			return errors.New("the key is still there")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEnterable_wantsEveryFolderOpen(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	inner := filepath.Join(root, "inner")
	if err := os.Mkdir(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Dir(root), root} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}

	open := enterable(inner)
	if err := os.Chmod(root, 0o700); err != nil {
		t.Fatal(err)
	}

	if !open || enterable(inner) {
		t.Errorf("enterable = %v with all open, %v with one closed", open, enterable(inner))
	}
}

func TestProgress_plainLines(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var plain strings.Builder
	p := newProgress(&plain, false, func() time.Time { return now })

	step := p.begin("Go build")
	now = now.Add(90 * time.Second)
	step.done(nil)
	failed := p.begin("web build")
	failed.done(errors.New("no"))
	p.close()

	if want := "Go build ...\nGo build: 1 min 30 s\nweb build ...\n"; plain.String() != want {
		t.Errorf("plain = %q, want %q", plain.String(), want)
	}
}

func TestWriteEnvFile_canBeReadByAShell(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "env")

	if err := writeEnvFile(path, map[string]string{"B": "it's; $HOME", "A": "1"}); err != nil {
		t.Fatal(err)
	}

	text, err := os.ReadFile(path)
	if want := "A='1'\nB='it'\\''s; $HOME'\n"; err != nil || string(text) != want {
		t.Errorf("file = %q, %v, want %q", text, err, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
}

func TestLoadSecret_staysAndRefusesDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := loadSecret(dir)
	if err != nil {
		t.Fatal(err)
	}

	second, err := loadSecret(dir)

	if err != nil || second.password("s3") != first.password("s3") || first.password("s3") == first.password("postgres owner") {
		t.Errorf("passwords are not derived as promised (%v)", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadSecret(dir); err == nil {
		t.Error("a damaged secret was taken")
	}
}
