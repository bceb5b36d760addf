package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const userColumns = `u.id, u.email::text AS email, u.email_verified_at, u.name, u.locale, u.platform_role, u.blocked_at, u.blocked_reason,
	u.last_activity_at, u.created_at, u.updated_at`

// userOrder are the sortable columns of the list of users.
func userOrder() page.Columns {
	return page.Columns{
		ByName:   map[string]string{"email": "u.email", "name": "u.name", "created_at": "u.created_at", "last_activity_at": "u.last_activity_at"},
		Default:  "u.created_at DESC",
		TieBreak: "u.id",
	}
}

func listUsers(ctx context.Context, tx *postgres.Tx, f UserFilter, w page.Window) (page.Result[User], error) {
	args := pgx.NamedArgs{
		"search": orNull(f.Search), "blocked": f.Blocked, "role": orNull(f.PlatformRole), "org": f.OrgID,
	}
	f.Created.with(args, "created")
	f.Updated.with(args, "updated")
	from := ` FROM users u
		WHERE u.deleted_at IS NULL
		  AND (@search::text IS NULL OR strpos(unaccent(lower(u.name)), unaccent(lower(@search))) > 0
		       OR strpos(lower(u.email::text), lower(@search)) > 0)
		  AND (@blocked::boolean IS NULL OR (u.blocked_at IS NOT NULL) = @blocked)
		  AND (@role::text IS NULL OR u.platform_role = @role)
		  AND (@org::uuid IS NULL OR EXISTS (SELECT 1 FROM user_organizations m WHERE m.user_id = u.id AND m.organization_id = @org))` +
		spanSQL("u.created_at", "created") + spanSQL("u.updated_at", "updated")
	return postgres.List[User](ctx, tx, userColumns, from, w, args)
}

func readUser(ctx context.Context, tx *postgres.Tx, id ident.UserID) (User, error) {
	rows, err := tx.Query(ctx, "SELECT "+userColumns+" FROM users u WHERE u.id = $1 AND u.deleted_at IS NULL FOR UPDATE", id)
	if err != nil {
		return User{}, fmt.Errorf("read user: %w", err)
	}
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[User])
	if postgres.IsNoRows(err) {
		return User{}, ErrUserNotFound
	}
	if err != nil {
		return User{}, fmt.Errorf("read user: %w", err)
	}
	return u, nil
}

func updateBlocked(ctx context.Context, tx *postgres.Tx, id ident.UserID, blocked bool, reason string) error {
	_, err := tx.Exec(ctx, `
		UPDATE users
		   SET blocked_at = CASE WHEN $2 THEN $4::timestamptz END,
		       blocked_reason = CASE WHEN $2 THEN $3::text END
		 WHERE id = $1`, id, blocked, reason, tx.Now)
	if err != nil {
		return fmt.Errorf("write block: %w", err)
	}
	return nil
}

// fillClinics reads the memberships of all users of a page at once.
func fillClinics(ctx context.Context, tx *postgres.Tx, users []User) error {
	ids := make([]string, len(users))
	at := make(map[ident.UserID]int, len(users))
	for i, u := range users {
		ids[i], at[u.ID] = u.ID.String(), i
	}
	rows, err := tx.Query(ctx, `
		SELECT m.user_id, o.id, o.name, o.slug::text AS slug, m.role, m.status
		  FROM user_organizations m JOIN organizations o ON o.id = m.organization_id
		 WHERE m.user_id = ANY ($1::uuid[])
		 ORDER BY o.name, o.id, m.role`, ids)
	if err != nil {
		return fmt.Errorf("read clinics of users: %w", err)
	}
	clinics, err := pgx.CollectRows(rows, pgx.RowToStructByName[UserClinic])
	if err != nil {
		return fmt.Errorf("read clinics of users: %w", err)
	}
	for _, c := range clinics {
		u := &users[at[c.UserID]]
		u.Organizations = append(u.Organizations, c)
	}
	return nil
}
