package audit

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/httpapi"
	"github.com/restartix/platform/internal/page"
)

const tag = "Audit"

// Routes registers the reading side of the trail.
func (t *Trail) Routes(api *httpapi.Server) { newReader(t).routes(api) }

func (r *reader) routes(api *httpapi.Server) {
	refusals := []*apperror.Error{page.ErrSize, page.ErrFilter, page.ErrCursor, page.ErrCursorExpired, httpapi.ErrBreakGlassRequired}
	httpapi.Feed(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/audit-logs", ID: "list-audit-logs", Tag: tag,
		Summary:  "Read the audit trail of the clinic, or the platform's for a superadmin without a clinic; each reading is an entry too",
		Audience: httpapi.Member, Permission: auth.AuditRead, Errors: refusals,
	}, r.listEntries)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/audit-logs/{id}", ID: "get-audit-log", Tag: tag,
		Summary:  "Read one entry of the trail with its place in the chain",
		Audience: httpapi.Member, Permission: auth.AuditRead, Errors: []*apperror.Error{ErrEntryNotFound, httpapi.ErrBreakGlassRequired},
	}, func(ctx context.Context, in *idPath) (entryDetail, error) {
		row, err := r.Entry(ctx, in.ID)
		return detailOf(row), err
	})
	httpapi.Feed(api, httpapi.Endpoint{
		Method: http.MethodGet, Path: "/v1/security-events", ID: "list-security-events", Tag: tag,
		Summary:  "Read the security events of the clinic, or the platform's",
		Audience: httpapi.Member, Permission: auth.SecurityEventRead, Errors: refusals,
	}, r.listEvents)
	httpapi.One(api, httpapi.Endpoint{
		Method: http.MethodPost, Path: "/v1/security-events/{id}/ack", ID: "acknowledge-security-event", Tag: tag,
		Summary:  "Mark a security event as seen",
		Audience: httpapi.Member, Permission: auth.SecurityEventAck, Errors: []*apperror.Error{ErrEventNotFound},
	}, func(ctx context.Context, in *idPath) (eventOutput, error) {
		e, err := r.Acknowledge(ctx, in.ID)
		return eventOf(e), err
	})
}

type idPath struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type listEntriesInput struct {
	page.FeedQuery
	UserID      string    `query:"user_id" format:"uuid" doc:"Who acted."`
	PatientID   string    `query:"patient_id" format:"uuid" doc:"Whom it was about."`
	Entity      string    `query:"entity" maxLength:"60" doc:"Kind of entity, for example user_organization."`
	EntityID    string    `query:"entity_id" maxLength:"100"`
	Action      string    `query:"action" maxLength:"40"`
	Context     string    `query:"context" enum:"normal,break_glass,impersonation,gdpr_operation"`
	OccurredGTE time.Time `query:"occurred_at.gte"`
	OccurredLTE time.Time `query:"occurred_at.lte"`
	RequestID   string    `query:"request_id" maxLength:"100"`
}

func (r *reader) listEntries(ctx context.Context, in *listEntriesInput) (page.Slice[EntryOutput], error) {
	f := Filter{
		Entity: in.Entity, EntityID: in.EntityID, Action: in.Action, Context: in.Context, RequestID: in.RequestID,
		OccurredGTE: in.OccurredGTE, OccurredLTE: in.OccurredLTE,
	}
	var err error
	if f.UserID, err = idFrom("user_id", in.UserID); err != nil {
		return page.Slice[EntryOutput]{}, err
	}
	if f.PatientID, err = idFrom("patient_id", in.PatientID); err != nil {
		return page.Slice[EntryOutput]{}, err
	}
	rows, err := r.Entries(ctx, f, in.FeedQuery)
	return convert(rows, entryOf), err
}

func idFrom(name, text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, apperror.ErrBadRequest.At("query."+name, "is not an id")
	}
	return id, nil
}

func convert[A, B any](s page.Slice[A], f func(A) B) page.Slice[B] {
	out := page.Slice[B]{Rows: make([]B, len(s.Rows)), Next: s.Next}
	for i, a := range s.Rows {
		out.Rows[i] = f(a)
	}
	return out
}

// EntryOutput is one entry as the API shows it. It is exported because the document leaves out what an unexported embedded type brings.
type EntryOutput struct {
	ID              string           `json:"id" format:"uuid"`
	Seq             int64            `json:"seq" doc:"Place in the chain, from 1 without gaps."`
	OccurredAt      time.Time        `json:"occurred_at"`
	ActorUserID     *string          `json:"actor_user_id"`
	ActorRole       *string          `json:"actor_role"`
	ActorKind       string           `json:"actor_kind"`
	Action          string           `json:"action"`
	EntityType      string           `json:"entity_type"`
	EntityID        *string          `json:"entity_id"`
	PatientID       *string          `json:"patient_id"`
	Changes         map[string][]any `json:"changes" doc:"Changed fields with the value before and after; secrets and personal values are masked."`
	Result          string           `json:"result" enum:"success,denied,error"`
	HTTPStatus      *int             `json:"http_status"`
	Route           *string          `json:"route"`
	IP              *string          `json:"ip"`
	RequestID       *string          `json:"request_id"`
	CorrelationID   *string          `json:"correlation_id"`
	ActionContext   string           `json:"action_context" enum:"normal,break_glass,impersonation,gdpr_operation"`
	BreakGlassID    *string          `json:"break_glass_id"`
	ImpersonationID *string          `json:"impersonation_id"`
	Reason          *string          `json:"reason"`
}

type entryDetail struct {
	EntryOutput
	PrevHash    string `json:"prev_hash"`
	PayloadHash string `json:"payload_hash"`
	RowMAC      string `json:"row_mac"`
	KeyID       string `json:"key_id"`
}

func entryOf(r Row) EntryOutput {
	out := EntryOutput{
		ID: r.ID.String(), Seq: r.Seq, OccurredAt: r.OccurredAt, ActorUserID: idText(r.ActorUserID), ActorRole: text(r.ActorRole),
		ActorKind: r.ActorKind, Action: r.Action, EntityType: r.EntityType, EntityID: text(r.EntityID), PatientID: idText(r.PatientID),
		Changes: changesOf(r.Changes), Result: r.Result, Route: text(r.Route), IP: text(r.IP), RequestID: text(r.RequestID),
		CorrelationID: text(r.CorrelationID), ActionContext: r.ActionContext, BreakGlassID: idText(r.BreakGlassID),
		ImpersonationID: idText(r.ImpersonationID), Reason: text(r.Reason),
	}
	if r.HTTPStatus != 0 {
		out.HTTPStatus = &r.HTTPStatus
	}
	return out
}

func detailOf(r Row) entryDetail {
	return entryDetail{
		EntryOutput: entryOf(r), PrevHash: hex.EncodeToString(r.PrevHash), PayloadHash: hex.EncodeToString(r.PayloadHash),
		RowMAC: hex.EncodeToString(r.RowMAC), KeyID: r.KeyID,
	}
}

// changesOf reads what EncodeChanges wrote; a row that does not hold it was not written by us and shows none.
func changesOf(raw json.RawMessage) map[string][]any {
	out := map[string][]any{}
	if len(raw) == 0 || json.Unmarshal(raw, &out) != nil || out == nil { // the column may hold a JSON null
		return map[string][]any{}
	}
	return out
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func idText(id uuid.UUID) *string {
	if id == uuid.Nil {
		return nil
	}
	s := id.String()
	return &s
}

type listEventsInput struct {
	page.FeedQuery
	Kind         string `query:"kind" maxLength:"40"`
	Severity     string `query:"severity" enum:"info,low,medium,high,critical"`
	Acknowledged string `query:"acknowledged" enum:"true,false"`
}

func (r *reader) listEvents(ctx context.Context, in *listEventsInput) (page.Slice[eventOutput], error) {
	f := EventFilter{Kind: in.Kind, Severity: in.Severity}
	if in.Acknowledged != "" {
		yes := in.Acknowledged == "true"
		f.Acknowledged = &yes
	}
	rows, err := r.Events(ctx, f, in.FeedQuery)
	return convert(rows, eventOf), err
}

type eventOutput struct {
	ID             string     `json:"id" format:"uuid"`
	Kind           string     `json:"kind"`
	Severity       string     `json:"severity" enum:"info,low,medium,high,critical"`
	Subject        string     `json:"subject" doc:"user:id, key:id or ip:address."`
	IP             *string    `json:"ip"`
	Count          int64      `json:"count"`
	WindowStart    time.Time  `json:"window_start"`
	LastAt         time.Time  `json:"last_at"`
	LastRequestID  *string    `json:"last_request_id"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	AcknowledgedBy *string    `json:"acknowledged_by"`
}

func eventOf(e SecurityEvent) eventOutput {
	out := eventOutput{
		ID: e.ID.String(), Kind: e.Kind, Severity: e.Severity, Subject: e.Subject, IP: e.IP, Count: e.Count, WindowStart: e.WindowStart,
		LastAt: e.LastAt, LastRequestID: e.LastRequestID, AcknowledgedAt: e.AcknowledgedAt,
	}
	if e.AcknowledgedBy != nil {
		out.AcknowledgedBy = idText(*e.AcknowledgedBy)
	}
	return out
}
