package audit

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Row is one entry of the trail, every column of it. A zero field is NULL in the table: the trail has no use for an
// empty text or a zero number that differs from "not known".
//
// A Row that was chained is never changed again; the four hash fields are written by Keys.Chain alone.
type Row struct {
	ID uuid.UUID
	// OrganizationID is zero on the chain of the platform itself.
	OrganizationID uuid.UUID
	// Seq counts from 1 within one organization, without gaps.
	Seq int64
	// OccurredAt is UTC in whole microseconds, which is what the table keeps.
	OccurredAt time.Time

	ActorUserID uuid.UUID
	ActorRole   string
	// ActorKind is user, caregiver, key, system or anonymous.
	ActorKind string

	Action     string
	EntityType string
	// EntityID is text because some entities are named by a code; usually it is a UUID.
	EntityID  string
	PatientID uuid.UUID
	// Changes is a JSON object {field: [before, after]} of changed fields only, already masked. Nil for none.
	Changes json.RawMessage

	// Result is success, denied or error.
	Result     string
	HTTPStatus int
	// Route is the template ("/v1/patients/{id}"), never the path with its ids.
	Route string
	// IP is the text of the address as the request facts hold it.
	IP string
	// UserAgentHash is lower-case hex; the text itself is not kept.
	UserAgentHash string
	RequestID     string
	CorrelationID string

	// ActionContext is normal, break_glass, impersonation or gdpr_operation.
	ActionContext   string
	BreakGlassID    uuid.UUID
	ImpersonationID uuid.UUID
	Reason          string

	// PrevHash is the RowMAC of the row before, or GenesisHash on the first row. 32 bytes, like the two below.
	PrevHash    []byte
	PayloadHash []byte
	RowMAC      []byte
	// KeyID names the key of RowMAC. It is covered by PayloadHash.
	KeyID string
}
