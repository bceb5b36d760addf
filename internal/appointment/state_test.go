package appointment_test

import (
	"slices"
	"testing"
	"time"

	"github.com/restartix/platform/internal/appointment"
	"github.com/restartix/platform/internal/auth"
)

// matrix is product/03 §5: from, then an x for every state that may follow, in the order of Statuses.
func matrix() map[appointment.Status]string {
	return map[appointment.Status]string{
		//                        bucidxn: booked upcoming confirmed inprogress done cancelled noshow
		appointment.Booked:     ".x...x.",
		appointment.Upcoming:   "..xx.xx",
		appointment.Confirmed:  "...x.xx",
		appointment.InProgress: "....x..",
		appointment.Done:       ".......",
		appointment.Cancelled:  ".......",
		appointment.NoShow:     ".x.x...",
	}
}

func TestStatus_allWays(t *testing.T) {
	t.Parallel()
	for _, from := range appointment.Statuses() {
		for i, to := range appointment.Statuses() {
			if got, want := from.Can(to), matrix()[from][i] == 'x'; got != want {
				t.Errorf("from %s to %s: %t, want %t", from, to, got, want)
			}
		}
	}
}

func TestAllowed_byRoleStateAndCutoff(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC)
	type expectation struct{ booked, upcoming, confirmed, done []appointment.Action }
	onboard, confirm, cancel := appointment.ActOnboard, appointment.ActConfirm, appointment.ActCancel
	office := expectation{
		booked: []appointment.Action{onboard, cancel}, upcoming: []appointment.Action{confirm, cancel}, confirmed: []appointment.Action{cancel},
	}
	for name, c := range map[string]struct {
		role auth.Role
		now  time.Time
		want expectation
	}{
		"support late":     {auth.CustomerSupport, until.Add(time.Hour), office},
		"admin":            {auth.Admin, until, office},
		"patient in time":  {auth.Patient, until, expectation{[]appointment.Action{cancel}, []appointment.Action{confirm, cancel}, []appointment.Action{cancel}, nil}},
		"patient too late": {auth.Patient, until.Add(time.Second), expectation{upcoming: []appointment.Action{confirm}}},
		"specialist":       {auth.Specialist, until, expectation{}},
		"visitor":          {auth.Anonymous, until, expectation{}},
	} {
		for status, want := range map[appointment.Status][]appointment.Action{
			appointment.Booked: c.want.booked, appointment.Upcoming: c.want.upcoming, appointment.Confirmed: c.want.confirmed,
			appointment.Done: c.want.done, appointment.Cancelled: nil, appointment.InProgress: nil, appointment.NoShow: nil,
		} {
			if got := appointment.Allowed(status, c.role, c.now, until); !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", name, status, got, want)
			}
		}
	}
}
