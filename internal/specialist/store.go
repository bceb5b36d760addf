package specialist

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// columns join the details, which row-level security hides from visitors and patients.
const columns = `s.id, s.name, s.title, s.description, s.slug, s.scheduling_timezone, s.scheduling_active, s.buffer_before_min, s.buffer_after_min,
	s.colour, s.created_at, s.updated_at, s.row_version, d.user_id, d.email, d.phone_encrypted, d.phone_key_version, d.stamp_number,
	ARRAY(SELECT x.specialty_id FROM specialist_specialties x
	       WHERE x.organization_id = s.organization_id AND x.specialist_id = s.id ORDER BY x.specialty_id) AS specialty_ids
	FROM specialists s LEFT JOIN specialist_details d ON d.organization_id = s.organization_id AND d.specialist_id = s.id`

func list(ctx context.Context, tx *postgres.Tx, f Find, w page.Window) (page.Result[Specialist], error) {
	out := page.Result[Specialist]{Window: w}
	args := pgx.NamedArgs{
		"active": f.Active, "specialty": f.Specialty, "search": f.Search, "limited": f.IDs != nil, "ids": f.IDs, "limit": w.Size, "offset": w.Offset(),
	}
	const matching = ` WHERE s.organization_id = (SELECT current_app_org_id()) AND s.deleted_at IS NULL
		 AND (@active::boolean IS NULL OR s.scheduling_active = @active)
		 AND (@specialty::uuid IS NULL OR EXISTS (SELECT 1 FROM specialist_specialties x WHERE x.organization_id = s.organization_id
		      AND x.specialist_id = s.id AND x.specialty_id = @specialty))
		 AND (@search = '' OR strpos(unaccent(lower(s.name)), unaccent(lower(@search))) > 0)
		 AND (NOT @limited::boolean OR s.id = ANY (@ids::uuid[]))`
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM specialists s"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count specialists: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list specialists: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Specialist]); err != nil {
		return out, fmt.Errorf("list specialists: %w", err)
	}
	return out, nil
}

func byID(ctx context.Context, tx *postgres.Tx, id ID) (Specialist, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" WHERE s.id = $1 AND s.deleted_at IS NULL", id)
	if err != nil {
		return Specialist{}, fmt.Errorf("read specialist: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Specialist])
	if postgres.IsNoRows(err) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read specialist: %w", err)
	}
	return p, nil
}

func lock(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM specialists WHERE id = $1 FOR UPDATE", id); err != nil {
		return fmt.Errorf("lock specialist: %w", err)
	}
	return nil
}

// slugs answers which short addresses of a table of this package are in use. A name that becomes taken meanwhile meets the index.
func slugs(ctx context.Context, tx *postgres.Tx, table string) (func(string) bool, error) {
	statement := "SELECT slug FROM specialists WHERE deleted_at IS NULL"
	if table == "specialties" {
		statement = "SELECT slug FROM specialties WHERE deleted_at IS NULL"
	}
	rows, err := tx.Query(ctx, statement)
	if err != nil {
		return nil, fmt.Errorf("read slugs: %w", err)
	}
	used, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read slugs: %w", err)
	}
	set := make(map[string]bool, len(used))
	for _, slug := range used {
		set[slug] = true
	}
	return func(slug string) bool { return set[slug] }, nil
}

func insert(ctx context.Context, tx *postgres.Tx, p Specialist) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO specialists (id, organization_id, name, title, description, slug, scheduling_timezone, scheduling_active,
			buffer_before_min, buffer_after_min, colour)
		VALUES (@id, @org, @name, @title, @description, @slug, @timezone, @active, @before, @after, @colour)`, args(tx, p))
	if err := known(err); err != nil {
		return fmt.Errorf("insert specialist: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO specialist_details (organization_id, specialist_id, user_id, email, phone_encrypted, phone_key_version, stamp_number)
		VALUES (@org, @id, @user, @email, @phone, @key, @stamp)`, args(tx, p))
	if err := known(err); err != nil {
		return fmt.Errorf("insert details of specialist: %w", err)
	}
	return nil
}

// update always writes both tables, so that the version that callers see moves with either.
func update(ctx context.Context, tx *postgres.Tx, p Specialist) error {
	_, err := tx.Exec(ctx, `
		UPDATE specialists
		   SET name = @name, title = @title, description = @description, slug = @slug, scheduling_timezone = @timezone,
		       scheduling_active = @active, buffer_before_min = @before, buffer_after_min = @after, colour = @colour
		 WHERE id = @id`, args(tx, p))
	if err := known(err); err != nil {
		return fmt.Errorf("update specialist: %w", err)
	}
	_, err = tx.Exec(ctx, `
		UPDATE specialist_details
		   SET user_id = @user, email = @email, phone_encrypted = @phone, phone_key_version = @key, stamp_number = @stamp
		 WHERE specialist_id = @id`, args(tx, p))
	if err := known(err); err != nil {
		return fmt.Errorf("update details of specialist: %w", err)
	}
	return nil
}

func args(tx *postgres.Tx, p Specialist) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": p.ID, "org": tx.Principal.OrgID, "name": p.Name, "title": p.Title, "description": p.Description, "slug": p.Slug,
		"timezone": p.Timezone, "active": p.Active, "before": p.BufferBeforeMin, "after": p.BufferAfterMin, "colour": p.Colour,
		"user": p.UserID, "email": p.Email, "phone": p.PhoneSealed, "key": p.PhoneKey, "stamp": p.StampNumber,
	}
}

// known turns broken constraints into what they mean to people.
func known(err error) error {
	switch postgres.Constraint(err) {
	case "specialists_slug_key", "specialties_slug_key":
		return errSlugTaken()
	case "specialist_details_user_key":
		return ErrUserLinked.At("body.user_id", "is already another specialist")
	}
	return err
}

// touch moves the version when only rows beside the specialist changed.
func touch(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "UPDATE specialists SET name = name WHERE id = $1", id); err != nil {
		return fmt.Errorf("touch specialist: %w", err)
	}
	return nil
}

func remove(ctx context.Context, tx *postgres.Tx, id ID) error {
	if _, err := tx.Exec(ctx, "UPDATE specialists SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove specialist: %w", err)
	}
	if _, err := tx.Exec(ctx, "UPDATE specialist_details SET user_id = NULL WHERE specialist_id = $1", id); err != nil {
		return fmt.Errorf("unlink login of specialist: %w", err)
	}
	return nil
}

// replaceSpecialties expects a list without repetition that is not nil.
func replaceSpecialties(ctx context.Context, tx *postgres.Tx, id ID, specialties []SpecialtyID) error {
	var known int
	err := tx.QueryRow(ctx, "SELECT count(*) FROM specialties WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL", specialties).Scan(&known)
	if err != nil {
		return fmt.Errorf("look for specialties: %w", err)
	}
	if known != len(specialties) {
		return ErrSpecialtyNotFound
	}
	if _, err := tx.Exec(ctx, "DELETE FROM specialist_specialties WHERE specialist_id = $1 AND specialty_id <> ALL ($2::uuid[])", id, specialties); err != nil {
		return fmt.Errorf("drop specialties of specialist: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO specialist_specialties (organization_id, specialist_id, specialty_id)
		SELECT $1, $2, y FROM unnest($3::uuid[]) y
		ON CONFLICT ON CONSTRAINT specialist_specialties_pkey DO NOTHING`, tx.Principal.OrgID, id, specialties)
	if err != nil {
		return fmt.Errorf("insert specialties of specialist: %w", err)
	}
	return nil
}

func byIDs(ctx context.Context, tx *postgres.Tx, ids []ID) ([]Specialist, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+` WHERE s.organization_id = (SELECT current_app_org_id()) AND s.id = ANY ($1::uuid[])
		AND s.deleted_at IS NULL ORDER BY s.id`, ids)
	if err != nil {
		return nil, fmt.Errorf("read specialists: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Specialist])
	if err != nil {
		return nil, fmt.Errorf("read specialists: %w", err)
	}
	return out, nil
}

func names(ctx context.Context, tx *postgres.Tx, ids []ID) (map[ID]string, error) {
	rows, err := tx.Query(ctx, "SELECT id, name FROM specialists WHERE organization_id = (SELECT current_app_org_id()) AND id = ANY ($1::uuid[])", ids)
	if err != nil {
		return nil, fmt.Errorf("read names of specialists: %w", err)
	}
	out := map[ID]string{}
	var id ID
	var name string
	if _, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error { out[id] = name; return nil }); err != nil {
		return nil, fmt.Errorf("read names of specialists: %w", err)
	}
	return out, nil
}

func own(ctx context.Context, tx *postgres.Tx) (ID, error) {
	var id ID
	if err := tx.QueryRow(ctx, "SELECT current_app_specialist_id()").Scan(&id); err != nil {
		return id, fmt.Errorf("read own specialist: %w", err)
	}
	return id, nil
}

// setTimezone answers whether the transaction's role was allowed to.
func setTimezone(ctx context.Context, tx *postgres.Tx, id ID, zone string) (bool, error) {
	tag, err := tx.Exec(ctx, "UPDATE specialists SET scheduling_timezone = $2 WHERE id = $1", id, zone)
	if err != nil {
		return false, fmt.Errorf("write zone of specialist: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
