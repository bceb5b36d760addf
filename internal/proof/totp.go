package proof

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	totpPeriod = 30
	// totpSkew accepts the neighbouring steps: clocks of phones drift, and people type slowly.
	totpSkew = 1
)

func totpOptions() totp.ValidateOpts {
	return totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
}

// TOTPStep answers the 30-second step that a code belongs to, if it is one of the accepted steps around now and newer than
// last. Every candidate is computed and compared, so the time does not tell which one fitted.
func TOTPStep(secret []byte, code string, now time.Time, last *int64) (int64, bool, error) {
	encoded := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	found, at := false, int64(0)
	current := now.Unix() / totpPeriod
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		if step < 0 {
			continue
		}
		want, err := totp.GenerateCodeCustom(encoded, time.Unix(step*totpPeriod, 0).UTC(), totpOptions())
		if err != nil {
			return 0, false, fmt.Errorf("compute code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && (last == nil || step > *last) {
			found, at = true, step
		}
	}
	return at, found, nil
}

// NewTOTPSecret makes the 160 bits that RFC 4226 recommends.
func NewTOTPSecret() []byte {
	b := make([]byte, 20)
	_, _ = rand.Read(b)
	return b
}

// TOTPURL is what the QR code says. The names are for the list in the person's app.
func TOTPURL(secret, email string) Secret {
	v := url.Values{"secret": {secret}, "issuer": {"RestartiX"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/RestartiX:" + email, RawQuery: v.Encode()}
	return Secret(u.String())
}
