package identity

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const memberColumns = `m.id, m.user_id, u.name, u.email::text AS email, m.role, m.status, u.last_activity_at, m.created_at, m.updated_at`

// memberOrder are the sortable columns of the list of members.
func memberOrder() page.Columns {
	return page.Columns{
		ByName:   map[string]string{"name": "u.name", "email": "u.email", "joined_at": "m.created_at", "last_activity_at": "u.last_activity_at"},
		Default:  "m.created_at DESC",
		TieBreak: "m.id",
	}
}

// spanSQL narrows a column by four optional instants that are named after the prefix.
func spanSQL(column, prefix string) string {
	return fmt.Sprintf(` AND (@%[2]s_gte::timestamptz IS NULL OR %[1]s >= @%[2]s_gte) AND (@%[2]s_lte::timestamptz IS NULL OR %[1]s <= @%[2]s_lte)
		AND (@%[2]s_gt::timestamptz IS NULL OR %[1]s > @%[2]s_gt) AND (@%[2]s_lt::timestamptz IS NULL OR %[1]s < @%[2]s_lt)`, column, prefix)
}

// with adds the four instants of a span to the arguments.
func (s Span) with(args pgx.NamedArgs, prefix string) {
	args[prefix+"_gte"], args[prefix+"_lte"], args[prefix+"_gt"], args[prefix+"_lt"] = s.GTE, s.LTE, s.GT, s.LT
}

func listMembers(ctx context.Context, tx *postgres.Tx, f MemberFilter, w page.Window) (page.Result[Member], error) {
	args := pgx.NamedArgs{"roles": f.Roles, "status": orNull(f.Status), "search": orNull(f.Search)}
	f.Created.with(args, "created")
	f.Updated.with(args, "updated")
	from := ` FROM user_organizations m JOIN users u ON u.id = m.user_id
		WHERE m.organization_id = (SELECT current_app_org_id()) AND m.role = ANY (@roles)
		  AND (@status::text IS NULL OR m.status = @status)
		  AND (@search::text IS NULL OR strpos(unaccent(lower(u.name)), unaccent(lower(@search))) > 0
		       OR strpos(lower(u.email::text), lower(@search)) > 0)` + spanSQL("m.created_at", "created") + spanSQL("m.updated_at", "updated")
	return postgres.List[Member](ctx, tx, memberColumns, from, w, args)
}

// addMember answers false when nobody has the address verified.
func addMember(ctx context.Context, tx *postgres.Tx, id ident.ID[membershipMark], email string, role auth.Role) (user ident.UserID, found bool, err error) {
	if err := tx.QueryRow(ctx, "SELECT member_add($1, $2, $3)", id, email, string(role)).Scan(&user); err != nil {
		return user, false, fmt.Errorf("add member: %w", err)
	}
	return user, !user.IsZero(), nil
}

// readMember reads the one membership of the staff that a person can have in the clinic, and locks it.
func readMember(ctx context.Context, tx *postgres.Tx, user ident.UserID) (Member, error) {
	rows, err := tx.Query(ctx, "SELECT "+memberColumns+` FROM user_organizations m JOIN users u ON u.id = m.user_id
		WHERE m.organization_id = (SELECT current_app_org_id()) AND m.user_id = $1 AND m.role <> 'patient' FOR UPDATE OF m`, user)
	if err != nil {
		return Member{}, fmt.Errorf("read member: %w", err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Member])
	if postgres.IsNoRows(err) {
		return Member{}, ErrMemberNotFound
	}
	if err != nil {
		return Member{}, fmt.Errorf("read member: %w", err)
	}
	return m, nil
}

func updateMember(ctx context.Context, tx *postgres.Tx, id ident.ID[membershipMark], c MemberChange) error {
	_, err := tx.Exec(ctx, "UPDATE user_organizations SET role = $2, status = $3 WHERE id = $1", id, string(c.Role), c.Status)
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	return nil
}

func deleteMember(ctx context.Context, tx *postgres.Tx, id ident.ID[membershipMark]) error {
	if _, err := tx.Exec(ctx, "DELETE FROM user_organizations WHERE id = $1", id); err != nil {
		return fmt.Errorf("delete member: %w", err)
	}
	return nil
}

// orNull turns "" into NULL.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
