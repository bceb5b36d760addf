package identity

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/middleware"
	"github.com/restartix/platform/internal/postgres"
)

// seenEvery is how exact last_activity_at is.
const seenEvery = 5 * time.Minute

// Joined is one membership that an invitation became. MembershipID is nil when the person belonged to the clinic before.
type Joined struct {
	OrganizationID ident.OrgID `json:"organization_id"`
	InvitationID   uuid.UUID   `json:"invitation_id"`
	MembershipID   *uuid.UUID  `json:"membership_id"`
	Role           auth.Role   `json:"role"`
	// PatientID is the patient that the person is from now on; nil for the staff. PreviousPatientID is the invited row, which differs when
	// the person was another clinic's patient already.
	PatientID         *uuid.UUID `json:"patient_id"`
	PreviousPatientID *uuid.UUID `json:"previous_patient_id"`
}

// recordTaken writes that the invitation was taken up, and what it did to a patient.
func (s *Service) recordTaken(ctx context.Context, tx *postgres.Tx, user ident.UserID, j Joined) {
	e := audit.Entry{
		Action: "update", EntityType: "staff_invitation", EntityID: j.InvitationID.String(),
		Changes: map[string]audit.Change{"accepted_at": {nil, tx.Now}},
	}
	if j.PatientID != nil {
		e.EntityType, e.PatientID = "patient_invitation", *j.PatientID
	}
	s.Trail.RecordTx(ctx, tx, e)
	if j.PatientID == nil {
		return
	}
	linked := audit.Entry{
		Action: "update", EntityType: "patient", EntityID: j.PatientID.String(), PatientID: *j.PatientID,
		Changes: map[string]audit.Change{"user_id": {nil, user.String()}, "account_state": {"invited", "active"}},
	}
	if j.PreviousPatientID != nil && *j.PreviousPatientID != *j.PatientID {
		linked.Changes["patient_id"] = audit.Change{j.PreviousPatientID.String(), j.PatientID.String()}
	}
	s.Trail.RecordTx(ctx, tx, linked)
}

// Person implements middleware.People: who a verified token belongs to and what that person is in the clinic asked about, or in
// the current one when org is zero. An unknown subject becomes a person on the way.
func (s *Service) Person(ctx context.Context, subject middleware.Subject, org ident.OrgID) (middleware.Person, error) {
	q := questionOf(subject, org)
	if p, ok, _ := s.cache.get(q, s.DB.Now()); ok {
		return p, nil
	}
	give, err := s.turns.take(ctx, q)
	if err != nil {
		return middleware.Person{}, fmt.Errorf("wait for person: %w", err)
	}
	defer give()
	asked := s.DB.Now()
	p, ok, turn := s.cache.get(q, asked)
	if ok {
		return p, nil
	}
	if subject.ImpersonationID != "" {
		p, err = s.impersonated(ctx, subject, org)
	} else {
		p, err = s.signedIn(ctx, subject, org)
	}
	if err != nil {
		return middleware.Person{}, err
	}
	s.cache.put(q, p, asked, turn)
	return p, nil
}

// signedIn finds the person, makes one of an unknown subject, and takes up invitations that wait.
func (s *Service) signedIn(ctx context.Context, subject middleware.Subject, org ident.OrgID) (middleware.Person, error) {
	row, found, err := s.lookUp(ctx, subject, org)
	if err != nil {
		return middleware.Person{}, err
	}
	proves := found && !row.EmailVerified && subject.EmailVerified && subject.Email == row.Email
	switch {
	case !found || proves:
		err = s.provision(ctx, subject)
	case row.ToJoin && !row.Blocked:
		err = s.join(ctx, subject, row.UserID)
	default:
		return s.personOf(ctx, row)
	}
	if err != nil {
		return middleware.Person{}, err
	}
	if row, found, err = s.lookUp(ctx, subject, org); err != nil {
		return middleware.Person{}, err
	}
	if !found {
		return middleware.Person{}, apperror.ErrUnauthorized
	}
	return s.personOf(ctx, row)
}

func (s *Service) lookUp(ctx context.Context, subject middleware.Subject, org ident.OrgID) (row principalRow, found bool, err error) {
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		row, found, err = readPrincipal(ctx, tx, subject, org)
		if err != nil || !found || s.BuiltinIssuer == "" || subject.Issuer != s.BuiltinIssuer {
			return err
		}
		row.Ended, err = sessionEnded(ctx, tx, subject.LoginSessionID)
		return err
	})
	if err != nil {
		return principalRow{}, false, fmt.Errorf("find person: %w", err)
	}
	return row, found, nil
}

func (s *Service) personOf(ctx context.Context, row principalRow) (middleware.Person, error) {
	p := middleware.Person{
		UserID: row.UserID, Email: row.Email, PlatformRole: row.platformRole(), Blocked: row.Blocked, OrgID: row.OrgID,
		OrgActive: row.orgActive(), MFARequired: row.MFARequired, Roles: row.Roles, BreakGlassID: row.BreakGlassID, Ended: row.Ended,
	}
	if p.Blocked || p.Ended || row.SeenAt != nil && s.DB.Now().Sub(*row.SeenAt) < seenEvery {
		return p, nil
	}
	ctx = auth.WithPrincipal(ctx, auth.Principal{Kind: auth.ActorUser, UserID: p.UserID, Role: auth.Patient})
	if err := s.DB.InPersonTx(ctx, func(tx *postgres.Tx) error { return touchSeen(ctx, tx) }); err != nil {
		return middleware.Person{}, fmt.Errorf("note activity: %w", err)
	}
	return p, nil
}

// impersonated answers the patient behind a live impersonation. Anything that no longer holds ends the token.
func (s *Service) impersonated(ctx context.Context, subject middleware.Subject, org ident.OrgID) (middleware.Person, error) {
	id, err1 := ident.Parse[auth.Impersonation](subject.ImpersonationID)
	actor, err2 := ident.Parse[ident.User](subject.ImpersonatorID)
	target, err3 := ident.Parse[ident.User](subject.Subject)
	if errors.Join(err1, err2, err3) != nil {
		return middleware.Person{}, apperror.ErrUnauthorized
	}
	var (
		row   impersonatedRow
		found bool
	)
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) (err error) {
		row, found, err = readImpersonated(ctx, tx, id, actor, target)
		return err
	})
	if err != nil {
		return middleware.Person{}, fmt.Errorf("find impersonated person: %w", err)
	}
	if !found {
		return middleware.Person{UserID: target, Ended: true}, nil
	}
	p := middleware.Person{UserID: row.UserID, Email: row.Email, Blocked: row.Blocked, OrgID: row.OrgID, OrgActive: row.OrgStatus == "active"}
	if org.IsZero() || org == row.OrgID {
		p.Roles = []auth.Role{auth.Patient}
	}
	return p, nil
}

// provision makes the person of a subject, with the audit rows and events of everything that follows from it.
func (s *Service) provision(ctx context.Context, subject middleware.Subject) error {
	subject, err := s.complete(ctx, subject)
	if err != nil {
		return err
	}
	err = s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		done, err := provisionUser(ctx, tx, subject)
		if postgres.Code(err) == "RX001" {
			return ErrEmailInUse
		}
		if err != nil {
			return err
		}
		if err := s.recordProvisioned(ctx, tx, done); err != nil {
			return err
		}
		return s.JoinedTx(ctx, tx, done.UserID, done.Joined)
	})
	if err != nil {
		return fmt.Errorf("provision person: %w", err)
	}
	return nil
}

// complete asks the issuer for what the token did not say. The built-in issuer's people exist before their first token.
func (s *Service) complete(ctx context.Context, subject middleware.Subject) (middleware.Subject, error) {
	if s.BuiltinIssuer != "" && subject.Issuer == s.BuiltinIssuer {
		return subject, apperror.ErrUnauthorized
	}
	if subject.Email == "" && s.Details != nil {
		email, verified, name, err := s.Details.Details(ctx, subject)
		if err != nil {
			return subject, fmt.Errorf("ask issuer about person: %w", err)
		}
		subject.Email, subject.EmailVerified, subject.Name = email, verified, name
	}
	if !isAddress(subject.Email) {
		return subject, ErrEmailRequired
	}
	if name := []rune(subject.Name); len(name) > 200 {
		subject.Name = string(name[:200])
	}
	return subject, nil
}

// isAddress accepts one bare address.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

func (s *Service) recordProvisioned(ctx context.Context, tx *postgres.Tx, p provisioned) error {
	user := p.UserID.String()
	if p.Created {
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "user", EntityID: user})
	}
	if !p.Linked {
		return nil
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "user_identity", EntityID: p.IdentityID.String(),
		Changes: map[string]audit.Change{"user_id": {nil, user}},
	})
	return audit.SecurityTx(ctx, tx, "identity_linked", "medium", "user:"+user)
}

// join takes up the invitations of somebody who is known.
func (s *Service) join(ctx context.Context, subject middleware.Subject, user ident.UserID) error {
	err := s.DB.InSigninTx(ctx, func(tx *postgres.Tx) error {
		joined, err := joinInvited(ctx, tx, subject)
		if err != nil {
			return err
		}
		return s.JoinedTx(ctx, tx, user, joined)
	})
	if err != nil {
		return fmt.Errorf("take up invitations: %w", err)
	}
	return nil
}

// JoinedTx writes the history of memberships that invitations became in this transaction, each in its clinic's own chain.
func (s *Service) JoinedTx(ctx context.Context, tx *postgres.Tx, user ident.UserID, joined []Joined) error {
	// One order of clinics for everybody, or two people who join the same two would wait for each other's chain.
	slices.SortFunc(joined, func(a, b Joined) int { return slices.Compare(bytesOf(a.OrganizationID), bytesOf(b.OrganizationID)) })
	for _, j := range joined {
		err := tx.AsSystemOf(ctx, j.OrganizationID, func() error {
			s.recordTaken(ctx, tx, user, j)
			if j.MembershipID == nil {
				return nil
			}
			return s.joinedTx(ctx, tx, j.MembershipID.String(), MemberJoined{UserID: user, Role: j.Role})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func bytesOf(id ident.OrgID) []byte {
	u := id.UUID()
	return u[:]
}

// joinedTx writes the audit row and the event of one new membership.
func (s *Service) joinedTx(ctx context.Context, tx *postgres.Tx, membership string, j MemberJoined) error {
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "user_organization", EntityID: membership,
		Changes: map[string]audit.Change{"user_id": {nil, j.UserID.String()}, "role": {nil, string(j.Role)}, "status": {nil, "active"}},
	})
	return s.Bus.PublishTx(ctx, tx, j)
}
