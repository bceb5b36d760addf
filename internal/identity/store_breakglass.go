package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const grantColumns = `g.id, g.organization_id, g.actor_user_id, g.actor_name, g.reason, g.ttl_minutes, g.opened_at, g.expires_at,
	g.ended_at, g.ended_by, g.created_at, g.ended_at IS NULL AND g.expires_at > @now AS active`

// grantOrder are the sortable columns of the list of grants.
func grantOrder() page.Columns {
	return page.Columns{
		ByName:   map[string]string{"opened_at": "g.opened_at"},
		Default:  "g.opened_at DESC",
		TieBreak: "g.id",
	}
}

func clinicExists(ctx context.Context, tx *postgres.Tx, org ident.OrgID) (known bool, err error) {
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM organizations WHERE id = $1)", org).Scan(&known); err != nil {
		return false, fmt.Errorf("find clinic: %w", err)
	}
	return known, nil
}

// insertGrant copies the operator's name as it is now; an operator without one is known by the address.
func insertGrant(ctx context.Context, tx *postgres.Tx, g Grant) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO break_glass_grants (id, organization_id, actor_user_id, actor_name, reason, ttl_minutes, opened_at, expires_at)
		SELECT @id, @org, u.id, COALESCE(NULLIF(u.name, ''), u.email::text), @reason, @ttl, @now::timestamptz, @now::timestamptz + make_interval(mins => @ttl)
		  FROM users u WHERE u.id = @actor`,
		pgx.NamedArgs{"id": g.ID, "org": g.OrgID, "actor": g.ActorUserID, "reason": g.Reason, "ttl": g.TTLMinutes, "now": tx.Now})
	if err != nil {
		return fmt.Errorf("write grant: %w", err)
	}
	return nil
}

func readGrant(ctx context.Context, tx *postgres.Tx, id GrantID) (Grant, error) {
	rows, err := tx.Query(ctx, "SELECT "+grantColumns+" FROM break_glass_grants g WHERE g.id = @id", pgx.NamedArgs{"id": id, "now": tx.Now})
	if err != nil {
		return Grant{}, fmt.Errorf("read grant: %w", err)
	}
	g, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Grant])
	if postgres.IsNoRows(err) {
		return Grant{}, ErrGrantNotFound
	}
	if err != nil {
		return Grant{}, fmt.Errorf("read grant: %w", err)
	}
	return g, nil
}

func listGrants(ctx context.Context, tx *postgres.Tx, f GrantFilter, w page.Window) (page.Result[Grant], error) {
	args := pgx.NamedArgs{"org": f.OrgID, "active": f.Active, "now": tx.Now}
	f.Created.with(args, "created")
	f.Updated.with(args, "updated")
	from := ` FROM break_glass_grants g
		WHERE (@org::uuid IS NULL OR g.organization_id = @org)
		  AND (@active::boolean IS NULL OR (g.ended_at IS NULL AND g.expires_at > @now) = @active)` +
		spanSQL("g.created_at", "created") + spanSQL("g.updated_at", "updated")
	return postgres.List[Grant](ctx, tx, grantColumns, from, w, args)
}

func endGrant(ctx context.Context, tx *postgres.Tx, id GrantID, by ident.UserID) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE break_glass_grants SET ended_at = $2, ended_by = $3
		 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2`, id, tx.Now, by)
	if err != nil {
		return false, fmt.Errorf("end grant: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func adminsOf(ctx context.Context, tx *postgres.Tx, org ident.OrgID) ([]ident.UserID, error) {
	rows, err := tx.Query(ctx, `
		SELECT user_id FROM user_organizations
		 WHERE organization_id = $1 AND role = 'admin' AND status = 'active'
		 ORDER BY user_id`, org)
	if err != nil {
		return nil, fmt.Errorf("read administrators: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[ident.UserID])
	if err != nil {
		return nil, fmt.Errorf("read administrators: %w", err)
	}
	return out, nil
}

// adminAddress answers the address and language of an active administrator of the context's clinic; empty when there is none.
func adminAddress(ctx context.Context, tx *postgres.Tx, user ident.UserID) (email, language string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT u.email::text, COALESCE(u.locale, '') FROM users u JOIN user_organizations m ON m.user_id = u.id
		 WHERE u.id = $1 AND m.role = 'admin' AND m.status = 'active'`, user).Scan(&email, &language)
	if err != nil && !postgres.IsNoRows(err) {
		return "", "", fmt.Errorf("read administrator: %w", err)
	}
	return email, language, nil
}
