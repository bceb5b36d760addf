package money_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/restartix/platform/internal/money"
)

// Verifies CORE-12: a package of 1000.00 for three sessions is worth 333.33, 333.33 and 333.34.
func TestAllocate_remainderOnTheLast(t *testing.T) {
	t.Parallel()
	if got := money.Allocate(100_000, 3); !slices.Equal(got, []int64{33_333, 33_333, 33_334}) {
		t.Errorf("three parts of 1000.00 are %v", got)
	}
	if got := money.Allocate(100, 7); !slices.Equal(got, []int64{14, 14, 14, 14, 14, 14, 16}) {
		t.Errorf("seven parts of 1.00 are %v", got)
	}
	if got := money.Allocate(100, 0); got != nil {
		t.Errorf("no parts are %v", got)
	}
}

func TestParts_addUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minor, n := rapid.Int64Range(0, math.MaxInt64).Draw(t, "minor"), rapid.IntRange(1, 400).Draw(t, "n")
		var cut, cumulative, before int64
		for _, part := range money.Allocate(minor, n) {
			cut += part
		}
		for i := range n {
			after := money.Cumulative(minor, int64(i+1), int64(n))
			if after < before {
				t.Fatalf("part %d of %d is negative", i, n)
			}
			cumulative += after - before
			before = after
		}
		if cut != minor || cumulative != minor {
			t.Fatalf("%d in %d parts: %d and %d", minor, n, cut, cumulative)
		}
	})
}

func TestAmount_arithmetic(t *testing.T) {
	t.Parallel()
	a := money.Of(100_050, "RON")
	if a.String() != "1000.50 RON" || money.Of(-5, "RON").String() != "-0.05 RON" {
		t.Errorf("written as %s", a)
	}
	if sum, err := a.Add(money.Of(-50, "RON")); err != nil || sum.Minor != 100_000 {
		t.Errorf("sum %v, %v", sum, err)
	}
	if _, err := a.Add(money.Of(1, "EUR")); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("across currencies: %v", err)
	}
	if _, err := money.Of(math.MaxInt64, "RON").Add(money.Of(1, "RON")); !errors.Is(err, money.ErrRange) {
		t.Errorf("past the end: %v", err)
	}
	if p, err := a.Times(-2); err != nil || p.Minor != -200_100 {
		t.Errorf("product %v, %v", p, err)
	}
	if _, err := money.Of(math.MaxInt64, "RON").Times(2); !errors.Is(err, money.ErrRange) {
		t.Errorf("product past the end: %v", err)
	}
	if money.Percent(100_000, 50) != 50_000 || money.Percent(99, 50) != 49 || money.Percent(99, 100) != 99 {
		t.Error("a percentage is wrong")
	}
}
