package audit

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// selectRows reads a stretch of one chain, newest first; before 0 starts at its end.
func selectRows(ctx context.Context, tx *postgres.Tx, org ident.OrgID, f Filter, before int64, limit int) ([]Row, error) {
	rows, err := tx.Query(ctx, "SELECT "+rowColumns+` FROM audit_log
		WHERE organization_id IS NOT DISTINCT FROM @org::uuid
		  AND (@before::bigint = 0 OR seq < @before)
		  AND (@user::uuid IS NULL OR actor_user_id = @user)
		  AND (@patient::uuid IS NULL OR patient_id = @patient)
		  AND (@entity::text IS NULL OR entity_type = @entity)
		  AND (@entity_id::text IS NULL OR entity_id = @entity_id)
		  AND (@action::text IS NULL OR action = @action)
		  AND (@context::text IS NULL OR action_context = @context)
		  AND (@request::text IS NULL OR request_id = @request)
		  AND (@gte::timestamptz IS NULL OR occurred_at >= @gte)
		  AND (@lte::timestamptz IS NULL OR occurred_at <= @lte)
		ORDER BY seq DESC
		LIMIT @limit`, pgx.NamedArgs{
		"org": org, "before": before, "user": idOrNil(f.UserID), "patient": idOrNil(f.PatientID), "entity": orNil(f.Entity),
		"entity_id": orNil(f.EntityID), "action": orNil(f.Action), "context": orNil(f.Context), "request": orNil(f.RequestID),
		"gte": timeOrNil(f.OccurredGTE), "lte": timeOrNil(f.OccurredLTE), "limit": limit,
	})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(pgx.CollectableRow) (Row, error) { return scanRow(rows) })
}

func selectRow(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id uuid.UUID) (Row, bool, error) {
	rows, err := tx.Query(ctx, "SELECT "+rowColumns+" FROM audit_log WHERE organization_id IS NOT DISTINCT FROM $1::uuid AND id = $2", org, id)
	if err != nil {
		return Row{}, false, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, func(pgx.CollectableRow) (Row, error) { return scanRow(rows) })
	if postgres.IsNoRows(err) {
		return Row{}, false, nil
	}
	return r, err == nil, err
}

func timeOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

const eventColumns = `id, kind, severity, subject, ip, count, window_start, last_at, last_request_id, acknowledged_at, acknowledged_by`

func selectEvents(ctx context.Context, tx *postgres.Tx, org ident.OrgID, f EventFilter, after eventPlace, limit int) ([]SecurityEvent, error) {
	rows, err := tx.Query(ctx, "SELECT "+eventColumns+` FROM security_events
		WHERE organization_id IS NOT DISTINCT FROM @org::uuid
		  AND (@at::timestamptz IS NULL OR (window_start, id) < (@at, @id::uuid))
		  AND (@kind::text IS NULL OR kind = @kind)
		  AND (@severity::text IS NULL OR severity = @severity)
		  AND (@acknowledged::boolean IS NULL OR (acknowledged_at IS NOT NULL) = @acknowledged)
		ORDER BY window_start DESC, id DESC
		LIMIT @limit`, pgx.NamedArgs{
		"org": org, "at": after.At, "id": after.ID, "kind": orNil(f.Kind), "severity": orNil(f.Severity), "acknowledged": f.Acknowledged, "limit": limit,
	})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[SecurityEvent])
}

func selectEvent(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id uuid.UUID) (SecurityEvent, bool, error) {
	rows, err := tx.Query(ctx, "SELECT "+eventColumns+" FROM security_events WHERE organization_id IS NOT DISTINCT FROM $1::uuid AND id = $2", org, id)
	if err != nil {
		return SecurityEvent{}, false, err
	}
	e, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[SecurityEvent])
	if postgres.IsNoRows(err) {
		return SecurityEvent{}, false, nil
	}
	return e, err == nil, err
}

func acknowledge(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id uuid.UUID, by ident.UserID) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE security_events SET acknowledged_at = $3, acknowledged_by = $4
		 WHERE organization_id IS NOT DISTINCT FROM $1::uuid AND id = $2 AND acknowledged_at IS NULL`, org, id, tx.Now, by)
	return tag.RowsAffected() == 1, err
}
