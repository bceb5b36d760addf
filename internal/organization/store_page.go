package organization

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// pageOf reads one page of a clinic's list. count and list are statements with the clinic as $1; list ends before ORDER BY. what
// names the list in errors.
func pageOf[T any](ctx context.Context, tx *postgres.Tx, what, count, list string, org ident.OrgID, w page.Window) (page.Result[T], error) {
	out := page.Result[T]{Window: w}
	if err := tx.QueryRow(ctx, count, org).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count %s: %w", what, err)
	}
	rows, err := tx.Query(ctx, list+" ORDER BY "+w.OrderBy+" LIMIT $2 OFFSET $3", org, w.Size, w.Offset())
	if err != nil {
		return out, fmt.Errorf("list %s: %w", what, err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[T]); err != nil {
		return out, fmt.Errorf("list %s: %w", what, err)
	}
	return out, nil
}
