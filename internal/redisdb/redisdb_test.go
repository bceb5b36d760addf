package redisdb_test

import (
	"strings"
	"testing"

	"github.com/restartix/platform/internal/redisdb"
	"github.com/restartix/platform/internal/redisdb/redistest"
)

func TestCheckTLS(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"rediss://:p@redis.example:6380/0": true,
		"redis://127.0.0.1:9379":           true,
		"redis://[::1]:9379":               true,
		"redis://localhost:9379":           true,
		"redis://[::ffff:127.0.0.1]:6379":  true,
		"unix:///run/redis.sock":           true,
		"redis://10.0.0.5:6379":            false,
		"redis://redis:6379":               false,
		"redis://127.0.0.1.example:6379":   false,
		"http://127.0.0.1:6379":            false,
		"redis://%zz":                      false,
		"":                                 false,
	} {
		if err := redisdb.CheckTLS(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestOpen_neverQuotesTheAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"redis://:hunter2@host:port", "hunter2", "redis://u:hunter2@h:1/x"} {
		if _, err := redisdb.Open(address); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}

func TestClient_keysStandUnderThePrefix(t *testing.T) {
	t.Parallel()
	client, err := redisdb.Open("redis://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	if got := client.Key("limit", "user", "1"); got != "rx:limit:user:1" {
		t.Errorf("key %q", got)
	}
	if err := client.Healthy(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "asking redis: ") {
		t.Errorf("an absent server: %v", err)
	}
	if err := redistest.New(t).Healthy(t.Context()); err != nil {
		t.Errorf("a present server: %v", err)
	}
}
