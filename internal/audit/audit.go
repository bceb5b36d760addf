package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Entry is what a use case says about one changed or read entity. Who, where and when come from the transaction.
type Entry struct {
	// Action is create, update, delete, read, sign, export, login, transition, denied or failed.
	Action string
	// EntityType is the table's name in the singular; EntityID its id or code.
	EntityType, EntityID string
	PatientID            uuid.UUID
	// Changes holds the changed fields only; secrets and personal values are masked here, not by the caller.
	Changes map[string]Change
	// Result is success when empty.
	Result     string
	HTTPStatus int
	Reason     string
}

// Trail writes entries into the transaction of the change. Safe for concurrent use.
type Trail struct {
	db   *postgres.DB
	keys *Keys
	log  *slog.Logger
}

// NewTrail needs the keys that are not in the database.
func NewTrail(db *postgres.DB, keys *Keys, log *slog.Logger) *Trail {
	return &Trail{db: db, keys: keys, log: log}
}

type pendingKey struct{}

// pending is one entry with the context that it was recorded in.
type pending struct {
	principal auth.Principal
	request   auth.Request
	entry     Entry
}

// RecordTx adds an entry to the transaction. It is written as the transaction's last act, under the chain's lock; when it
// cannot be written the transaction does not commit.
func (t *Trail) RecordTx(ctx context.Context, tx *postgres.Tx, e Entry) {
	list, first := tx.Attached(pendingKey{}).(*[]pending)
	if !first {
		list = &[]pending{}
		tx.Attach(pendingKey{}, list)
		tx.Last(func(ctx context.Context, tx *postgres.Tx) error { return t.flush(ctx, tx, *list) })
	}
	*list = append(*list, pending{principal: tx.Principal, request: auth.RequestOf(ctx), entry: e})
}

// flush writes the entries in order, one chain after the other.
func (t *Trail) flush(ctx context.Context, tx *postgres.Tx, list []pending) error {
	for len(list) > 0 {
		n := 1
		for n < len(list) && sameContext(list[n].principal, list[0].principal) {
			n++
		}
		group := list[:n]
		err := tx.InContextOf(ctx, group[0].principal, func() error { return t.append(ctx, tx, group) })
		if err != nil {
			return fmt.Errorf("write audit: %w", err)
		}
		list = list[n:]
	}
	return nil
}

func sameContext(a, b auth.Principal) bool {
	return a.OrgID == b.OrgID && a.UserID == b.UserID && a.Role == b.Role
}

func (t *Trail) append(ctx context.Context, tx *postgres.Tx, group []pending) error {
	h, err := readHead(ctx, tx)
	if err != nil {
		return err
	}
	rows := make([]Row, len(group))
	for i, p := range group {
		if rows[i], err = rowOf(p); err != nil {
			return err
		}
		rows[i].Seq, rows[i].OccurredAt = h.seq+1, h.at
		if err := t.keys.Chain(&rows[i], h.prev); err != nil {
			return err
		}
		h.seq, h.prev = rows[i].Seq, rows[i].RowMAC
	}
	return insert(ctx, tx, rows)
}

// rowOf fills the columns that the caller may choose exactly as audit_append will store them.
func rowOf(p pending) (Row, error) {
	changes, err := EncodeChanges(p.entry.Changes)
	if err != nil {
		return Row{}, err
	}
	r := Row{
		ID: uuid.Must(uuid.NewV7()), OrganizationID: p.principal.OrgID.UUID(), ActorUserID: p.principal.UserID.UUID(),
		ActorRole: string(p.principal.Role), ActorKind: string(p.principal.Kind), Action: p.entry.Action,
		EntityType: p.entry.EntityType, EntityID: p.entry.EntityID, PatientID: p.entry.PatientID, Changes: changes,
		Result: p.entry.Result, HTTPStatus: p.entry.HTTPStatus, Route: p.request.Route, RequestID: p.request.ID,
		ActionContext: "normal", BreakGlassID: p.principal.BreakGlassID.UUID(), ImpersonationID: p.principal.ImpersonationID.UUID(),
		Reason: p.entry.Reason,
	}
	if r.Result == "" {
		r.Result = "success"
	}
	switch {
	case r.BreakGlassID != uuid.Nil:
		r.ActionContext = "break_glass"
	case r.ImpersonationID != uuid.Nil:
		r.ActionContext = "impersonation"
	}
	if ip, err := netip.ParseAddr(p.request.IP); err == nil {
		r.IP = ip.Unmap().WithZone("").String()
	}
	if p.request.UserAgent != "" {
		sum := sha256.Sum256([]byte(p.request.UserAgent))
		r.UserAgentHash = hex.EncodeToString(sum[:])
	}
	return r, nil
}

// Refused implements httpapi.Witness: refusals that the law or the trail wants to know about, in their own transaction.
func (t *Trail) Refused(ctx context.Context, r httpapi.Refusal) {
	kind, severity := securityKind(r)
	denied := r.Status == http.StatusUnauthorized && r.Token || r.Status == http.StatusForbidden || r.Status >= http.StatusInternalServerError
	if kind == "" && !denied {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := t.inRefusalTx(ctx, r.Principal, func(tx *postgres.Tx) error {
		if kind != "" {
			if err := recordSecurityEvent(ctx, tx, kind, severity, subjectOf(ctx, r), auth.RequestOf(ctx)); err != nil {
				return err
			}
		}
		if denied {
			e := Entry{Action: "denied", Result: "denied", EntityType: "endpoint", EntityID: r.Operation, HTTPStatus: r.Status, Reason: r.Code}
			if r.Status >= http.StatusInternalServerError {
				e.Action, e.Result = "failed", "error"
			}
			t.RecordTx(ctx, tx, e)
		}
		return nil
	})
	if err != nil {
		t.log.LogAttrs(ctx, slog.LevelError, "refusal not recorded", slog.String("op", r.Operation), slog.String("error", err.Error()))
	}
}

// Watched implements httpapi.Witness: the row of a read under break-glass or impersonation is committed before the read begins.
func (t *Trail) Watched(ctx context.Context, operation string) error {
	err := t.db.InTx(ctx, func(tx *postgres.Tx) error {
		t.RecordTx(ctx, tx, Entry{Action: "read", EntityType: "endpoint", EntityID: operation})
		return nil
	})
	if err != nil {
		return fmt.Errorf("record watched read: %w", err)
	}
	return nil
}

// inRefusalTx writes into the clinic's chain when the principal has one, else into the platform's.
func (t *Trail) inRefusalTx(ctx context.Context, p auth.Principal, fn func(*postgres.Tx) error) error {
	if p.OrgID.IsZero() || p.Role == "" {
		return t.db.InSigninTx(auth.WithPrincipal(ctx, p), fn)
	}
	return t.db.InTx(auth.WithPrincipal(ctx, p), fn)
}

func securityKind(r httpapi.Refusal) (kind, severity string) {
	switch {
	case r.Status == http.StatusUnauthorized && r.Token:
		return "token_invalid", "low"
	case r.Status == http.StatusForbidden:
		return "permission_denied_burst", "low"
	case r.Status == http.StatusTooManyRequests:
		return "rate_limited_burst", "medium"
	case r.Status == http.StatusNotFound && r.Principal.Authenticated:
		return "not_found_burst", "info"
	case r.Status >= http.StatusInternalServerError:
		return "server_error", "medium"
	}
	return "", ""
}

// subjectOf names who was refused without naming a person: an id, or the address of an unknown caller.
func subjectOf(ctx context.Context, r httpapi.Refusal) string {
	switch {
	case !r.Principal.UserID.IsZero():
		return "user:" + r.Principal.UserID.String()
	case !r.Principal.AccessKeyID.IsZero():
		return "key:" + r.Principal.AccessKeyID.String()
	}
	return "ip:" + auth.RequestOf(ctx).IP
}

// SecurityTx records a security event of product/08 §7 in the caller's transaction. subject is an id or a keyed hash.
func SecurityTx(ctx context.Context, tx *postgres.Tx, kind, severity, subject string) error {
	return recordSecurityEvent(ctx, tx, kind, severity, subject, auth.RequestOf(ctx))
}

// ErrChain tells that a chain does not verify; the finding says where.
var ErrChain = errors.New("audit chain does not verify")

// VerifyOrg reads one chain (zero: the platform's) as the owner and answers the verifier's finding.
func (t *Trail) VerifyOrg(ctx context.Context, org ident.OrgID, anchors []Anchor) (Finding, error) {
	v := NewVerifier(org.UUID(), t.keys, anchors, Checkpoint{})
	err := t.db.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		return eachRow(ctx, tx, org, v.Add)
	})
	if err != nil {
		return Finding{}, fmt.Errorf("read audit chain: %w", err)
	}
	return v.Finish(), nil
}
