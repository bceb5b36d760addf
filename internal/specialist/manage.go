package specialist

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/organization"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// Find narrows a list of specialists. Zero values do not.
type Find struct {
	page.Query
	// Active true leaves out who cannot be booked.
	Active    *bool
	Specialty SpecialtyID
	// Search is part of a name; accents and capitals do not matter.
	Search string
	// IDs, when not nil, are the only ones that count.
	IDs []ID
}

func columnsOfList() page.Columns {
	return page.Columns{
		ByName:  map[string]string{"name": "s.name", "created_at": "s.created_at"},
		Default: "s.name ASC", TieBreak: "s.id ASC",
	}
}

// List answers the clinic's specialists without the removed ones, as far as the caller's role sees them.
func (s *Service) List(ctx context.Context, f Find) (page.Result[Specialist], error) {
	var out page.Result[Specialist]
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = s.ListTx(ctx, tx, f)
		return err
	})
	return out, err
}

// ListTx is List in a transaction of the caller; it takes two statements.
func (s *Service) ListTx(ctx context.Context, tx *postgres.Tx, f Find) (page.Result[Specialist], error) {
	window, err := f.Check(columnsOfList())
	if err != nil {
		return page.Result[Specialist]{}, err
	}
	out, err := list(ctx, tx, f, window)
	if err != nil {
		return out, err
	}
	for i := range out.Rows {
		if err := s.open(tx, &out.Rows[i]); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Get reads one specialist who was not removed.
func (s *Service) Get(ctx context.Context, id ID) (Specialist, error) {
	var out Specialist
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = s.byID(ctx, tx, id)
		return err
	})
	return out, err
}

func (s *Service) byID(ctx context.Context, tx *postgres.Tx, id ID) (Specialist, error) {
	p, err := byID(ctx, tx, id)
	if err != nil {
		return p, err
	}
	return p, s.open(tx, &p)
}

func placeOfPhone(org ident.OrgID, id ID) seal.AAD {
	return seal.AAD{Org: org.String(), Table: "specialist_details", Column: "phone_encrypted", Row: id.String()}
}

// open turns the stored phone into a number; a caller who does not read the details has none.
func (s *Service) open(tx *postgres.Tx, p *Specialist) error {
	if p.PhoneSealed == nil || p.PhoneKey == nil {
		return nil
	}
	number, err := s.Ring.OpenString(seal.Value{Cipher: p.PhoneSealed, KeyVersion: *p.PhoneKey}, placeOfPhone(tx.Principal.OrgID, p.ID))
	if err != nil {
		return fmt.Errorf("open phone of specialist: %w", err)
	}
	p.Phone = &number
	return nil
}

// close seals the phone when it is another one than before; the same number keeps its sealed form, so that it is no change.
func (s *Service) close(tx *postgres.Tx, p *Specialist, before Specialist) error {
	if reflect.DeepEqual(p.Phone, before.Phone) {
		p.PhoneSealed, p.PhoneKey = before.PhoneSealed, before.PhoneKey
		return nil
	}
	if p.PhoneSealed, p.PhoneKey = nil, nil; p.Phone == nil {
		return nil
	}
	v, err := s.Ring.SealString(*p.Phone, placeOfPhone(tx.Principal.OrgID, p.ID))
	if err != nil {
		return fmt.Errorf("seal phone of specialist: %w", err)
	}
	p.PhoneSealed, p.PhoneKey = v.Cipher, &v.KeyVersion
	return nil
}

// Create makes a specialist. An empty slug is made from the name. Id, versions and times are set here.
func (s *Service) Create(ctx context.Context, p Specialist) (Specialist, error) {
	if err := p.check(); err != nil {
		return Specialist{}, err
	}
	p.ID = ident.New[Specialist]()
	var out Specialist
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := s.prepare(ctx, tx, &p, Specialist{}); err != nil {
			return err
		}
		if err := insert(ctx, tx, p); err != nil {
			return err
		}
		if err := s.setSpecialties(ctx, tx, p.ID, p.SpecialtyIDs); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "specialist", EntityID: p.ID.String(), Changes: audit.Created(p)})
		var err error
		out, err = s.byID(ctx, tx, p.ID)
		return err
	})
	return out, err
}

// prepare fills what the store needs: the slug, the sealed phone, and the proof that the login belongs to the clinic's staff.
func (s *Service) prepare(ctx context.Context, tx *postgres.Tx, p *Specialist, before Specialist) error {
	if p.Slug == "" {
		taken, err := slugs(ctx, tx, "specialists")
		if err != nil {
			return err
		}
		p.Slug = ident.Slug(p.Name, "specialist", taken)
	}
	if !p.UserID.IsZero() && p.UserID != before.UserID {
		works, err := s.Staff.IsStaffTx(ctx, tx, p.UserID)
		if err != nil {
			return err
		}
		if !works {
			return at(nil, "user_id", "is nobody of the clinic's staff")
		}
	}
	return s.close(tx, p, before)
}

// Change is one edit of a specialist.
type Change struct {
	// Expected is the version that the caller saw.
	Expected int64
	// ConfirmShift tells that the caller knows which visits another zone leaves outside the hours.
	ConfirmShift bool
	// Apply edits the specialist. Specialties have their own use case.
	Apply func(*Specialist)
}

// Update writes the result of a change as one version. It also answers the visits to come that a change of zone leaves outside the
// working hours; without such a change there are none.
func (s *Service) Update(ctx context.Context, id ID, c Change) (Specialist, []Visit, error) {
	var out Specialist
	var outside []Visit
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.locked(ctx, tx, id, c.Expected)
		if err != nil {
			return err
		}
		after := before
		c.Apply(&after)
		after.ID, after.SpecialtyIDs = before.ID, before.SpecialtyIDs
		if err := after.check(); err != nil {
			return err
		}
		if err := s.prepare(ctx, tx, &after, before); err != nil {
			return err
		}
		if !reflect.DeepEqual(before.Timezone, after.Timezone) {
			shift := Shift{Specialist: id, From: before.Timezone, To: after.Timezone, Confirmed: c.ConfirmShift}
			if outside, err = s.Times.ShiftTx(ctx, tx, shift); err != nil {
				return err
			}
		}
		changes := audit.Differences(before, after)
		if len(changes) > 0 {
			if err := update(ctx, tx, after); err != nil {
				return err
			}
			s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "specialist", EntityID: id.String(), Changes: changes})
		}
		out, err = s.byID(ctx, tx, id)
		return err
	})
	return out, outside, err
}

func (s *Service) locked(ctx context.Context, tx *postgres.Tx, id ID, expected int64) (Specialist, error) {
	if err := lock(ctx, tx, id); err != nil {
		return Specialist{}, err
	}
	p, err := s.byID(ctx, tx, id)
	if err == nil && p.RowVersion != expected {
		return p, stale(p.RowVersion)
	}
	return p, err
}

// Remove takes a specialist out of every list and ends the link to the login; past visits keep the name. Visits to come refuse it.
func (s *Service) Remove(ctx context.Context, id ID, expected int64) error {
	return s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.locked(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		future, err := s.Visits.FutureTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(future) > 0 {
			return ErrHasFutureAppointments.With("appointments", future)
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "specialist", EntityID: id.String(),
			Changes: map[string]audit.Change{"user_id": {before.UserID, nil}, "deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}

// SetSpecialties replaces what a specialist practises.
func (s *Service) SetSpecialties(ctx context.Context, id ID, expected int64, specialties []SpecialtyID) (Specialist, error) {
	var out Specialist
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := s.locked(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if err := s.setSpecialties(ctx, tx, id, specialties); err != nil {
			return err
		}
		if err := touch(ctx, tx, id); err != nil {
			return err
		}
		if out, err = s.byID(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "update", EntityType: "specialist", EntityID: id.String(),
			Changes: map[string]audit.Change{"specialty_ids": {before.SpecialtyIDs, out.SpecialtyIDs}},
		})
		return nil
	})
	return out, err
}

func (s *Service) setSpecialties(ctx context.Context, tx *postgres.Tx, id ID, specialties []SpecialtyID) error {
	unique := slices.Clone(specialties)
	slices.SortFunc(unique, func(a, b SpecialtyID) int { return strings.Compare(a.String(), b.String()) })
	if unique = slices.Compact(unique); unique == nil {
		unique = []SpecialtyID{}
	}
	err := replaceSpecialties(ctx, tx, id, unique)
	if errors.Is(err, ErrSpecialtyNotFound) {
		return at(nil, "specialty_ids", "names a specialty that does not exist")
	}
	return err
}

// errSlugTaken is the clinic's own short address, taken by another row.
func errSlugTaken() error {
	return organization.ErrSlugTaken.At("body.slug", "is already used")
}

// SealedColumns are the columns that a rotation of keys writes anew.
func SealedColumns() []seal.Column {
	c := seal.OfClinic("specialist_details", "phone_encrypted", "phone_key_version")
	c.Row = "specialist_id::text"
	return []seal.Column{c}
}
