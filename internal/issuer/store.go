package issuer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/postgres"
)

// lockKeys lets one process at a time change the keys.
func lockKeys(ctx context.Context, tx *postgres.Tx) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('signing_keys', 0))"); err != nil {
		return fmt.Errorf("lock signing keys: %w", err)
	}
	return nil
}

func readKeys(ctx context.Context, tx *postgres.Tx) ([]signingKey, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, purpose, public_key, private_key_encrypted, key_version, published_at, signs_from, signs_until
		  FROM signing_keys
		 ORDER BY purpose, published_at, id`)
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (key signingKey, err error) {
		err = row.Scan(&key.id, &key.purpose, &key.publicDER, &key.sealed.Cipher, &key.sealed.KeyVersion,
			&key.publishedAt, &key.signsFrom, &key.signsUntil)
		return key, err
	})
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	return list, nil
}

func hasNextKey(ctx context.Context, tx *postgres.Tx, purpose string) (bool, error) {
	var waiting bool
	err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE purpose = $1 AND signs_from IS NULL)", purpose).Scan(&waiting)
	if err != nil {
		return false, fmt.Errorf("look for the waiting key: %w", err)
	}
	return waiting, nil
}

func insertKey(ctx context.Context, tx *postgres.Tx, key signingKey) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO signing_keys (id, purpose, public_key, private_key_encrypted, key_version, published_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		key.id, key.purpose, key.publicDER, key.sealed.Cipher, key.sealed.KeyVersion, key.publishedAt)
	if err != nil {
		return fmt.Errorf("store signing key: %w", err)
	}
	return nil
}

// promoteKey ends the turn of the signing key and starts that of the waiting one.
func promoteKey(ctx context.Context, tx *postgres.Tx, purpose string, now time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE signing_keys SET signs_until = $2 WHERE purpose = $1 AND signs_from IS NOT NULL AND signs_until IS NULL", purpose, now)
	if err != nil {
		return fmt.Errorf("end turn of signing key: %w", err)
	}
	tag, err := tx.Exec(ctx, "UPDATE signing_keys SET signs_from = $2 WHERE purpose = $1 AND signs_from IS NULL", purpose, now)
	if err != nil {
		return fmt.Errorf("start turn of signing key: %w", err)
	}
	if tag.RowsAffected() != 1 {
		return errors.New("no waiting key to promote")
	}
	return nil
}

func deleteKeys(ctx context.Context, tx *postgres.Tx, ids []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM signing_keys WHERE id = ANY ($1)", ids); err != nil {
		return fmt.Errorf("withdraw signing keys: %w", err)
	}
	return nil
}
