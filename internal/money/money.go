// Package money is amounts of money in whole minor units with their currency, and the two ways in which the product cuts one into parts.
//
// Nothing here knows about prices, patients or taxes. There are no floats: a part is always a whole number of minor units, and the parts of
// an amount add up to it exactly. Cumulative cuts by elapsed share (a month of access, day by day); Allocate cuts into equal parts, the
// remainder on the last (sessions of a package).
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// ErrCurrency is arithmetic across currencies, which has no answer.
var ErrCurrency = errors.New("amounts of different currencies")

// ErrRange is a result that does not fit.
var ErrRange = errors.New("amount out of range")

// Amount is money. The zero value has no currency and equals no amount of one.
type Amount struct {
	// Minor is in whole minor units: bani, cents. It may be negative.
	Minor int64 `json:"minor"`
	// Currency is three capital letters of ISO 4217.
	Currency string `json:"currency"`
}

// Of makes an amount; it does not look at the currency.
func Of(minor int64, currency string) Amount { return Amount{minor, currency} }

// Add answers a + b, ErrCurrency across currencies and ErrRange past 64 bits.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, ErrCurrency
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) && b.Minor != 0 {
		return Amount{}, ErrRange
	}
	return Amount{sum, a.Currency}, nil
}

// Times answers a × n, ErrRange past 64 bits.
func (a Amount) Times(n int64) (Amount, error) {
	negative := (a.Minor < 0) != (n < 0)
	high, low := bits.Mul64(magnitude(a.Minor), magnitude(n))
	if high != 0 || low > math.MaxInt64 {
		return Amount{}, ErrRange
	}
	out := int64(low)
	if negative {
		out = -out
	}
	return Amount{out, a.Currency}, nil
}

// String is for tests and logs: "1000.00 RON". What people read is formatted by the apps.
func (a Amount) String() string {
	sign, m := "", magnitude(a.Minor)
	if a.Minor < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%d.%02d %s", sign, m/100, m%100, a.Currency)
}

// Percent is the part of an amount of 0 or more that the percentage from 0 to 100 is, rounded down: what is left over belongs to the
// other part.
func Percent(minor int64, percent int) int64 { return Cumulative(minor, int64(percent), 100) }

// Cumulative is how much of an amount of 0 or more is due once done of all parts have passed, rounded down; nothing before the first and
// everything from the last on. The difference of two neighbours is what one part is worth, and the differences add up to the amount.
func Cumulative(minor, done, all int64) int64 {
	if done <= 0 || all <= 0 || minor <= 0 {
		return 0
	}
	if done >= all {
		return minor
	}
	high, low := bits.Mul64(uint64(minor), uint64(done))
	out, _ := bits.Div64(high, low, uint64(all)) // done < all, so the quotient is below minor and fits
	return int64(out)                            //nolint:gosec // below minor, which is an int64
}

// Allocate cuts an amount of 0 or more into n equal parts, rounded down, and puts the remainder on the last. No parts for n below 1.
func Allocate(minor int64, n int) []int64 {
	if n < 1 {
		return nil
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = minor / int64(n)
	}
	out[n-1] += minor % int64(n)
	return out
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1 //nolint:gosec // -(n+1) of a negative number is 0 or more
	}
	return uint64(n)
}
