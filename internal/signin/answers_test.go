package signin_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/restartix/platform/internal/apperror"
)

func equal(got []string, want ...string) bool { return slices.Equal(got, want) }

// codeOf is what a code app shows at an instant.
func codeOf(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	must(t, err)
	return code
}

// retryAfter reads the seconds of a throttled answer.
func retryAfter(t *testing.T, err error) int {
	t.Helper()
	var declared *apperror.Error
	if !errors.As(err, &declared) {
		t.Fatalf("not a declared error: %v", err)
	}
	seconds, ok := declared.Facts["retry_after"].(int)
	if !ok {
		t.Fatal("no retry_after")
	}
	return seconds
}
