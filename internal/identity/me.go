package identity

import (
	"context"
	"fmt"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
)

// Profile is the own account: the person, and what the request's clinic makes of the person.
type Profile struct {
	person
	Organizations []Belonging
	Principal     auth.Principal
	// MFARequired is the policy of the request's clinic for the acting role; always true for a superadmin.
	MFARequired bool
	Factors     FactorCount
}

// person is the own row of users.
type person struct {
	ID           ident.UserID `db:"id"`
	Email        string       `db:"email"`
	Name         string       `db:"name"`
	Locale       *string      `db:"locale"`
	PlatformRole *string      `db:"platform_role"`
	RowVersion   int64        `db:"row_version"`
}

// Belonging is one active clinic with the person's active roles in it.
type Belonging struct {
	ID    ident.OrgID `db:"id"`
	Slug  string      `db:"slug"`
	Name  string      `db:"name"`
	Roles []auth.Role `db:"roles"`
}

// Me answers the own account.
func (s *Service) Me(ctx context.Context) (Profile, error) {
	p, err := own(ctx)
	if err != nil {
		return Profile{}, err
	}
	out := Profile{Principal: p, MFARequired: p.Role == auth.Superadmin}
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) (err error) {
		if out.person, err = readPerson(ctx, tx, p.UserID); err != nil {
			return err
		}
		out.Organizations, err = readBelongings(ctx, tx, p.UserID)
		return err
	})
	if err != nil {
		return Profile{}, fmt.Errorf("read own account: %w", err)
	}
	if !p.OrgID.IsZero() && p.Role.IsStaff() {
		err = s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
			out.MFARequired, err = readMFARequired(ctx, tx)
			return err
		})
		if err != nil {
			return Profile{}, fmt.Errorf("read own account: %w", err)
		}
	}
	if s.Factors != nil && p.ImpersonationID.IsZero() {
		if out.Factors, err = s.Factors.Factors(ctx, p.UserID); err != nil {
			return Profile{}, fmt.Errorf("read second steps: %w", err)
		}
	}
	return out, nil
}

// own is the signed-in person of the context.
func own(ctx context.Context) (auth.Principal, error) {
	p, ok := auth.From(ctx)
	if !ok || p.UserID.IsZero() {
		return p, apperror.ErrUnauthorized
	}
	return p, nil
}

// ProfileChange holds what somebody changes about the own account; nil leaves a value, an empty Locale clears it.
type ProfileChange struct {
	Name   *string
	Locale *string
}

// UpdateMe changes the own account.
func (s *Service) UpdateMe(ctx context.Context, c ProfileChange) (Profile, error) {
	p, err := own(ctx)
	if err != nil {
		return Profile{}, err
	}
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) error {
		before, err := readPerson(ctx, tx, p.UserID)
		if err != nil {
			return err
		}
		changes := map[string]audit.Change{}
		if c.Name != nil && *c.Name != before.Name {
			changes["name"] = audit.Change{audit.Masked, audit.Masked}
		}
		if c.Locale != nil && *c.Locale != deref(before.Locale) {
			changes["locale"] = audit.Change{before.Locale, *c.Locale}
		}
		if len(changes) == 0 {
			return nil
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "user", EntityID: p.UserID.String(), Changes: changes})
		return updatePerson(ctx, tx, p.UserID, c)
	})
	if err != nil {
		return Profile{}, fmt.Errorf("change own account: %w", err)
	}
	return s.Me(ctx)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// SwitchOrganization makes a clinic the current one for requests that name none. It grants nothing: the membership does.
func (s *Service) SwitchOrganization(ctx context.Context, org ident.OrgID) (Belonging, error) {
	p, err := own(ctx)
	if err != nil {
		return Belonging{}, err
	}
	var chosen Belonging
	err = s.DB.InPersonTx(ctx, func(tx *postgres.Tx) error {
		all, err := readBelongings(ctx, tx, p.UserID)
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.ID == org {
				chosen = b
			}
		}
		if chosen.ID.IsZero() {
			return middleware.ErrNotMember
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "user", EntityID: p.UserID.String(),
			Changes: map[string]audit.Change{"current_organization_id": {nil, org.String()}},
		})
		return updateCurrent(ctx, tx, p.UserID, org)
	})
	if err != nil {
		return Belonging{}, fmt.Errorf("switch clinic: %w", err)
	}
	s.Forget()
	return chosen, nil
}
