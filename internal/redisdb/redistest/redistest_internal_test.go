package redistest

import (
	"slices"
	"testing"
	"time"

	"github.com/restartix/platform/internal/redisdb"
)

// The rule that every key has a time to live is only worth something if its check has been seen red: this test plants a
// key without one and asks the same sweep.
func TestSweep_findsTheKeyWithoutTimeToLive(t *testing.T) {
	t.Parallel()
	server := Start(t)
	client, err := redisdb.OpenWithPrefix(server.URL, "rx:planted:")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Set(t.Context(), client.Key("eternal"), 1, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), client.Key("mortal"), 1, time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), "rx:somebody-else", 1, 0).Err(); err != nil {
		t.Fatal(err)
	}

	found := sweep(t, client)

	if !slices.Equal(found, []string{"rx:planted:eternal"}) {
		t.Errorf("found %q", found)
	}
	if n, err := client.DBSize(t.Context()).Result(); err != nil || n != 1 {
		t.Errorf("%d keys left, %v; only the foreign one may stay", n, err)
	}
}

func TestServer_goesAndComesBack(t *testing.T) {
	t.Parallel()
	server := Start(t)
	client := Open(t, server.URL)
	if err := client.Set(t.Context(), client.Key("a"), 1, time.Minute).Err(); err != nil {
		t.Fatal(err)
	}

	server.Stop(t)
	if err := client.Healthy(t.Context()); err == nil {
		t.Error("a killed server answered")
	}
	server.Restart(t)

	if n, err := client.Exists(t.Context(), client.Key("a")).Result(); err != nil || n != 0 {
		t.Errorf("after the restart: %d keys, %v", n, err)
	}
}
