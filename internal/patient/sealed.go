package patient

import (
	"encoding/json"
	"fmt"

	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/seal"
)

// Where values are sealed.
func portablePlace(id ID) seal.AAD { return placeOf(id, "phone_encrypted") }

func placeOf(id ID, column string) seal.AAD {
	return seal.AAD{Org: zeroOrg, Table: "patients", Column: column, Row: id.String()}
}

func profilePlace(org ident.OrgID, id profileID) seal.AAD {
	return entryPlace(org, id, "contact_phone_encrypted")
}

func entryPlace(org ident.OrgID, id profileID, column string) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "patient_org_profiles", Column: column, Row: id.String()}
}

func guestPlace(org ident.OrgID, id GuestID) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "guest_contacts", Column: "phone_encrypted", Row: id.String()}
}

// cnpIndex is the keyed index of a personal number in one clinic.
func (s *Service) cnpIndex(org ident.OrgID, c CNP) []byte { return s.Ring.BlindIndex(org.String(), "cnp", c.Digits()) }

// sealPhone seals a number that is there; nil stays nil.
func (s *Service) sealPhone(p *Phone, place seal.AAD) (*seal.Value, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // no number has no sealed form
	}
	v, err := s.Ring.SealString(p.E164(), place)
	if err != nil {
		return nil, fmt.Errorf("seal phone: %w", err)
	}
	return &v, nil
}

func (s *Service) openPhone(cipher []byte, key *int32, place seal.AAD) (*Phone, error) {
	if cipher == nil || key == nil {
		return nil, nil //nolint:nilnil // no sealed form has no number
	}
	text, err := s.Ring.OpenString(seal.Value{Cipher: cipher, KeyVersion: *key}, place)
	if err != nil {
		return nil, fmt.Errorf("open phone: %w", err)
	}
	phone := Phone(text)
	return &phone, nil
}

func (s *Service) sealInsurance(list []Insurance, id ID) (*seal.Value, error) {
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // no entry has no sealed form
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write insurance: %w", err)
	}
	v, err := s.Ring.Seal(text, placeOf(id, "insurance_encrypted"))
	if err != nil {
		return nil, fmt.Errorf("seal insurance: %w", err)
	}
	return &v, nil
}

// closeCNP seals a personal number that is there and answers its index too.
func (s *Service) closeCNP(c *CNP, org ident.OrgID, id profileID) (*seal.Value, []byte, error) {
	if c == nil {
		return nil, nil, nil
	}
	v, err := s.Ring.SealString(c.Digits(), entryPlace(org, id, "cnp_encrypted"))
	if err != nil {
		return nil, nil, fmt.Errorf("seal personal number: %w", err)
	}
	return &v, s.cnpIndex(org, *c), nil
}

// cipherOf and keyOf are the two columns of a sealed value; NULL when there is none.
func cipherOf(v *seal.Value) []byte {
	if v == nil {
		return nil
	}
	return v.Cipher
}

func keyOf(v *seal.Value) *int32 {
	if v == nil {
		return nil
	}
	return &v.KeyVersion
}

func maskedOrNil(c *CNP) any {
	if c == nil {
		return nil
	}
	return c.Masked()
}

func (s *Service) openCNP(cipher []byte, key *int32, org ident.OrgID, id profileID) (*CNP, error) {
	if cipher == nil || key == nil {
		return nil, nil //nolint:nilnil // no sealed form has no number
	}
	text, err := s.Ring.OpenString(seal.Value{Cipher: cipher, KeyVersion: *key}, entryPlace(org, id, "cnp_encrypted"))
	if err != nil {
		return nil, fmt.Errorf("open personal number: %w", err)
	}
	c := CNP(text)
	return &c, nil
}

// health opens the portable columns of a person's row.
func (s *Service) health(r healthRow, id ID) (Health, error) {
	out := Health{
		Occupation: r.Occupation, Residence: Residence{Line: r.Line, Locality: r.Locality, County: r.County, PostalCode: r.PostalCode},
		BloodType: r.BloodType, Allergies: r.Allergies, ChronicConditions: r.Chronic, EmergencyName: r.EmergencyName,
	}
	var err error
	out.EmergencyPhone, err = s.openPhone(r.EmergencySealed, r.EmergencyKey, placeOf(id, "emergency_contact_phone_encrypted"))
	if err != nil || r.InsuranceSealed == nil || r.InsuranceKey == nil {
		return out, err
	}
	text, err := s.Ring.Open(seal.Value{Cipher: r.InsuranceSealed, KeyVersion: *r.InsuranceKey}, placeOf(id, "insurance_encrypted"))
	if err != nil {
		return out, fmt.Errorf("open insurance: %w", err)
	}
	if err := json.Unmarshal(text, &out.Insurance); err != nil {
		return out, fmt.Errorf("read insurance: %w", err)
	}
	return out, nil
}

// open turns a row into a patient. A phone is sealed where it was entered: in the clinic's profile or in the person's own row.
func (s *Service) open(r profileRow, org ident.OrgID) (Patient, error) {
	out := Patient{
		ID: r.PatientID, profile: r.ProfileID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email, BirthDate: r.BirthDate, Sex: r.Sex,
		Withheld: r.Withheld, WithheldFields: r.WithheldNames, Editable: r.Editable, Shared: r.Shared, Status: r.Status,
		AccountState: r.AccountState, Source: r.Source, FileNumber: r.FileNumber, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		RowVersion: r.RowVersion,
	}
	place := portablePlace(r.PatientID)
	if r.PhoneOf != nil && *r.PhoneOf == "profile" {
		place = profilePlace(org, r.ProfileID)
	}
	var err error
	if out.Phone, err = s.openPhone(r.PhoneSealed, r.PhoneKey, place); err != nil {
		return Patient{}, fmt.Errorf("patient %s: %w", r.PatientID, err)
	}
	if out.CNP, err = s.openCNP(r.CNPSealed, r.CNPKey, org, r.ProfileID); err != nil {
		return Patient{}, fmt.Errorf("patient %s: %w", r.PatientID, err)
	}
	if out.Health, err = s.health(r.healthRow, r.PatientID); err != nil {
		return Patient{}, fmt.Errorf("patient %s: %w", r.PatientID, err)
	}
	return out, nil
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	return []seal.Column{
		seal.OfPlatform("patients", "phone_encrypted", "phone_key_version", "id::text"),
		seal.OfPlatform("patients", "emergency_contact_phone_encrypted", "emergency_contact_phone_key_version", "id::text"),
		seal.OfPlatform("patients", "insurance_encrypted", "insurance_key_version", "id::text"),
		seal.OfClinic("patient_org_profiles", "contact_phone_encrypted", "contact_phone_key_version"),
		seal.OfClinic("patient_org_profiles", "cnp_encrypted", "cnp_key_version"),
		seal.OfClinic("guest_contacts", "phone_encrypted", "phone_key_version"),
	}
}
