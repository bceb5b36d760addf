package patient

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

func guestBy(ctx context.Context, tx *postgres.Tx, phone []byte, nameKey string) (Guest, bool, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, possible_duplicate FROM guest_contacts
		 WHERE organization_id = (SELECT current_app_org_id()) AND phone_bidx = $1 AND name_key = $2`, phone, nameKey)
	if err != nil {
		return Guest{}, false, fmt.Errorf("read guest: %w", err)
	}
	g, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Guest])
	if postgres.IsNoRows(err) {
		return Guest{}, false, nil
	}
	if err != nil {
		return Guest{}, false, fmt.Errorf("read guest: %w", err)
	}
	return g, true, nil
}

// insertGuest answers false when somebody else made the guest meanwhile.
func insertGuest(ctx context.Context, tx *postgres.Tx, id GuestID, c Contact, phone seal.Value, index []byte) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO guest_contacts (id, organization_id, first_name, last_name, name_key, phone_encrypted, phone_key_version, phone_bidx, email,
			locale, possible_duplicate)
		VALUES (@id, @org, @first, @last, @key, @phone, @version, @index, NULLIF(@email, ''), @locale,
			EXISTS (SELECT 1 FROM guest_contacts g WHERE g.organization_id = @org AND g.phone_bidx = @index))
		ON CONFLICT ON CONSTRAINT guest_contacts_person_key DO NOTHING`,
		pgx.NamedArgs{
			"id": id, "org": tx.Principal.OrgID, "first": c.FirstName, "last": c.LastName, "key": c.nameKey(), "phone": phone.Cipher,
			"version": phone.KeyVersion, "index": index, "email": c.Email, "locale": string(c.Locale),
		})
	if err != nil {
		return false, fmt.Errorf("insert guest: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func convertGuest(ctx context.Context, tx *postgres.Tx, id GuestID, to ID) (bool, error) {
	tag, err := tx.Exec(ctx, "UPDATE guest_contacts SET converted_patient_id = $2 WHERE id = $1 AND converted_patient_id IS DISTINCT FROM $2", id, to)
	if err != nil {
		return false, fmt.Errorf("convert guest: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
