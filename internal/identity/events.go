package identity

import (
	"time"

	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
)

// MemberInvited tells that somebody was asked to join the staff; it also follows from asking again.
type MemberInvited struct {
	InvitationID InvitationID `json:"invitation_id"`
	Role         auth.Role    `json:"role"`
}

// MemberJoined tells that a person belongs to a clinic from now on.
type MemberJoined struct {
	UserID ident.UserID `json:"user_id"`
	Role   auth.Role    `json:"role"`
}

// MemberRoleChanged tells the role and state before and after.
type MemberRoleChanged struct {
	UserID         ident.UserID `json:"user_id"`
	Role           auth.Role    `json:"role"`
	PreviousRole   auth.Role    `json:"previous_role"`
	Status         string       `json:"status"`
	PreviousStatus string       `json:"previous_status"`
}

// UserBlocked tells that a person may not use the platform any more.
type UserBlocked struct {
	UserID ident.UserID `json:"user_id"`
}

// ImpersonationStarted tells that an administrator acts as a patient.
type ImpersonationStarted struct {
	ImpersonationID ImpersonationID `json:"impersonation_id"`
	ActorUserID     ident.UserID    `json:"actor_user_id"`
	TargetUserID    ident.UserID    `json:"target_user_id"`
	Mode            string          `json:"mode"`
	ExpiresAt       time.Time       `json:"expires_at"`
}

// BreakGlassOpened tells that a platform operator may read the clinic until ExpiresAt.
type BreakGlassOpened struct {
	GrantID     GrantID      `json:"grant_id"`
	ActorUserID ident.UserID `json:"actor_user_id"`
	ExpiresAt   time.Time    `json:"expires_at"`
}

// BreakGlassClosed tells that a grant was ended before its time.
type BreakGlassClosed struct {
	GrantID GrantID      `json:"grant_id"`
	EndedBy ident.UserID `json:"ended_by"`
}

// EventType implements event.Fact.
func (MemberInvited) EventType() string { return "member.invited" }

// EventType implements event.Fact.
func (MemberJoined) EventType() string { return "member.joined" }

// EventType implements event.Fact.
func (MemberRoleChanged) EventType() string { return "member.role_changed" }

// EventType implements event.Fact.
func (UserBlocked) EventType() string { return "user.blocked" }

// EventType implements event.Fact.
func (ImpersonationStarted) EventType() string { return "impersonation.started" }

// EventType implements event.Fact.
func (BreakGlassOpened) EventType() string { return "break_glass.opened" }

// EventType implements event.Fact.
func (BreakGlassClosed) EventType() string { return "break_glass.closed" }

// Aggregate implements event.Fact.
func (e MemberInvited) Aggregate() (kind, id string) {
	return "staff_invitation", e.InvitationID.String()
}

// Aggregate implements event.Fact.
func (e MemberJoined) Aggregate() (kind, id string) { return "user", e.UserID.String() }

// Aggregate implements event.Fact.
func (e MemberRoleChanged) Aggregate() (kind, id string) { return "user", e.UserID.String() }

// Aggregate implements event.Fact.
func (e UserBlocked) Aggregate() (kind, id string) { return "user", e.UserID.String() }

// Aggregate implements event.Fact.
func (e ImpersonationStarted) Aggregate() (kind, id string) {
	return "impersonation", e.ImpersonationID.String()
}

// Aggregate implements event.Fact.
func (e BreakGlassOpened) Aggregate() (kind, id string) {
	return "break_glass_grant", e.GrantID.String()
}

// Aggregate implements event.Fact.
func (e BreakGlassClosed) Aggregate() (kind, id string) {
	return "break_glass_grant", e.GrantID.String()
}
