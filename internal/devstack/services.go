package devstack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// TestEnvFile is where Services leaves its addresses, below the data folder, while it runs.
const TestEnvFile = "test.env"

// Services starts what tests need and nothing else: PostgreSQL without durability, a real Redis and S3, on ports that
// happen to be free, with their data below the cache. When all answer it writes TEST_DATABASE_URL (the superuser),
// TEST_REDIS_URL, TEST_S3_ENDPOINT, TEST_S3_REGION, TEST_S3_ACCESS_KEY and TEST_S3_SECRET_KEY to TestEnvFile, prints
// them, and stays until ctx ends (nil) or a service ends by itself. Several checkouts may run it at once.
func Services(ctx context.Context, opts Options) error {
	opts, err := opts.complete()
	if err != nil {
		return err
	}
	envFile := filepath.Join(opts.Data, TestEnvFile)
	// The data is apart from that of Up, and apart for each checkout.
	opts.Data = filepath.Join(opts.Cache, "tests", strings.ReplaceAll(strings.Trim(opts.Root, "/"), "/", "-"))
	return supervise(ctx, opts, "services", func(ctx context.Context, s *supervisor) error {
		env, err := s.testServices(ctx)
		if err != nil {
			return err
		}
		if err := writeEnvFile(envFile, env); err != nil {
			return err
		}
		defer os.Remove(envFile)
		text, err := os.ReadFile(envFile)
		if err != nil {
			return fmt.Errorf("reading back %s: %w", envFile, err)
		}
		s.progress.print(string(text))
		return s.wait(ctx)
	})
}

func (s *supervisor) testServices(ctx context.Context) (map[string]string, error) {
	ports, err := freePorts(ctx, 3)
	if err != nil {
		return nil, err
	}
	// Tests start from nothing: what a killed run left behind must not reach the next one.
	if err := os.RemoveAll(filepath.Join(s.opts.Data, "s3")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("emptying the object store: %w", err)
	}
	var (
		database cluster
		objects  gateway
	)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		database, _, err = s.startCluster(ctx, ports[0], []string{
			"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB",
		})
		return err
	})
	group.Go(func() error {
		_, err := s.startRedis(ctx, ports[1], true, false)
		return err
	})
	group.Go(func() (err error) {
		objects, err = s.startS3(ctx, ports[2])
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return map[string]string{
		"TEST_DATABASE_URL":  database.superuserURL(),
		"TEST_REDIS_URL":     redisURL(ports[1]),
		"TEST_S3_ENDPOINT":   objects.endpoint,
		"TEST_S3_REGION":     s3Region,
		"TEST_S3_ACCESS_KEY": s3Access,
		"TEST_S3_SECRET_KEY": objects.secretKey,
	}, nil
}
