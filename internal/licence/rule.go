package licence

import (
	"slices"

	"github.com/restartix/platform/internal/civil"
)

// thresholds are the days before the end on which the clinic is reminded, the nearest last; 0 is the end itself.
func thresholds() []int { return []int{60, 30, 7, 0} }

// due answers the reminder that is to be given when so many days are left, and whether it was not given yet. A licence that is entered
// late is reminded of once, not once for each day that has passed already.
func due(daysLeft int, given []int) (days int, ok bool) {
	nearest := -1
	for _, t := range thresholds() {
		if daysLeft <= t {
			nearest = t
		}
	}
	if nearest < 0 {
		return 0, false
	}
	return nearest, !slices.ContainsFunc(given, func(g int) bool { return g <= nearest })
}

// period is when one licence holds: From, included, is no day for always; Until is excluded.
type period struct{ From, Until civil.Date }

func (p period) holds(day civil.Date) bool { return !day.Before(p.From) && day.Before(p.Until) }

// ended tells that on the day a licence is over and none holds. Before the first licence nothing has ended, and who never had one is not
// judged by this rule.
func ended(licences []period, day civil.Date) bool {
	over := false
	for _, p := range licences {
		if p.holds(day) {
			return false
		}
		over = over || !day.Before(p.Until)
	}
	return over
}
