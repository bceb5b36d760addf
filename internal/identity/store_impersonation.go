package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// recentStarts locks the administrator's counter and answers the starts since the instant, newest first.
func recentStarts(ctx context.Context, tx *postgres.Tx, actor ident.UserID, since time.Time) ([]time.Time, error) {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('impersonation:' || $1, 0))", actor.String()); err != nil {
		return nil, fmt.Errorf("lock impersonations: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT started_at FROM impersonations
		 WHERE organization_id = (SELECT current_app_org_id()) AND actor_user_id = $1 AND started_at > $2
		 ORDER BY started_at DESC, id DESC`, actor, since)
	if err != nil {
		return nil, fmt.Errorf("count impersonations: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return nil, fmt.Errorf("count impersonations: %w", err)
	}
	return out, nil
}

// patientUser answers patient_not_found unless the person is an active patient of the context's clinic.
func patientUser(ctx context.Context, tx *postgres.Tx, user ident.UserID) error {
	var found bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM user_organizations
			WHERE organization_id = (SELECT current_app_org_id()) AND user_id = $1 AND role = 'patient' AND status = 'active')`, user).Scan(&found)
	if err != nil {
		return fmt.Errorf("find patient: %w", err)
	}
	if !found {
		return ErrPatientNotFound
	}
	return nil
}

func insertImpersonation(ctx context.Context, tx *postgres.Tx, i Impersonation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO impersonations (id, organization_id, actor_user_id, target_user_id, mode, reason, started_at, expires_at)
		VALUES (@id, @org, @actor, @target, @mode, @reason, @started, @expires)`,
		pgx.NamedArgs{
			"id": i.ID, "org": i.OrgID, "actor": i.Actor, "target": i.Target, "mode": i.Mode, "reason": i.Reason,
			"started": i.StartedAt, "expires": i.ExpiresAt,
		})
	if err != nil {
		return fmt.Errorf("write impersonation: %w", err)
	}
	return nil
}

func endImpersonation(ctx context.Context, tx *postgres.Tx, id ImpersonationID, by ident.UserID) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE impersonations SET ended_at = $2, ended_by = $3
		 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2`, id, tx.Now, by)
	if err != nil {
		return false, fmt.Errorf("end impersonation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
