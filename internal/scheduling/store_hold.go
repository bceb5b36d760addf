package scheduling

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// log writes what became of a hold, as system of its clinic.
func (h *Holds) log(ctx context.Context, org ident.OrgID, kind string, s HeldSlot) error {
	client, err := hex.DecodeString(s.client)
	if err != nil {
		return fmt.Errorf("read client of a hold: %w", err)
	}
	return h.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO hold_events (id, organization_id, hold_id, service_id, specialist_id, start_at, end_at, type, client_hash, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			ident.New[holdEvent](), org, s.Hold, s.Service, s.Specialist, s.Start, s.End, kind, client, tx.Now)
		if err != nil {
			return fmt.Errorf("log hold: %w", err)
		}
		return nil
	})
}

// holdEvent marks the id of a row of the log.
type holdEvent struct{}
