package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

func requestCode(ctx context.Context, tx *postgres.Tx, id ident.ID[Message], m mailRequest, expires time.Time) error {
	_, err := tx.Exec(ctx, "SELECT signin_code_request($1, $2, $3, $4, $5, $6, $7)",
		id, proof.NormalEmail(m.email), m.purpose, nullable(m.app), m.org, tx.Now, expires)
	if err != nil {
		return fmt.Errorf("keep mail request: %w", err)
	}
	return nil
}

func codeOwner(ctx context.Context, tx *postgres.Tx, id ident.ID[Message]) (user ident.UserID, purpose string, err error) {
	err = tx.QueryRow(ctx, "SELECT user_id, purpose FROM signin_code_owner($1, $2)", id, tx.Now).Scan(&user, &purpose)
	if err != nil && !postgres.IsNoRows(err) {
		return user, "", fmt.Errorf("find recipient: %w", err)
	}
	return user, purpose, nil
}

func prepareCode(ctx context.Context, tx *postgres.Tx, id ident.ID[Message], hash []byte) (recipient, error) {
	var (
		to          recipient
		locale, app *string
	)
	err := tx.QueryRow(ctx, "SELECT user_id, email, name, locale, purpose, app, organization_id FROM signin_code_prepare($1, $2, $3)", id, hash, tx.Now).
		Scan(&to.User, &to.Email, &to.Name, &locale, &to.Purpose, &app, &to.OrgID)
	if err != nil && !postgres.IsNoRows(err) {
		return recipient{}, fmt.Errorf("keep code: %w", err)
	}
	to.Locale, to.App = deref(locale), auth.App(deref(app))
	return to, nil
}

func noticeRecipient(ctx context.Context, tx *postgres.Tx, user ident.UserID, session SessionID) (recipient, error) {
	var (
		to                 recipient
		locale, agent, app *string
	)
	err := tx.QueryRow(ctx, "SELECT email, name, locale, agent, app, organization_id FROM signin_notice_to($1, $2)", user, session).
		Scan(&to.Email, &to.Name, &locale, &agent, &app, &to.OrgID)
	if err != nil && !postgres.IsNoRows(err) {
		return recipient{}, fmt.Errorf("find recipient: %w", err)
	}
	to.Locale, to.Device, to.App = deref(locale), deref(agent), auth.App(deref(app))
	return to, nil
}

func checkCode(ctx context.Context, tx *postgres.Tx, email string, hash []byte) (codeProof, error) {
	return readProof(ctx, tx, "SELECT user_id, joined FROM signin_code_check($1, $2, $3)", proof.NormalEmail(email), hash, tx.Now)
}

func resetPassword(ctx context.Context, tx *postgres.Tx, link []byte, passwordHash string) (codeProof, error) {
	return readProof(ctx, tx, "SELECT user_id, joined FROM signin_password_reset($1, $2, $3)", link, passwordHash, tx.Now)
}

func verifyEmail(ctx context.Context, tx *postgres.Tx, link []byte) (codeProof, error) {
	return readProof(ctx, tx, "SELECT user_id, joined FROM signin_email_verify($1, $2)", link, tx.Now)
}

func readProof(ctx context.Context, tx *postgres.Tx, sql string, args ...any) (codeProof, error) {
	var (
		found  codeProof
		joined []byte
	)
	if err := tx.QueryRow(ctx, sql, args...).Scan(&found.User, &joined); err != nil {
		return codeProof{}, fmt.Errorf("spend mailed secret: %w", err)
	}
	var err error
	found.Joined, err = joinedFrom(joined)
	return found, err
}

func sweep(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, "SELECT signin_sweep($1)", tx.Now)
	return err
}
