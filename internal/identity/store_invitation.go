package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const invitationColumns = `i.id, i.email::text AS email, i.role, i.invited_by, i.expires_at, i.created_at, i.updated_at,
	CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
	     WHEN i.expires_at <= @now THEN 'expired' ELSE 'open' END AS state`

// isOpen selects invitations that nobody has taken up or withdrawn, expired ones included.
const isOpen = "accepted_at IS NULL AND revoked_at IS NULL"

// invitationOrder are the sortable columns of the list of invitations.
func invitationOrder() page.Columns {
	return page.Columns{
		ByName:   map[string]string{"created_at": "i.created_at", "expires_at": "i.expires_at", "email": "i.email"},
		Default:  "i.created_at DESC",
		TieBreak: "i.id",
	}
}

// newInvitation is a row to be written.
type newInvitation struct {
	id      InvitationID
	org     ident.OrgID
	email   string
	role    auth.Role
	locale  locale.Tag
	hash    []byte
	expires time.Time
}

// Statements name the clinic, because an invitation is also made on the owner pool when the clinic itself is.

func revokeExpired(ctx context.Context, tx *postgres.Tx, org ident.OrgID, email string) ([]InvitationID, error) {
	rows, err := tx.Query(ctx, `
		UPDATE staff_invitations SET revoked_at = $3
		 WHERE organization_id = $1 AND email = $2::citext AND `+isOpen+` AND expires_at <= $3
		RETURNING id`, org, email, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("make room for invitation: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[InvitationID])
	if err != nil {
		return nil, fmt.Errorf("make room for invitation: %w", err)
	}
	return ids, nil
}

// insertInvitation answers false when the address has an open invitation.
func insertInvitation(ctx context.Context, tx *postgres.Tx, n newInvitation) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO staff_invitations (id, organization_id, email, role, locale, invited_by, token_hash, expires_at)
		VALUES (@id, @org, @email, @role, @locale, @by, @hash, @expires)
		ON CONFLICT (organization_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING`,
		pgx.NamedArgs{
			"id": n.id, "org": n.org, "email": n.email, "role": string(n.role), "locale": string(n.locale),
			"by": tx.Principal.UserID, "hash": n.hash, "expires": n.expires,
		})
	if err != nil {
		return false, fmt.Errorf("write invitation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func readInvitation(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id InvitationID) (Invitation, error) {
	rows, err := tx.Query(ctx, "SELECT "+invitationColumns+" FROM staff_invitations i WHERE i.organization_id = @org AND i.id = @id",
		pgx.NamedArgs{"org": org, "id": id, "now": tx.Now})
	if err != nil {
		return Invitation{}, fmt.Errorf("read invitation: %w", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Invitation])
	if postgres.IsNoRows(err) {
		return Invitation{}, ErrInvitationNotFound
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("read invitation: %w", err)
	}
	return i, nil
}

func listInvitations(ctx context.Context, tx *postgres.Tx, f InvitationFilter, w page.Window) (page.Result[Invitation], error) {
	args := pgx.NamedArgs{
		"state": orNull(f.State), "role": orNull(f.Role), "search": orNull(f.Search), "now": tx.Now,
	}
	f.Created.with(args, "created")
	f.Updated.with(args, "updated")
	from := ` FROM staff_invitations i
		WHERE i.organization_id = (SELECT current_app_org_id()) AND (@role::text IS NULL OR i.role = @role)
		  AND (@search::text IS NULL OR strpos(lower(i.email::text), lower(@search)) > 0)
		  AND (@state::text IS NULL OR @state = CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
		       WHEN i.expires_at <= @now THEN 'expired' ELSE 'open' END)` +
		spanSQL("i.created_at", "created") + spanSQL("i.updated_at", "updated")
	return postgres.List[Invitation](ctx, tx, invitationColumns, from, w, args)
}

func revokeInvitation(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id InvitationID) (bool, error) {
	tag, err := tx.Exec(ctx, "UPDATE staff_invitations SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND "+isOpen, org, id, tx.Now)
	if err != nil {
		return false, fmt.Errorf("revoke invitation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func renewInvitation(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id InvitationID, expires time.Time) (bool, error) {
	tag, err := tx.Exec(ctx, "UPDATE staff_invitations SET expires_at = $3 WHERE organization_id = $1 AND id = $2 AND "+isOpen, org, id, expires)
	if err != nil {
		return false, fmt.Errorf("renew invitation: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// letter is what the mail of an invitation needs to know.
type letter struct {
	Email       string    `db:"email"`
	Role        auth.Role `db:"role"`
	Locale      string    `db:"locale"`
	InviterName string    `db:"inviter_name"`
	ExpiresAt   time.Time `db:"expires_at"`
}

// storeToken replaces the token of an open, unexpired invitation and answers its letter; false when there is nothing to mail any more.
func storeToken(ctx context.Context, tx *postgres.Tx, id InvitationID, hash []byte) (letter, bool, error) {
	rows, err := tx.Query(ctx, `
		UPDATE staff_invitations i SET token_hash = $2
		 WHERE i.id = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3
		RETURNING i.email::text AS email, i.role, i.locale, i.expires_at,
		          COALESCE((SELECT u.name FROM users u WHERE u.id = i.invited_by), '') AS inviter_name`, id, hash, tx.Now)
	if err != nil {
		return letter{}, false, fmt.Errorf("store token: %w", err)
	}
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[letter])
	if postgres.IsNoRows(err) {
		return letter{}, false, nil
	}
	if err != nil {
		return letter{}, false, fmt.Errorf("store token: %w", err)
	}
	return l, true, nil
}

// clinicFacts is what a mail says about its clinic.
type clinicFacts struct {
	Slug     string  `db:"slug"`
	Name     string  `db:"name"`
	Color    *string `db:"color_primary"`
	Timezone string  `db:"timezone"`
	Language string  `db:"language_code"`
	Email    *string `db:"email"`
}

func readClinic(ctx context.Context, tx *postgres.Tx) (clinicFacts, error) {
	rows, err := tx.Query(ctx, `
		SELECT slug::text AS slug, name, color_primary, timezone, language_code, email
		  FROM organizations WHERE id = (SELECT current_app_org_id())`)
	if err != nil {
		return clinicFacts{}, fmt.Errorf("read clinic: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[clinicFacts])
	if err != nil {
		return clinicFacts{}, fmt.Errorf("read clinic: %w", err)
	}
	return c, nil
}
