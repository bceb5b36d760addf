package patient

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/civil"
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
	ErrOwned              = apperror.New(apperror.Conflict, "profile_owned", "This person has an account, and only they change what they carry from clinic to clinic.")
	ErrFileNumberTaken    = apperror.New(apperror.Conflict, "file_number_exists", "Another patient has this file number.")
	ErrNothingToReveal    = apperror.New(apperror.NotFound, "value_not_found", "There is no such value, or it is not shared.")
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
// absent or withheld; WithheldFields names what is withheld.
type Patient struct {
	ID                  ID
	FirstName, LastName string
	Email               *string
	Phone               *Phone
	BirthDate           civil.Date
	Sex                 string
	CNP                 *CNP
	Health              Health
	Withheld            bool
	WithheldFields      []string
	// Editable tells that the clinic may write the portable half too: the person has no account and no other clinic.
	Editable     bool
	Shared       bool
	Status       string
	AccountState string
	Source       string
	FileNumber   string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	RowVersion   int64
	profile      profileID
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

// States of a profile. A merged one lives on in another.
const (
	StatusActive   = "active"
	StatusArchived = "archived"
)

// Find narrows the list of patients. Empty fields do not.
type Find struct {
	page.Query
	// Search is part of a name or address, a whole phone number or a file number.
	Search                       string
	Status, AccountState, Source string
}

// List answers the patients whom the caller may see. Looking at a list is one entry of the trail, with the ids that were shown.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Patient], error) {
	w, err := f.Check(order())
	if err != nil {
		return page.Result[Patient]{}, err
	}
	out := page.Result[Patient]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		rows, total, err := listProfiles(ctx, tx, f, s.searchOf(tx, f.Search), w)
		if err != nil {
			return err
		}
		out.Total = total
		if out.Rows, err = s.openAll(rows, tx.Principal.OrgID); err != nil {
			return err
		}
		if looksAtOthers(tx.Principal) && len(out.Rows) > 0 {
			s.Trail.RecordTx(ctx, tx, audit.Entry{
				Action: "read", EntityType: "patient_org_profile", Changes: map[string]audit.Change{"patient_ids": {nil, idsOf(out.Rows)}},
			})
		}
		return nil
	})
	if err != nil {
		return page.Result[Patient]{}, fmt.Errorf("list patients: %w", err)
	}
	return out, nil
}

// looksAtOthers tells reads that the trail keeps from those of the own record.
func looksAtOthers(p auth.Principal) bool { return p.Role != auth.Patient && p.Role != auth.System }

func idsOf(people []Patient) []string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = p.ID.String()
	}
	return out
}

// Get reads one patient; ErrNotFound for everybody whom the caller may not see. The trail keeps who looked.
func (s *Service) Get(ctx context.Context, id ID) (Patient, error) {
	var out Patient
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if out, err = s.readTx(ctx, tx, id); err == nil && looksAtOthers(tx.Principal) {
			s.Trail.RecordTx(ctx, tx, audit.Entry{
				Action: "read", EntityType: "patient_org_profile", EntityID: out.profile.String(), PatientID: out.ID.UUID(),
			})
		}
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

// zeroOrg stands for "no clinic" in the place of a sealed value.
const zeroOrg = "00000000-0000-0000-0000-000000000000"

// phoneIndex is the keyed index of a number in one clinic; guests and patients share it, so that one is found by the other.
func (s *Service) phoneIndex(org ident.OrgID, p Phone) []byte {
	return s.Ring.BlindIndex(org.String(), "phone", p.E164())
}
