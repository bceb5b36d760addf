package task

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const columns = "id, kind, subject_type, subject_id::text AS subject_id, title_key, due_at, assignee_id, state, closed_at, created_at, row_version"

// order are the sortable columns: what is due first comes first, what has no hurry last.
func order() page.Columns {
	return page.Columns{
		ByName:  map[string]string{"due_at": "due_at", "created_at": "created_at"},
		Default: "state DESC, due_at ASC NULLS LAST", TieBreak: "id",
	}
}

func insert(ctx context.Context, tx *postgres.Tx, id ID, n New) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO tasks (id, organization_id, kind, subject_type, subject_id, title_key, due_at)
		VALUES (@id, @org, @kind, @type, @subject, @title, @due)
		ON CONFLICT (organization_id, kind, subject_id) WHERE state = 'open' DO NOTHING`,
		pgx.NamedArgs{
			"id": id, "org": tx.Principal.OrgID, "kind": string(n.Kind), "type": n.SubjectType, "subject": n.SubjectID,
			"title": "task." + string(n.Kind), "due": n.DueAt,
		})
	if err != nil {
		return false, fmt.Errorf("insert task: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func list(ctx context.Context, tx *postgres.Tx, state string, w page.Window) ([]Task, int, error) {
	const from = " FROM tasks WHERE organization_id = (SELECT current_app_org_id()) AND (@state = '' OR state = @state)"
	args := pgx.NamedArgs{"state": state, "limit": w.Size, "offset": w.Offset()}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+from, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count tasks: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return nil, 0, fmt.Errorf("read tasks: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Task])
	if err != nil {
		return nil, 0, fmt.Errorf("read tasks: %w", err)
	}
	return out, total, nil
}

func byID(ctx context.Context, tx *postgres.Tx, id ID) (Task, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM tasks WHERE id = $1", id)
	if err != nil {
		return Task{}, fmt.Errorf("read task: %w", err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Task])
	if postgres.IsNoRows(err) {
		return Task{}, ErrNotFound
	}
	if err != nil {
		return Task{}, fmt.Errorf("read task: %w", err)
	}
	return t, nil
}

// closeOne answers false when somebody else closed it meanwhile.
func closeOne(ctx context.Context, tx *postgres.Tx, id ID) (bool, error) {
	tag, err := tx.Exec(ctx, "UPDATE tasks SET state = 'closed', closed_at = $2, closed_by = $3 WHERE id = $1 AND state = 'open'",
		id, tx.Now, tx.Principal.UserID)
	if err != nil {
		return false, fmt.Errorf("write task: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func closeOf(ctx context.Context, tx *postgres.Tx, kind Kind, subject string) ([]Task, error) {
	rows, err := tx.Query(ctx, `
		UPDATE tasks SET state = 'closed', closed_at = $3
		 WHERE organization_id = (SELECT current_app_org_id()) AND kind = $1 AND subject_id = $2 AND state = 'open'
		RETURNING `+columns, string(kind), subject, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("close tasks of subject: %w", err)
	}
	closed, err := pgx.CollectRows(rows, pgx.RowToStructByName[Task])
	if err != nil {
		return nil, fmt.Errorf("close tasks of subject: %w", err)
	}
	return closed, nil
}
