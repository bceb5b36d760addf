package issuer

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// SignForTest signs any claims with the current key of a purpose: what a bug in a caller could make.
func SignForTest(t *testing.T, i *Issuer, purpose string, claims jwt.MapClaims) string {
	t.Helper()
	token, err := i.sign(t.Context(), purpose, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token.Reveal()
}
