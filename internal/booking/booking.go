package booking

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/scheduling"
)

// What this package refuses. A wrong link and a reference that does not exist look the same.
var (
	ErrNotFound       = apperror.New(apperror.NotFound, "booking_not_found", "There is no such booking.")
	ErrPolicyOutdated = apperror.New(apperror.Invalid, "privacy_policy_outdated", "The privacy notice has changed. Read the new one first.")
)

// linkLife is how long after the visit a link still opens.
const linkLife = 30 * 24 * time.Hour

type linkMark struct{}

// Holds verifies the tokens of held slots. Package scheduling satisfies it.
type Holds interface {
	Slot(ctx context.Context, token, client string) (scheduling.HeldSlot, error)
	Release(ctx context.Context, s scheduling.HeldSlot)
}

// Visits makes and reads visits. Package appointment satisfies it.
type Visits interface {
	CreateTx(ctx context.Context, tx *postgres.Tx, c appointment.Create) (appointment.Appointment, error)
	ReadTx(ctx context.Context, tx *postgres.Tx, id appointment.ID) (appointment.Appointment, error)
}

// Clinics answers the facts of the transaction's clinic. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
	PublishedVersionTx(ctx context.Context, tx *postgres.Tx, kind string) (int, error)
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB      *postgres.DB
	Trail   *audit.Trail
	Holds   Holds
	Visits  Visits
	Clinics Clinics
	Mail    mail.Sender
	Links   patient.Links
}

// Service is the guest's way. Safe for concurrent use.
type Service struct {
	Deps
	gate *gate
}

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{Deps: d, gate: newGate()} }

// Place is a booking to be made. Either HoldToken or Request names the slot.
type Place struct {
	HoldToken string
	Request   scheduling.Request
	Contact   patient.Contact
	Note      string
	// PolicyVersion is the version of the privacy notice that the booker was shown.
	PolicyVersion int
	// Client is the visitor's id; its own holds do not stand in the way.
	Client string
}

// Placed is a booking with the link that its booker keeps.
type Placed struct {
	Visit      appointment.Appointment
	Token, URL string
}

// Place books. slot_taken when somebody else was faster or holds the time, slot_not_offered when the clinic does not offer it; both leave nothing
// behind. A request that is sent again with its key gets the first answer, also after the hold has ended.
func (s *Service) Place(ctx context.Context, p Place) (Placed, error) {
	var (
		out  Placed
		held *scheduling.HeldSlot
	)
	principal, _ := auth.From(ctx)
	leave, err := s.gate.enter(ctx, principal.OrgID)
	if err != nil {
		return Placed{}, err
	}
	defer leave()
	err = s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		published, err := s.Clinics.PublishedVersionTx(ctx, tx, organization.PrivacyNotice)
		if err != nil {
			return err
		}
		if published != p.PolicyVersion {
			return ErrPolicyOutdated.At("body.privacy_policy_version", "is not the published version")
		}
		r, slot, err := s.slotOf(ctx, p)
		if err != nil {
			return err
		}
		held = slot
		out, err = s.placeTx(ctx, tx, p, r)
		return err
	})
	if err != nil {
		return Placed{}, fmt.Errorf("place booking: %w", err)
	}
	if held != nil {
		s.Holds.Release(ctx, *held)
	}
	return out, nil
}

// slotOf is the start that is asked for: what the token says, or what was posted.
func (s *Service) slotOf(ctx context.Context, p Place) (scheduling.Request, *scheduling.HeldSlot, error) {
	r := p.Request
	r.Viewer, r.Client = scheduling.Visitor, p.Client
	if p.HoldToken == "" {
		return r, nil, nil
	}
	held, err := s.Holds.Slot(ctx, p.HoldToken, p.Client)
	if err != nil {
		return r, nil, err
	}
	r.Service, r.Specialist, r.Start = held.Service, held.Specialist, held.Start
	return r, &held, nil
}

func (s *Service) placeTx(ctx context.Context, tx *postgres.Tx, p Place, r scheduling.Request) (Placed, error) {
	visit, err := s.Visits.CreateTx(ctx, tx, appointment.Create{
		Request: r, Source: appointment.FromPublic, Guest: &p.Contact, Note: p.Note, PolicyVersion: p.PolicyVersion,
	})
	if err != nil {
		return Placed{}, err
	}
	token, err := s.linkTx(ctx, tx, visit, "answer")
	if err != nil {
		return Placed{}, err
	}
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return Placed{}, err
	}
	return Placed{Visit: visit, Token: token, URL: s.url(terms.Slug, visit.Reference, token)}, nil
}

// linkTx makes one more link to the visit and answers its secret, which is kept nowhere.
func (s *Service) linkTx(ctx context.Context, tx *postgres.Tx, visit appointment.Appointment, by string) (string, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // documented never to fail
	token := base64.RawURLEncoding.EncodeToString(secret)
	id := ident.New[linkMark]()
	if err := insertLink(ctx, tx, id, visit.ID, hashOf(token), by, visit.End.Add(linkLife)); err != nil {
		return "", err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "booking_link", EntityID: id.String(),
		Changes: map[string]audit.Change{"appointment_id": {nil, visit.ID.String()}, "sent_by": {nil, by}},
	})
	return token, nil
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func (s *Service) url(slug, reference, token string) string {
	return s.Links.To(slug, "/bookings/"+reference+"?t="+token)
}

// Look is what a link opens.
type Look struct {
	Visit     appointment.Appointment
	FirstName string
}

// Look answers the booking with the reference to whoever has one of its links.
func (s *Service) Look(ctx context.Context, reference, token string) (Look, error) {
	var out Look
	err := s.DB.InTxAsSystem(ctx, func(tx *postgres.Tx) error {
		id, err := linked(ctx, tx, hashOf(token))
		if err != nil {
			return err
		}
		visit, err := s.Visits.ReadTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if visit.Reference != strings.ToUpper(reference) {
			return ErrNotFound
		}
		out = Look{Visit: visit, FirstName: firstName(visit)}
		return nil
	})
	if err != nil {
		return Look{}, fmt.Errorf("look at booking: %w", err)
	}
	return out, nil
}

// firstName is the first word of the contact's name: no more of the booker leaves through a link.
func firstName(v appointment.Appointment) string {
	if v.ContactName == nil {
		return ""
	}
	first, _, _ := strings.Cut(*v.ContactName, " ")
	return first
}
