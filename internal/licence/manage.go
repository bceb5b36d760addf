package licence

import (
	"context"
	"fmt"
	"time"

	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

const entity = "specialist_licence"

// List answers a specialist's licences, the one that holds longest first, and today's date in the clinic.
func (s *Service) List(ctx context.Context, of specialist.ID, q page.Query) (page.Result[Licence], civil.Date, error) {
	var out page.Result[Licence]
	var today civil.Date
	window, err := q.Check(page.Columns{
		ByName: map[string]string{"expires_on": "expires_on", "created_at": "created_at"}, Default: "expires_on DESC", TieBreak: "id ASC",
	})
	if err != nil {
		return out, today, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := s.presentTx(ctx, tx, of); err != nil {
			return err
		}
		if out, err = list(ctx, tx, of, window); err != nil {
			return err
		}
		today, err = s.todayTx(ctx, tx)
		return err
	})
	return out, today, err
}

// Get reads one licence of the specialist, and today's date in the clinic.
func (s *Service) Get(ctx context.Context, of specialist.ID, id ID) (Licence, civil.Date, error) {
	return s.inTx(ctx, func(tx *postgres.Tx) (Licence, error) { return byID(ctx, tx, of, id) })
}

// inTx runs a use case on one licence and adds today's date in the clinic, from which the days that are left are counted.
func (s *Service) inTx(ctx context.Context, fn func(tx *postgres.Tx) (Licence, error)) (Licence, civil.Date, error) {
	var out Licence
	var today civil.Date
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) (err error) {
		if out, err = fn(tx); err != nil {
			return err
		}
		today, err = s.todayTx(ctx, tx)
		return err
	})
	return out, today, err
}

func (s *Service) todayTx(ctx context.Context, tx *postgres.Tx) (civil.Date, error) {
	zone, err := s.zoneTx(ctx, tx)
	if err != nil {
		return civil.Date{}, err
	}
	return civil.DateOf(tx.Now.In(zone)), nil
}

func (s *Service) zoneTx(ctx context.Context, tx *postgres.Tx) (*time.Location, error) {
	terms, err := s.Clinics.TermsTx(ctx, tx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(terms.Timezone)
	if err != nil {
		return nil, fmt.Errorf("load zone of clinic: %w", err)
	}
	return zone, nil
}

func (s *Service) presentTx(ctx context.Context, tx *postgres.Tx, id specialist.ID) error {
	found, err := s.Specialists.CountTx(ctx, tx, []specialist.ID{id})
	if err == nil && found == 0 {
		return specialist.ErrNotFound
	}
	return err
}

// Create enters a licence that nobody has verified yet.
func (s *Service) Create(ctx context.Context, l Licence) (Licence, civil.Date, error) {
	if err := l.check(); err != nil {
		return Licence{}, civil.Date{}, err
	}
	l.ID, l.VerifiedBy, l.VerifiedAt = ident.New[Licence](), ident.UserID{}, nil
	return s.inTx(ctx, func(tx *postgres.Tx) (Licence, error) {
		if err := s.presentTx(ctx, tx, l.SpecialistID); err != nil {
			return Licence{}, err
		}
		if err := insert(ctx, tx, l); err != nil {
			return Licence{}, err
		}
		if err := s.attachTx(ctx, tx, l); err != nil {
			return Licence{}, err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: entity, EntityID: l.ID.String(), Changes: audit.Created(l)})
		return byID(ctx, tx, l.SpecialistID, l.ID)
	})
}

// Update lets change edit a licence and writes the result as one version. Other facts than those that were verified are not verified.
func (s *Service) Update(ctx context.Context, of specialist.ID, id ID, expected int64, change func(*Licence)) (Licence, civil.Date, error) {
	return s.change(ctx, of, id, expected, func(_ *postgres.Tx, l *Licence) error {
		before := *l
		change(l)
		if err := l.check(); err != nil {
			return err
		}
		if !l.sameFacts(before) {
			l.VerifiedBy, l.VerifiedAt = ident.UserID{}, nil
		}
		return nil
	})
}

// Verify notes that the caller has compared the licence with its document or register, or takes that back. Doing it twice changes nothing.
func (s *Service) Verify(ctx context.Context, of specialist.ID, id ID, expected int64, verified bool) (Licence, civil.Date, error) {
	return s.change(ctx, of, id, expected, func(tx *postgres.Tx, l *Licence) error {
		switch {
		case !verified:
			l.VerifiedBy, l.VerifiedAt = ident.UserID{}, nil
		case l.VerifiedAt == nil:
			l.VerifiedBy, l.VerifiedAt = tx.Principal.UserID, &tx.Now
		}
		return nil
	})
}

func (s *Service) change(ctx context.Context, of specialist.ID, id ID, expected int64, edit func(*postgres.Tx, *Licence) error) (Licence, civil.Date, error) {
	return s.inTx(ctx, func(tx *postgres.Tx) (Licence, error) {
		before, err := locked(ctx, tx, of, id, expected)
		if err != nil {
			return Licence{}, err
		}
		after := before
		if err := edit(tx, &after); err != nil {
			return Licence{}, err
		}
		after.ID, after.SpecialistID = before.ID, before.SpecialistID
		if changes := audit.Differences(before, after); len(changes) > 0 {
			if after.FileID != before.FileID {
				if err := s.attachTx(ctx, tx, after); err != nil {
					return Licence{}, err
				}
			}
			if err := update(ctx, tx, after); err != nil {
				return Licence{}, err
			}
			s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: entity, EntityID: id.String(), Changes: changes})
		}
		return byID(ctx, tx, of, id)
	})
}

// attachTx gives the scan, if there is one, to the licence. A scan that is replaced stays with it: it shows what was verified before.
func (s *Service) attachTx(ctx context.Context, tx *postgres.Tx, l Licence) error {
	if l.FileID.IsZero() {
		return nil
	}
	return s.Files.AttachTx(ctx, tx, l.FileID, "licence_scan", entity, l.ID.UUID())
}

func locked(ctx context.Context, tx *postgres.Tx, of specialist.ID, id ID, expected int64) (Licence, error) {
	if err := lock(ctx, tx, id); err != nil {
		return Licence{}, err
	}
	l, err := byID(ctx, tx, of, id)
	if err == nil && l.RowVersion != expected {
		return l, stale(l.RowVersion)
	}
	return l, err
}

// Remove takes a licence out of every list; it no longer counts for what is offered.
func (s *Service) Remove(ctx context.Context, of specialist.ID, id ID, expected int64) error {
	return s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := locked(ctx, tx, of, id, expected); err != nil {
			return err
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: entity, EntityID: id.String(), Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}
