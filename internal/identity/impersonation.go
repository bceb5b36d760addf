package identity

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
)

// Modes of an impersonation: view reads, assist may save form values too.
const (
	ModeView   = "view"
	ModeAssist = "assist"
)

const (
	impersonationLife   = time.Hour
	impersonationWindow = 5 * time.Minute
	impersonationStarts = 3
	impersonationReason = 10
)

// Impersonation is an administrator acting as a patient.
type Impersonation struct {
	ID        ImpersonationID
	OrgID     ident.OrgID
	Actor     ident.UserID
	Target    ident.UserID
	Mode      string
	Reason    string
	StartedAt time.Time
	ExpiresAt time.Time
}

// Started is a running impersonation with its token, which is shown once.
type Started struct {
	Impersonation
	Token string
}

// Impersonate starts acting as a patient. Until patients have records of their own, target is the user id of a member with the role
// patient; patientUser is the one place that knows.
func (s *Service) Impersonate(ctx context.Context, target ident.UserID, mode, reason string) (Started, error) {
	p, err := own(ctx)
	if err != nil {
		return Started{}, err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) < impersonationReason {
		return Started{}, ErrReasonTooShort.At("body.reason", "has fewer than 10 characters")
	}
	if s.Minter == nil {
		return Started{}, apperror.ErrNotFound
	}
	now := s.DB.Now()
	i := Impersonation{
		ID: ident.New[auth.Impersonation](), OrgID: p.OrgID, Actor: p.UserID, Target: target, Mode: mode, Reason: reason,
		StartedAt: now, ExpiresAt: now.Add(impersonationLife),
	}
	// The token is worth nothing before its row is there; signing inside the transaction would hold a connection.
	token, err := s.Minter.MintImpersonation(ctx, i)
	if err != nil {
		return Started{}, fmt.Errorf("sign impersonation: %w", err)
	}
	if err := s.DB.InTx(ctx, func(tx *postgres.Tx) error { return s.startTx(ctx, tx, i) }); err != nil {
		return Started{}, fmt.Errorf("start impersonation: %w", err)
	}
	return Started{Impersonation: i, Token: token}, nil
}

func (s *Service) startTx(ctx context.Context, tx *postgres.Tx, i Impersonation) error {
	recent, err := recentStarts(ctx, tx, i.Actor, i.StartedAt.Add(-impersonationWindow))
	if err != nil {
		return err
	}
	if len(recent) >= impersonationStarts {
		free := recent[impersonationStarts-1].Add(impersonationWindow)
		return apperror.ErrRateLimited.With("retry_after", max(1, int(math.Ceil(free.Sub(i.StartedAt).Seconds()))))
	}
	if err := patientUser(ctx, tx, i.Target); err != nil {
		return err
	}
	if err := insertImpersonation(ctx, tx, i); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "impersonation", EntityID: i.ID.String(), Reason: audit.MaskText(i.Reason),
		Changes: map[string]audit.Change{"target_user_id": {nil, i.Target.String()}, "mode": {nil, i.Mode}, "expires_at": {nil, i.ExpiresAt}},
	})
	if err := audit.SecurityTx(ctx, tx, "impersonation", "medium", "user:"+i.Actor.String()); err != nil {
		return err
	}
	return s.Bus.PublishTx(ctx, tx, ImpersonationStarted{
		ImpersonationID: i.ID, ActorUserID: i.Actor, TargetUserID: i.Target, Mode: i.Mode, ExpiresAt: i.ExpiresAt,
	})
}

// EndImpersonation ends a running impersonation, from either side: the administrator in the clinic app, or with the token itself.
// The token is refused at its next request.
func (s *Service) EndImpersonation(ctx context.Context, id ImpersonationID) error {
	p, err := own(ctx)
	if err != nil {
		return err
	}
	by := p.UserID
	if !p.ImpersonatorID.IsZero() {
		by = p.ImpersonatorID
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		done, err := endImpersonation(ctx, tx, id, by)
		if err != nil {
			return err
		}
		if !done {
			return ErrImpersonationNotFound
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "impersonation", EntityID: id.String(),
			Changes: map[string]audit.Change{"ended_at": {nil, tx.Now}, "ended_by": {nil, by.String()}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("end impersonation: %w", err)
	}
	s.Forget()
	return nil
}
