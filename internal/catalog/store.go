package catalog

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

const columns = `v.id, v.name, v.slug, v.description, v.category, v.specialty_id, v.duration_min, v.buffer_before_min, v.buffer_after_min,
	v.base_price_minor, v.currency::text AS currency, v.modality, v.is_addon, v.is_public, v.published, v.self_book, v.room_required, v.video_url,
	v.sort_order, v.created_at, v.updated_at, v.row_version`

func list(ctx context.Context, tx *postgres.Tx, f Find, w page.Window) (page.Result[Service], error) {
	out := page.Result[Service]{Window: w}
	args := pgx.NamedArgs{
		"category": f.Category, "specialty": f.Specialty, "specialist": f.Specialist, "published": f.Published, "public": f.IsPublic,
		"search": f.Search, "limit": w.Size, "offset": w.Offset(),
	}
	const matching = ` FROM services v WHERE v.organization_id = (SELECT current_app_org_id()) AND v.deleted_at IS NULL
		 AND (@category = '' OR v.category = @category) AND (@specialty::uuid IS NULL OR v.specialty_id = @specialty)
		 AND (@published::boolean IS NULL OR v.published = @published) AND (@public::boolean IS NULL OR v.is_public = @public)
		 AND (@specialist::uuid IS NULL OR EXISTS (SELECT 1 FROM service_specialists o WHERE o.organization_id = v.organization_id
		      AND o.service_id = v.id AND o.specialist_id = @specialist AND o.is_active))
		 AND (@search = '' OR strpos(unaccent(lower(v.name)), unaccent(lower(@search))) > 0)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count services: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+columns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list services: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Service]); err != nil {
		return out, fmt.Errorf("list services: %w", err)
	}
	return out, withOffers(ctx, tx, out.Rows)
}

// withOffers reads the offers of all services at once.
func withOffers(ctx context.Context, tx *postgres.Tx, services []Service) error {
	ids := make([]ServiceID, len(services))
	for i := range services {
		ids[i] = services[i].ID
	}
	rows, err := tx.Query(ctx, `
		SELECT service_id, specialist_id, priority, weight, custom_price_minor, custom_duration_min, is_active
		  FROM service_specialists
		 WHERE organization_id = (SELECT current_app_org_id()) AND service_id = ANY ($1::uuid[])
		 ORDER BY service_id, priority, specialist_id`, ids)
	if err != nil {
		return fmt.Errorf("read offers: %w", err)
	}
	offers, err := pgx.CollectRows(rows, pgx.RowToStructByName[Offer])
	if err != nil {
		return fmt.Errorf("read offers: %w", err)
	}
	byService := map[ServiceID][]Offer{}
	for _, o := range offers {
		byService[o.ServiceID] = append(byService[o.ServiceID], o)
	}
	for i := range services {
		services[i].Offers = byService[services[i].ID]
	}
	return nil
}

func byID(ctx context.Context, tx *postgres.Tx, id ServiceID) (Service, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM services v WHERE v.id = $1 AND v.deleted_at IS NULL", id)
	if err != nil {
		return Service{}, fmt.Errorf("read service: %w", err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Service])
	if postgres.IsNoRows(err) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("read service: %w", err)
	}
	one := []Service{v}
	err = withOffers(ctx, tx, one)
	return one[0], err
}

func lock(ctx context.Context, tx *postgres.Tx, id ServiceID) error {
	if _, err := tx.Exec(ctx, "SELECT 1 FROM services WHERE id = $1 FOR UPDATE", id); err != nil {
		return fmt.Errorf("lock service: %w", err)
	}
	return nil
}

// slugs answers which short addresses are in use. One that becomes taken meanwhile meets the index.
func slugs(ctx context.Context, tx *postgres.Tx) (func(string) bool, error) {
	rows, err := tx.Query(ctx, "SELECT slug FROM services WHERE deleted_at IS NULL")
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

func args(tx *postgres.Tx, v Service) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": v.ID, "org": tx.Principal.OrgID, "name": v.Name, "slug": v.Slug, "description": v.Description, "category": v.Category,
		"specialty": v.SpecialtyID, "duration": v.DurationMin, "before": v.BufferBeforeMin, "after": v.BufferAfterMin, "price": v.PriceMinor,
		"currency": v.Currency, "modality": v.Modality, "addon": v.IsAddon, "public": v.IsPublic, "published": v.Published,
		"self_book": v.SelfBook, "room": v.RoomRequired, "video": v.VideoURL, "sort": v.SortOrder,
	}
}

func known(err error) error {
	if postgres.Constraint(err) == "services_slug_key" {
		return organization.ErrSlugTaken.At("body.slug", "is already used")
	}
	return err
}

func insert(ctx context.Context, tx *postgres.Tx, v Service) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO services (id, organization_id, name, slug, description, category, specialty_id, duration_min, buffer_before_min,
			buffer_after_min, base_price_minor, currency, modality, is_addon, is_public, published, self_book, room_required, video_url, sort_order)
		VALUES (@id, @org, @name, @slug, @description, @category, @specialty, @duration, @before, @after, @price, @currency, @modality,
			@addon, @public, @published, @self_book, @room, @video, @sort)`, args(tx, v))
	if err := known(err); err != nil {
		return fmt.Errorf("insert service: %w", err)
	}
	return nil
}

func update(ctx context.Context, tx *postgres.Tx, v Service) error {
	_, err := tx.Exec(ctx, `
		UPDATE services
		   SET name = @name, slug = @slug, description = @description, category = @category, specialty_id = @specialty, duration_min = @duration,
		       buffer_before_min = @before, buffer_after_min = @after, base_price_minor = @price, currency = @currency, modality = @modality,
		       is_addon = @addon, is_public = @public, published = @published, self_book = @self_book, room_required = @room,
		       video_url = @video, sort_order = @sort
		 WHERE id = @id`, args(tx, v))
	if err := known(err); err != nil {
		return fmt.Errorf("update service: %w", err)
	}
	return nil
}

func remove(ctx context.Context, tx *postgres.Tx, id ServiceID) error {
	if _, err := tx.Exec(ctx, "UPDATE services SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove service: %w", err)
	}
	return nil
}

func usesSpecialty(ctx context.Context, tx *postgres.Tx, id specialist.SpecialtyID) (bool, error) {
	var used bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM services
		WHERE organization_id = (SELECT current_app_org_id()) AND specialty_id = $1 AND deleted_at IS NULL)`, id).Scan(&used)
	if err != nil {
		return false, fmt.Errorf("look for uses of specialty: %w", err)
	}
	return used, nil
}

// replaceOffers writes the whole list and moves the service's version.
func replaceOffers(ctx context.Context, tx *postgres.Tx, id ServiceID, offers []Offer) error {
	if _, err := tx.Exec(ctx, "DELETE FROM service_specialists WHERE service_id = $1", id); err != nil {
		return fmt.Errorf("drop offers: %w", err)
	}
	batch := &pgx.Batch{}
	for _, o := range offers {
		batch.Queue(`
			INSERT INTO service_specialists (organization_id, service_id, specialist_id, priority, weight, custom_price_minor,
				custom_duration_min, is_active)
			VALUES (@org, @service, @specialist, @priority, @weight, @price, @duration, @active)`, pgx.NamedArgs{
			"org": tx.Principal.OrgID, "service": id, "specialist": o.SpecialistID, "priority": o.Priority, "weight": o.Weight,
			"price": o.PriceMinor, "duration": o.DurationMin, "active": o.Active,
		})
	}
	batch.Queue("UPDATE services SET name = name WHERE id = $1", id)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write offers: %w", err)
	}
	return nil
}

// offeredBy answers who offers the service, as far as the transaction's role sees it; never nil.
func offeredBy(ctx context.Context, tx *postgres.Tx, service ServiceID) ([]specialist.ID, error) {
	rows, err := tx.Query(ctx, "SELECT specialist_id FROM service_specialists WHERE service_id = $1 AND is_active ORDER BY specialist_id", service)
	if err != nil {
		return nil, fmt.Errorf("read who offers a service: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[specialist.ID])
	if err != nil {
		return nil, fmt.Errorf("read who offers a service: %w", err)
	}
	if ids == nil {
		ids = []specialist.ID{}
	}
	return ids, nil
}
