package credit

import (
	"time"

	"github.com/restartix/platform/internal/civil"
	"github.com/restartix/platform/internal/money"
)

// Kind is the kind of a row of the ledger.
type Kind string

// The kinds of rows (product/02 §6).
const (
	Purchase    Kind = "purchase"
	Reserve     Kind = "reserve"
	Consume     Kind = "consume"
	Release     Kind = "release"
	Expire      Kind = "expire"
	Period      Kind = "period"
	ProductKind Kind = "product"
	Adjust      Kind = "adjust"
	Reversal    Kind = "reversal"
	Refund      Kind = "refund"
)

// Balance is the sum of the rows of one plan, in sessions.
type Balance struct {
	Available int `db:"available"`
	Reserved  int `db:"reserved"`
	Consumed  int `db:"consumed"`
}

// Open are the sessions that can still be used or are waiting for their visit.
func (b Balance) Open() int { return b.Available + b.Reserved }

func (b Balance) plus(available, reserved, consumed int) Balance {
	return Balance{b.Available + available, b.Reserved + reserved, b.Consumed + consumed}
}

func (b Balance) negative() bool { return b.Available < 0 || b.Reserved < 0 || b.Consumed < 0 }

// book is everything that the rows of one plan say.
type book struct {
	Balance
	// Earned is what the sessions have earned so far, TimeEarned what the passing of time has, Refunded what was given back (0 or more).
	Earned, TimeEarned, Refunded int64
	// Expired tells that sessions were lost.
	Expired bool
	// PeriodTo is the last day whose access was earned; zero is none.
	PeriodTo civil.Date
}

// sessionValue is the part of the price that the sessions earn.
func (p Plan) sessionValue() int64 { return money.Percent(p.PriceMinor, p.SharePct) }

// worth is what c of the plan's open sessions earn: an equal part each, and with the last ones everything that is left.
func worth(p Plan, b book, c int) int64 {
	left := max(p.sessionValue()-b.Earned, 0)
	if c >= b.Open() || p.Sessions == nil {
		return left
	}
	each := p.sessionValue() / int64(*p.Sessions)
	return min(each*int64(c), left)
}

// timeValue is what the access has earned by the end of the day, of the part of the price that time earns.
func timeValue(p Plan, day civil.Date) int64 {
	if p.AccessEndsOn.IsZero() {
		return 0
	}
	return money.Cumulative(p.PriceMinor-p.sessionValue(), int64(day.Sub(p.StartsOn)+1), int64(p.AccessEndsOn.Sub(p.StartsOn)+1))
}

// Status is the state of a plan that was sold.
type Status string

// The states of a plan that was sold. A cancelled one stays so.
const (
	Active    Status = "active"
	Exhausted Status = "exhausted"
	Expired   Status = "expired"
	Cancelled Status = "cancelled"
)

// statusOn is the state of a plan on a day of the clinic. Sessions and access count apart: a plan is active while either is open.
func statusOn(p Plan, b book, today civil.Date) Status {
	if p.Status == Cancelled {
		return Cancelled
	}
	timed := !p.AccessEndsOn.IsZero()
	if b.Open() > 0 || timed && !today.After(p.AccessEndsOn) {
		return Active
	}
	if timed || b.Expired {
		return Expired
	}
	return Exhausted
}

// hasAccess tells whether the plan opens a time-bound access on the day. Both ends are included.
func hasAccess(p Plan, today civil.Date) bool {
	return p.Status == Active && !p.AccessEndsOn.IsZero() && !today.Before(p.StartsOn) && !today.After(p.AccessEndsOn)
}

// covers tells whether the sessions of the plan may pay for a visit of the day.
func (p Plan) covers(day civil.Date) bool {
	return p.Status == Active && !day.Before(p.StartsOn) && (p.CreditsExpireOn.IsZero() || !day.After(p.CreditsExpireOn))
}

// lastDay is the last day of a number of days that begin with the first.
func lastDay(first civil.Date, days int) civil.Date { return first.AddDays(days - 1) }

// lastDayOfMonths is the last day of a number of months that begin with the first day: the day before the same day of the month, or the
// last of a month that is too short for it.
func lastDayOfMonths(first civil.Date, months int) civil.Date {
	target := time.Date(first.Year, first.Month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	length := target.AddDate(0, 1, -1).Day()
	if first.Day > length {
		return civil.Date{Year: target.Year(), Month: target.Month(), Day: length}
	}
	return civil.Date{Year: target.Year(), Month: target.Month(), Day: first.Day}.AddDays(-1)
}

// warnings are the days before the end on which the patient is told, the nearest first.
func warnings() []int { return []int{3, 14} }

// ending answers the next end of something that is still open, zero when nothing ends.
func ending(p Plan, b book) civil.Date {
	end := p.AccessEndsOn
	if !p.CreditsExpireOn.IsZero() && b.Available > 0 && (end.IsZero() || p.CreditsExpireOn.Before(end)) {
		end = p.CreditsExpireOn
	}
	return end
}

// warningDue answers for which number of days the patient is to be told today, 0 for none. Who was told of the nearer one is not told of
// the farther one.
func warningDue(p Plan, b book, today civil.Date) int {
	end := ending(p, b)
	if end.IsZero() || today.After(end) {
		return 0
	}
	left := end.Sub(today)
	for _, days := range warnings() {
		if left <= days {
			if p.WarnedDays != nil && *p.WarnedDays <= days {
				return 0
			}
			return days
		}
	}
	return 0
}
