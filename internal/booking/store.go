package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

func insertLink(ctx context.Context, tx *postgres.Tx, id ident.ID[linkMark], of appointment.ID, hash []byte, by string, expires time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO booking_links (id, organization_id, appointment_id, token_hash, sent_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, tx.Principal.OrgID, of, hash, by, expires)
	if err != nil {
		return fmt.Errorf("insert link: %w", err)
	}
	return nil
}

// linked answers which visit a live link opens.
func linked(ctx context.Context, tx *postgres.Tx, hash []byte) (appointment.ID, error) {
	var id appointment.ID
	err := tx.QueryRow(ctx, `
		SELECT appointment_id FROM booking_links
		 WHERE organization_id = (SELECT current_app_org_id()) AND token_hash = $1 AND expires_at > $2`, hash, tx.Now).Scan(&id)
	if postgres.IsNoRows(err) {
		return appointment.ID{}, ErrNotFound
	}
	if err != nil {
		return appointment.ID{}, fmt.Errorf("read link: %w", err)
	}
	return id, nil
}
