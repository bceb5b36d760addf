package coreapi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/restartix/platform/internal/coreapi/apitest"
	"github.com/restartix/platform/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// figure prints the one line of a figure and fails the test when it is not met.
func figure(t *testing.T, id, value string, met bool) {
	t.Helper()
	verdict := "pass"
	if !met {
		verdict = "fail"
		t.Errorf("figure %s is not met: %s", id, value)
	}
	fmt.Printf("FIGURE %s %s %s\n", id, value, verdict)
}

// generous boots an API whose limits no suite meets, because suites send what a person never would.
func generous(t *testing.T, o apitest.Options) *apitest.API {
	t.Helper()
	file := filepath.Join(t.TempDir(), "limits.json")
	limits := ""
	for _, name := range []string{"user", "ip", "login.account", "login.ip", "auth.login", "auth.code", "auth.mail", "auth.refresh", "auth.account", "impersonation", "public.availability"} {
		limits += fmt.Sprintf(`%q: {"requests": 1000000, "per": "1m"},`, name)
	}
	if err := os.WriteFile(file, []byte("{"+limits[:len(limits)-1]+"}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o.Environment == nil {
		o.Environment = map[string]string{}
	}
	o.Environment["LIMITS_FILE"] = file
	return apitest.Boot(t, o)
}
