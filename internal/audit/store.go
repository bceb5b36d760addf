package audit

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

type head struct {
	seq  int64
	prev []byte
	at   time.Time
}

func readHead(ctx context.Context, tx *postgres.Tx) (head, error) {
	var h head
	if err := tx.QueryRow(ctx, "SELECT seq, prev_hash, occurred_at FROM audit_head()").Scan(&h.seq, &h.prev, &h.at); err != nil {
		return head{}, fmt.Errorf("read audit head: %w", err)
	}
	h.at = h.at.UTC()
	return h, nil
}

func insert(ctx context.Context, tx *postgres.Tx, rows []Row) error {
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = map[string]any{
			"id": r.ID, "seq": r.Seq, "actor_kind": r.ActorKind, "action": r.Action, "entity_type": r.EntityType,
			"entity_id": orNil(r.EntityID), "patient_id": idOrNil(r.PatientID), "changes": r.Changes, "result": r.Result,
			"http_status": statusOrNil(r.HTTPStatus), "route": orNil(r.Route), "ip": orNil(r.IP),
			"user_agent_hash": orNil(r.UserAgentHash), "request_id": orNil(r.RequestID), "correlation_id": orNil(r.CorrelationID),
			"action_context": r.ActionContext, "break_glass_id": idOrNil(r.BreakGlassID),
			"impersonation_id": idOrNil(r.ImpersonationID), "reason": orNil(r.Reason),
			"prev_hash": hex.EncodeToString(r.PrevHash), "payload_hash": hex.EncodeToString(r.PayloadHash),
			"row_mac": hex.EncodeToString(r.RowMAC), "key_id": r.KeyID,
		}
	}
	encoded, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("encode audit rows: %w", err)
	}
	if _, err := tx.Exec(ctx, "SELECT audit_append($1)", string(encoded)); err != nil {
		return fmt.Errorf("append audit rows: %w", err)
	}
	return nil
}

func recordSecurityEvent(ctx context.Context, tx *postgres.Tx, kind, severity, subject string, r auth.Request) error {
	_, err := tx.Exec(ctx, "SELECT security_event_record($1, $2, $3, NULLIF($4, ''), NULLIF($5, ''))", kind, severity, subject, r.IP, r.ID)
	if err != nil {
		return fmt.Errorf("record security event: %w", err)
	}
	return nil
}

const rowColumns = `id, organization_id, seq, occurred_at, actor_user_id, COALESCE(actor_role, ''), actor_kind, action, entity_type,
	COALESCE(entity_id, ''), patient_id, changes, result, COALESCE(http_status, 0), COALESCE(route, ''), COALESCE(ip, ''),
	COALESCE(user_agent_hash, ''), COALESCE(request_id, ''), COALESCE(correlation_id, ''), action_context, break_glass_id,
	impersonation_id, COALESCE(reason, ''), prev_hash, payload_hash, row_mac, key_id`

// fetchRows is how many rows a verification takes at a time: the connection is idle only while these are hashed, so a
// chain of any length stays within the idle limit of its transaction.
const fetchRows = 500

// eachRow streams one chain in order of seq through a cursor and stops when add answers false.
func eachRow(ctx context.Context, tx *postgres.Tx, org ident.OrgID, add func(*Row) bool) error {
	_, err := tx.Exec(ctx, "DECLARE audit_rows NO SCROLL CURSOR FOR SELECT "+rowColumns+` FROM audit_log
		WHERE organization_id IS NOT DISTINCT FROM $1 ORDER BY seq, id`, org)
	if err != nil {
		return err
	}
	for {
		rows, err := tx.Query(ctx, fmt.Sprintf("FETCH %d FROM audit_rows", fetchRows))
		if err != nil {
			return err
		}
		batch, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) { return scanRow(row) })
		if err != nil {
			return err
		}
		for i := range batch {
			if !add(&batch[i]) {
				return nil
			}
		}
		if len(batch) < fetchRows {
			return nil
		}
	}
}

func scanRow(rows pgx.CollectableRow) (Row, error) {
	var (
		r                                              Row
		org, actor, patient, breakGlass, impersonation *uuid.UUID
		changes                                        []byte
	)
	err := rows.Scan(&r.ID, &org, &r.Seq, &r.OccurredAt, &actor, &r.ActorRole, &r.ActorKind, &r.Action, &r.EntityType,
		&r.EntityID, &patient, &changes, &r.Result, &r.HTTPStatus, &r.Route, &r.IP, &r.UserAgentHash, &r.RequestID,
		&r.CorrelationID, &r.ActionContext, &breakGlass, &impersonation, &r.Reason, &r.PrevHash, &r.PayloadHash, &r.RowMAC, &r.KeyID)
	if err != nil {
		return Row{}, err
	}
	r.OrganizationID, r.ActorUserID, r.PatientID = value(org), value(actor), value(patient)
	r.BreakGlassID, r.ImpersonationID = value(breakGlass), value(impersonation)
	r.OccurredAt = r.OccurredAt.UTC()
	if changes != nil {
		r.Changes = changes
	}
	return r, nil
}

func value(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func idOrNil(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id
}

func statusOrNil(status int) any {
	if status == 0 {
		return nil
	}
	return status
}

func chains(ctx context.Context, tx *postgres.Tx) ([]ident.OrgID, error) {
	rows, err := tx.Query(ctx, "SELECT organization_id FROM audit_heads ORDER BY organization_id NULLS FIRST")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[ident.OrgID])
}

// eachMAC streams the links after seq in order.
func eachMAC(ctx context.Context, tx *postgres.Tx, org ident.OrgID, after int64, add func([]byte)) error {
	rows, err := tx.Query(ctx, "SELECT row_mac FROM audit_log WHERE organization_id IS NOT DISTINCT FROM $1 AND seq > $2 ORDER BY seq", org, after)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var mac []byte
		if err := rows.Scan(&mac); err != nil {
			return err
		}
		add(mac)
	}
	return rows.Err()
}
