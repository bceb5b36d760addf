package credit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// orderColumns come with the names: of the product in the same statement, of the patient through the one way in which a clinic reads people.
const orderColumns = `o.id, o.patient_id, o.product_id, q.name AS product_name, o.patient_service_plan_id, o.quantity, o.price_minor,
	o.currency::text AS currency, o.source, o.status, o.address, o.tracking, o.status_at, o.created_at, o.row_version,
	(SELECT n.first_name || ' ' || n.last_name FROM patient_profiles(ARRAY[o.patient_id]) n) AS patient_name`

const orderFrom = ` FROM patient_product_orders o JOIN products q ON q.organization_id = o.organization_id AND q.id = o.product_id
	WHERE o.organization_id = (SELECT current_app_org_id())`

func listOrders(ctx context.Context, tx *postgres.Tx, f FindOrders, w page.Window) (page.Result[Order], error) {
	out := page.Result[Order]{Window: w}
	args := pgx.NamedArgs{"statuses": f.Statuses, "patient": f.Patient, "product": f.Product, "limit": w.Size, "offset": w.Offset()}
	const matching = orderFrom + ` AND (@statuses::text[] IS NULL OR o.status = ANY (@statuses))
		 AND (@patient::uuid IS NULL OR o.patient_id = @patient) AND (@product::uuid IS NULL OR o.product_id = @product)`
	if err := tx.QueryRow(ctx, "SELECT count(*)"+matching, args).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count orders: %w", err)
	}
	rows, err := tx.Query(ctx, "SELECT "+orderColumns+matching+" ORDER BY "+w.OrderBy+" LIMIT @limit OFFSET @offset", args)
	if out.Rows, err = collectOrders(rows, err); err != nil {
		return out, err
	}
	return out, nil
}

func collectOrders(rows pgx.Rows, err error) ([]Order, error) {
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Order])
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	return out, nil
}

func orderByID(ctx context.Context, tx *postgres.Tx, id OrderID, locking string) (Order, error) {
	rows, err := tx.Query(ctx, "SELECT "+orderColumns+orderFrom+" AND o.id = $1"+locking, id)
	found, err := collectOrders(rows, err)
	if err != nil {
		return Order{}, err
	}
	if len(found) == 0 {
		return Order{}, ErrOrderNotFound
	}
	return found[0], nil
}

// openOrdersOf are the orders of a plan that were not sent yet, held until the transaction ends.
func openOrdersOf(ctx context.Context, tx *postgres.Tx, id PlanID) ([]Order, error) {
	rows, err := tx.Query(ctx, "SELECT "+orderColumns+orderFrom+
		" AND o.patient_service_plan_id = $1 AND o.status IN ('pending', 'prepared') ORDER BY o.id FOR UPDATE OF o", id)
	return collectOrders(rows, err)
}

func insertOrder(ctx context.Context, tx *postgres.Tx, o Order) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO patient_product_orders (id, organization_id, patient_id, product_id, patient_service_plan_id, quantity, price_minor, currency,
			source, status, address, status_at, created_at)
		VALUES (@id, @org, @patient, @product, @plan, @quantity, @price, @currency, @source, @status, @address, @now, @now)`, pgx.NamedArgs{
		"id": o.ID, "org": tx.Principal.OrgID, "patient": o.PatientID, "product": o.ProductID, "plan": o.PlanID, "quantity": o.Quantity,
		"price": o.PriceMinor, "currency": o.Currency, "source": o.Source, "status": string(o.Status), "address": o.Address, "now": tx.Now,
	})
	if err != nil {
		return fmt.Errorf("insert order: %w", err)
	}
	return nil
}

func setOrderStatus(ctx context.Context, tx *postgres.Tx, id OrderID, to OrderStatus, tracking *string) error {
	_, err := tx.Exec(ctx, "UPDATE patient_product_orders SET status = $2, status_at = $3, tracking = COALESCE($4, tracking) WHERE id = $1",
		id, string(to), tx.Now, tracking)
	if err != nil {
		return fmt.Errorf("move order: %w", err)
	}
	return nil
}
