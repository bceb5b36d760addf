package specialist

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/locale"
	"github.com/restartix/platform/internal/page"
	"github.com/restartix/platform/internal/postgres"
)

// FindSpecialties narrows a list of specialties. Nil does not.
type FindSpecialties struct {
	page.Query
	Active *bool
}

// Specialties lists the clinic's specialties as far as the caller's role sees them.
func (s *Service) Specialties(ctx context.Context, f FindSpecialties) (page.Result[Specialty], error) {
	var out page.Result[Specialty]
	window, err := f.Check(page.Columns{
		ByName:  map[string]string{"title": "title", "sort_order": "sort_order", "created_at": "created_at"},
		Default: "sort_order ASC, title ASC", TieBreak: "id ASC",
	})
	if err != nil {
		return out, err
	}
	err = s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		out, err = specialties(ctx, tx, f, window)
		return err
	})
	return out, err
}

// Specialty reads one.
func (s *Service) Specialty(ctx context.Context, id SpecialtyID) (Specialty, error) {
	var out Specialty
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		var err error
		out, err = specialtyByID(ctx, tx, id)
		return err
	})
	return out, err
}

func (y *Specialty) check() error {
	y.Title = strings.TrimSpace(y.Title)
	tidy(&y.Description)
	var e *apperror.Error
	if n := utf8.RuneCountInString(y.Title); n == 0 || n > 120 {
		e = at(e, "title", "has 1 to 120 characters")
	}
	if tooLong(y.Description, 5000) {
		e = at(e, "description", "has at most 5000 characters")
	}
	if y.Slug != "" && !ident.IsSlug(y.Slug) {
		e = at(e, "slug", "expected lower-case letters, digits and hyphens, at most 80")
	}
	if y.SortOrder < 0 || y.SortOrder > 10000 {
		e = at(e, "sort_order", "must be between 0 and 10000")
	}
	if e != nil {
		return e
	}
	return nil
}

func nameSpecialty(ctx context.Context, tx *postgres.Tx, y *Specialty) error {
	if y.Slug != "" {
		return nil
	}
	taken, err := slugs(ctx, tx, "specialties")
	if err != nil {
		return err
	}
	y.Slug = ident.Slug(y.Title, "specialty", taken)
	return nil
}

// CreateSpecialty makes a specialty. An empty slug is made from the title.
func (s *Service) CreateSpecialty(ctx context.Context, y Specialty) (Specialty, error) {
	if err := y.check(); err != nil {
		return Specialty{}, err
	}
	y.ID = ident.New[Specialty]()
	var out Specialty
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if err := nameSpecialty(ctx, tx, &y); err != nil {
			return err
		}
		if err := insertSpecialty(ctx, tx, y); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "specialty", EntityID: y.ID.String(), Changes: audit.Created(y)})
		var err error
		out, err = specialtyByID(ctx, tx, y.ID)
		return err
	})
	return out, err
}

// UpdateSpecialty lets change edit a specialty and writes the result as one version.
func (s *Service) UpdateSpecialty(ctx context.Context, id SpecialtyID, expected int64, change func(*Specialty)) (Specialty, error) {
	var out Specialty
	err := s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		before, err := lockedSpecialty(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		after.ID = before.ID
		if err := after.check(); err != nil {
			return err
		}
		if err := nameSpecialty(ctx, tx, &after); err != nil {
			return err
		}
		if changes := audit.Differences(before, after); len(changes) > 0 {
			if err := updateSpecialty(ctx, tx, after); err != nil {
				return err
			}
			s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "update", EntityType: "specialty", EntityID: id.String(), Changes: changes})
		}
		out, err = specialtyByID(ctx, tx, id)
		return err
	})
	return out, err
}

func lockedSpecialty(ctx context.Context, tx *postgres.Tx, id SpecialtyID, expected int64) (Specialty, error) {
	if err := lockSpecialty(ctx, tx, id); err != nil {
		return Specialty{}, err
	}
	y, err := specialtyByID(ctx, tx, id)
	if err == nil && y.RowVersion != expected {
		return y, stale(y.RowVersion)
	}
	return y, err
}

// RemoveSpecialty takes a specialty away; one that a specialist or a service still has stays.
func (s *Service) RemoveSpecialty(ctx context.Context, id SpecialtyID, expected int64) error {
	return s.DB.InTx(ctx, func(tx *postgres.Tx) error {
		if _, err := lockedSpecialty(ctx, tx, id, expected); err != nil {
			return err
		}
		used, err := practised(ctx, tx, id)
		if err != nil {
			return err
		}
		if !used {
			if used, err = s.Use.UsesSpecialtyTx(ctx, tx, id); err != nil {
				return err
			}
		}
		if used {
			return ErrSpecialtyInUse
		}
		if err := removeSpecialty(ctx, tx, id); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{
			Action: "delete", EntityType: "specialty", EntityID: id.String(), Changes: map[string]audit.Change{"deleted_at": {nil, tx.Now}},
		})
		return nil
	})
}

// defaults are what a clinic starts with, in the order of the list.
func defaults(language locale.Tag) []string {
	if language == locale.Romanian {
		return []string{"Fizioterapie", "Kinetoterapie", "Recuperare medicală", "Ortopedie", "Neurologie", "Psihologie"}
	}
	return []string{"Physiotherapy", "Kinetotherapy", "Medical rehabilitation", "Orthopaedics", "Neurology", "Psychology"}
}

// StartTx gives a new clinic its first specialties, in the transaction that makes the clinic, whose context names the clinic. It
// implements organization.Starter.
func (s *Service) StartTx(ctx context.Context, tx *postgres.Tx, language locale.Tag) error {
	for i, title := range defaults(language) {
		y := Specialty{
			ID: ident.New[Specialty](), Title: title, Slug: ident.Slug(title, "specialty", func(string) bool { return false }),
			SortOrder: (i + 1) * 10, Active: true,
		}
		if err := insertSpecialty(ctx, tx, y); err != nil {
			return err
		}
		s.Trail.RecordTx(ctx, tx, audit.Entry{Action: "create", EntityType: "specialty", EntityID: y.ID.String(), Changes: audit.Created(y)})
	}
	return nil
}
