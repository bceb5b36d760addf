package patient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/patient"
)

// Verifies CORE-05, DOM-01: every vector of product/13 §2, one per code, and the order of the checks.
func TestCNP_vectors(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"1960101400011": "", "5010101700233": "", "6040229520442": "", "6121110701235": "", "1980515400061": "",
		"1960101400012": "cnp_checksum", "2900229700129": "cnp_date", "196010140001": "cnp_length", "19601014000111": "cnp_length",
		"196010140001a": "cnp_digits", "0960101400011": "cnp_prefix", "1960101490011": "cnp_county", "1960101400001": "cnp_serial",
		"": "cnp_length", "０960101400011": "cnp_digits",
		// Each is wrong in everything that is looked at later too.
		"x": "cnp_length", "x969999990009": "cnp_digits", "0969999990009": "cnp_prefix", "1969999990009": "cnp_date", "1960101990009": "cnp_county",
		"1960101400009": "cnp_serial",
	} {
		got, err := patient.ParseCNP(number)
		code := ""
		if refused, ok := errors.AsType[*apperror.Error](err); ok {
			code = refused.Code
		}
		if code != want || want == "" && got.Digits() != number {
			t.Errorf("%s: %q, want %q", number, code, want)
		}
	}
}

// withControl adds the digit that fits.
func withControl(t *testing.T, twelve string) patient.CNP {
	t.Helper()
	for d := range 10 {
		if c, err := patient.ParseCNP(fmt.Sprintf("%s%d", twelve, d)); err == nil {
			return c
		}
	}
	t.Fatalf("no control digit fits %s", twelve)
	return ""
}

// Verifies CORE-05: residents and foreigners are accepted and derive no century.
func TestCNP_whatItSuggests(t *testing.T) {
	t.Parallel()
	for twelve, want := range map[string][2]string{
		"196010140001": {"1996-01-01", patient.SexMale}, "604022952044": {"2004-02-29", patient.SexFemale},
		"396010140001": {"1896-01-01", patient.SexMale}, "796010140001": {"", patient.SexMale}, "896010140001": {"", patient.SexFemale},
		"996010140001": {"", patient.SexUnknown}, "700022940001": {"", patient.SexMale},
	} {
		c := withControl(t, twelve)
		birth := ""
		if d := c.BirthDate(); !d.IsZero() {
			birth = d.String()
		}
		if got := [2]string{birth, c.Sex()}; got != want {
			t.Errorf("%s suggests %v, want %v", twelve, got, want)
		}
	}
}

func TestCNP_isNeverPrinted(t *testing.T) {
	t.Parallel()
	c := withControl(t, "196010140001")
	if c.Masked() != "1960101******" {
		t.Errorf("masked form is %s", c.Masked())
	}
	if text := fmt.Sprintf("%v %s %q %+v %d", c, c, c, struct{ C *patient.CNP }{&c}, c); strings.Contains(text, "19601") {
		t.Errorf("a personal number prints as %s", text)
	}
}
