package patient

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/identity"
	"github.com/restartix/platform/internal/job"
	"github.com/restartix/platform/internal/mail"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// What this package refuses. A patient whom the caller may not see is not there.
var (
	ErrNotFound           = identity.ErrPatientNotFound
	ErrDuplicates         = apperror.New(apperror.Conflict, "duplicate_candidates", "There may be a patient like this already. Look at the candidates first.")
	ErrEmailMissing       = apperror.New(apperror.Invalid, "email_missing", "An invitation needs an e-mail address.")
	ErrAccountActive      = apperror.New(apperror.Conflict, "account_exists", "This patient has an account already.")
	ErrInvitationNotFound = apperror.New(apperror.NotFound, "patient_invitation_not_found", "There is no such invitation.")
)

// ID identifies a person who receives care, in every clinic alike.
type ID = ident.ID[Patient]

// Account states of a profile.
const (
	AccountNone    = "none"
	AccountInvited = "invited"
	AccountActive  = "active"
)

// Doors through which a profile came to be.
const (
	FromBooking = "public_booking"
	FromStaff   = "staff"
)

// Patient is a person as the caller may see them in the clinic: the clinic's own entry first, what the person shares second. Nil is
// absent or withheld; Withheld tells that something is.
type Patient struct {
	ID                  ID
	FirstName, LastName string
	Email               *string
	Phone               *Phone
	Withheld            bool
	AccountState        string
	Source              string
	FileNumber          string
	CreatedAt           time.Time
	RowVersion          int64
}

// Clinics answers the facts of the transaction's clinic. Package organization satisfies it.
type Clinics interface {
	TermsTx(ctx context.Context, tx *postgres.Tx) (organization.Terms, error)
}

// Links says where the patient portal of a slug lives. Mails use the platform's own host, never a custom domain, because its owner
// could point it elsewhere.
type Links struct{ Scheme, PortalDomain string }

// To is an address in the portal of the clinic.
func (l Links) To(slug, path string) string {
	return l.Scheme + "://" + slug + "." + l.PortalDomain + path
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB      *postgres.DB
	Ring    *seal.Ring
	Trail   *audit.Trail
	Bus     *event.Bus
	Clinics Clinics
	Mail    mail.Sender
	Links   Links
}

// Service is the people who receive care. Safe for concurrent use.
type Service struct{ Deps }

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{Deps: d} }

// Register adds the package's jobs to the runner.
func (s *Service) Register(r *job.Runner) { r.Handle(jobInvitationMail, s.SendInvitation) }

// Find narrows the list of patients. An empty search does not.
type Find struct {
	page.Query
	// Search is part of a name or address, a whole phone number or a file number.
	Search string
}

// List answers the patients whom the caller may see.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Patient], error) {
	w, err := f.Check(order())
	if err != nil {
		return page.Result[Patient]{}, err
	}
	out := page.Result[Patient]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		rows, total, err := listProfiles(ctx, tx, s.searchOf(tx, f.Search), w)
		if err != nil {
			return err
		}
		out.Total = total
		out.Rows, err = s.openAll(rows, tx.Principal.OrgID)
		return err
	})
	if err != nil {
		return page.Result[Patient]{}, fmt.Errorf("list patients: %w", err)
	}
	return out, nil
}

// Get reads one patient; ErrNotFound for everybody whom the caller may not see.
func (s *Service) Get(ctx context.Context, id ID) (Patient, error) {
	var out Patient
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.readTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Patient{}, fmt.Errorf("read patient: %w", err)
	}
	return out, nil
}

func (s *Service) readTx(ctx context.Context, tx *postgres.Tx, id ID) (Patient, error) {
	row, err := profileByPatient(ctx, tx, id)
	if err != nil {
		return Patient{}, err
	}
	return s.open(row, tx.Principal.OrgID)
}

func (s *Service) openAll(rows []profileRow, org ident.OrgID) ([]Patient, error) {
	out := make([]Patient, 0, len(rows))
	for _, row := range rows {
		p, err := s.open(row, org)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// open turns a row into a patient. A phone is sealed where it was entered: in the clinic's profile or in the person's own row.
func (s *Service) open(r profileRow, org ident.OrgID) (Patient, error) {
	out := Patient{
		ID: r.PatientID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email, Withheld: r.Withheld,
		AccountState: r.AccountState, Source: r.Source, FileNumber: r.FileNumber, CreatedAt: r.CreatedAt, RowVersion: r.RowVersion,
	}
	if r.PhoneOf == nil || r.PhoneKey == nil {
		return out, nil
	}
	place := portablePlace(r.PatientID)
	if *r.PhoneOf == "profile" {
		place = profilePlace(org, r.ProfileID)
	}
	text, err := s.Ring.OpenString(seal.Value{Cipher: r.PhoneSealed, KeyVersion: *r.PhoneKey}, place)
	if err != nil {
		return Patient{}, fmt.Errorf("open phone of patient %s: %w", r.PatientID, err)
	}
	phone := Phone(text)
	out.Phone = &phone
	return out, nil
}

// Where phone numbers are sealed.
func portablePlace(id ID) seal.AAD {
	return seal.AAD{Org: zeroOrg, Table: "patients", Column: "phone_encrypted", Row: id.String()}
}

func profilePlace(org ident.OrgID, id profileID) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "patient_org_profiles", Column: "contact_phone_encrypted", Row: id.String()}
}

func guestPlace(org ident.OrgID, id GuestID) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "guest_contacts", Column: "phone_encrypted", Row: id.String()}
}

// zeroOrg stands for "no clinic" in the place of a sealed value.
const zeroOrg = "00000000-0000-0000-0000-000000000000"

// phoneIndex is the keyed index of a number in one clinic; guests and patients share it, so that one is found by the other.
func (s *Service) phoneIndex(org ident.OrgID, p Phone) []byte {
	return s.Ring.BlindIndex(org.String(), "phone", p.E164())
}

// Candidate is a patient who may be the person at hand. Score is 80 to 100.
type Candidate struct {
	ID    ID  `db:"patient_id" json:"patient_id"`
	Score int `db:"score" json:"score"`
}

// DuplicatesTx lists the patients who may be the contact, most likely first.
func (s *Service) DuplicatesTx(ctx context.Context, tx *postgres.Tx, c Contact) ([]Candidate, error) {
	return candidates(ctx, tx, s.phoneIndex(tx.Principal.OrgID, c.Phone), c.nameKey())
}

// unacknowledged refuses when a candidate was not looked at.
func unacknowledged(found []Candidate, seen []ID) error {
	for _, c := range found {
		if !slices.Contains(seen, c.ID) {
			return ErrDuplicates.With("candidates", found)
		}
	}
	return nil
}
