package catalog

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const planColumns = `p.id, p.name, p.slug, p.description, p.type, p.price_minor, p.currency::text AS currency, p.session_count, p.validity_days,
	p.window_months, p.telerehab_access, p.library_access, p.session_share_pct, p.status, p.is_public, p.created_at, p.updated_at, p.row_version`

func listPlans(ctx context.Context, tx *postgres.Tx, f FindPlans, w page.Window) (page.Result[Plan], error) {
	out := page.Result[Plan]{Window: w}
	args := pgx.NamedArgs{
		"type": f.Type, "status": f.Status, "service": f.Service, "public": f.IsPublic, "search": f.Search, "limit": w.Size, "offset": w.Offset(),
	}
	const matching = ` FROM service_plans p WHERE p.organization_id = (SELECT current_app_org_id()) AND p.deleted_at IS NULL
		 AND (@type = '' OR p.type = @type) AND (@status = '' OR p.status = @status) AND (@public::boolean IS NULL OR p.is_public = @public)
		 AND (@service::uuid IS NULL OR EXISTS (SELECT 1 FROM service_plan_services u WHERE u.organization_id = p.organization_id
		      AND u.service_plan_id = p.id AND u.service_id = @service))
		 AND (@search = '' OR strpos(unaccent(lower(p.name)), unaccent(lower(@search))) > 0)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count plans: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+planColumns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list plans: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Plan]); err != nil {
		return out, fmt.Errorf("list plans: %w", err)
	}
	return out, withHeld(ctx, tx, out.Rows)
}

// withHeld reads what all plans hold, in two statements.
func withHeld(ctx context.Context, tx *postgres.Tx, plans []Plan) error {
	ids, place := make([]PlanID, len(plans)), map[PlanID]int{}
	for i := range plans {
		ids[i], place[plans[i].ID] = plans[i].ID, i
	}
	rows, err := tx.Query(ctx, `SELECT service_plan_id, service_id, credits FROM service_plan_services
		WHERE organization_id = (SELECT current_app_org_id()) AND service_plan_id = ANY ($1::uuid[]) ORDER BY created_at, service_id`, ids)
	if err != nil {
		return fmt.Errorf("read services of plans: %w", err)
	}
	services, err := pgx.CollectRows(rows, pgx.RowToStructByName[PlanService])
	if err != nil {
		return fmt.Errorf("read services of plans: %w", err)
	}
	for _, s := range services {
		plans[place[s.PlanID]].Services = append(plans[place[s.PlanID]].Services, s)
	}
	rows, err = tx.Query(ctx, `SELECT service_plan_id, product_id, quantity FROM service_plan_products
		WHERE organization_id = (SELECT current_app_org_id()) AND service_plan_id = ANY ($1::uuid[]) ORDER BY created_at, product_id`, ids)
	if err != nil {
		return fmt.Errorf("read products of plans: %w", err)
	}
	products, err := pgx.CollectRows(rows, pgx.RowToStructByName[PlanProduct])
	if err != nil {
		return fmt.Errorf("read products of plans: %w", err)
	}
	for _, q := range products {
		plans[place[q.PlanID]].Products = append(plans[place[q.PlanID]].Products, q)
	}
	return nil
}

func planByID(ctx context.Context, tx *postgres.Tx, id PlanID) (Plan, error) {
	return onePlan(ctx, tx, id, "")
}

func lockedPlan(ctx context.Context, tx *postgres.Tx, id PlanID) (Plan, error) {
	return onePlan(ctx, tx, id, " FOR UPDATE")
}

func onePlan(ctx context.Context, tx *postgres.Tx, id PlanID, locking string) (Plan, error) {
	rows, err := tx.Query(ctx, "SELECT "+planColumns+" FROM service_plans p WHERE p.id = $1 AND p.deleted_at IS NULL"+locking, id)
	if err != nil {
		return Plan{}, fmt.Errorf("read plan: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Plan])
	if postgres.IsNoRows(err) {
		return p, ErrPlanNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read plan: %w", err)
	}
	one := []Plan{p}
	err = withHeld(ctx, tx, one)
	return one[0], err
}

func planArgs(tx *postgres.Tx, p Plan) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": p.ID, "org": tx.Principal.OrgID, "name": p.Name, "slug": p.Slug, "description": p.Description, "type": p.Type, "price": p.PriceMinor,
		"currency": p.Currency, "sessions": p.Sessions, "days": p.ValidityDays, "months": p.WindowMonths, "telerehab": p.Telerehab,
		"library": p.Library, "share": p.SharePct, "status": p.Status, "public": p.IsPublic,
	}
}

func knownPlan(err error) error {
	switch postgres.Constraint(err) {
	case "service_plans_slug_key":
		return organization.ErrSlugTaken.At("body.slug", "is already used")
	case "service_plans_shape":
		return ErrPlanShape
	}
	return err
}

func insertPlan(ctx context.Context, tx *postgres.Tx, p Plan) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO service_plans (id, organization_id, name, slug, description, type, price_minor, currency, session_count, validity_days,
			window_months, telerehab_access, library_access, session_share_pct, status, is_public)
		VALUES (@id, @org, @name, @slug, @description, @type, @price, @currency, @sessions, @days, @months, @telerehab, @library, @share,
			@status, @public)`, planArgs(tx, p))
	if err := knownPlan(err); err != nil {
		return fmt.Errorf("insert plan: %w", err)
	}
	return nil
}

func updatePlan(ctx context.Context, tx *postgres.Tx, p Plan) error {
	_, err := tx.Exec(ctx, `
		UPDATE service_plans
		   SET name = @name, slug = @slug, description = @description, type = @type, price_minor = @price, currency = @currency,
		       session_count = @sessions, validity_days = @days, window_months = @months, telerehab_access = @telerehab,
		       library_access = @library, session_share_pct = @share, status = @status, is_public = @public
		 WHERE id = @id`, planArgs(tx, p))
	if err := knownPlan(err); err != nil {
		return fmt.Errorf("update plan: %w", err)
	}
	return nil
}

func removePlan(ctx context.Context, tx *postgres.Tx, id PlanID) error {
	if _, err := tx.Exec(ctx, "UPDATE service_plans SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove plan: %w", err)
	}
	return nil
}

// countHeld answers how many of the services and products that a plan names exist.
func countHeld(ctx context.Context, tx *postgres.Tx, p Plan) (services, products int, err error) {
	serviceIDs, productIDs := make([]ServiceID, len(p.Services)), make([]ProductID, len(p.Products))
	for i, s := range p.Services {
		serviceIDs[i] = s.ServiceID
	}
	for i, q := range p.Products {
		productIDs[i] = q.ProductID
	}
	err = tx.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM services WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL),
		       (SELECT count(*) FROM products WHERE id = ANY ($2::uuid[]) AND deleted_at IS NULL)`, serviceIDs, productIDs).Scan(&services, &products)
	if err != nil {
		return 0, 0, fmt.Errorf("look for what the plan holds: %w", err)
	}
	return services, products, nil
}

func replaceHeld(ctx context.Context, tx *postgres.Tx, p Plan) error {
	batch := &pgx.Batch{}
	batch.Queue("DELETE FROM service_plan_services WHERE service_plan_id = $1", p.ID)
	batch.Queue("DELETE FROM service_plan_products WHERE service_plan_id = $1", p.ID)
	for _, s := range p.Services {
		batch.Queue("INSERT INTO service_plan_services (organization_id, service_plan_id, service_id, credits, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())",
			tx.Principal.OrgID, p.ID, s.ServiceID, s.Credits)
	}
	for _, q := range p.Products {
		batch.Queue("INSERT INTO service_plan_products (organization_id, service_plan_id, product_id, quantity, created_at) VALUES ($1, $2, $3, $4, clock_timestamp())",
			tx.Principal.OrgID, p.ID, q.ProductID, q.Quantity)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write what the plan holds: %w", err)
	}
	return nil
}
