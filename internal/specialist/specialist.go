package specialist

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/audit"
	"github.com/restartix/platform/internal/ident"
	"github.com/restartix/platform/internal/phone"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/seal"
)

// ID identifies a specialist.
type ID = ident.ID[Specialist]

// SpecialtyID identifies a specialty.
type SpecialtyID = ident.ID[Specialty]

// Specialist is somebody who provides care, with or without a login. Nil texts were never given.
type Specialist struct {
	ID          ID      `db:"id"`
	Name        string  `db:"name"`
	Title       *string `db:"title"`
	Description *string `db:"description"`
	Slug        string  `db:"slug"`
	// Timezone is the IANA zone of the working hours; nil means that the public is offered nothing.
	Timezone *string `db:"scheduling_timezone"`
	// Active tells that new visits may be booked.
	Active          bool          `db:"scheduling_active"`
	BufferBeforeMin int           `db:"buffer_before_min"`
	BufferAfterMin  int           `db:"buffer_after_min"`
	Colour          *string       `db:"colour"`
	SpecialtyIDs    []SpecialtyID `db:"specialty_ids"`
	CreatedAt       time.Time     `db:"created_at"`
	UpdatedAt       time.Time     `db:"updated_at"`
	// RowVersion moves with every change of the specialist, of the details and of the specialties.
	RowVersion int64 `db:"row_version"`
	// What follows is empty where the caller's role does not read it (visitors, patients). UserID is zero without a login.
	UserID      ident.UserID `db:"user_id"`
	Email       *string      `db:"email"`
	Phone       *string      `db:"-"`
	StampNumber *string      `db:"stamp_number"`
	// PhoneSealed and PhoneKey are the phone as it is stored.
	PhoneSealed []byte `db:"phone_encrypted"`
	PhoneKey    *int32 `db:"phone_key_version"`
}

// Specialty is a kind of care, for example physiotherapy.
type Specialty struct {
	ID          SpecialtyID `db:"id"`
	Title       string      `db:"title"`
	Slug        string      `db:"slug"`
	Description *string     `db:"description"`
	SortOrder   int         `db:"sort_order"`
	// Active specialties are shown to patients and visitors.
	Active     bool      `db:"active"`
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
	RowVersion int64     `db:"row_version"`
}

// What the use cases on specialists and specialties are refused with.
var (
	ErrNotFound              = apperror.New(apperror.NotFound, "specialist_not_found", "There is no such specialist.")
	ErrSpecialtyNotFound     = apperror.New(apperror.NotFound, "specialty_not_found", "There is no such specialty.")
	ErrSpecialtyInUse        = apperror.New(apperror.Conflict, "specialty_in_use", "Specialists or services still use this specialty.")
	ErrUserLinked            = apperror.New(apperror.Conflict, "user_already_linked", "This person is already another specialist of the clinic.")
	ErrTimezoneUnknown       = apperror.New(apperror.Invalid, "timezone_unknown", "There is no such time zone.")
	ErrHasFutureAppointments = apperror.New(apperror.Conflict, "has_future_appointments", "This specialist still has visits to come. Move them first.")
)

// Staff tells who works in the clinic. Package identity satisfies it.
type Staff interface {
	IsStaffTx(ctx context.Context, tx *postgres.Tx, user ident.UserID) (bool, error)
}

// Visits tells what a specialist still has to do. Package appointment satisfies it.
type Visits interface {
	// FutureTx answers the ids of the specialist's live visits that end after the transaction's instant, soonest first.
	FutureTx(ctx context.Context, tx *postgres.Tx, id ID) ([]string, error)
}

// SpecialtyUse tells whether something outside this package needs a specialty. Package catalog satisfies it.
type SpecialtyUse interface {
	UsesSpecialtyTx(ctx context.Context, tx *postgres.Tx, id SpecialtyID) (bool, error)
}

// Deps are the collaborators. All are required.
type Deps struct {
	DB     *postgres.DB
	Ring   *seal.Ring
	Trail  *audit.Trail
	Staff  Staff
	Visits Visits
	Use    SpecialtyUse
}

// Service is every use case on specialists and specialties. Safe for concurrent use.
type Service struct{ Deps }

// New makes the service; it connects to nothing.
func New(d Deps) *Service { return &Service{d} }

// at adds a place to the collected refusal; e is nil as long as nothing was refused.
func at(e *apperror.Error, field, message string) *apperror.Error {
	if e == nil {
		e = apperror.ErrInvalid
	}
	return e.At("body."+field, message)
}

// tidy trims, and turns an empty optional text into none.
func tidy(texts ...**string) {
	for _, text := range texts {
		if *text == nil {
			continue
		}
		trimmed := strings.TrimSpace(**text)
		*text = &trimmed
		if trimmed == "" {
			*text = nil
		}
	}
}

func tooLong(text *string, limit int) bool {
	return text != nil && utf8.RuneCountInString(*text) > limit
}

func stale(current int64) error {
	return apperror.ErrPreconditionFailed.With("etag", strconv.Quote(strconv.FormatInt(current, 10)))
}

var colourFormat = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// check brings texts to their stored form and refuses what the product does not accept.
func (p *Specialist) check() error {
	p.Name = strings.TrimSpace(p.Name)
	tidy(&p.Title, &p.Description, &p.Email, &p.Phone, &p.StampNumber, &p.Timezone, &p.Colour)
	e := p.checkTexts()
	if p.Slug != "" && !ident.IsSlug(p.Slug) {
		e = at(e, "slug", "expected lower-case letters, digits and hyphens, at most 80")
	}
	if p.Colour != nil {
		lower := strings.ToLower(*p.Colour)
		if p.Colour = &lower; !colourFormat.MatchString(lower) {
			e = at(e, "colour", "expected #rrggbb")
		}
	}
	for field, minutes := range map[string]int{"buffer_before_min": p.BufferBeforeMin, "buffer_after_min": p.BufferAfterMin} {
		if minutes < 0 || minutes > 120 {
			e = at(e, field, "must be between 0 and 120")
		}
	}
	if p.Phone != nil {
		normal, err := phone.Normalise(*p.Phone)
		if p.Phone = &normal; err != nil {
			e = at(e, "phone", "expected a telephone number")
		}
	}
	if e != nil {
		return e
	}
	if p.Timezone != nil && !isZone(*p.Timezone) {
		return ErrTimezoneUnknown.At("body.scheduling_timezone", "expected a time zone of the IANA database")
	}
	return nil
}

func (p *Specialist) checkTexts() *apperror.Error {
	var e *apperror.Error
	if n := utf8.RuneCountInString(p.Name); n == 0 || n > 200 {
		e = at(e, "name", "has 1 to 200 characters")
	}
	for _, text := range []struct {
		field string
		value *string
		limit int
	}{
		{"title", p.Title, 120},
		{"description", p.Description, 5000},
		{"email", p.Email, 254},
		{"stamp_number", p.StampNumber, 120},
	} {
		if tooLong(text.value, text.limit) {
			e = at(e, text.field, fmt.Sprintf("has at most %d characters", text.limit))
		}
	}
	if p.Email != nil {
		if a, err := mail.ParseAddress(*p.Email); err != nil || a.Address != *p.Email {
			e = at(e, "email", "expected an e-mail address")
		}
	}
	return e
}

// isZone accepts names of the IANA database only: not Local, which is the server's, and no path.
func isZone(name string) bool {
	if name == "Local" || len(name) > 64 {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil && name != ""
}
