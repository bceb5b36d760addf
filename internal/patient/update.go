package patient

import (
	"context"
	"fmt"
	"reflect"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// Update changes what the clinic wrote about a patient and, while nobody else owns it, the portable half. change is given both as they are;
// portable is nil when the caller may not write it, and then asking for it is ErrOwned. version is the one that the caller saw.
func (s *Service) Update(ctx context.Context, id ID, version int64, change func(entry *Entry, portable *Health) error) (Patient, error) {
	var out Patient
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		row, err := lockEntry(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.RowVersion != version {
			return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(row.RowVersion, 10)))
		}
		before, err := s.readTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.changeTx(ctx, tx, row, before, change); err != nil {
			return err
		}
		if err := s.Bus.PublishTx(ctx, tx, Updated{PatientID: id}); err != nil {
			return err
		}
		out, err = s.readTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Patient{}, fmt.Errorf("update patient: %w", err)
	}
	return out, nil
}

func (s *Service) changeTx(ctx context.Context, tx *postgres.Tx, row entryRow, before Patient, change func(*Entry, *Health) error) error {
	was, err := s.entry(row, tx.Principal.OrgID)
	if err != nil {
		return err
	}
	entry, health := was, before.Health
	var portable *Health
	if before.Editable {
		portable = &health
	}
	if err := change(&entry, portable); err != nil {
		return err
	}
	if err := entry.check(portable, tx); err != nil {
		return err
	}
	if err := s.writeEntry(ctx, tx, row, entry, was); err != nil {
		return err
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{
		Action: "update", EntityType: "patient_org_profile", EntityID: row.ID.String(), PatientID: before.ID.UUID(), Changes: entryChanges(was, entry),
	})
	if portable == nil {
		return nil
	}
	return s.writePerson(ctx, tx, followed(before, entry, was, *portable), changedHealth(before.Health, *portable))
}

// followed is the portable record after a change by the clinic that alone knows the person: both halves stay equal, so that nothing old
// waits for the day the person signs in. What the clinic did not touch stays.
func followed(before Patient, is, was Entry, h Health) Person {
	out := Person{
		ID: before.ID, FirstName: before.FirstName, LastName: before.LastName, BirthDate: before.BirthDate, Sex: before.Sex, Phone: before.Phone,
		Email: before.Email, Health: h,
	}
	if is.FirstName != nil {
		out.FirstName = *is.FirstName
	}
	if is.LastName != nil {
		out.LastName = *is.LastName
	}
	if is.BirthDate != was.BirthDate {
		out.BirthDate = is.BirthDate
	}
	if is.Sex != was.Sex {
		out.Sex = is.Sex
	}
	if !reflect.DeepEqual(is.Phone, was.Phone) {
		out.Phone = is.Phone
	}
	if !reflect.DeepEqual(is.Email, was.Email) {
		out.Email = is.Email
	}
	return out
}

// check puts the entry, and the portable half when it is given, into stored form.
func (e *Entry) check(portable *Health, tx *postgres.Tx) error {
	var r refusal
	e.FirstName, e.LastName = r.name("body.first_name", e.FirstName), r.name("body.last_name", e.LastName)
	e.Email = r.email("body.email", e.Email)
	r.birth("body.birth_date", e.BirthDate, civil.DateOf(tx.Now).AddDays(1))
	r.sex("body.sex", e.Sex)
	number := r.text("body.file_number", &e.FileNumber, 40)
	if number == nil {
		r.at("body.file_number", "is required")
	} else {
		e.FileNumber = *number
	}
	if e.Status != StatusActive && e.Status != StatusArchived {
		r.at("body.status", "must be active or archived")
	}
	if portable != nil {
		portable.check(&r, "body.profile")
	}
	return r.answer()
}

// entry opens the clinic's own copy.
func (s *Service) entry(r entryRow, org orgID) (Entry, error) {
	out := Entry{
		FirstName: r.FirstName, LastName: r.LastName, Email: r.Email, BirthDate: r.BirthDate, Sex: r.Sex, FileNumber: r.FileNumber, Status: r.Status,
	}
	var err error
	if out.Phone, err = s.openPhone(r.PhoneSealed, r.PhoneKey, profilePlace(org, r.ID)); err != nil {
		return Entry{}, err
	}
	out.CNP, err = s.openCNP(r.CNPSealed, r.CNPKey, org, r.ID)
	return out, err
}

// writeEntry seals what changed; an equal value keeps its sealed form, so that it is no change.
func (s *Service) writeEntry(ctx context.Context, tx *postgres.Tx, row entryRow, e, was Entry) error {
	org := tx.Principal.OrgID
	w := entryWrite{id: row.ID, entry: e, nameKey: row.NameKey}
	if e.FirstName != nil && e.LastName != nil {
		w.nameKey = fold(*e.FirstName + " " + *e.LastName)
	}
	w.phone, w.phoneIndex = sealedOf(row.PhoneSealed, row.PhoneKey), row.PhoneIndex
	if !reflect.DeepEqual(e.Phone, was.Phone) {
		var err error
		if w.phone, err = s.sealPhone(e.Phone, profilePlace(org, row.ID)); err != nil {
			return err
		}
		if w.phoneIndex = nil; e.Phone != nil {
			w.phoneIndex = s.phoneIndex(org, *e.Phone)
		}
	}
	w.cnp, w.cnpIndex = sealedOf(row.CNPSealed, row.CNPKey), row.CNPIndex
	if !reflect.DeepEqual(e.CNP, was.CNP) {
		var err error
		if w.cnp, w.cnpIndex, err = s.closeCNP(e.CNP, org, row.ID); err != nil {
			return err
		}
	}
	return updateEntry(ctx, tx, w)
}

func sealedOf(cipher []byte, key *int32) *seal.Value {
	if cipher == nil || key == nil {
		return nil
	}
	return &seal.Value{Cipher: cipher, KeyVersion: *key}
}

// entryChanges are what the trail keeps of a change: numbers by their last digits, which the trail itself masks.
func entryChanges(was, is Entry) map[string]audit.Change {
	out := map[string]audit.Change{}
	note := func(name string, before, after any) {
		if !reflect.DeepEqual(before, after) {
			out[name] = audit.Change{before, after}
		}
	}
	note("display_first_name", was.FirstName, is.FirstName)
	note("display_last_name", was.LastName, is.LastName)
	note("contact_email", was.Email, is.Email)
	note("contact_phone", digitsOf(was.Phone), digitsOf(is.Phone))
	note("birth_date", was.BirthDate, is.BirthDate)
	note("sex", was.Sex, is.Sex)
	if !reflect.DeepEqual(was.CNP, is.CNP) {
		out["cnp"] = audit.Change{maskedOrNil(was.CNP), maskedOrNil(is.CNP)}
	}
	note("file_number", was.FileNumber, is.FileNumber)
	note("status", was.Status, is.Status)
	return out
}

func digitsOf(p *Phone) any {
	if p == nil {
		return nil
	}
	return p.E164()
}

// Remove hides a patient from the clinic's lists. Nothing is lost: visits and documents keep the name.
func (s *Service) Remove(ctx context.Context, id ID, version int64) error {
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		row, err := lockEntry(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.RowVersion != version {
			return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(row.RowVersion, 10)))
		}
		if err := removeEntry(ctx, tx, row.ID); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "patient_org_profile", EntityID: row.ID.String(), PatientID: id.UUID(),
			Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove patient: %w", err)
	}
	return nil
}
