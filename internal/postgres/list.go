package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
)

// List counts and reads one page of from, which begins with FROM and ends before ORDER BY; columns are those of T by name. The
// parameters limit and offset are added to args, which may be nil.
func List[T any](ctx context.Context, tx *Tx, columns, from string, w page.Window, args pgx.NamedArgs) (page.Result[T], error) {
	out := page.Result[T]{Window: w}
	named := pgx.NamedArgs{"limit": w.Size, "offset": w.Offset()}
	for name, value := range args {
		named[name] = value
	}
	if err := tx.QueryRow(ctx, "SELECT count(*) "+from, named).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count rows: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+" "+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", named)
	if err != nil {
		return out, fmt.Errorf("list rows: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[T]); err != nil {
		return out, fmt.Errorf("list rows: %w", err)
	}
	return out, nil
}
