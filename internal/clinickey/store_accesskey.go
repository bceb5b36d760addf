package clinickey

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// credential is what signin_access_key answers for a prefix; a zero ID means that no usable key has it.
type credential struct {
	ID           AccessKeyID    `db:"id"`
	OrgID        ident.OrgID    `db:"organization_id"`
	Hash         []byte         `db:"secret_hash"`
	Scopes       []string       `db:"scopes"`
	AllowedCIDRs []netip.Prefix `db:"allowed_cidrs"`
}

const accessKeyColumns = "id, name, prefix, scopes, allowed_cidrs, expires_at, last_used_at, revoked_at, created_at"

func accessKeys(ctx context.Context, tx *postgres.Tx, org ident.OrgID, w page.Window) (page.Result[AccessKey], error) {
	return postgres.List[AccessKey](ctx, tx, accessKeyColumns, "FROM access_keys WHERE organization_id = @org", w, pgx.NamedArgs{"org": org})
}

func insertAccessKey(ctx context.Context, tx *postgres.Tx, org ident.OrgID, k AccessKey, hash []byte) error {
	p, _ := auth.From(ctx)
	networks := k.AllowedCIDRs
	if networks == nil {
		networks = []netip.Prefix{}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO access_keys (id, organization_id, name, prefix, secret_hash, scopes, allowed_cidrs, expires_at, created_by, created_at)
		VALUES (@id, @org, @name, @prefix, @hash, @scopes, @networks, @expires, @by, @now)`,
		pgx.NamedArgs{
			"id": k.ID, "org": org, "name": k.Name, "prefix": k.Prefix, "hash": hash, "scopes": k.Scopes,
			"networks": networks, "expires": k.ExpiresAt, "by": p.UserID, "now": k.CreatedAt,
		})
	if err != nil {
		return fmt.Errorf("insert access key: %w", err)
	}
	return nil
}

// revokeAccessKey answers whether this call made the change.
func revokeAccessKey(ctx context.Context, tx *postgres.Tx, org ident.OrgID, id AccessKeyID) (bool, error) {
	var was bool
	err := tx.QueryRow(ctx, "SELECT revoked_at IS NOT NULL FROM access_keys WHERE organization_id = $1 AND id = $2 FOR UPDATE", org, id).Scan(&was)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, ErrAccessKeyNotFound
	}
	if err != nil {
		return false, fmt.Errorf("read access key: %w", err)
	}
	if was {
		return false, nil
	}
	if _, err := tx.Exec(ctx, "UPDATE access_keys SET revoked_at = $3 WHERE organization_id = $1 AND id = $2", org, id, tx.Now); err != nil {
		return false, fmt.Errorf("revoke access key: %w", err)
	}
	return true, nil
}

func credentialByPrefix(ctx context.Context, tx *postgres.Tx, prefix string) (credential, error) {
	rows, err := tx.Query(ctx, "SELECT id, organization_id, secret_hash, scopes, allowed_cidrs FROM signin_access_key($1)", prefix)
	if err != nil {
		return credential{}, fmt.Errorf("find access key: %w", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[credential])
	if errors.Is(err, pgx.ErrNoRows) {
		return credential{}, nil
	}
	if err != nil {
		return credential{}, fmt.Errorf("find access key: %w", err)
	}
	return c, nil
}
