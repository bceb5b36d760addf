package phone_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/restartix/platform/internal/apperror"
	"github.com/restartix/platform/internal/phone"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"0722 123 456": "+40722123456", "+40722123456": "+40722123456", "0040 722-123-456": "+40722123456", "(021) 555.01.10": "+40215550110",
		"+49 30 901820": "+4930901820",
	} {
		if got, err := phone.Normalise(raw); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"", "0722", "abc", "+40 0", strings.Repeat("1", 41), "999999999999999"} {
		if got, err := phone.Normalise(raw); !errors.Is(err, apperror.ErrInvalid) {
			t.Errorf("%q is %q, %v; want a refusal", raw, got, err)
		}
	}
}
