package clinickey

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// keptKey is a row to write; the key is sealed already.
type keptKey struct {
	id      ident.ID[Integration]
	org     ident.OrgID
	service string
	sealed  seal.Value
	last4   string
	by      ident.UserID
}

const integrationColumns = "id, service, last4, created_at, updated_at"

func integrations(ctx context.Context, tx *postgres.Tx, org ident.OrgID, w page.Window) (page.Result[Integration], error) {
	return postgres.List[Integration](ctx, tx, integrationColumns, "FROM organization_integrations WHERE organization_id = @org", w,
		pgx.NamedArgs{"org": org})
}

// lockService lets two keepers of one service's key pass one after the other, also when there is no row yet: the sealed value
// names its row, so the id must not be chosen twice.
func lockService(ctx context.Context, tx *postgres.Tx, org ident.OrgID, service string) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('integration:' || $1 || ':' || $2, 0))", org.String(), service)
	if err != nil {
		return fmt.Errorf("lock service: %w", err)
	}
	return nil
}

func integrationByService(ctx context.Context, tx *postgres.Tx, org ident.OrgID, service string) (Integration, bool, error) {
	rows, err := tx.Query(ctx, "SELECT "+integrationColumns+" FROM organization_integrations WHERE organization_id = $1 AND service = $2", org, service)
	if err != nil {
		return Integration{}, false, fmt.Errorf("read integration: %w", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Integration])
	if errors.Is(err, pgx.ErrNoRows) {
		return Integration{}, false, nil
	}
	if err != nil {
		return Integration{}, false, fmt.Errorf("read integration: %w", err)
	}
	return i, true, nil
}

func upsertIntegration(ctx context.Context, tx *postgres.Tx, k keptKey) (Integration, error) {
	rows, err := tx.Query(ctx, `
		INSERT INTO organization_integrations (id, organization_id, service, api_key_encrypted, key_version, last4, created_by)
		VALUES (@id, @org, @service, @cipher, @version, @last4, @by)
		ON CONFLICT (organization_id, service)
		DO UPDATE SET api_key_encrypted = EXCLUDED.api_key_encrypted, key_version = EXCLUDED.key_version, last4 = EXCLUDED.last4
		RETURNING `+integrationColumns,
		pgx.NamedArgs{
			"id": k.id, "org": k.org, "service": k.service, "cipher": k.sealed.Cipher, "version": k.sealed.KeyVersion,
			"last4": k.last4, "by": k.by,
		})
	if err != nil {
		return Integration{}, fmt.Errorf("keep integration: %w", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Integration])
	if err != nil {
		return Integration{}, fmt.Errorf("keep integration: %w", err)
	}
	return i, nil
}

func deleteIntegration(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id ident.ID[Integration]) error {
	if _, err := tx.Exec(ctx, "DELETE FROM organization_integrations WHERE organization_id = $1 AND id = $2", org, id); err != nil {
		return fmt.Errorf("delete integration: %w", err)
	}
	return nil
}
