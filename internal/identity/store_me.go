package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

func readPerson(ctx context.Context, tx *postgres.Tx, id ident.UserID) (person, error) {
	rows, err := tx.Query(ctx, "SELECT id, email::text AS email, name, locale, platform_role, row_version FROM users WHERE id = $1", id)
	if err != nil {
		return person{}, fmt.Errorf("read person: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[person])
	if err != nil {
		return person{}, fmt.Errorf("read person: %w", err)
	}
	return p, nil
}

// readBelongings needs a transaction of the person without a clinic: with one, row-level security shows that clinic only.
func readBelongings(ctx context.Context, tx *postgres.Tx, id ident.UserID) ([]Belonging, error) {
	rows, err := tx.Query(ctx, `
		SELECT o.id, o.slug::text AS slug, o.name, array_agg(m.role ORDER BY m.role) AS roles
		  FROM user_organizations m
		  JOIN organizations o ON o.id = m.organization_id AND o.status = 'active'
		 WHERE m.user_id = $1 AND m.status = 'active'
		 GROUP BY o.id, o.slug, o.name
		 ORDER BY o.name, o.id`, id)
	if err != nil {
		return nil, fmt.Errorf("read clinics of person: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Belonging])
	if err != nil {
		return nil, fmt.Errorf("read clinics of person: %w", err)
	}
	return out, nil
}

func readMFARequired(ctx context.Context, tx *postgres.Tx) (required bool, err error) {
	err = tx.QueryRow(ctx, "SELECT settings ->> 'mfa_policy' = 'required' IS TRUE FROM organization_settings").Scan(&required)
	if postgres.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read policy of second step: %w", err)
	}
	return required, nil
}

func updatePerson(ctx context.Context, tx *postgres.Tx, id ident.UserID, c ProfileChange) error {
	_, err := tx.Exec(ctx, `
		UPDATE users
		   SET name = COALESCE($2, name),
		       locale = CASE WHEN $3::text IS NULL THEN locale ELSE NULLIF($3, '') END
		 WHERE id = $1`, id, c.Name, c.Locale)
	if err != nil {
		return fmt.Errorf("write person: %w", err)
	}
	return nil
}

func updateCurrent(ctx context.Context, tx *postgres.Tx, id ident.UserID, org ident.OrgID) error {
	if _, err := tx.Exec(ctx, "UPDATE users SET current_organization_id = $2 WHERE id = $1", id, org); err != nil {
		return fmt.Errorf("write current clinic: %w", err)
	}
	return nil
}
