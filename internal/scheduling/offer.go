package scheduling

import (
	"context"
	"time"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/catalog"
	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/postgres"
	"github.com/restartix/platform/internal/specialist"
)

// What asking for one start is refused with.
var (
	ErrSlotNotOffered = apperror.New(apperror.Invalid, "slot_not_offered", "This time is not offered. Choose another one.")
	ErrSlotTaken      = apperror.New(apperror.Conflict, "slot_taken", "That time has just been taken. Choose another one.")
)

// Block is a time in which a specialist cannot be booked, buffers included, [Start, End).
type Block struct {
	Specialist specialist.ID
	civil.Interval
}

// Busy tells what is booked. Package appointment satisfies it; the transaction sees all visits of the clinic.
type Busy interface {
	// BusyTx answers what blocks the specialists and meets [from, to), in any order. One statement.
	BusyTx(ctx context.Context, tx *postgres.Tx, specialists []specialist.ID, from, to time.Time) ([]Block, error)
	// LastBookedTx answers when each specialist's latest visit was booked (not when it takes place); who has none is absent. One statement.
	LastBookedTx(ctx context.Context, tx *postgres.Tx, specialists []specialist.ID) (map[specialist.ID]time.Time, error)
}

// Held tells what live holds block. Holds of the named client are left out; an empty client leaves none out. When the holds cannot
// be read the answer is empty: the exclusion constraint decides anyway.
type Held interface {
	Held(ctx context.Context, specialists []specialist.ID, from, to time.Time, client string) []Block
}

// Viewer says for whom times are looked up; it decides which services and specialists count.
type Viewer int

// The viewers. A visitor is offered public services of specialists with a time zone, a patient published ones, staff everything; staff
// may also book specialists without a zone, in the clinic's.
const (
	Visitor Viewer = iota + 1
	Patient
	Staff
)

// Request asks for one start.
type Request struct {
	Viewer  Viewer
	Service catalog.ServiceID
	// Specialist is zero when the clinic may choose.
	Specialist specialist.ID
	Start      time.Time
	// Client is the caller whose own holds do not block.
	Client string
	// IgnoreNotice lets staff book inside the clinic's notice.
	IgnoreNotice bool
}

// Offered is one start that can be kept, with everything that a visit copies at booking.
type Offered struct {
	Service        catalog.ServiceID
	ServiceName    string
	Specialist     specialist.ID
	SpecialistName string
	Start, End     time.Time
	DurationMin    int
	// PriceMinor is nil for a price on request; PriceSource is specialist or service.
	PriceMinor                      *int64
	PriceSource                     string
	Currency                        string
	BufferBeforeMin, BufferAfterMin int
	// Timezone is the specialist's, or the clinic's for one without.
	Timezone string
	Modality []string
	// Assignment says how the specialist was found: asked, priority, least_recently_booked or id; Candidates were all free then.
	Assignment string
	Candidates []specialist.ID
}
