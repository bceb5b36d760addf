package coreapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

// TestFigureR10_http is R-10 over the API: with one connection every reading route still answers, so no handler waits for a second one;
// with that connection taken a request is refused as unavailable while the taker still holds it.
// Seen red: with two connections the second request waits for the lock instead of being refused.
func TestFigureR10_http(t *testing.T) {
	t.Parallel()
	api := apitest.Boot(t, apitest.Options{Environment: map[string]string{"DATABASE_POOL": "1"}})
	clinic := api.Clinic("alpha")
	parameter := regexp.MustCompile(`\{[^}]+\}`)
	failed, routes := 0, 0
	for _, e := range api.App.Routes() {
		if e.Method != http.MethodGet {
			continue
		}
		routes++
		first := true
		path := parameter.ReplaceAllStringFunc(e.Path, func(string) string {
			if first {
				first = false
				return clinic.ID.String()
			}
			return uuid.NewString()
		})
		for _, c := range []apitest.Client{clinic.AsAdmin(), api.AsSuperadmin(), api.Anonymous()} {
			if a := c.Get(path); a.Status >= http.StatusInternalServerError {
				failed++
				t.Errorf("with one connection: %s", a)
			}
		}
	}
	refused := secondWhileHeld(t, api, clinic)
	printFigure(t, "R-10/http", fmt.Sprintf("failed=%d,routes=%d,full=%d", failed, routes, refused.Status),
		failed == 0 && routes > 10 && refused.Status == http.StatusServiceUnavailable && refused.Code() == "dependency_unavailable")

	two := apitest.Boot(t, apitest.Options{Environment: map[string]string{"DATABASE_POOL": "2"}})
	if a := secondWhileHeld(t, two, two.Clinic("beta")); a.Status == http.StatusServiceUnavailable {
		t.Errorf("red proof: with a connection to spare the request was refused: %s", a)
	}
}

// secondWhileHeld lets one request wait for a lock with its connection in hand and answers what a second one is told, which touches
// nothing that is locked.
func secondWhileHeld(t *testing.T, api *apitest.API, c apitest.Clinic) apitest.Answer {
	t.Helper()
	super := api.DB.Super(t)
	tx, err := super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE access_keys IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	admin := c.AsAdmin()
	var first sync.WaitGroup
	first.Go(func() { admin.Get("/v1/organizations/" + c.ID.String() + "/access-keys") })
	waitUntil(t, "the first request holds its connection", func() bool {
		var n int
		err := tx.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'access_keys'::regclass").Scan(&n)
		return err == nil && n == 1
	})
	second := admin.Get("/v1/organizations/" + c.ID.String() + "/domains")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	return second
}

// beats collects the runs of a periodic job by the id of the job.
type beats struct {
	mu   sync.Mutex
	runs []string
}

func (b *beats) run(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runs = append(b.runs, auth.RequestOf(ctx).ID)
	return nil
}

func (b *beats) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.runs)
}

const beatEvery = 2 * time.Second

// doubled counts jobs that ran twice and pairs of jobs that were made within half an interval of each other.
func doubled(t *testing.T, d *pgtest.Database, runs []string) int {
	t.Helper()
	slices.Sort(runs)
	n := len(runs) - len(slices.Compact(slices.Clone(runs)))
	var near int
	err := d.Super(t).QueryRow(t.Context(), `SELECT count(*) FROM (SELECT created_at - lag(created_at) OVER (ORDER BY created_at, id) AS gap
		FROM river.river_job WHERE kind = 'test.beat') g WHERE gap < $1::interval / 2`, beatEvery.String()).Scan(&near)
	if err != nil {
		t.Fatal(err)
	}
	return n + near
}

// TestFigureO8 is O-8: two runners on one database do periodic work once per interval, also when one of them goes away.
// Seen red by a second job of the same interval, planted as a second leader would make it, and by a run that is counted twice.
func TestFigureO8(t *testing.T) {
	t.Parallel()
	d, b := pgtest.New(t), &beats{}
	var runners []*job.Runner
	for range 2 {
		r, err := job.NewRunner(t.Context(), d.JobsURL, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		r.Every(job.Periodic{Kind: "test.beat", Every: beatEvery, Run: b.run})
		r.Handle("test.other", func(context.Context, json.RawMessage) error { return nil })
		if err := r.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		runners = append(runners, r)
	}
	waitUntil(t, "three beats have run", func() bool { return len(b.all()) >= 3 })
	if err := runners[0].Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	before := len(b.all())
	waitUntil(t, "the one that stayed carries on", func() bool { return len(b.all()) >= before+2 })
	if err := runners[1].Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}

	runs := b.all()
	n := doubled(t, d, runs)
	printFigure(t, "O-8", fmt.Sprintf("doubled=%d,runs=%d", n, len(runs)), n == 0)

	if doubled(t, d, append(slices.Clone(runs), runs[0])) == n {
		t.Error("red proof: a job that ran twice was not counted")
	}
	_, err := d.Super(t).Exec(t.Context(), `INSERT INTO river.river_job (kind, args, queue, created_at, scheduled_at, max_attempts, state, priority, metadata)
		SELECT kind, args, queue, created_at, scheduled_at, max_attempts, 'available', priority, '{}' FROM river.river_job WHERE kind = 'test.beat' LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	if doubled(t, d, runs) == n {
		t.Error("red proof: a second job of one interval was not counted")
	}
}

// Verifies API-04
func TestIdempotency_twoAtOnceInviteOnce(t *testing.T) {
	t.Parallel()
	api := apitest.New(t)
	clinic := api.Clinic("alpha")
	path := "/v1/organizations/" + clinic.ID.String() + "/members"
	keyed := clinic.AsAdmin().With("Idempotency-Key", uuid.NewString())
	body := map[string]any{"email": "twice@example.test", "role": "specialist"}
	answers := make([]apitest.Answer, 2)
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() { answers[i] = keyed.Post(path, body) })
	}
	both.Wait()

	made := 0
	for _, a := range answers {
		switch {
		case a.Status == http.StatusCreated && a.Header.Get("Idempotency-Replayed") == "":
			made++
		case a.Status == http.StatusCreated, a.Code() == "idempotency_in_progress":
		default:
			t.Errorf("a twin answers %s", a)
		}
	}
	var invitations int
	err := api.DB.Super(t).QueryRow(t.Context(), "SELECT count(*) FROM staff_invitations WHERE email = 'twice@example.test'").Scan(&invitations)
	if err != nil || made != 1 || invitations != 1 {
		t.Errorf("executed %d times, %d invitations, %v", made, invitations, err)
	}
	again := keyed.Post(path, body).Expect(http.StatusCreated)
	if again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("not replayed: %s", again)
	}
	keyed.Post(path, map[string]any{"email": "other@example.test", "role": "specialist"}).Expect(http.StatusUnprocessableEntity, "idempotency_mismatch")
}
