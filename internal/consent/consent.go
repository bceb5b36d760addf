package consent

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/auth"
	"github.com/restartix/platform/internal/event"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/patient"
	"github.com/restartix/platform/internal/postgres"
)

// What this package refuses.
var (
	ErrTypeNotFound    = apperror.New(apperror.NotFound, "consent_type_not_found", "There is no such kind of consent.")
	ErrNotWithdrawable = apperror.New(apperror.Conflict, "not_withdrawable", "This cannot be taken back while the account exists.")
	ErrSignatureNeeded = apperror.New(apperror.Invalid, "signature_required", "This consent is signed by drawing.")
	ErrVersionOutdated = apperror.New(apperror.Conflict, "policy_outdated", "The text has changed. Read the new one first.")
)

// The states of a consent. Never is that of a type which the patient has not answered.
const (
	Granted   = "granted"
	Withdrawn = "withdrawn"
	Never     = "none"
)

// ProfileSharing opens the portable record of the patient to the clinic.
const ProfileSharing = "profile_sharing"

const drawn = "drawn"

// ID identifies one act: a consent given or taken back.
type ID = ident.ID[Consent]

// Type is a kind of consent of the clinic, with the text that is published for it now. Version 0 means that none is.
type Type struct {
	Type         string     `db:"type"`
	LegalBasis   string     `db:"legal_basis"`
	Method       string     `db:"method"`
	Withdrawable bool       `db:"withdrawable"`
	Dependents   []string   `db:"dependents"`
	PolicyID     *uuid.UUID `db:"policy_id"`
	Version      int        `db:"version"`
	Title        string     `db:"title"`
	Text         string     `db:"markdown"`
}

// Own is a kind of consent with the caller's last answer. At and AnsweredVersion are zero when there was none.
type Own struct {
	Type
	Status          string    `db:"status"`
	AnsweredVersion int       `db:"answered_version"`
	At              time.Time `db:"at"`
}

// Consent is one act. PolicyVersion is zero for a withdrawal.
type Consent struct {
	ID            ID         `db:"id"`
	PatientID     patient.ID `db:"patient_id"`
	Type          string     `db:"type"`
	Status        string     `db:"status"`
	PolicyVersion int        `db:"policy_version"`
	Method        string     `db:"method"`
	Relation      string     `db:"actor_relation"`
	CausedBy      *uuid.UUID `db:"caused_by"`
	At            time.Time  `db:"at"`
}

// Patients is the caller as a patient, and what sharing opens. Package patient satisfies it.
type Patients interface {
	OwnIDTx(ctx context.Context, tx *postgres.Tx) (patient.ID, error)
	ShareTx(ctx context.Context, tx *postgres.Tx, shared bool, consent uuid.UUID) error
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB       *postgres.DB
	Trail    *audit.Trail
	Bus      *event.Bus
	Patients Patients
}

// Service is the consents of a clinic's patients. Safe for concurrent use.
type Service struct{ Deps }

// New builds the service and touches nothing.
func New(d Deps) *Service { return &Service{Deps: d} }

// Types answers the clinic's kinds of consent with the texts of a language.
func (s *Service) Types(ctx context.Context, language string) ([]Type, error) {
	var out []Type
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = types(ctx, tx, language)
		return err
	})
	return out, err
}

// Mine answers every kind of consent with the caller's last answer.
func (s *Service) Mine(ctx context.Context, language string) ([]Own, error) {
	var out []Own
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.mineTx(ctx, tx, language)
		return err
	})
	return out, err
}

func (s *Service) mineTx(ctx context.Context, tx *postgres.Tx, language string) ([]Own, error) {
	id, err := s.Patients.OwnIDTx(ctx, tx)
	if err != nil {
		return nil, err
	}
	return answers(ctx, tx, id, language)
}

// Find narrows the list of acts. Zero values do not.
type Find struct {
	page.Query
	Patient      patient.ID
	Type, Status string
}

// List answers the acts of the clinic's patients, newest first. Looking at one patient's is an entry of the trail.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Consent], error) {
	w, err := f.Check(order())
	if err != nil {
		return page.Result[Consent]{}, err
	}
	out := page.Result[Consent]{Window: w}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if out.Rows, out.Total, err = list(ctx, tx, f, w); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "read", EntityType: "consent", PatientID: f.Patient.UUID()})
		return nil
	})
	return out, err
}

// Grant gives a consent by a ticked box. version is that of the text which the patient was shown: ErrVersionOutdated when another is
// published now. Giving what was given under the same text changes nothing.
func (s *Service) Grant(ctx context.Context, kind string, version int, language string) (Own, error) {
	return s.answer(ctx, kind, language, func(tx *postgres.Tx, id patient.ID, o Own) error {
		switch {
		case o.Method == drawn:
			return ErrSignatureNeeded
		case o.PolicyID == nil || o.Version != version:
			return ErrVersionOutdated.At("body.policy_version", "is not the published version")
		case o.Status == Granted && o.AnsweredVersion == version:
			return nil
		}
		act, err := s.write(ctx, tx, id, row{of: o.Type, status: Granted})
		if err != nil {
			return err
		}
		if kind == ProfileSharing {
			return s.Patients.ShareTx(ctx, tx, true, act)
		}
		return nil
	})
}

// Withdraw takes a consent back, with those that depend on it. Taking back what was not given changes nothing.
func (s *Service) Withdraw(ctx context.Context, kind, language string) (Own, error) {
	return s.answer(ctx, kind, language, func(tx *postgres.Tx, id patient.ID, o Own) error {
		if !o.Withdrawable {
			return ErrNotWithdrawable
		}
		if o.Status != Granted {
			return nil
		}
		all, err := answers(ctx, tx, id, language)
		if err != nil {
			return err
		}
		return s.withdrawAll(ctx, tx, id, falls(all, kind))
	})
}

// answer runs one act of the caller under a lock of the caller's consents, and answers the state after it.
func (s *Service) answer(ctx context.Context, kind, language string, act func(*postgres.Tx, patient.ID, Own) error) (Own, error) {
	var out Own
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		id, err := s.Patients.OwnIDTx(ctx, tx)
		if err != nil {
			return err
		}
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		before, err := s.oneTx(ctx, tx, kind, language)
		if err != nil {
			return err
		}
		if err := act(tx, id, before); err != nil {
			return err
		}
		out, err = s.oneTx(ctx, tx, kind, language)
		return err
	})
	if err != nil {
		return Own{}, fmt.Errorf("answer consent: %w", err)
	}
	return out, nil
}

func (s *Service) oneTx(ctx context.Context, tx *postgres.Tx, kind, language string) (Own, error) {
	all, err := s.mineTx(ctx, tx, language)
	if err != nil {
		return Own{}, err
	}
	for _, one := range all {
		if one.Type.Type == kind {
			return one, nil
		}
	}
	return Own{}, ErrTypeNotFound
}

// withdrawAll takes back the first and then what falls with it.
func (s *Service) withdrawAll(ctx context.Context, tx *postgres.Tx, id patient.ID, list []Own) error {
	var cause *uuid.UUID
	for _, one := range list {
		act, err := s.write(ctx, tx, id, row{of: one.Type, status: Withdrawn, cause: cause})
		if err != nil {
			return err
		}
		if cause == nil {
			cause = &act
		}
		if one.Type.Type == ProfileSharing {
			if err := s.Patients.ShareTx(ctx, tx, false, act); err != nil {
				return err
			}
		}
	}
	return nil
}

// falls are the given consents that end with one, that one first.
func falls(all []Own, kind string) []Own {
	byType := map[string]Own{}
	for _, one := range all {
		byType[one.Type.Type] = one
	}
	var out []Own
	seen := map[string]bool{}
	var follow func(kind string)
	follow = func(kind string) {
		one, ok := byType[kind]
		if !ok || seen[kind] {
			return
		}
		seen[kind] = true
		if one.Status == Granted {
			out = append(out, one)
		}
		for _, next := range one.Dependents {
			follow(next)
		}
	}
	follow(kind)
	return out
}

// row is an act to be written.
type row struct {
	of     Type
	status string
	cause  *uuid.UUID
}

func (s *Service) write(ctx context.Context, tx *postgres.Tx, id patient.ID, r row) (uuid.UUID, error) {
	act := ident.New[Consent]()
	if err := insert(ctx, tx, act, id, r, auth.RequestOf(ctx)); err != nil {
		return uuid.Nil, err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "create", EntityType: "consent", EntityID: act.String(), PatientID: id.UUID(),
		Changes: map[string]audit.Change{"type": {nil, r.of.Type}, "status": {nil, r.status}, "policy_version": {nil, r.of.Version}},
	})
	if r.status == Granted {
		return act.UUID(), s.Bus.PublishTx(ctx, tx, GrantedFact{ConsentID: act, PatientID: id, Type: r.of.Type})
	}
	return act.UUID(), s.Bus.PublishTx(ctx, tx, WithdrawnFact{ConsentID: act, PatientID: id, Type: r.of.Type})
}
