package devstack_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/restartix/platform/internal/devstack"
)

// lineSignal closes seen when a line with the mark is written.
type lineSignal struct {
	mark string
	seen chan struct{}
	text strings.Builder
	done bool
}

func (l *lineSignal) Write(p []byte) (int, error) {
	l.text.Write(p)
	if !l.done && strings.Contains(l.text.String(), l.mark) {
		l.done = true
		close(l.seen)
	}
	return len(p), nil
}

// runServices runs the services of tests until stop is called.
func runServices(t *testing.T, root string) (env map[string]string, stop func() error) {
	t.Helper()
	cache, err := devstack.CacheDir(devstack.EnvironMap(os.Environ()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		os.RemoveAll(filepath.Join(cache, "tests", strings.ReplaceAll(strings.Trim(root, "/"), "/", "-")))
	})
	out := &lineSignal{mark: "TEST_S3_SECRET_KEY", seen: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		result <- devstack.Services(ctx, devstack.Options{
			Root: root, Env: devstack.EnvironMap(os.Environ()), Out: out, Now: time.Now,
		})
	}()
	select {
	case <-out.seen:
	case err := <-result:
		cancel()
		t.Fatal(err)
	}
	return readEnv(t, filepath.Join(root, ".data", devstack.TestEnvFile)), func() error {
		cancel()
		return <-result
	}
}

// Services is the only in-process S3 of this test binary: a process can hold one gateway.
func TestServices_serveTestsAndLeaveNothing(t *testing.T) {
	t.Parallel()
	root := checkout(t)
	env, stop := runServices(t, root)

	isSuperuser(t, env["TEST_DATABASE_URL"])
	isRealRedis(t, env["TEST_REDIS_URL"])
	roundTrip(t, env)

	if err := stop(); err != nil {
		t.Errorf("Services = %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, ".data", devstack.TestEnvFile)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the addresses outlive the services")
	}
}

func isSuperuser(t *testing.T, databaseURL string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var super bool
	if err := conn.QueryRow(t.Context(), `SELECT rolsuper FROM pg_roles WHERE rolname = current_user`).Scan(&super); err != nil || !super {
		t.Errorf("the test login is no superuser (%v)", err)
	}
}

// isRealRedis asks what only a real server knows.
func isRealRedis(t *testing.T, redisURL string) {
	t.Helper()
	options, err := redis.ParseURL(redisURL)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	if err := client.ConfigGet(t.Context(), "maxmemory-policy").Err(); err != nil {
		t.Errorf("the test Redis is not a real one: %v", err)
	}
}

// roundTrip stores an object, copies it and reads the copy.
func roundTrip(t *testing.T, env map[string]string) {
	t.Helper()
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(env["TEST_S3_ENDPOINT"]), Region: env["TEST_S3_REGION"], UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(env["TEST_S3_ACCESS_KEY"], env["TEST_S3_SECRET_KEY"], ""),
	})
	bucket := aws.String("round-trip")
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket})
	if err == nil {
		_, err = client.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: bucket, Key: aws.String("a"), Body: strings.NewReader("ț"), ContentType: aws.String("text/plain"),
		})
	}
	if err == nil {
		_, err = client.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("b"), CopySource: aws.String("round-trip/a")})
	}
	if err != nil {
		t.Fatal(err)
	}
	head, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("b")})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToInt64(head.ContentLength) != 2 || aws.ToString(head.ContentType) != "text/plain" {
		t.Errorf("the copy has %d bytes of %q", aws.ToInt64(head.ContentLength), aws.ToString(head.ContentType))
	}
}

func readEnv(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env := devstack.EnvironMap(strings.Split(strings.TrimSpace(string(text)), "\n"))
	for name, value := range env {
		env[name] = strings.Trim(value, "'")
	}
	return env
}
