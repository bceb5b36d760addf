package credit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

const planColumns = `p.id, p.patient_id, p.service_plan_id, p.name, p.type, p.price_minor, p.list_price_minor, p.price_reason, p.currency::text AS currency,
	p.session_count, p.session_share_pct, p.telerehab_access, p.library_access, p.covered, p.starts_on, p.access_ends_on, p.credits_expire_on,
	p.status, p.sold_by, p.cancelled_at, p.cancel_reason, p.rolled_on, p.warned_days, p.created_at, p.row_version`

func plansOf(ctx context.Context, tx *postgres.Tx, id patient.ID) ([]Plan, error) {
	rows, err := tx.Query(ctx, "SELECT "+planColumns+` FROM patient_service_plans p
		WHERE p.organization_id = (SELECT current_app_org_id()) AND p.patient_id = $1 ORDER BY p.created_at DESC, p.id DESC`, id)
	return collectPlans(ctx, tx, rows, err)
}

func planByID(ctx context.Context, tx *postgres.Tx, id PlanID) (Plan, error) {
	rows, err := tx.Query(ctx, "SELECT "+planColumns+" FROM patient_service_plans p WHERE p.id = $1", id)
	return onePlan(ctx, tx, rows, err)
}

// lockPlan makes the transaction the only one that writes rows of the plan until it ends.
func lockPlan(ctx context.Context, tx *postgres.Tx, id PlanID) (Plan, error) {
	rows, err := tx.Query(ctx, "SELECT "+planColumns+" FROM patient_service_plans p WHERE p.id = $1 FOR UPDATE", id)
	return onePlan(ctx, tx, rows, err)
}

func onePlan(ctx context.Context, tx *postgres.Tx, rows pgx.Rows, err error) (Plan, error) {
	found, err := collectPlans(ctx, tx, rows, err)
	if err != nil {
		return Plan{}, err
	}
	if len(found) == 0 {
		return Plan{}, ErrPlanNotFound
	}
	return found[0], nil
}

func collectPlans(ctx context.Context, tx *postgres.Tx, rows pgx.Rows, err error) ([]Plan, error) {
	if err != nil {
		return nil, fmt.Errorf("read plans of patient: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Plan])
	if err != nil {
		return nil, fmt.Errorf("read plans of patient: %w", err)
	}
	return out, withBalances(ctx, tx, out)
}

// withBalances sums the rows of all plans in one statement.
func withBalances(ctx context.Context, tx *postgres.Tx, plans []Plan) error {
	ids, place := make([]PlanID, len(plans)), map[PlanID]int{}
	for i := range plans {
		ids[i], place[plans[i].ID] = plans[i].ID, i
	}
	rows, err := tx.Query(ctx, `
		SELECT patient_service_plan_id AS id, sum(d_available)::integer AS available, sum(d_reserved)::integer AS reserved, sum(d_consumed)::integer AS consumed
		  FROM entitlement_ledger
		 WHERE organization_id = (SELECT current_app_org_id()) AND patient_service_plan_id = ANY ($1::uuid[])
		 GROUP BY patient_service_plan_id`, ids)
	if err != nil {
		return fmt.Errorf("sum ledger: %w", err)
	}
	var id PlanID
	var b Balance
	_, err = pgx.ForEachRow(rows, []any{&id, &b.Available, &b.Reserved, &b.Consumed}, func() error {
		plans[place[id]].Balance = b
		return nil
	})
	if err != nil {
		return fmt.Errorf("sum ledger: %w", err)
	}
	return nil
}

// bookOf sums everything that the rows of a plan say.
func bookOf(ctx context.Context, tx *postgres.Tx, id PlanID) (book, error) {
	var b book
	err := tx.QueryRow(ctx, `
		SELECT COALESCE(sum(d_available), 0)::integer, COALESCE(sum(d_reserved), 0)::integer, COALESCE(sum(d_consumed), 0)::integer,
		       COALESCE(sum(recognised_minor) FILTER (WHERE kind IN ('consume', 'expire', 'adjust', 'reversal')), 0)::bigint,
		       COALESCE(sum(recognised_minor) FILTER (WHERE kind = 'period'), 0)::bigint,
		       COALESCE(-sum(recognised_minor) FILTER (WHERE kind = 'refund'), 0)::bigint,
		       COALESCE(bool_or(kind = 'expire'), false), max(effective_on) FILTER (WHERE kind = 'period')
		  FROM entitlement_ledger WHERE patient_service_plan_id = $1`, id).
		Scan(&b.Available, &b.Reserved, &b.Consumed, &b.Earned, &b.TimeEarned, &b.Refunded, &b.Expired, &b.PeriodTo)
	if err != nil {
		return b, fmt.Errorf("sum ledger: %w", err)
	}
	return b, nil
}

const entryColumns = `id, patient_id, patient_service_plan_id, appointment_id, order_id, kind, attempt, d_available, d_reserved, d_consumed,
	recognised_minor, currency::text AS currency, effective_on, reason, reverses_entry_id, actor_user_id, created_at`

func entriesOf(ctx context.Context, tx *postgres.Tx, id PlanID) ([]Entry, error) {
	return entries(ctx, tx, "SELECT "+entryColumns+" FROM entitlement_ledger WHERE patient_service_plan_id = $1 ORDER BY seq", id)
}

// entriesOfVisit are the rows of a visit, oldest first.
func entriesOfVisit(ctx context.Context, tx *postgres.Tx, id VisitID) ([]Entry, error) {
	return entries(ctx, tx, "SELECT "+entryColumns+" FROM entitlement_ledger WHERE appointment_id = $1 ORDER BY seq", id)
}

func entryOfOrder(ctx context.Context, tx *postgres.Tx, id OrderID) ([]Entry, error) {
	return entries(ctx, tx, "SELECT "+entryColumns+" FROM entitlement_ledger WHERE order_id = $1 AND kind = 'product'", id)
}

func entries(ctx context.Context, tx *postgres.Tx, sql string, id any) ([]Entry, error) {
	rows, err := tx.Query(ctx, sql, id)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return out, nil
}

func insertEntry(ctx context.Context, tx *postgres.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO entitlement_ledger (id, organization_id, patient_id, patient_service_plan_id, appointment_id, order_id, kind, attempt, d_available,
			d_reserved, d_consumed, recognised_minor, currency, effective_on, reason, reverses_entry_id, actor_user_id, created_at)
		VALUES (@id, @org, @patient, @plan, @visit, @order, @kind, @attempt, @available, @reserved, @consumed, @recognised, @currency, @on, @reason,
			@reverses, @actor, @now)`, pgx.NamedArgs{
		"id": e.ID, "org": tx.Principal.OrgID, "patient": e.PatientID, "plan": e.PlanID, "visit": e.VisitID, "order": e.OrderID, "kind": string(e.Kind),
		"attempt": e.Attempt, "available": e.Available, "reserved": e.Reserved, "consumed": e.Consumed, "recognised": e.Recognised,
		"currency": e.Currency, "on": e.EffectiveOn, "reason": e.Reason, "reverses": e.Reverses, "actor": tx.Principal.UserID, "now": tx.Now,
	})
	switch postgres.Constraint(err) {
	case "":
	case "entitlement_ledger_fold":
		return ErrNoCredit
	case "entitlement_ledger_one_reversal":
		return ErrReversed
	}
	if err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

func insertPlan(ctx context.Context, tx *postgres.Tx, p Plan) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO patient_service_plans (id, organization_id, patient_id, service_plan_id, name, type, price_minor, list_price_minor, price_reason,
			currency, session_count, session_share_pct, telerehab_access, library_access, covered, starts_on, access_ends_on, credits_expire_on,
			sold_by, rolled_on, created_at)
		VALUES (@id, @org, @patient, @plan, @name, @type, @price, @list, @reason, @currency, @sessions, @share, @telerehab, @library, @covered,
			@starts, @ends, @expire, @by, @rolled, @now)`, pgx.NamedArgs{
		"id": p.ID, "org": tx.Principal.OrgID, "patient": p.PatientID, "plan": p.ServicePlanID, "name": p.Name, "type": p.Type, "price": p.PriceMinor,
		"list": p.ListMinor, "reason": p.PriceReason, "currency": p.Currency, "sessions": p.Sessions, "share": p.SharePct, "telerehab": p.Telerehab,
		"library": p.Library, "covered": p.Covered, "starts": p.StartsOn, "ends": p.AccessEndsOn, "expire": p.CreditsExpireOn,
		"by": tx.Principal.UserID, "rolled": p.RolledOn, "now": tx.Now,
	})
	if err != nil {
		return fmt.Errorf("insert plan of patient: %w", err)
	}
	return nil
}

func setStatus(ctx context.Context, tx *postgres.Tx, id PlanID, status Status) error {
	if _, err := tx.Exec(ctx, "UPDATE patient_service_plans SET status = $2 WHERE id = $1", id, string(status)); err != nil {
		return fmt.Errorf("write state of plan: %w", err)
	}
	return nil
}

func setCancelled(ctx context.Context, tx *postgres.Tx, id PlanID, reason string) error {
	_, err := tx.Exec(ctx, "UPDATE patient_service_plans SET status = 'cancelled', cancelled_at = $2, cancel_reason = $3 WHERE id = $1", id, tx.Now, reason)
	if err != nil {
		return fmt.Errorf("cancel plan: %w", err)
	}
	return nil
}

func setRolled(ctx context.Context, tx *postgres.Tx, id PlanID, today civil.Date, warned *int) error {
	_, err := tx.Exec(ctx, "UPDATE patient_service_plans SET rolled_on = $2, warned_days = $3 WHERE id = $1", id, today, warned)
	if err != nil {
		return fmt.Errorf("write midnight of plan: %w", err)
	}
	return nil
}

// paying are the patient's plans that may pay for a visit of the day, what ends first first. The choice is looked at again under the lock.
func paying(ctx context.Context, tx *postgres.Tx, id patient.ID, day civil.Date) ([]PlanID, error) {
	rows, err := tx.Query(ctx, `
		SELECT id FROM patient_service_plans
		 WHERE organization_id = (SELECT current_app_org_id()) AND patient_id = $1 AND status = 'active' AND session_count IS NOT NULL
		   AND starts_on <= $2 AND (credits_expire_on IS NULL OR credits_expire_on >= $2)
		 ORDER BY credits_expire_on NULLS LAST, created_at, id`, id, day)
	if err != nil {
		return nil, fmt.Errorf("look for a plan that pays: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[PlanID])
	if err != nil {
		return nil, fmt.Errorf("look for a plan that pays: %w", err)
	}
	return out, nil
}

// clinicsDue are the clinics whose day has changed since the midnight of one of their plans was worked off. It reads as the owner.
func clinicsDue(ctx context.Context, tx *postgres.Tx) ([]ident.OrgID, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT p.organization_id FROM patient_service_plans p JOIN organizations o ON o.id = p.organization_id
		 WHERE p.status = 'active' AND p.rolled_on < ($1::timestamptz AT TIME ZONE o.timezone)::date`, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("look for midnights: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[ident.OrgID])
	if err != nil {
		return nil, fmt.Errorf("look for midnights: %w", err)
	}
	return out, nil
}

// plansDue are the clinic's plans whose midnight is to be worked off, the longest waiting first.
func plansDue(ctx context.Context, tx *postgres.Tx, today civil.Date) ([]PlanID, error) {
	rows, err := tx.Query(ctx, `SELECT id FROM patient_service_plans
		WHERE organization_id = (SELECT current_app_org_id()) AND status = 'active' AND rolled_on < $1 ORDER BY rolled_on, id LIMIT 1000`, today)
	if err != nil {
		return nil, fmt.Errorf("look for plans of the day: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[PlanID])
	if err != nil {
		return nil, fmt.Errorf("look for plans of the day: %w", err)
	}
	return out, nil
}
