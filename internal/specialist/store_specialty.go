package specialist

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const specialtyColumns = `id, title, slug, description, sort_order, active, created_at, updated_at, row_version`

func specialties(ctx context.Context, tx *postgres.Tx, f FindSpecialties, w page.Window) (page.Result[Specialty], error) {
	out := page.Result[Specialty]{Window: w}
	args := pgx.NamedArgs{"active": f.Active, "limit": w.Size, "offset": w.Offset()}
	const matching = ` FROM specialties WHERE organization_id = (SELECT current_app_org_id()) AND deleted_at IS NULL
		 AND (@active::boolean IS NULL OR active = @active)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count specialties: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+specialtyColumns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list specialties: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Specialty]); err != nil {
		return out, fmt.Errorf("list specialties: %w", err)
	}
	return out, nil
}

func specialtyByID(ctx context.Context, tx *postgres.Tx, id SpecialtyID) (Specialty, error) {
	rows, err := tx.Query(ctx, "SELECT "+specialtyColumns+" FROM specialties WHERE id = $1 AND deleted_at IS NULL", id)
	if err != nil {
		return Specialty{}, fmt.Errorf("read specialty: %w", err)
	}
	y, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Specialty])
	if postgres.IsNoRows(err) {
		return y, ErrSpecialtyNotFound
	}
	if err != nil {
		return y, fmt.Errorf("read specialty: %w", err)
	}
	return y, nil
}

func lockSpecialty(ctx context.Context, tx *postgres.Tx, id SpecialtyID) error {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM specialties WHERE id = $1 FOR UPDATE", id); err != nil {
		return fmt.Errorf("lock specialty: %w", err)
	}
	return nil
}

func insertSpecialty(ctx context.Context, tx *postgres.Tx, y Specialty) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO specialties (id, organization_id, title, slug, description, sort_order, active)
		VALUES (@id, @org, @title, @slug, @description, @sort, @active)`, specialtyArgs(tx, y))
	if err := known(err); err != nil {
		return fmt.Errorf("insert specialty: %w", err)
	}
	return nil
}

func updateSpecialty(ctx context.Context, tx *postgres.Tx, y Specialty) error {
	_, err := tx.Exec(ctx, `
		UPDATE specialties SET title = @title, slug = @slug, description = @description, sort_order = @sort, active = @active
		 WHERE id = @id`, specialtyArgs(tx, y))
	if err := known(err); err != nil {
		return fmt.Errorf("update specialty: %w", err)
	}
	return nil
}

func specialtyArgs(tx *postgres.Tx, y Specialty) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": y.ID, "org": tx.Principal.OrgID, "title": y.Title, "slug": y.Slug, "description": y.Description, "sort": y.SortOrder, "active": y.Active,
	}
}

// practised reports whether a specialist who was not removed has the specialty.
func practised(ctx context.Context, tx *postgres.Tx, id SpecialtyID) (bool, error) {
	var used bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM specialist_specialties x
		JOIN specialists s ON s.organization_id = x.organization_id AND s.id = x.specialist_id
		WHERE x.organization_id = (SELECT current_app_org_id()) AND x.specialty_id = $1 AND s.deleted_at IS NULL)`, id).Scan(&used)
	if err != nil {
		return false, fmt.Errorf("look for uses of specialty: %w", err)
	}
	return used, nil
}

func removeSpecialty(ctx context.Context, tx *postgres.Tx, id SpecialtyID) error {
	if _, err := tx.Exec(ctx, "UPDATE specialties SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove specialty: %w", err)
	}
	return nil
}
