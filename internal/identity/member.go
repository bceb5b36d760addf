package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// States of a membership.
const (
	StatusActive    = "active"
	StatusSuspended = "suspended"
)

// Member is one membership with its person.
type Member struct {
	MembershipID   ident.ID[membershipMark] `db:"id"`
	UserID         ident.UserID             `db:"user_id"`
	Name           string                   `db:"name"`
	Email          string                   `db:"email"`
	Role           auth.Role                `db:"role"`
	Status         string                   `db:"status"`
	LastActivityAt *time.Time               `db:"last_activity_at"`
	JoinedAt       time.Time                `db:"created_at"`
	UpdatedAt      time.Time                `db:"updated_at"`
}

// Span narrows a list by two instants; nil is open. From is included, Before is not; the inclusive forms of the wire are
// turned into these at the edge.
type Span struct{ GTE, LTE, GT, LT *time.Time }

// MemberFilter narrows the list of members. Empty values do not.
type MemberFilter struct {
	// Roles empty means the staff: patients of a clinic have a list of their own.
	Roles            []auth.Role
	Status           string
	Search           string
	Created, Updated Span
}

// inClinic refuses a path that names another clinic than the one that the request acts in. Not yours and not there look alike.
func inClinic(ctx context.Context, org ident.OrgID) error {
	p, ok := auth.From(ctx)
	if !ok || p.OrgID.IsZero() || p.OrgID != org {
		return middleware.ErrOrganizationNotFound
	}
	return nil
}

// Members lists the people of the clinic.
func (s *Service) Members(ctx context.Context, org ident.OrgID, f MemberFilter, w page.Window) (page.Result[Member], error) {
	if err := inClinic(ctx, org); err != nil {
		return page.Result[Member]{}, err
	}
	if len(f.Roles) == 0 {
		f.Roles = staffRoles()
	}
	var out page.Result[Member]
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = listMembers(ctx, tx, f, w)
		return err
	})
	if err != nil {
		return page.Result[Member]{}, fmt.Errorf("list members: %w", err)
	}
	return out, nil
}

func staffRoles() []auth.Role { return []auth.Role{auth.Specialist, auth.CustomerSupport, auth.Admin} }

// Added is the outcome of adding a member: a membership at once, or an invitation. Exactly one is set.
type Added struct {
	Member     *Member
	Invitation *Invitation
}

// AddMember makes the owner of the address a member when somebody has it verified, and invites it otherwise. Beyond that difference,
// which the product promises, the answer says nothing about anybody: a blocked person is added like any other.
func (s *Service) AddMember(ctx context.Context, org ident.OrgID, email string, role auth.Role) (Added, error) {
	if err := inClinic(ctx, org); err != nil {
		return Added{}, err
	}
	if !role.IsStaff() {
		return Added{}, ErrRoleNotAllowed.At("body.role", "is not a role of the staff")
	}
	if !isAddress(email) {
		return Added{}, errAddress()
	}
	var out Added
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		id := ident.New[membershipMark]()
		user, found, err := addMember(ctx, tx, id, email, role)
		switch postgres.Constraint(err) {
		case "user_organizations_member_key", "user_organizations_one_staff_role":
			return ErrAlreadyMember
		}
		if err != nil {
			return err
		}
		if !found {
			inv, err := s.inviteTx(ctx, tx, newInvitation{org: org, email: email, role: role, locale: localeOf(ctx)})
			out.Invitation = &inv
			return err
		}
		if err := s.joinedTx(ctx, tx, id.String(), MemberJoined{UserID: user, Role: role}); err != nil {
			return err
		}
		m, err := readMember(ctx, tx, user)
		out.Member = &m
		return err
	})
	if err != nil {
		return Added{}, fmt.Errorf("add member: %w", err)
	}
	s.Forget()
	return out, nil
}

func localeOf(ctx context.Context) locale.Tag { return locale.FromAccept(auth.RequestOf(ctx).Language) }

// MemberChange holds what changes about a membership; empty values stay.
type MemberChange struct {
	Role   auth.Role
	Status string
}

// ChangeMember gives a member of the staff another role, suspends or readmits. The last administrator cannot be changed away.
func (s *Service) ChangeMember(ctx context.Context, org ident.OrgID, user ident.UserID, c MemberChange) (Member, error) {
	if err := inClinic(ctx, org); err != nil {
		return Member{}, err
	}
	if c.Role != "" && !c.Role.IsStaff() {
		return Member{}, ErrRoleNotAllowed.At("body.role", "is not a role of the staff")
	}
	var after Member
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := readMember(ctx, tx, user)
		if err != nil {
			return err
		}
		if c.Role == "" {
			c.Role = before.Role
		}
		if c.Status == "" {
			c.Status = before.Status
		}
		if after = before; c.Role == before.Role && c.Status == before.Status {
			return nil
		}
		if err := updateMember(ctx, tx, before.MembershipID, c); err != nil {
			return lastAdmin(err)
		}
		s.recordMemberChange(ctx, tx, before, c)
		err = s.Bus.PublishTx(ctx, tx, MemberRoleChanged{
			UserID: user, Role: c.Role, PreviousRole: before.Role, Status: c.Status, PreviousStatus: before.Status,
		})
		if err != nil {
			return err
		}
		after, err = readMember(ctx, tx, user)
		return err
	})
	if err != nil {
		return Member{}, fmt.Errorf("change member: %w", err)
	}
	s.Forget()
	return after, nil
}

func (s *Service) recordMemberChange(ctx context.Context, tx *postgres.Tx, before Member, c MemberChange) {
	changes := map[string]audit.Change{}
	if c.Role != before.Role {
		changes["role"] = audit.Change{string(before.Role), string(c.Role)}
	}
	if c.Status != before.Status {
		changes["status"] = audit.Change{before.Status, c.Status}
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "user_organization", EntityID: before.MembershipID.String(), Changes: changes})
}

func lastAdmin(err error) error {
	if postgres.Constraint(err) == "user_organizations_last_admin" {
		return ErrLastAdmin
	}
	return err
}

// RemoveMember ends a membership of the staff. The person keeps the account and any membership as a patient.
func (s *Service) RemoveMember(ctx context.Context, org ident.OrgID, user ident.UserID) error {
	if err := inClinic(ctx, org); err != nil {
		return err
	}
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		m, err := readMember(ctx, tx, user)
		if err != nil {
			return err
		}
		if err := deleteMember(ctx, tx, m.MembershipID); err != nil {
			return lastAdmin(err)
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "user_organization", EntityID: m.MembershipID.String(),
			Changes: map[string]audit.Change{"user_id": {user.String(), nil}, "role": {string(m.Role), nil}, "status": {m.Status, nil}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove member: %w", err)
	}
	s.Forget()
	return nil
}
