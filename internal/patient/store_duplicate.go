package patient

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

type pairRow struct {
	First     ID   `db:"first"`
	Second    ID   `db:"second"`
	Score     int  `db:"score"`
	SameCNP   bool `db:"same_cnp"`
	SamePhone bool `db:"same_phone"`
	SameName  bool `db:"same_name"`
	SameBirth bool `db:"same_birth"`
}

func pairOrder() page.Columns {
	return page.Columns{ByName: map[string]string{"score": "score"}, Default: "score DESC", TieBreak: "first, second"}
}

// pairs scores the clinic's patients against each other (product/02 §4). Only an equal number or an equal name can reach 80, so only those
// are compared. The older record is the first.
func pairs(ctx context.Context, tx *postgres.Tx, w page.Window) ([]pairRow, int, error) {
	const from = ` FROM (
		SELECT first, second, same_cnp, same_phone, same_name, same_birth,
		       least(100, greatest(CASE WHEN same_cnp THEN 100 ELSE 0 END,
		           CASE WHEN same_phone THEN 60 ELSE 0 END + CASE WHEN same_name THEN 40 ELSE 0 END,
		           CASE WHEN same_name THEN 50 ELSE 0 END + CASE WHEN same_birth THEN 40 ELSE 0 END)) AS score
		  FROM (SELECT a.patient_id AS first, b.patient_id AS second, COALESCE(a.cnp_bidx = b.cnp_bidx, false) AS same_cnp,
		               COALESCE(a.contact_phone_bidx = b.contact_phone_bidx, false) AS same_phone, a.name_key = b.name_key AS same_name,
		               COALESCE(a.birth_date = b.birth_date, false) AS same_birth
		          FROM (SELECT x.id AS a_id, y.id AS b_id FROM live x JOIN live y ON y.name_key = x.name_key AND (x.created_at, x.id) < (y.created_at, y.id)
		                UNION
		                SELECT x.id, y.id FROM live x JOIN live y ON y.cnp_bidx = x.cnp_bidx AND (x.created_at, x.id) < (y.created_at, y.id)) c
		          JOIN live a ON a.id = c.a_id JOIN live b ON b.id = c.b_id) compared) scored
		 WHERE score >= 80`
	const live = `WITH live AS MATERIALIZED (
		SELECT id, patient_id, name_key, contact_phone_bidx, cnp_bidx, birth_date, created_at FROM patient_org_profiles
		 WHERE organization_id = (SELECT current_app_org_id()) AND deleted_at IS NULL AND status <> 'merged') `
	total := 0
	if err := tx.QueryRow(ctx, live+"SELECT count(*)"+from).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count duplicates: %w", err)
	}
	rows, err := tx.Query(ctx, live+"SELECT first, second, score, same_cnp, same_phone, same_name, same_birth"+from+
		" ORDER BY "+w.OrderBy+" LIMIT $1 OFFSET $2", w.Size, w.Offset())
	if err != nil {
		return nil, 0, fmt.Errorf("read duplicates: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[pairRow])
	if err != nil {
		return nil, 0, fmt.Errorf("read duplicates: %w", err)
	}
	return out, total, nil
}
