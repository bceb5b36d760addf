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
	"github.com/restartix/platform/internal/seal"
)

func beginCeremony(ctx context.Context, tx *postgres.Tx, b ceremonyBegin, expires time.Time) error {
	state, err := json.Marshal(b.state)
	if err != nil {
		return fmt.Errorf("encode ceremony: %w", err)
	}
	_, err = tx.Exec(ctx, "SELECT signin_ceremony_begin($1, $2, $3, $4, $5, $6)", b.id, nullable(b.app), b.rpID, string(state), tx.Now, expires)
	if err != nil {
		return fmt.Errorf("keep ceremony: %w", err)
	}
	return nil
}

func readCeremony(ctx context.Context, tx *postgres.Tx, id ident.ID[Ceremony]) (takenCeremony, bool, error) {
	var (
		t     takenCeremony
		app   *string
		state []byte
	)
	err := tx.QueryRow(ctx, "SELECT app, rp_id, state FROM signin_ceremony_take($1, $2)", id, tx.Now).Scan(&app, &t.RPID, &state)
	if postgres.IsNoRows(err) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("take ceremony: %w", err)
	}
	t.App = auth.App(deref(app))
	if err := json.Unmarshal(state, &t.State); err != nil {
		return t, false, fmt.Errorf("decode ceremony: %w", err)
	}
	return t, true, nil
}

func findPasskey(ctx context.Context, tx *postgres.Tx, rpID string, credential []byte) (storedPasskey, error) {
	var p storedPasskey
	err := tx.QueryRow(ctx, "SELECT id, user_id, blocked, record_encrypted, key_version FROM signin_passkey($1, $2)", rpID, credential).
		Scan(&p.ID, &p.User, &p.Blocked, &p.Record.Cipher, &p.Record.KeyVersion)
	if err != nil && !postgres.IsNoRows(err) {
		return storedPasskey{}, fmt.Errorf("find passkey: %w", err)
	}
	return p, nil
}

func usedPasskey(ctx context.Context, tx *postgres.Tx, id ident.ID[Passkey], record seal.Value) error {
	if _, err := tx.Exec(ctx, "SELECT signin_passkey_used($1, $2, $3, $4)", id, record.Cipher, record.KeyVersion, tx.Now); err != nil {
		return fmt.Errorf("store passkey counter: %w", err)
	}
	return nil
}

func listPasskeys(ctx context.Context, tx *postgres.Tx) ([]Passkey, error) {
	rows, err := tx.Query(ctx, "SELECT id, rp_id, name, created_at, last_used_at, credential_id FROM signin_my_passkeys()")
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Passkey, err error) {
		err = row.Scan(&p.ID, &p.RPID, &p.Name, &p.CreatedAt, &p.LastUsedAt, &p.credential)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	return list, nil
}

func addPasskey(ctx context.Context, tx *postgres.Tx, p Passkey, record seal.Value, session SessionID) (added bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_my_passkey_add(@id, @rp, @credential, @record, @version, @name, @session, @amr, @now)",
		pgx.NamedArgs{
			"id": p.ID, "rp": p.RPID, "credential": p.credential, "record": record.Cipher, "version": record.KeyVersion,
			"name": p.Name, "session": session, "amr": passkeyAMR(), "now": tx.Now,
		}).Scan(&added)
	if err != nil {
		return false, fmt.Errorf("store passkey: %w", err)
	}
	return added, nil
}

func removePasskey(ctx context.Context, tx *postgres.Tx, id ident.ID[Passkey]) (removed bool, err error) {
	err = tx.QueryRow(ctx, "SELECT signin_my_passkey_remove($1)", id).Scan(&removed)
	if err != nil {
		return false, fmt.Errorf("remove passkey: %w", err)
	}
	return removed, nil
}
