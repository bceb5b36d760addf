package config_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restartix/platform/internal/config"
)

// development is a complete environment of a developer's machine.
func development() map[string]string {
	return map[string]string{
		"DATABASE_URL":       "postgres://restartix_app:a@127.0.0.1:9432/restartix",
		"DATABASE_ADMIN_URL": "postgres://restartix:a@127.0.0.1:9432/restartix",
		"DATABASE_JOBS_URL":  "postgres://restartix_jobs:a@127.0.0.1:9432/restartix",
		"REDIS_URL":          "redis://127.0.0.1:9379/0", "S3_ENDPOINT": "http://127.0.0.1:9800",
		"S3_ACCESS_KEY": "dev", "S3_SECRET_KEY": "dev", "SMTP_URL": "smtp://127.0.0.1:9025",
		"SEAL_KEYS": "keys/seal.json", "AUDIT_KEYS": "keys/audit.json",
	}
}

// production is a complete environment that production accepts.
func production() map[string]string {
	e := development()
	for k, v := range map[string]string{
		"APP_ENV":            "production",
		"DATABASE_URL":       "postgres://restartix_app:Jx81-long-and-random@db.internal/restartix?sslmode=verify-full",
		"DATABASE_ADMIN_URL": "postgres://restartix:Ky92-long-and-random@db.internal/restartix?sslmode=verify-full",
		"DATABASE_JOBS_URL":  "postgres://restartix_jobs:Lz03-long-and-random@db.internal/restartix?sslmode=verify-full",
		"REDIS_URL":          "rediss://:Mq14-long-and-random@redis.internal:6380/0",
		"S3_ENDPOINT":        "https://objects.internal", "S3_SECRET_KEY": "Nr25-long-and-random",
		"SMTP_URL": "smtps://mail.internal:465", "AUTH_ISSUER": "https://api.restartix.app",
		"APP_SCHEME": "https", "AUDIT_ANCHOR_FILE": "/var/lib/restartix/anchors",
	} {
		e[k] = v
	}
	return e
}

func environ(values map[string]string) []string {
	out := make([]string, 0, len(values))
	for k, v := range values {
		out = append(out, k+"="+v)
	}
	return out
}

// Verifies FND-01: every missing variable is named in one message.
func TestLoad_namesEveryMissingVariable(t *testing.T) {
	t.Parallel()
	e := development()
	delete(e, "DATABASE_URL")
	delete(e, "REDIS_URL")

	_, err := config.Load(environ(e))

	if err == nil {
		t.Fatal("loaded without DATABASE_URL and REDIS_URL")
	}
	for _, name := range []string{"DATABASE_URL is not set", "REDIS_URL is not set"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error does not say %q: %v", name, err)
		}
	}
}

func TestLoad_development(t *testing.T) {
	t.Parallel()

	c, err := config.Load(environ(development()))
	if err != nil {
		t.Fatal(err)
	}
	if c.Env != config.Development || c.Addr != "127.0.0.1:9000" || c.AuthDriver != "builtin" {
		t.Errorf("defaults are %q %q %q", c.Env, c.Addr, c.AuthDriver)
	}
	if !slices.Equal(c.TrustedProxies, []string{"127.0.0.0/8", "::1/128"}) {
		t.Errorf("trusted proxies outside production are %v", c.TrustedProxies)
	}
}

// The figure E-7: twenty configurations that are a breach in production, each refused with a line that names its variable.
// Seen red: the same check over an acceptable configuration reports a miss, so a validator that lets one through fails.
func TestLoad_refusesUnsafeProduction(t *testing.T) {
	t.Parallel()
	if _, err := config.Load(environ(production())); err != nil {
		t.Fatalf("the safe configuration is refused: %v", err)
	}
	refused := 0
	cases := unsafe()
	for _, c := range cases {
		if refuses(c) {
			refused++
			continue
		}
		t.Errorf("%s=%q was accepted or not named", c[0], c[1])
	}
	planted := [2]string{"LOG_LEVEL", "info"}
	if refuses(planted) {
		t.Error("the check reports a refusal where there is none")
	}
	verdict := "pass"
	if refused != len(cases) || len(cases) < 20 {
		verdict = "fail"
	}
	fmt.Printf("FIGURE E-7 %d/%d %s\n", refused, len(cases), verdict)
}

func refuses(c [2]string) bool {
	e := production()
	e[c[0]] = c[1]
	_, err := config.Load(environ(e))
	return err != nil && strings.Contains(err.Error(), c[0]) && !quotes(err.Error(), c[1])
}

// quotes reports whether the message repeats a value that could be a secret; a word of a few letters cannot.
func quotes(message, value string) bool { return len(value) > 8 && strings.Contains(message, value) }

func unsafe() [][2]string {
	return [][2]string{
		{"DATABASE_URL", "postgres://restartix_app:Jx81-long-and-random@db.internal/restartix"},
		{"DATABASE_URL", "postgres://restartix_app:Jx81-long-and-random@db.internal/restartix?sslmode=disable"},
		{"DATABASE_URL", "postgres://restartix_app:Jx81-long-and-random@db.internal/restartix?sslmode=require"},
		{"DATABASE_URL", "postgres://restartix_app:Jx81-long-and-random@db.internal/restartix?sslmode=verify-ca"},
		{"DATABASE_URL", "postgres://restartix_app:postgres@db.internal/restartix?sslmode=verify-full"},
		{"DATABASE_ADMIN_URL", "postgres://restartix:changeme@db.internal/restartix?sslmode=verify-full"},
		{"DATABASE_ADMIN_URL", "postgres://restartix:Ky92-long-and-random@db.internal/restartix?sslmode=prefer"},
		{"DATABASE_JOBS_URL", "postgres://restartix_jobs:short@db.internal/restartix?sslmode=verify-full"},
		{"DATABASE_JOBS_URL", "postgres://restartix_jobs:Lz03-long-and-random@db.internal/restartix?sslmode=allow"},
		{"REDIS_URL", "redis://:Mq14-long-and-random@redis.internal:6379/0"},
		{"REDIS_URL", "rediss://redis.internal:6380/0"},
		{"REDIS_URL", "rediss://:password@redis.internal:6380/0"},
		{"S3_ENDPOINT", "http://objects.internal"},
		{"S3_SECRET_KEY", "secret"},
		{"S3_SECRET_KEY", "tooshort"},
		{"SMTP_URL", "smtp://mail.internal:25"},
		{"AUTH_ISSUER", "http://api.restartix.app"},
		{"AUTH_JWKS_URL", "http://issuer.internal/jwks"},
		{"CLERK_API_URL", "http://clerk.internal/v1"},
		{"APP_SCHEME", "http"},
		{"APP_CLOCK_OFFSET", "2m"},
		{"AUDIT_ANCHOR_FILE", ""},
		{"TRUSTED_PROXIES", "0.0.0.0/0"},
		{"TRUSTED_PROXIES", "everybody"},
	}
}

// The notice is part of the time that draining may take, and nobody has to configure it.
func TestLoad_drainNotice(t *testing.T) {
	t.Parallel()
	c, err := config.Load(environ(development()))
	if err != nil || c.DrainNotice != 2*time.Second || c.DrainTimeout != 12*time.Second {
		t.Errorf("by default %s of %s, %v", c.DrainNotice, c.DrainTimeout, err)
	}
	for value, good := range map[string]bool{"0s": true, "11s": true, "12s": false, "13s": false, "-1s": false, "soon": false} {
		_, err := config.Load(append(environ(development()), "DRAIN_NOTICE="+value))
		if (err == nil) != good || !good && !strings.Contains(strings.ToUpper(err.Error()), "DRAIN") {
			t.Errorf("DRAIN_NOTICE=%s: %v", value, err)
		}
	}
}

func TestSecret_neverPrints(t *testing.T) {
	t.Parallel()
	s := config.Secret("hunter2-hunter2")
	for _, printed := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s", s, s, s, s)} {
		if strings.Contains(printed, "hunter2") {
			t.Errorf("a secret printed as %q", printed)
		}
	}
}

// .env.example lists every variable with its comment, and no variable that nobody reads.
func TestEnvExample_isComplete(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	// The apps read their own variables behind this line.
	b, _, _ = bytes.Cut(b, []byte("# --- The three apps"))
	var listed []string
	for _, m := range regexp.MustCompile(`(?m)^#? ?([A-Z][A-Z0-9_]+)=`).FindAllStringSubmatch(string(b), -1) {
		listed = append(listed, m[1])
	}
	var read []string
	for i := range reflect.TypeFor[config.Config]().NumField() {
		f := reflect.TypeFor[config.Config]().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		read = append(read, name)
		if doc := f.Tag.Get("doc"); !strings.Contains(string(b), doc) {
			t.Errorf("%s: the comment %q is missing", name, doc)
		}
	}
	slices.Sort(read)
	slices.Sort(listed)
	if !slices.Equal(read, slices.Compact(listed)) {
		t.Errorf(".env.example and the configuration differ:\nread   %v\nlisted %v", read, listed)
	}
}
