package appointment

import (
	"slices"
	"time"

	"github.com/restartix/platform/internal/auth"
)

// Status is the state of a visit.
type Status string

// The states of product/03 §5.
const (
	Booked     Status = "booked"
	Upcoming   Status = "upcoming"
	Confirmed  Status = "confirmed"
	InProgress Status = "inprogress"
	Done       Status = "done"
	Cancelled  Status = "cancelled"
	NoShow     Status = "noshow"
)

// Statuses are all states in the order of a visit's life.
func Statuses() []Status {
	return []Status{Booked, Upcoming, Confirmed, InProgress, Done, Cancelled, NoShow}
}

// ways are the moves that exist. Nothing leaves done and cancelled.
func ways() map[Status][]Status {
	return map[Status][]Status{
		Booked:     {Upcoming, Cancelled},
		Upcoming:   {Confirmed, InProgress, Cancelled, NoShow},
		Confirmed:  {InProgress, Cancelled, NoShow},
		InProgress: {Done},
		NoShow:     {Upcoming, InProgress},
	}
}

// Can reports whether a visit may go from s to the other state. Staying is not a move.
func (s Status) Can(to Status) bool { return slices.Contains(ways()[s], to) }

// Action is what a caller may do with a visit.
type Action string

// The actions that exist so far.
const (
	ActOnboard Action = "onboard"
	ActConfirm Action = "confirm"
	ActCancel  Action = "cancel"
)

// Allowed are the actions that somebody of the role may take on a visit in this state at now, in the order in which they are shown. A patient
// cancels until the instant that was agreed, the staff always.
func Allowed(s Status, role auth.Role, now, cancelUntil time.Time) []Action {
	office := role == auth.CustomerSupport || role == auth.Admin
	patient := role == auth.Patient
	out := []Action{}
	if s == Booked && office {
		out = append(out, ActOnboard)
	}
	if s == Upcoming && (office || patient) {
		out = append(out, ActConfirm)
	}
	if s.Can(Cancelled) && (office || patient && !now.After(cancelUntil)) {
		out = append(out, ActCancel)
	}
	return out
}
