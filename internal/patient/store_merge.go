package patient

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// mergeRefusal turns what the functions of migration 000066 refuse into errors that people see.
func mergeRefusal(err error) error {
	switch postgres.Code(err) {
	case "RX010":
		return ErrNotFound
	case "RX011":
		return ErrBothHaveAccounts
	case "RX012":
		return ErrAccountMustStay
	case "RX013":
		return ErrUndoExpired
	case "RX014":
		return ErrUndone
	case "23P01":
		return ErrMergeOverlap
	}
	return nil
}

func previewMerge(ctx context.Context, tx *postgres.Tx, from, into ID) (map[string]int, error) {
	var counts map[string]int
	err := tx.QueryRow(ctx, "SELECT patient_merge_preview($1, $2)", from, into).Scan(&counts)
	if refused := mergeRefusal(err); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("count rows of patient: %w", err)
	}
	return counts, nil
}

func merge(ctx context.Context, tx *postgres.Tx, id MergeID, from, into ID) error {
	_, err := tx.Exec(ctx, "SELECT patient_merge($1, $2, $3, $4)", id, from, into, tx.Now)
	if refused := mergeRefusal(err); refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("move rows of patient: %w", err)
	}
	return nil
}

func unmerge(ctx context.Context, tx *postgres.Tx, id MergeID) error {
	_, err := tx.Exec(ctx, "SELECT patient_unmerge($1, $2)", id, tx.Now)
	if postgres.Code(err) == "RX010" {
		return ErrMergeNotFound
	}
	if refused := mergeRefusal(err); refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("move rows of patient back: %w", err)
	}
	return nil
}

type mergeRow struct {
	ID        MergeID         `db:"id"`
	From      ID              `db:"from_patient_id"`
	Into      ID              `db:"into_patient_id"`
	FromName  string          `db:"from_name"`
	IntoName  string          `db:"into_name"`
	FromFile  string          `db:"from_file"`
	Moved     json.RawMessage `db:"moved"`
	MergedAt  time.Time       `db:"merged_at"`
	UndoUntil time.Time       `db:"undo_until"`
	UndoneAt  *time.Time      `db:"undone_at"`
}

const mergeColumns = `m.id, m.from_patient_id, m.into_patient_id, m.moved, m.merged_at, m.undo_until, m.undone_at,
	COALESCE((SELECT p.first_name || ' ' || p.last_name FROM patient_profiles(ARRAY[m.from_patient_id]) p), '') AS from_name,
	COALESCE((SELECT p.first_name || ' ' || p.last_name FROM patient_profiles(ARRAY[m.into_patient_id]) p), '') AS into_name,
	COALESCE((SELECT o.file_number FROM patient_org_profiles o WHERE o.organization_id = m.organization_id AND o.patient_id = m.from_patient_id), '') AS from_file`

func mergeOrder() page.Columns {
	return page.Columns{ByName: map[string]string{"merged_at": "m.merged_at"}, Default: "m.merged_at DESC", TieBreak: "m.id"}
}

func (r mergeRow) open() (Merge, error) {
	out := Merge{
		ID: r.ID, From: r.From, Into: r.Into, FromName: r.FromName, IntoName: r.IntoName, FromFile: r.FromFile, MergedAt: r.MergedAt,
		UndoUntil: r.UndoUntil, UndoneAt: r.UndoneAt, Moved: map[string]int{},
	}
	var moved map[string][]string
	if err := json.Unmarshal(r.Moved, &moved); err != nil {
		return Merge{}, fmt.Errorf("read what was moved: %w", err)
	}
	for table, ids := range moved {
		out.Moved[table] = len(ids)
	}
	return out, nil
}

func openMerges(rows pgx.Rows, err error) ([]Merge, error) {
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[mergeRow])
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	out := make([]Merge, len(found))
	for i, r := range found {
		if out[i], err = r.open(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func mergeByID(ctx context.Context, tx *postgres.Tx, id MergeID) (Merge, error) {
	found, err := openMerges(tx.Query(ctx, "SELECT "+mergeColumns+" FROM patient_merges m WHERE m.id = $1", id))
	if err != nil {
		return Merge{}, err
	}
	if len(found) == 0 {
		return Merge{}, ErrMergeNotFound
	}
	return found[0], nil
}

func listMerges(ctx context.Context, tx *postgres.Tx, into ID, w page.Window) ([]Merge, int, error) {
	const from = ` FROM patient_merges m WHERE m.organization_id = (SELECT current_app_org_id())
		AND (@into::uuid IS NULL OR m.into_patient_id = @into)`
	args := pgx.NamedArgs{"into": into, "limit": w.Size, "offset": w.Offset()}
	total := 0
	if err := tx.QueryRow(ctx, "SELECT count(*)"+from, args).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count merges: %w", err)
	}
	out, err := openMerges(tx.Query(ctx, "SELECT "+mergeColumns+from+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args))
	return out, total, err
}

// gone is what a patient is who is not there: merged into another one, or unknown to the caller.
func gone(ctx context.Context, tx *postgres.Tx, id ID) error {
	var into ID
	err := tx.QueryRow(ctx, `
		SELECT into_patient_id FROM patient_merges
		 WHERE organization_id = (SELECT current_app_org_id()) AND from_patient_id = $1 AND undone_at IS NULL`, id).Scan(&into)
	if postgres.IsNoRows(err) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("look for merge: %w", err)
	}
	return ErrMerged.With("merged_into", into.String())
}
