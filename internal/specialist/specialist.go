package specialist

import (
	"time"

	"github.com/restartix/platform/internal/ident"
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
