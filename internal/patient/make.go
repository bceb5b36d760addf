package patient

import (
	"context"
	"fmt"
	"slices"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

type profileMark struct{}

type profileID = ident.ID[profileMark]

// Make is how the staff adds a patient.
type Make struct {
	Contact Contact
	// Source is FromStaff or FromBooking.
	Source string
	// Acknowledged are the candidates that the caller has looked at and found to be somebody else.
	Acknowledged []ID
	// Invite sends an invitation to the portal, when there is an address.
	Invite bool
}

// MakeTx adds a patient of the transaction's clinic. ErrDuplicates, with the candidates, when somebody like this may be there already and was
// not acknowledged. Two people who enter the same number at once are taken one after the other, so that the second sees the first's.
func (s *Service) MakeTx(ctx context.Context, tx *postgres.Tx, m Make) (ID, error) {
	org := tx.Principal.OrgID
	index := s.phoneIndex(org, m.Contact.Phone)
	if err := lockPhone(ctx, tx, index); err != nil {
		return ID{}, err
	}
	found, err := candidates(ctx, tx, index, m.Contact.nameKey())
	if err != nil {
		return ID{}, err
	}
	if err := unacknowledged(found, m.Acknowledged); err != nil {
		return ID{}, err
	}
	id, profile := ident.New[Patient](), ident.New[profileMark]()
	if err := s.insertTx(ctx, tx, id, profile, m, index); err != nil {
		return ID{}, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "patient_org_profile", EntityID: profile.String(), PatientID: id.UUID(),
		Changes: map[string]audit.Change{
			"patient_id": {nil, id.String()}, "contact_phone": {nil, m.Contact.Phone.E164()}, "contact_email": {nil, orNil(m.Contact.Email)},
			"source": {nil, m.Source},
		},
	})
	if err := s.Bus.PublishTx(ctx, tx, Created{PatientID: id, Source: m.Source}); err != nil {
		return ID{}, err
	}
	if m.Invite && m.Contact.Email != "" {
		return id, s.inviteTx(ctx, tx, id, m.Contact.Email, string(m.Contact.Locale))
	}
	return id, nil
}

// insertTx writes both halves: the portable row, which the person will own, and the clinic's own entry.
func (s *Service) insertTx(ctx context.Context, tx *postgres.Tx, id ID, profile profileID, m Make, index []byte) error {
	own, err := s.Ring.SealString(m.Contact.Phone.E164(), portablePlace(id))
	if err != nil {
		return fmt.Errorf("seal phone of patient: %w", err)
	}
	entered, err := s.Ring.SealString(m.Contact.Phone.E164(), profilePlace(tx.Principal.OrgID, profile))
	if err != nil {
		return fmt.Errorf("seal phone of profile: %w", err)
	}
	if err := insertPatient(ctx, tx, id, m.Contact, own); err != nil {
		return err
	}
	return insertProfile(ctx, tx, newProfile{id: profile, patient: id, contact: m.Contact, phone: entered, index: index, source: m.Source})
}

// newProfile is a row to be written.
type newProfile struct {
	id      profileID
	patient ID
	contact Contact
	phone   seal.Value
	index   []byte
	source  string
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// MatchTx checks that the patient is one of the transaction's clinic whom the caller may see.
func (s *Service) MatchTx(ctx context.Context, tx *postgres.Tx, id ID) (Patient, error) {
	return s.readTx(ctx, tx, id)
}

// Add is MakeTx as a use case of its own.
func (s *Service) Add(ctx context.Context, m Make) (Patient, error) {
	var out Patient
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if m.Invite && m.Contact.Email == "" {
			return ErrEmailMissing.At("body.email", "is required")
		}
		id, err := s.MakeTx(ctx, tx, m)
		if err != nil {
			return err
		}
		out, err = s.readTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Patient{}, fmt.Errorf("add patient: %w", err)
	}
	return out, nil
}

// LikelyTx answers the patients who may be the contact, most likely first, each with its score.
func (s *Service) LikelyTx(ctx context.Context, tx *postgres.Tx, c Contact) ([]Patient, []Candidate, error) {
	found, err := s.DuplicatesTx(ctx, tx, c)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]ID, len(found))
	for i, one := range found {
		ids[i] = one.ID
	}
	rows, err := profilesByPatients(ctx, tx, ids)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(rows, func(a, b profileRow) int { return slices.Index(ids, a.PatientID) - slices.Index(ids, b.PatientID) })
	people, err := s.openAll(rows, tx.Principal.OrgID)
	return people, found, err
}
