package signin

import (
	"context"
	"errors"
	"fmt"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

func readCredentials(ctx context.Context, tx *postgres.Tx) (credentials, error) {
	var (
		c       credentials
		hash    *string
		version *int32
	)
	err := tx.QueryRow(ctx, `
		SELECT email, name, password_hash, secret_encrypted, key_version, confirmed, last_step, recovery_codes_left, passkeys
		  FROM signin_my_credentials()`).
		Scan(&c.Email, &c.Name, &hash, &c.Secret.Cipher, &version, &c.Confirmed, &c.LastStep, &c.RecoveryCodesLeft, &c.Passkeys)
	if err != nil {
		return credentials{}, fmt.Errorf("read credentials: %w", err)
	}
	c.PasswordHash = deref(hash)
	if version != nil {
		c.Secret.KeyVersion = *version
	}
	return c, nil
}

func changeMyPassword(ctx context.Context, tx *postgres.Tx, hash string, keep SessionID) error {
	if _, err := tx.Exec(ctx, "SELECT signin_my_password_change($1, $2, $3)", hash, keep, tx.Now); err != nil {
		return fmt.Errorf("store password: %w", err)
	}
	return nil
}

func beginTOTP(ctx context.Context, tx *postgres.Tx, secret seal.Value) (begun bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_my_totp_begin($1, $2, $3)", secret.Cipher, secret.KeyVersion, tx.Now).Scan(&begun)
	if err != nil {
		return false, fmt.Errorf("store code secret: %w", err)
	}
	return begun, nil
}

func activateTOTP(ctx context.Context, tx *postgres.Tx, step int64, codes [][]byte, session SessionID) (activated bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_my_totp_activate($1, $2, $3, $4, $5)", step, codes, session, []string{"mfa", "otp"}, tx.Now).Scan(&activated)
	if err != nil {
		return false, fmt.Errorf("confirm code secret: %w", err)
	}
	return activated, nil
}

func disableTOTP(ctx context.Context, tx *postgres.Tx) (disabled bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_my_totp_disable()").Scan(&disabled)
	if err != nil {
		return false, fmt.Errorf("remove code secret: %w", err)
	}
	return disabled, nil
}

// makeAccount runs as the owner.
func makeAccount(ctx context.Context, tx *postgres.Tx, issuer string, in NewAccount, hash string) (ident.UserID, error) {
	var user ident.UserID
	err := tx.QueryRow(ctx, "SELECT signin_account_make($1, $2, $3, $4, $5, $6, $7)",
		ident.New[ident.User](), ident.New[Tokens](), issuer, proof.NormalEmail(in.Email), in.Name, nullable(in.Locale), tx.Now).Scan(&user)
	if err != nil {
		return user, fmt.Errorf("make person: %w", err)
	}
	if user.IsZero() {
		return user, errors.New("the address belongs to an account that cannot be given credentials")
	}
	if _, err := tx.Exec(ctx, "SELECT signin_password_write($1, $2, NULL, $3)", user, hash, tx.Now); err != nil {
		return user, fmt.Errorf("store password: %w", err)
	}
	return user, nil
}

// writeTOTP runs as the owner and stores a confirmed secret.
func writeTOTP(ctx context.Context, tx *postgres.Tx, user ident.UserID, secret seal.Value) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO totp_secrets (user_id, secret_encrypted, key_version, created_at, confirmed_at)
		VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (user_id) DO UPDATE
		   SET secret_encrypted = EXCLUDED.secret_encrypted, key_version = EXCLUDED.key_version,
		       created_at = EXCLUDED.created_at, confirmed_at = EXCLUDED.confirmed_at, last_step = NULL`,
		user, secret.Cipher, secret.KeyVersion, tx.Now)
	if err != nil {
		return fmt.Errorf("store code secret: %w", err)
	}
	return nil
}
