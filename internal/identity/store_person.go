package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
)

// principalRow is what the database knows about a subject in one clinic.
type principalRow struct {
	UserID        ident.UserID `db:"user_id"`
	Email         string       `db:"email"`
	EmailVerified bool         `db:"email_verified"`
	PlatformRole  *string      `db:"platform_role"`
	Blocked       bool         `db:"blocked"`
	OrgID         ident.OrgID  `db:"organization_id"`
	OrgStatus     *string      `db:"organization_status"`
	MFARequired   bool         `db:"mfa_required"`
	Roles         []auth.Role  `db:"roles"`
	BreakGlassID  GrantID      `db:"break_glass_id"`
	ToJoin        bool         `db:"to_join"`
	SeenAt        *time.Time   `db:"seen_at"`
	Ended         bool         `db:"ended"`
}

func (r principalRow) platformRole() string {
	if r.PlatformRole == nil {
		return ""
	}
	return *r.PlatformRole
}

func (r principalRow) orgActive() bool { return r.OrgStatus != nil && *r.OrgStatus == "active" }

func readPrincipal(ctx context.Context, tx *postgres.Tx, s middleware.Subject, org ident.OrgID) (principalRow, bool, error) {
	rows, err := tx.Query(ctx, `
		SELECT user_id, email, email_verified, platform_role, blocked, organization_id, organization_status, mfa_required, roles,
		       break_glass_id, to_join, seen_at, false AS ended
		  FROM signin_principal($1, $2, $3, $4)`, s.Issuer, s.Subject, org, tx.Now)
	if err != nil {
		return principalRow{}, false, fmt.Errorf("read principal: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[principalRow])
	if postgres.IsNoRows(err) {
		return principalRow{}, false, nil
	}
	if err != nil {
		return principalRow{}, false, fmt.Errorf("read principal: %w", err)
	}
	return r, true, nil
}

// sessionEnded asks whether the device of a token of the built-in issuer was signed out. A token without one is refused by its
// issuer's rules before it comes here.
func sessionEnded(ctx context.Context, tx *postgres.Tx, session string) (bool, error) {
	id, err := ident.Parse[auth.LoginSession](session)
	if err != nil {
		return true, nil
	}
	var active bool
	if err := tx.QueryRow(ctx, "SELECT login_session_active($1)", id).Scan(&active); err != nil {
		return false, fmt.Errorf("ask for login session: %w", err)
	}
	return !active, nil
}

func touchSeen(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, "SELECT user_seen()")
	return err
}

type impersonatedRow struct {
	UserID    ident.UserID `db:"user_id"`
	Email     string       `db:"email"`
	Blocked   bool         `db:"blocked"`
	OrgID     ident.OrgID  `db:"organization_id"`
	OrgStatus string       `db:"organization_status"`
}

func readImpersonated(ctx context.Context, tx *postgres.Tx, id ImpersonationID, actor, target ident.UserID) (impersonatedRow, bool, error) {
	rows, err := tx.Query(ctx, `
		SELECT user_id, email, blocked, organization_id, organization_status
		  FROM signin_impersonated($1, $2, $3, $4)`, id, actor, target, tx.Now)
	if err != nil {
		return impersonatedRow{}, false, fmt.Errorf("read impersonation: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[impersonatedRow])
	if postgres.IsNoRows(err) {
		return impersonatedRow{}, false, nil
	}
	if err != nil {
		return impersonatedRow{}, false, fmt.Errorf("read impersonation: %w", err)
	}
	return r, true, nil
}

// provisioned is what became of a subject.
type provisioned struct {
	UserID          ident.UserID
	IdentityID      ident.ID[identityMark]
	Created, Linked bool
	Joined          []Joined
}

func provisionUser(ctx context.Context, tx *postgres.Tx, s middleware.Subject) (provisioned, error) {
	p := provisioned{IdentityID: ident.New[identityMark]()}
	var joined []byte
	err := tx.QueryRow(ctx, `
		SELECT user_id, created, linked, joined
		  FROM user_provision(@user, @identity, @issuer, @subject, @email, @verified, @name, @amr)`,
		pgx.NamedArgs{
			"user": ident.New[ident.User](), "identity": p.IdentityID, "issuer": s.Issuer, "subject": s.Subject,
			"email": s.Email, "verified": s.EmailVerified, "name": s.Name, "amr": s.AMR,
		}).Scan(&p.UserID, &p.Created, &p.Linked, &joined)
	if err != nil {
		return provisioned{}, fmt.Errorf("provision user: %w", err)
	}
	p.Joined, err = joinedFrom(joined)
	return p, err
}

func joinInvited(ctx context.Context, tx *postgres.Tx, s middleware.Subject) ([]Joined, error) {
	var joined []byte
	if err := tx.QueryRow(ctx, "SELECT signin_join($1, $2)", s.Issuer, s.Subject).Scan(&joined); err != nil {
		return nil, fmt.Errorf("accept invitations: %w", err)
	}
	return joinedFrom(joined)
}

func joinedFrom(raw []byte) ([]Joined, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var out []Joined
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("read joined clinics: %w", err)
	}
	return out, nil
}
