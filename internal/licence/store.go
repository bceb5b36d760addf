package licence

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

const columns = "id, specialist_id, issuer_code, number, issued_on, expires_on, verified_by, verified_at, file_id, created_at, updated_at, row_version"

func list(ctx context.Context, tx *postgres.Tx, of specialist.ID, w page.Window) (page.Result[Licence], error) {
	out := page.Result[Licence]{Window: w}
	args := pgx.NamedArgs{"of": of, "limit": w.Size, "offset": w.Offset()}
	const matching = ` FROM specialist_licences WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = @of AND deleted_at IS NULL`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count licences: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list licences: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Licence]); err != nil {
		return out, fmt.Errorf("list licences: %w", err)
	}
	return out, nil
}

func byID(ctx context.Context, tx *postgres.Tx, of specialist.ID, id ID) (Licence, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM specialist_licences WHERE id = $1 AND specialist_id = $2 AND deleted_at IS NULL", id, of)
	if err != nil {
		return Licence{}, fmt.Errorf("read licence: %w", err)
	}
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Licence])
	if postgres.IsNoRows(err) {
		return l, ErrNotFound
	}
	if err != nil {
		return l, fmt.Errorf("read licence: %w", err)
	}
	return l, nil
}

func lock(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM specialist_licences WHERE id = $1 FOR UPDATE", id); err != nil {
		return fmt.Errorf("lock licence: %w", err)
	}
	return nil
}

func args(tx *postgres.Tx, l Licence) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": l.ID, "org": tx.Principal.OrgID, "of": l.SpecialistID, "issuer": l.IssuerCode, "number": l.Number, "issued": l.IssuedOn,
		"expires": l.ExpiresOn, "by": l.VerifiedBy, "at": l.VerifiedAt, "file": l.FileID,
	}
}

// known turns a broken constraint into what it means to people.
func known(err error) error {
	if postgres.Constraint(err) == "specialist_licences_number_key" {
		return ErrExists.At("body.number", "is already entered")
	}
	return err
}

func insert(ctx context.Context, tx *postgres.Tx, l Licence) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO specialist_licences (id, organization_id, specialist_id, issuer_code, number, issued_on, expires_on, file_id)
		VALUES (@id, @org, @of, @issuer, @number, @issued, @expires, @file)`, args(tx, l))
	if err := known(err); err != nil {
		return fmt.Errorf("insert licence: %w", err)
	}
	return nil
}

func update(ctx context.Context, tx *postgres.Tx, l Licence) error {
	_, err := tx.Exec(ctx, `
		UPDATE specialist_licences SET issuer_code = @issuer, number = @number, issued_on = @issued, expires_on = @expires, verified_by = @by,
		       verified_at = @at, file_id = @file
		 WHERE id = @id`, args(tx, l))
	if err := known(err); err != nil {
		return fmt.Errorf("update licence: %w", err)
	}
	return nil
}

func remove(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "UPDATE specialist_licences SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove licence: %w", err)
	}
	return nil
}

// periods reads when the licences of the specialists hold. Who has none is absent.
func periods(ctx context.Context, tx *postgres.Tx, ids []specialist.ID) (map[specialist.ID][]period, error) {
	rows, err := tx.Query(ctx, `
		SELECT specialist_id, issued_on, expires_on FROM specialist_licences
		 WHERE organization_id = (SELECT current_app_org_id()) AND specialist_id = ANY ($1::uuid[]) AND deleted_at IS NULL`, ids)
	if err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	out := map[specialist.ID][]period{}
	var id specialist.ID
	var p period
	if _, err := pgx.ForEachRow(rows, []any{&id, &p.From, &p.Until}, func() error { out[id] = append(out[id], p); return nil }); err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	return out, nil
}
