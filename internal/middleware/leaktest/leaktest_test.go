package leaktest_test

import (
	"os"
	"testing"

	"github.com/restartix/platform/internal/middleware/leaktest"
)

// TestScan_findsEachKind is the red proof of figure X-4: one planted line per kind, and lines that only look like one.
func TestScan_findsEachKind(t *testing.T) {
	t.Parallel()
	for text, kind := range map[string]string{
		`{"msg":"x","name":"CNRY-B-users-name"}`:                      "canary of a seeded row",
		`token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0aaaa.c2lnbmF0dXJl`: "token",
		`Authorization: Bearer abcdefghijkl.mnop`:                     "bearer credential",
		`Set-Cookie: a=b`:                                    "cookie",
		`GET /bucket/key?X-Amz-Signature=0123`:               "signed address",
		`dial postgres://restartix:secret@127.0.0.1:5432/db`: "password in an address",
		`hash $argon2id$v=19$m=65536`:                        "password hash",
		"-----BEGIN EC PRIVATE KEY-----":                     "private key",
		`sent to ana.pop@example.test`:                       "e-mail address",
		`call 0722 123 456`:                                  "phone number",
		`call +40722123456`:                                  "phone number",
		`cnp 1980403426589`:                                  "personal number",
		`13 digits 1980403426580`:                            "",
		`at 1795000000000 ms`:                                "",
		`{"request":"01932f5c-7a3e-7000-8000-000000000000","duration_ms":1234567}`: "",
		`github.com/jackc/pgx/v5@v5.12.0 in cache`:                                 "",
		`dial 127.0.0.1:5432: connection refused`:                                  "",
	} {
		leaks := leaktest.Scan("log", text)
		switch {
		case kind == "" && len(leaks) > 0:
			t.Errorf("%q was called a %s", text, leaks[0].Kind)
		case kind != "" && (len(leaks) == 0 || leaks[0].Kind != kind):
			t.Errorf("%q: found %v, want %s", text, leaks, kind)
		}
	}
}

// TestFigureX4_logsOfTheRun scans the folder that LEAK_LOGS names, after the suite has filled it. The scan itself is proved above.
func TestFigureX4_logsOfTheRun(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("LEAK_LOGS")
	if dir == "" {
		if _, err := leaktest.ScanTree(t.TempDir()); err == nil {
			t.Error("an empty folder was called clean")
		}
		return
	}
	leaks, err := leaktest.ScanTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	leaktest.Report(t, "X-4/logs", leaks)
}
