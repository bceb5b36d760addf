package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/proof"
	"github.com/restartix/platform/internal/seal"
)

// nullable turns "" into NULL.
func nullable[T ~string](text T) *string {
	if text == "" {
		return nil
	}
	s := string(text)
	return &s
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// sessionStart is a device to be opened.
type sessionStart struct {
	id        SessionID
	user      ident.UserID
	issuer    string
	app       auth.App
	amr       []string
	agent, ip string
	tokenHash []byte
	expires   time.Time
}

func startSession(ctx context.Context, tx *postgres.Tx, s sessionStart) (newDevice bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_session_start(@id, @user, @identity, @issuer, @app, @amr, @agent, @ip, @hash, @now, @expires)",
		pgx.NamedArgs{
			"id": s.id, "user": s.user, "identity": ident.New[Tokens](), "issuer": s.issuer, "app": nullable(s.app), "amr": s.amr,
			"agent": s.agent, "ip": nullable(s.ip), "hash": s.tokenHash, "now": tx.Now, "expires": s.expires,
		}).Scan(&newDevice)
	if err != nil {
		return false, fmt.Errorf("open login session: %w", err)
	}
	return newDevice, nil
}

func refreshSession(ctx context.Context, tx *postgres.Tx, hash []byte, ip string, expires time.Time, o *opened) (state string, err error) {
	err = tx.QueryRow(ctx, "SELECT state, user_id, session_id, amr FROM signin_refresh($1, $2, $3, $4, $5)",
		hash, proof.Hash(o.refresh), nullable(ip), tx.Now, expires).Scan(&state, &o.user, &o.session, &o.amr)
	if err != nil {
		return "", fmt.Errorf("replace refresh token: %w", err)
	}
	return state, nil
}

func signOut(ctx context.Context, tx *postgres.Tx, hash []byte) (user ident.UserID, session SessionID, err error) {
	err = tx.QueryRow(ctx, "SELECT user_id, session_id FROM signin_sign_out($1, $2)", hash, tx.Now).Scan(&user, &session)
	if err != nil && !postgres.IsNoRows(err) {
		return user, session, fmt.Errorf("end login session: %w", err)
	}
	return user, session, nil
}

func listSessions(ctx context.Context, tx *postgres.Tx, now time.Time) ([]Device, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, app, agent, ip, created_at, last_used_at
		  FROM login_sessions
		 WHERE revoked_at IS NULL AND expires_at > $1
		 ORDER BY last_used_at DESC, id
		 LIMIT 100`, now)
	if err != nil {
		return nil, fmt.Errorf("list login sessions: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Device, err error) {
		var app, ip *string
		err = row.Scan(&d.ID, &app, &d.Agent, &ip, &d.CreatedAt, &d.LastUsedAt)
		d.App, d.IP = auth.App(deref(app)), deref(ip)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("list login sessions: %w", err)
	}
	return list, nil
}

func endMySessions(ctx context.Context, tx *postgres.Tx, id, keep SessionID, reason string) ([]SessionID, error) {
	rows, err := tx.Query(ctx, "SELECT signin_my_sessions_end($1, $2, $3, $4)", id, keep, reason, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("end login sessions: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[SessionID])
	if err != nil {
		return nil, fmt.Errorf("end login sessions: %w", err)
	}
	return list, nil
}

func endSessions(ctx context.Context, tx *postgres.Tx, user ident.UserID, reason string) error {
	if _, err := tx.Exec(ctx, "SELECT signin_sessions_end($1, $2, $3)", user, reason, tx.Now); err != nil {
		return fmt.Errorf("end login sessions: %w", err)
	}
	return nil
}

func readAccount(ctx context.Context, tx *postgres.Tx, email string) (account, error) {
	var (
		a    account
		hash *string
	)
	err := tx.QueryRow(ctx, "SELECT user_id, password_hash, email_verified, blocked, totp, passkeys FROM signin_account($1)", proof.NormalEmail(email)).
		Scan(&a.ID, &hash, &a.EmailVerified, &a.Blocked, &a.TOTP, &a.Passkeys)
	if err != nil && !postgres.IsNoRows(err) {
		return account{}, fmt.Errorf("read account: %w", err)
	}
	a.PasswordHash = deref(hash)
	return a, nil
}

// ticketMake is a ticket to be kept.
type ticketMake struct {
	hash    []byte
	user    ident.UserID
	app     auth.App
	amr     []string
	expires time.Time
}

func makeTicket(ctx context.Context, tx *postgres.Tx, t ticketMake) error {
	_, err := tx.Exec(ctx, "SELECT signin_ticket_make($1, $2, $3, $4, $5, $6)", t.hash, t.user, nullable(t.app), t.amr, tx.Now, t.expires)
	if err != nil {
		return fmt.Errorf("keep ticket: %w", err)
	}
	return nil
}

// ticketHolder is whose second step a ticket is for; a zero User means that the ticket is no good.
type ticketHolder struct {
	User     ident.UserID
	App      auth.App
	AMR      []string
	Blocked  bool
	Secret   seal.Value
	LastStep *int64
}

func tryTicket(ctx context.Context, tx *postgres.Tx, hash []byte) (ticketHolder, error) {
	var (
		t       ticketHolder
		app     *string
		version *int32
	)
	err := tx.QueryRow(ctx, "SELECT user_id, app, amr, blocked, secret_encrypted, key_version, last_step FROM signin_ticket_try($1, $2)", hash, tx.Now).
		Scan(&t.User, &app, &t.AMR, &t.Blocked, &t.Secret.Cipher, &version, &t.LastStep)
	if err != nil && !postgres.IsNoRows(err) {
		return ticketHolder{}, fmt.Errorf("try ticket: %w", err)
	}
	t.App = auth.App(deref(app))
	if version != nil {
		t.Secret.KeyVersion = *version
	}
	return t, nil
}

func spendTOTP(ctx context.Context, tx *postgres.Tx, ticket []byte, step int64) (spent bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_ticket_totp($1, $2, $3)", ticket, step, tx.Now).Scan(&spent)
	if err != nil {
		return false, fmt.Errorf("spend code: %w", err)
	}
	return spent, nil
}

func spendRecovery(ctx context.Context, tx *postgres.Tx, ticket, code []byte) (spent bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_ticket_recovery($1, $2, $3)", ticket, code, tx.Now).Scan(&spent)
	if err != nil {
		return false, fmt.Errorf("spend recovery code: %w", err)
	}
	return spent, nil
}

// joinedFrom reads what invitations_accept answered; NULL is none.
func joinedFrom(raw []byte) ([]Joined, error) {
	if raw == nil {
		return nil, nil
	}
	var out []Joined
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("read joined clinics: %w", err)
	}
	return out, nil
}
