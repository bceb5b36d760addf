package identity

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

const (
	grantReason     = 20
	grantMaxMinutes = 60
)

// Grant is emergency access of one operator to one clinic.
type Grant struct {
	ID          GrantID      `db:"id"`
	OrgID       ident.OrgID  `db:"organization_id"`
	ActorUserID ident.UserID `db:"actor_user_id"`
	ActorName   string       `db:"actor_name"`
	Reason      string       `db:"reason"`
	TTLMinutes  int          `db:"ttl_minutes"`
	OpenedAt    time.Time    `db:"opened_at"`
	ExpiresAt   time.Time    `db:"expires_at"`
	EndedAt     *time.Time   `db:"ended_at"`
	EndedBy     ident.UserID `db:"ended_by"`
	CreatedAt   time.Time    `db:"created_at"`
	// Active tells that the grant still opened the clinic when it was read.
	Active bool `db:"active"`
}

// GrantFilter narrows the list of grants. Nil and zero do not.
type GrantFilter struct {
	OrgID   ident.OrgID
	Active  *bool
	Created Span
	Updated Span
}

// OpenGrant opens a clinic to the operator of the context. The grant, the clinic's audit row and the clinic's mails are one
// transaction, so there is no moment at which the grant is usable and the clinic is not told.
func (s *Service) OpenGrant(ctx context.Context, org ident.OrgID, reason string, minutes int) (Grant, error) {
	p, err := own(ctx)
	if err != nil {
		return Grant{}, err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) < grantReason {
		return Grant{}, ErrReasonTooShort.At("body.reason", "has fewer than 20 characters")
	}
	if minutes < 1 || minutes > grantMaxMinutes {
		return Grant{}, apperror.ErrInvalid.At("body.ttl_minutes", "is not between 1 and 60")
	}
	g := Grant{ID: ident.New[auth.BreakGlass](), OrgID: org, ActorUserID: p.UserID, Reason: reason, TTLMinutes: minutes}
	err = s.DB.InPlatformTx(ctx, org, func(tx *postgres.Tx) error {
		if err := s.openTx(ctx, tx, g); err != nil {
			return err
		}
		g, err = readGrant(ctx, tx, g.ID)
		return err
	})
	if err != nil {
		return Grant{}, fmt.Errorf("open break-glass: %w", err)
	}
	s.Forget()
	return g, nil
}

func (s *Service) openTx(ctx context.Context, tx *postgres.Tx, g Grant) error {
	known, err := clinicExists(ctx, tx, g.OrgID)
	if err != nil {
		return err
	}
	if !known {
		return middleware.ErrOrganizationNotFound
	}
	if err := insertGrant(ctx, tx, g); err != nil {
		return err
	}
	expires := tx.Now.Add(time.Duration(g.TTLMinutes) * time.Minute)
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "break_glass_grant", EntityID: g.ID.String(), Reason: audit.MaskText(g.Reason),
		Changes: map[string]audit.Change{"ttl_minutes": {nil, g.TTLMinutes}, "expires_at": {nil, expires}},
	})
	if err := audit.SecurityTx(ctx, tx, "break_glass", "high", "user:"+g.ActorUserID.String()); err != nil {
		return err
	}
	admins, err := adminsOf(ctx, tx, g.OrgID)
	if err != nil {
		return err
	}
	// The zero id stands for the clinic's own address.
	for _, admin := range append(admins, ident.UserID{}) {
		args := map[string]string{"grant_id": g.ID.String(), "user_id": admin.String()}
		if err := job.EnqueueTx(ctx, tx, jobBreakGlassMail, args, job.Options{}); err != nil {
			return err
		}
	}
	return s.Bus.PublishTx(ctx, tx, BreakGlassOpened{GrantID: g.ID, ActorUserID: g.ActorUserID, ExpiresAt: expires})
}

// Grants lists the grants of all clinics for the operators of the platform.
func (s *Service) Grants(ctx context.Context, f GrantFilter, w page.Window) (page.Result[Grant], error) {
	var out page.Result[Grant]
	err := s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) (err error) {
		out, err = listGrants(ctx, tx, f, w)
		return err
	})
	if err != nil {
		return page.Result[Grant]{}, fmt.Errorf("list break-glass grants: %w", err)
	}
	return out, nil
}

// ClinicGrants lists who was let into the clinic, for its administrators; an operator asks for the same through Grants.
func (s *Service) ClinicGrants(ctx context.Context, org ident.OrgID, f GrantFilter, w page.Window) (page.Result[Grant], error) {
	f.OrgID = org
	if p, _ := auth.From(ctx); p.Role == auth.Superadmin {
		return s.Grants(ctx, f, w)
	}
	if err := inClinic(ctx, org); err != nil {
		return page.Result[Grant]{}, err
	}
	var out page.Result[Grant]
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = listGrants(ctx, tx, f, w)
		return err
	})
	if err != nil {
		return page.Result[Grant]{}, fmt.Errorf("list break-glass grants: %w", err)
	}
	return out, nil
}

// EndGrant ends a grant before its time: any operator, or an administrator of the clinic.
func (s *Service) EndGrant(ctx context.Context, id GrantID) error {
	p, err := own(ctx)
	if err != nil {
		return err
	}
	end := func(tx *postgres.Tx) error { return s.endGrantTx(ctx, tx, id, p.UserID) }
	if p.Role == auth.Superadmin {
		org, err := s.clinicOfGrant(ctx, id)
		if err != nil {
			return err
		}
		err = s.DB.InPlatformTx(ctx, org, end)
		s.Forget()
		return endError(err)
	}
	err = s.DB.InTx(ctx, end)
	s.Forget()
	return endError(err)
}

func endError(err error) error {
	if err != nil {
		return fmt.Errorf("end break-glass: %w", err)
	}
	return nil
}

func (s *Service) endGrantTx(ctx context.Context, tx *postgres.Tx, id GrantID, by ident.UserID) error {
	done, err := endGrant(ctx, tx, id, by)
	if err != nil {
		return err
	}
	if !done {
		return ErrGrantNotFound
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "break_glass_grant", EntityID: id.String(),
		Changes: map[string]audit.Change{"ended_at": {nil, tx.Now}, "ended_by": {nil, by.String()}},
	})
	return s.Bus.PublishTx(ctx, tx, BreakGlassClosed{GrantID: id, EndedBy: by})
}

// clinicOfGrant learns whose chain the end of a grant is written into.
func (s *Service) clinicOfGrant(ctx context.Context, id GrantID) (org ident.OrgID, err error) {
	err = s.DB.InPlatformTx(ctx, ident.OrgID{}, func(tx *postgres.Tx) error {
		g, err := readGrant(ctx, tx, id)
		org = g.OrgID
		return err
	})
	if err != nil {
		return org, fmt.Errorf("find break-glass grant: %w", err)
	}
	return org, nil
}
