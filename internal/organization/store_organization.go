package organization

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const publicColumns = `o.id, o.slug::text AS slug, o.name, o.tagline, o.email, o.phone, o.website, o.address_line, o.locality,
	o.county, o.postal_code, o.country::text AS country, o.color_primary, o.color_accent, o.language_code, o.timezone,
	o.currency::text AS currency, o.features, o.embed_origins, o.status, o.created_at, o.updated_at, o.row_version`

// faceOnly stands in for the columns that a list does not read.
const faceOnly = `NULL::text AS legal_name, NULL::text AS tax_id, NULL::jsonb AS settings`

func exists(ctx context.Context, tx *postgres.Tx, org ident.OrgID) error {
	var found bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM organizations WHERE id = $1)", org).Scan(&found); err != nil {
		return fmt.Errorf("look for organization: %w", err)
	}
	if !found {
		return ErrNotFound
	}
	return nil
}

func collectOne(rows pgx.Rows, err error) (Organization, error) {
	if err != nil {
		return Organization{}, fmt.Errorf("read organization: %w", err)
	}
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Organization])
	if errors.Is(err, pgx.ErrNoRows) {
		return Organization{}, ErrNotFound
	}
	if err != nil {
		return Organization{}, fmt.Errorf("read organization: %w", err)
	}
	return o, nil
}

const selectOne = `SELECT ` + publicColumns + `, s.legal_name, s.tax_id, s.settings
	  FROM organizations o
	  LEFT JOIN organization_settings s ON s.organization_id = o.id
	 WHERE o.id = $1`

func byID(ctx context.Context, tx *postgres.Tx, org ident.OrgID) (Organization, error) {
	return collectOne(tx.Query(ctx, selectOne, org))
}

// lockedByID reads for change: of two changes at once the second waits and then finds a newer version.
func lockedByID(ctx context.Context, tx *postgres.Tx, org ident.OrgID) (Organization, error) {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE", org); err != nil {
		return Organization{}, fmt.Errorf("lock organization: %w", err)
	}
	o, err := byID(ctx, tx, org)
	if err == nil && o.Settings == nil {
		return Organization{}, fmt.Errorf("organization %s has no settings row", org)
	}
	return o, err
}

func list(ctx context.Context, tx *postgres.Tx, f Find, w page.Window) (page.Result[Organization], error) {
	out := page.Result[Organization]{Window: w}
	args := pgx.NamedArgs{"status": f.Status, "search": f.Search, "limit": w.Size, "offset": w.Offset()}
	const matching = ` FROM organizations o
		 WHERE (@status = '' OR o.status = @status)
		   AND (@search = '' OR strpos(unaccent(lower(o.name)), unaccent(lower(@search))) > 0 OR strpos(lower(o.slug::text), lower(@search)) > 0)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count organizations: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+publicColumns+", "+faceOnly+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list organizations: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Organization]); err != nil {
		return out, fmt.Errorf("list organizations: %w", err)
	}
	return out, nil
}

func insert(ctx context.Context, tx *postgres.Tx, o Organization) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO organizations (id, slug, name, language_code, timezone)
		VALUES (@id, @slug, @name, @language, @timezone)`,
		pgx.NamedArgs{"id": o.ID, "slug": o.Slug, "name": o.Name, "language": o.LanguageCode, "timezone": o.Timezone})
	if postgres.Constraint(err) == "organizations_slug_key" {
		return ErrSlugTaken
	}
	if err != nil {
		return fmt.Errorf("insert organization: %w", err)
	}
	if _, err := tx.Exec(ctx, "INSERT INTO organization_settings (organization_id) VALUES ($1)", o.ID); err != nil {
		return fmt.Errorf("insert organization settings: %w", err)
	}
	return nil
}

// update writes both tables. organizations is always written, so that its version also moves when only settings change. The
// state is written apart, because the application role has no right on that column.
func update(ctx context.Context, tx *postgres.Tx, o Organization) (Organization, error) {
	settings, err := json.Marshal(o.Settings)
	if err != nil {
		return Organization{}, fmt.Errorf("encode settings: %w", err)
	}
	_, err = tx.Exec(ctx, `
		UPDATE organizations
		   SET name = @name, tagline = @tagline, email = @email, phone = @phone, website = @website, address_line = @address_line,
		       locality = @locality, county = @county, postal_code = @postal_code, country = @country,
		       color_primary = @color_primary, color_accent = @color_accent, language_code = @language_code,
		       timezone = @timezone, currency = @currency, features = @features, embed_origins = @embed_origins
		 WHERE id = @id`,
		pgx.NamedArgs{
			"id": o.ID, "name": o.Name, "tagline": o.Tagline, "email": o.Email, "phone": o.Phone, "website": o.Website,
			"address_line": o.AddressLine, "locality": o.Locality, "county": o.County, "postal_code": o.PostalCode,
			"country": o.Country, "color_primary": o.ColorPrimary, "color_accent": o.ColorAccent, "language_code": o.LanguageCode,
			"timezone": o.Timezone, "currency": o.Currency, "features": o.Features, "embed_origins": o.EmbedOrigins,
		})
	if err != nil {
		return Organization{}, fmt.Errorf("update organization: %w", err)
	}
	_, err = tx.Exec(ctx, "UPDATE organization_settings SET legal_name = $2, tax_id = $3, settings = $4 WHERE organization_id = $1",
		o.ID, o.LegalName, o.TaxID, settings)
	if err != nil {
		return Organization{}, fmt.Errorf("update organization settings: %w", err)
	}
	if tx.Platform() {
		if _, err := tx.Exec(ctx, "UPDATE organizations SET status = $2 WHERE id = $1 AND status <> $2", o.ID, o.Status); err != nil {
			return Organization{}, fmt.Errorf("update state of organization: %w", err)
		}
	}
	return byID(ctx, tx, o.ID)
}
