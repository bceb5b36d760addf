package patient

import (
	"context"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

type orgID = ident.OrgID

// OwnRecord answers the caller's own portable record, whole. ErrNotFound for somebody who is no patient anywhere.
func (s *Service) OwnRecord(ctx context.Context) (Person, error) {
	var out Person
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		out, err = s.ownTx(ctx, tx)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("read own record: %w", err)
	}
	return out, nil
}

func (s *Service) ownTx(ctx context.Context, tx *postgres.Tx) (Person, error) {
	row, err := ownRecord(ctx, tx)
	if err != nil {
		return Person{}, err
	}
	tag, _ := locale.Parse(row.Locale)
	out := Person{
		ID: row.ID, FirstName: row.FirstName, LastName: row.LastName, BirthDate: row.BirthDate, Sex: row.Sex, Email: row.Email, Locale: tag,
		RowVersion: row.RowVersion,
	}
	if out.Phone, err = s.openPhone(row.PhoneSealed, row.PhoneKey, portablePlace(row.ID)); err != nil {
		return Person{}, err
	}
	out.Health, err = s.health(row.healthRow, row.ID)
	return out, err
}

// UpdateOwn changes the caller's own portable record; change is given the record as it is. version is the one that the caller saw.
func (s *Service) UpdateOwn(ctx context.Context, version int64, change func(*Person) error) (Person, error) {
	var out Person
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.ownTx(ctx, tx)
		if err != nil {
			return err
		}
		if before.RowVersion != version {
			return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(before.RowVersion, 10)))
		}
		after := before
		if err := change(&after); err != nil {
			return err
		}
		if err := after.check(tx); err != nil {
			return err
		}
		if err := s.writePerson(ctx, tx, after, changedFields(before, after)); err != nil {
			return err
		}
		if err := s.Bus.PublishTx(ctx, tx, Updated{PatientID: after.ID}); err != nil {
			return err
		}
		out, err = s.ownTx(ctx, tx)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("update own record: %w", err)
	}
	return out, nil
}

func (p *Person) check(tx *postgres.Tx) error {
	var r refusal
	p.FirstName, p.LastName = *r.name("body.first_name", &p.FirstName), *r.name("body.last_name", &p.LastName)
	p.Email = r.email("body.email", p.Email)
	r.birth("body.birth_date", p.BirthDate, civil.DateOf(tx.Now).AddDays(1))
	r.sex("body.sex", p.Sex)
	p.Health.check(&r, "body")
	return r.answer()
}

// changedHealth names the portable fields that differ.
func changedHealth(was, is Health) []string {
	var out []string
	b, a := reflect.ValueOf(was), reflect.ValueOf(is)
	for i, name := range []string{
		"occupation", "residence", "blood_type", "allergies", "chronic_conditions", "emergency_contact_name", "emergency_contact_phone",
		"insurance_entries",
	} {
		if !reflect.DeepEqual(b.Field(i).Interface(), a.Field(i).Interface()) {
			out = append(out, name)
		}
	}
	return out
}

func changedFields(was, is Person) []string {
	out := changedHealth(was.Health, is.Health)
	for name, same := range map[string]bool{
		"first_name": was.FirstName == is.FirstName, "last_name": was.LastName == is.LastName, "birth_date": was.BirthDate == is.BirthDate,
		"sex": was.Sex == is.Sex, "phone": reflect.DeepEqual(was.Phone, is.Phone), "email": reflect.DeepEqual(was.Email, is.Email),
		"locale": was.Locale == is.Locale,
	} {
		if !same {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// writePerson writes the portable half. The trail names the fields and holds no value: the chain is the clinic's, and what the person did
// not share must not be read there.
func (s *Service) writePerson(ctx context.Context, tx *postgres.Tx, p Person, changed []string) error {
	values, err := s.portableValues(p)
	if err != nil {
		return err
	}
	written, err := writePortable(ctx, tx, p.ID, values)
	if err != nil {
		return err
	}
	if !written {
		return ErrOwned
	}
	if len(changed) == 0 {
		return nil
	}
	changes := map[string]audit.Change{}
	for _, name := range changed {
		changes[name] = audit.Change{audit.Masked, audit.Masked}
	}
	s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "patient", EntityID: p.ID.String(), PatientID: p.ID.UUID(), Changes: changes})
	return nil
}

// portableValues are the columns by name, as patient_portable_write takes them. An empty locale stays as it is.
func (s *Service) portableValues(p Person) (map[string]any, error) {
	h := p.Health
	out := map[string]any{
		"first_name": p.FirstName, "last_name": p.LastName, "date_of_birth": dayOrNil(p.BirthDate), "sex": p.Sex, "email": p.Email,
		"occupation": h.Occupation, "residence_line": h.Residence.Line, "residence_locality": h.Residence.Locality,
		"residence_county": h.Residence.County, "residence_postal_code": h.Residence.PostalCode, "blood_type": h.BloodType,
		"allergies": listOf(h.Allergies), "chronic_conditions": listOf(h.ChronicConditions), "emergency_contact_name": h.EmergencyName,
	}
	if p.Locale != "" {
		out["locale"] = string(p.Locale)
	}
	phone, err := s.sealPhone(p.Phone, portablePlace(p.ID))
	if err != nil {
		return nil, err
	}
	emergency, err := s.sealPhone(h.EmergencyPhone, placeOf(p.ID, "emergency_contact_phone_encrypted"))
	if err != nil {
		return nil, err
	}
	insurance, err := s.sealInsurance(h.Insurance, p.ID)
	if err != nil {
		return nil, err
	}
	for name, v := range map[string]*seal.Value{"phone": phone, "emergency_contact_phone": emergency, "insurance": insurance} {
		out[name+"_encrypted"], out[name+"_key_version"] = hexOf(v), keyOf(v)
	}
	return out, nil
}

func hexOf(v *seal.Value) any {
	if v == nil {
		return nil
	}
	return `\x` + hex.EncodeToString(v.Cipher)
}

func dayOrNil(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

func listOf(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}
