package event

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres"
)

func read(ctx context.Context, tx *postgres.Tx, id string) (Record, error) {
	rows, err := tx.Query(ctx, `SELECT id::text, organization_id, type, aggregate_type, aggregate_id::text, aggregate_seq,
		occurred_at, data, correlation_id FROM outbox_read($1)`, id)
	if err != nil {
		return Record{}, fmt.Errorf("read event: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Record])
	if err != nil {
		return Record{}, fmt.Errorf("read event: %w", err)
	}
	return r, nil
}
