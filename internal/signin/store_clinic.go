package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
)

// handoffMake is a handoff to be kept.
type handoffMake struct {
	hash    []byte
	session SessionID
	org     ident.OrgID
	app     auth.App
	expires time.Time
}

func makeHandoff(ctx context.Context, tx *postgres.Tx, h handoffMake) (made bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_handoff_make($1, $2, $3, $4, $5)", h.hash, h.session, h.org, string(h.app), h.expires).Scan(&made)
	if err != nil {
		return false, fmt.Errorf("keep handoff: %w", err)
	}
	return made, nil
}

// handoffRedeem is a code with the host that redeems it.
type handoffRedeem struct {
	hash      []byte
	org       ident.OrgID
	app       auth.App
	tokenHash []byte
	expires   time.Time
}

func redeemHandoff(ctx context.Context, tx *postgres.Tx, r handoffRedeem, o *opened) error {
	err := tx.QueryRow(ctx, "SELECT user_id, session_id, amr FROM signin_handoff_redeem($1, $2, $3, $4, $5, $6)",
		r.hash, r.org, string(r.app), r.tokenHash, tx.Now, r.expires).Scan(&o.user, &o.session, &o.amr)
	if err != nil {
		return fmt.Errorf("redeem handoff: %w", err)
	}
	return nil
}

func readInvitation(ctx context.Context, tx *postgres.Tx, hash []byte) (Invitation, bool, error) {
	var i Invitation
	err := tx.QueryRow(ctx, `
		SELECT email, role, organization_id, organization_name, organization_slug, expires_at, account_exists
		  FROM signin_invitation($1, $2)`, hash, tx.Now).
		Scan(&i.Email, &i.Role, &i.OrganizationID, &i.OrganizationName, &i.OrganizationSlug, &i.ExpiresAt, &i.AccountExists)
	if postgres.IsNoRows(err) {
		return i, false, nil
	}
	if err != nil {
		return i, false, fmt.Errorf("read invitation: %w", err)
	}
	return i, true, nil
}

func acceptInvitation(ctx context.Context, tx *postgres.Tx, issuer string, in Accept, hash string) (accepted, error) {
	var (
		a              accepted
		fresh, blocked *bool
		joined         []byte
	)
	err := tx.QueryRow(ctx, `
		SELECT user_id, fresh, blocked, joined
		  FROM signin_invitation_accept(@token, @user, @identity, @issuer, @name, @locale, @password, @now)`,
		pgx.NamedArgs{
			"token": proof.Hash(in.Token), "user": ident.New[ident.User](), "identity": ident.New[Tokens](), "issuer": issuer,
			"name": nullable(in.Name), "locale": nullable(in.Locale), "password": nullable(hash), "now": tx.Now,
		}).Scan(&a.User, &fresh, &blocked, &joined)
	if postgres.Code(err) == "RX002" {
		return a, ErrPasswordWeak
	}
	if err != nil {
		return a, fmt.Errorf("accept invitation: %w", err)
	}
	a.Fresh, a.Blocked = fresh != nil && *fresh, blocked != nil && *blocked
	a.Joined, err = joinedFrom(joined)
	return a, err
}
