package patient

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/postgres"
)

func revokeInvitations(ctx context.Context, tx *postgres.Tx, id ID) ([]InvitationID, error) {
	rows, err := tx.Query(ctx, `
		UPDATE patient_invitations SET revoked_at = $2
		 WHERE organization_id = (SELECT current_app_org_id()) AND patient_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
		RETURNING id`, id, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("revoke invitations: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[InvitationID])
	if err != nil {
		return nil, fmt.Errorf("revoke invitations: %w", err)
	}
	return out, nil
}

func insertInvitation(ctx context.Context, tx *postgres.Tx, id InvitationID, of ID, email string, tag locale.Tag, hash []byte, expires time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO patient_invitations (id, organization_id, patient_id, email, locale, invited_by, token_hash, expires_at)
		VALUES (@id, @org, @patient, @email, @locale, @by, @hash, @expires)`,
		pgx.NamedArgs{
			"id": id, "org": tx.Principal.OrgID, "patient": of, "email": email, "locale": string(tag), "by": tx.Principal.UserID,
			"hash": hash, "expires": expires,
		})
	if err != nil {
		return fmt.Errorf("insert invitation: %w", err)
	}
	return nil
}

func markInvited(ctx context.Context, tx *postgres.Tx, id ID) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE patient_org_profiles SET account_state = 'invited'
		 WHERE organization_id = (SELECT current_app_org_id()) AND patient_id = $1 AND account_state = 'none'`, id)
	if err != nil {
		return false, fmt.Errorf("mark profile as invited: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// storeToken replaces the token of an open, unexpired invitation and answers its letter; false when there is nothing to mail any more.
func storeToken(ctx context.Context, tx *postgres.Tx, id InvitationID, hash []byte) (letter, bool, error) {
	rows, err := tx.Query(ctx, `
		UPDATE patient_invitations i SET token_hash = $2
		 WHERE i.id = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3
		RETURNING i.email::text AS email, i.locale, i.expires_at,
		          (SELECT p.first_name FROM patient_profiles(ARRAY[i.patient_id]) p) AS first_name`, id, hash, tx.Now)
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

func invitationPage(ctx context.Context, tx *postgres.Tx, hash []byte) (InvitationPage, error) {
	rows, err := tx.Query(ctx, `
		SELECT email, organization_id, organization_name, organization_slug, expires_at, state, account_exists
		  FROM signin_patient_invitation($1, $2)`, hash, tx.Now)
	if err != nil {
		return InvitationPage{}, fmt.Errorf("read invitation: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[InvitationPage])
	if postgres.IsNoRows(err) {
		return InvitationPage{}, ErrInvitationNotFound
	}
	if err != nil {
		return InvitationPage{}, fmt.Errorf("read invitation: %w", err)
	}
	return p, nil
}
