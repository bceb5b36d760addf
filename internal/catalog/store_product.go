package catalog

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const productColumns = `q.id, q.name, q.slug, q.sku, q.description, q.price_minor, q.currency::text AS currency, q.vat_code, q.stock_tracked, q.stock,
	q.published, q.created_at, q.updated_at, q.row_version`

func listProducts(ctx context.Context, tx *postgres.Tx, f FindProducts, w page.Window) (page.Result[Product], error) {
	out := page.Result[Product]{Window: w}
	args := pgx.NamedArgs{"published": f.Published, "search": f.Search, "limit": w.Size, "offset": w.Offset()}
	const matching = ` FROM products q WHERE q.organization_id = (SELECT current_app_org_id()) AND q.deleted_at IS NULL
		 AND (@published::boolean IS NULL OR q.published = @published)
		 AND (@search = '' OR strpos(unaccent(lower(q.name || ' ' || COALESCE(q.sku, ''))), unaccent(lower(@search))) > 0)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count products: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+productColumns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if err != nil {
		return out, fmt.Errorf("list products: %w", err)
	}
	if out.Rows, err = pgx.CollectRows(rows, pgx.RowToStructByName[Product]); err != nil {
		return out, fmt.Errorf("list products: %w", err)
	}
	return out, nil
}

func productByID(ctx context.Context, tx *postgres.Tx, id ProductID) (Product, error) {
	return oneProduct(ctx, tx, id, "")
}

func lockedProduct(ctx context.Context, tx *postgres.Tx, id ProductID) (Product, error) {
	return oneProduct(ctx, tx, id, " FOR UPDATE")
}

func oneProduct(ctx context.Context, tx *postgres.Tx, id ProductID, locking string) (Product, error) {
	rows, err := tx.Query(ctx, "SELECT "+productColumns+" FROM products q WHERE q.id = $1 AND q.deleted_at IS NULL"+locking, id)
	if err != nil {
		return Product{}, fmt.Errorf("read product: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Product])
	if postgres.IsNoRows(err) {
		return p, ErrProductNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read product: %w", err)
	}
	return p, nil
}

func productArgs(tx *postgres.Tx, p Product) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": p.ID, "org": tx.Principal.OrgID, "name": p.Name, "slug": p.Slug, "sku": p.SKU, "description": p.Description, "price": p.PriceMinor,
		"currency": p.Currency, "vat": p.VATCode, "tracked": p.StockTracked, "stock": p.Stock, "published": p.Published,
	}
}

func knownProduct(err error) error {
	switch postgres.Constraint(err) {
	case "products_slug_key":
		return organization.ErrSlugTaken.At("body.slug", "is already used")
	case "products_sku_key":
		return ErrSKUTaken.At("body.sku", "is already used")
	}
	return err
}

func insertProduct(ctx context.Context, tx *postgres.Tx, p Product) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO products (id, organization_id, name, slug, sku, description, price_minor, currency, vat_code, stock_tracked, stock, published)
		VALUES (@id, @org, @name, @slug, @sku, @description, @price, @currency, @vat, @tracked, @stock, @published)`, productArgs(tx, p))
	if err := knownProduct(err); err != nil {
		return fmt.Errorf("insert product: %w", err)
	}
	return nil
}

func updateProduct(ctx context.Context, tx *postgres.Tx, p Product) error {
	_, err := tx.Exec(ctx, `
		UPDATE products
		   SET name = @name, slug = @slug, sku = @sku, description = @description, price_minor = @price, currency = @currency, vat_code = @vat,
		       stock_tracked = @tracked, stock = @stock, published = @published
		 WHERE id = @id`, productArgs(tx, p))
	if err := knownProduct(err); err != nil {
		return fmt.Errorf("update product: %w", err)
	}
	return nil
}

func removeProduct(ctx context.Context, tx *postgres.Tx, id ProductID) error {
	if _, err := tx.Exec(ctx, "UPDATE products SET deleted_at = $2 WHERE id = $1", id, tx.Now); err != nil {
		return fmt.Errorf("remove product: %w", err)
	}
	return nil
}

// moveStock answers how many pieces there are afterwards, -1 where they are not counted, and nil when there are not enough.
func moveStock(ctx context.Context, tx *postgres.Tx, id ProductID, pieces int) (*int, error) {
	var left *int
	if err := tx.QueryRow(ctx, "SELECT product_move_stock($1, $2)", id, pieces).Scan(&left); err != nil {
		return nil, fmt.Errorf("move stock: %w", err)
	}
	return left, nil
}

// User is a plan that holds a thing which somebody wants to remove.
type User struct {
	ID   PlanID `json:"id"   db:"id"`
	Name string `json:"name" db:"name"`
}

func plansWithProduct(ctx context.Context, tx *postgres.Tx, id ProductID) ([]User, error) {
	return plansWith(ctx, tx, `SELECT p.id, p.name FROM service_plans p JOIN service_plan_products u
		ON u.organization_id = p.organization_id AND u.service_plan_id = p.id
		WHERE u.product_id = $1 AND p.deleted_at IS NULL AND p.status <> 'archived' ORDER BY p.name, p.id`, id)
}

func plansWithService(ctx context.Context, tx *postgres.Tx, id ServiceID) ([]User, error) {
	return plansWith(ctx, tx, `SELECT p.id, p.name FROM service_plans p JOIN service_plan_services u
		ON u.organization_id = p.organization_id AND u.service_plan_id = p.id
		WHERE u.service_id = $1 AND p.deleted_at IS NULL AND p.status <> 'archived' ORDER BY p.name, p.id`, id)
}

func plansWith(ctx context.Context, tx *postgres.Tx, sql string, id any) ([]User, error) {
	rows, err := tx.Query(ctx, sql, id)
	if err != nil {
		return nil, fmt.Errorf("look for plans that hold it: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[User])
	if err != nil {
		return nil, fmt.Errorf("look for plans that hold it: %w", err)
	}
	return out, nil
}
