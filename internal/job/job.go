// Package job is durable background work. A job is enqueued in the caller's transaction through job_enqueue, so it exists
// exactly when the change it follows from does, and it is run by River under its own login, which sees no clinic table.
//
// Arguments are ids, enums and numbers. Delivery is at least once: every handler is safe to run twice.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// queueName is the one queue; bulkheads come with the parts that need them.
const queueName = river.QueueDefault

// Handler does the work of one kind. The context acts as system of the job's clinic.
type Handler func(ctx context.Context, args json.RawMessage) error

// Options of one enqueued job. The zero value runs at once with 12 attempts.
type Options struct {
	// At delays the job until the instant.
	At time.Time
	// MaxAttempts counts the first try; 0 means 12.
	MaxAttempts int
}

// EnqueueTx adds a job to the caller's transaction. args is a flat object of ids, enums and numbers; the clinic is added
// from the transaction's context.
func EnqueueTx(ctx context.Context, tx *postgres.Tx, kind string, args any, o Options) error {
	encoded, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode job %s: %w", kind, err)
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 12
	}
	var at *time.Time
	if !o.At.IsZero() {
		at = &o.At
	}
	if _, err := tx.Exec(ctx, "SELECT job_enqueue($1, $2, $3, $4, $5)", kind, string(encoded), queueName, at, o.MaxAttempts); err != nil {
		return fmt.Errorf("enqueue job %s: %w", kind, err)
	}
	return nil
}

// payload lets River run kinds that are known only at start-up.
type payload struct {
	kind string
	body json.RawMessage
}

func (p payload) Kind() string                  { return p.kind }
func (p payload) MarshalJSON() ([]byte, error)  { return p.body, nil }
func (p *payload) UnmarshalJSON(b []byte) error { p.body = append([]byte(nil), b...); return nil }

// Periodic is work that is due again after every interval, on one process of the installation.
type Periodic struct {
	Kind  string
	Every time.Duration
	Run   func(ctx context.Context) error
}

const (
	// jobLimit bounds one attempt: its context ends then.
	jobLimit = time.Minute
	// giveBack is how long Stop waits for jobs that it interrupted to return to the queue.
	giveBack = time.Second
)

// ErrStopped is what Start answers after Stop.
var ErrStopped = errors.New("the queue was stopped")

// Runner is the queue's client. Register handlers before Start. Start and Stop may be called concurrently.
type Runner struct {
	pool    *pgxpool.Pool
	workers *river.Workers
	beats   []*river.PeriodicJob
	log     *slog.Logger

	mu      sync.Mutex
	client  *river.Client[pgxTx]
	stopped bool
}

// NewRunner prepares a runner on the queue's own login without connecting.
func NewRunner(ctx context.Context, jobsURL string, log *slog.Logger) (*Runner, error) {
	cfg, err := pgxpool.ParseConfig(jobsURL)
	if err != nil {
		return nil, errors.New("the queue's database address does not parse")
	}
	cfg.MaxConns = 6
	cfg.ConnConfig.RuntimeParams["application_name"] = "restartix-jobs"
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "30s"
	cfg.ConnConfig.RuntimeParams["lock_timeout"] = "5s"
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open queue pool: %w", err)
	}
	return &Runner{pool: pool, workers: river.NewWorkers(), log: log}, nil
}

// Handle registers the work of a kind. A kind that is registered twice panics at start-up.
func (r *Runner) Handle(kind string, h Handler) {
	river.AddWorkerArgs(r.workers, payload{kind: kind}, &worker{handler: h, log: r.log})
}

// Every registers periodic work.
func (r *Runner) Every(p Periodic) {
	r.Handle(p.Kind, func(ctx context.Context, _ json.RawMessage) error { return p.Run(ctx) })
	r.beats = append(r.beats, river.NewPeriodicJob(river.PeriodicInterval(p.Every),
		func() (river.JobArgs, *river.InsertOpts) {
			return payload{kind: p.Kind, body: []byte("{}")}, &river.InsertOpts{MaxAttempts: 3}
		}, &river.PeriodicJobOpts{ID: p.Kind}))
}

// Start runs jobs until Stop. The queue's tables must exist. What a killed process left unfinished is tried again after two jobLimits.
func (r *Runner) Start(ctx context.Context) error {
	client, err := river.NewClient(riverpgxv5.New(r.pool), &river.Config{
		Schema: postgres.QueueSchema, Workers: r.workers, PeriodicJobs: r.beats, Logger: r.log,
		Queues:            map[string]river.QueueConfig{queueName: {MaxWorkers: 4}},
		JobTimeout:        jobLimit,
		FetchPollInterval: time.Second,

		RescueStuckJobsAfter: 2 * jobLimit,
	})
	if err != nil {
		return fmt.Errorf("prepare queue: %w", err)
	}
	r.mu.Lock()
	if r.stopped {
		r.mu.Unlock()
		return ErrStopped
	}
	r.client = client
	r.mu.Unlock()
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	return nil
}

// Stop takes no more jobs and lets running ones finish until ctx ends. Then their contexts end, and they return to the queue for another
// process. A second call does nothing.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	client, again := r.client, r.stopped
	r.stopped = true
	r.mu.Unlock()
	if again {
		return nil
	}
	defer r.pool.Close()
	if client == nil || client.Stop(ctx) == nil {
		return nil
	}
	interrupt, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBack)
	defer cancel()
	if err := client.StopAndCancel(interrupt); err != nil {
		return fmt.Errorf("stop queue: %w", err)
	}
	return nil
}

type worker struct {
	river.WorkerDefaults[payload]
	handler Handler
	log     *slog.Logger
}

// Work runs the handler as system of the job's clinic.
func (w *worker) Work(ctx context.Context, j *river.Job[payload]) error {
	var clinic struct {
		OrganizationID ident.OrgID `json:"organization_id"`
	}
	if err := json.Unmarshal(j.EncodedArgs, &clinic); err != nil {
		return river.JobCancel(fmt.Errorf("read job arguments: %w", err))
	}
	ctx = auth.WithPrincipal(ctx, auth.SystemOf(clinic.OrganizationID))
	ctx = auth.WithRequest(ctx, auth.Request{ID: fmt.Sprintf("job:%d", j.ID), Route: "job " + j.Kind})
	err := w.handler(ctx, j.EncodedArgs)
	if err != nil {
		w.log.LogAttrs(ctx, slog.LevelWarn, "job failed", slog.String("op", j.Kind), slog.Int64("job", j.ID),
			slog.Int("attempt", j.Attempt), slog.String("error", err.Error()))
	}
	return err
}
