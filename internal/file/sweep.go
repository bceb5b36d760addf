package file

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/postgres"
)

const (
	sweepDueKind = "file.sweep_due"
	sweepKind    = "file.sweep"
	sweepEvery   = time.Hour
	// sweepBatch bounds one job; what is left waits for the next hour.
	sweepBatch = 200
)

// Register adds the sweep to the queue.
func (s *Service) Register(r *job.Runner) {
	r.Every(job.Periodic{Kind: sweepDueKind, Every: sweepEvery, Run: s.EnqueueSweeps})
	r.Handle(sweepKind, func(ctx context.Context, _ json.RawMessage) error { return s.Sweep(ctx) })
}

// EnqueueSweeps adds one job in every clinic that has something to sweep. It reads as the owner, because no clinic may list another's files.
func (s *Service) EnqueueSweeps(ctx context.Context) error {
	return s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		clinics, err := dueClinics(ctx, tx, tx.Now)
		if err != nil {
			return err
		}
		for _, clinic := range clinics {
			err := tx.InContextOf(ctx, auth.SystemOf(clinic), func() error {
				return job.EnqueueTx(ctx, tx, sweepKind, struct{}{}, job.Options{})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Sweep removes, in the clinic of the context, uploads that nobody confirmed for a day with their rows, what forms put under the keys of
// uploads after the confirmation, and the bytes of rejected and deleted files. Safe to run twice, beside itself and beside a confirmation:
// an expired upload is claimed first, and its row goes after its bytes.
func (s *Service) Sweep(ctx context.Context) error {
	p, _ := auth.From(ctx)
	var files []File
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var err error
		files, err = due(ctx, tx, sweepBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := s.sweep(ctx, p.OrgID, f); err != nil {
			return describe(f.ID, err)
		}
	}
	return nil
}

// expiredCode marks the row of an upload that was never confirmed while its bytes are taken away.
const expiredCode = "upload_expired"

func (s *Service) sweep(ctx context.Context, org ident.OrgID, f File) error {
	if err := checkKey(org, f.StorageKey); err != nil {
		return err
	}
	expired, err := s.claim(ctx, f)
	if err != nil || f.Status == Pending && !expired {
		return err
	}
	if err := s.Objects.Delete(ctx, f.uploadKey()); err != nil {
		return err
	}
	if f.Status != Ready {
		if err := s.Objects.Delete(ctx, f.StorageKey); err != nil {
			return err
		}
	}
	return s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		if !expired {
			return markRemoved(ctx, tx, f.ID)
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "file", EntityID: f.ID.String(), Reason: expiredCode,
			Changes: map[string]audit.Change{"status": {Pending, nil}},
		})
		return remove(ctx, tx, f.ID)
	})
}

// claim answers whether the file is an upload that was never confirmed, and that nobody can confirm from now on.
func (s *Service) claim(ctx context.Context, f File) (bool, error) {
	if f.Status != Pending && (f.Rejection == nil || *f.Rejection != expiredCode) {
		return false, nil
	}
	expired := false
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		var err error
		expired, err = claimExpired(ctx, tx, f.ID)
		return err
	})
	return expired, err
}

// describe names the file that the sweep could not finish.
func describe(id ID, err error) error { return fmt.Errorf("sweep file %s: %w", id, err) }
