// Package config reads the environment once, at start, into one struct, and reports every problem at once. It is the only
// reader of the environment. Packages receive values from it, never the struct.
package config

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Environment is the kind of installation; production refuses everything that only a developer's machine may do.
type Environment string

// The environments.
const (
	Development Environment = "development"
	Test        Environment = "test"
	Production  Environment = "production"
)

// Config is everything that the Core API needs to know. Secrets are of type Secret and never print.
type Config struct {
	Env      Environment `env:"APP_ENV" envDefault:"development" doc:"development, test or production"`
	Addr     string      `env:"API_ADDR" envDefault:"127.0.0.1:9000" doc:"Address that the Core API listens on"`
	Version  string      `env:"APP_VERSION" envDefault:"dev" doc:"Version that /health reports"`
	LogLevel string      `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info, warn or error"`

	DatabaseURL      Secret `env:"DATABASE_URL,required" doc:"PostgreSQL as role restartix_app (row-level security applies)"`
	DatabaseAdminURL Secret `env:"DATABASE_ADMIN_URL,required" doc:"PostgreSQL as the owner: migrations and platform rows only"`
	DatabaseJobsURL  Secret `env:"DATABASE_JOBS_URL,required" doc:"PostgreSQL as role restartix_jobs: the queue client"`
	DatabasePool     int32  `env:"DATABASE_POOL" envDefault:"16" doc:"Connections of the application pool"`
	RedisURL         Secret `env:"REDIS_URL,required" doc:"Redis 7; rediss:// in production"`

	S3Endpoint  string `env:"S3_ENDPOINT,required" doc:"Object store endpoint"`
	S3Region    string `env:"S3_REGION" envDefault:"eu-central-1" doc:"Object store region"`
	S3Bucket    string `env:"S3_BUCKET" envDefault:"restartix" doc:"Bucket that holds files"`
	S3AccessKey Secret `env:"S3_ACCESS_KEY,required" doc:"Object store access key"`
	S3SecretKey Secret `env:"S3_SECRET_KEY,required" doc:"Object store secret key"`

	SMTPURL  Secret `env:"SMTP_URL,required" doc:"Mail server, smtp://user:password@host:port"`
	MailFrom string `env:"MAIL_FROM" envDefault:"RestartiX <no-reply@restartix.localhost>" doc:"Sender of every message"`

	SealKeys   string `env:"SEAL_KEYS,required" doc:"File with the keyset of field encryption"`
	AuditKeys  string `env:"AUDIT_KEYS,required" doc:"File with the keys of the audit chain"`
	AnchorFile string `env:"AUDIT_ANCHOR_FILE" envDefault:"" doc:"File outside the database that receives signed audit anchors; empty turns anchoring off outside production"`

	AuthDriver     string   `env:"AUTH_DRIVER" envDefault:"builtin" doc:"builtin, clerk or oidc"`
	AuthIssuer     string   `env:"AUTH_ISSUER" envDefault:"http://localhost:9000" doc:"Exact issuer of access tokens"`
	AuthJWKSURL    string   `env:"AUTH_JWKS_URL" doc:"Key set of an external issuer; empty for builtin and for discovery"`
	AuthAudiences  []string `env:"AUTH_AUDIENCES" envDefault:"restartix" doc:"Accepted audiences, comma-separated"`
	AuthParties    []string `env:"AUTH_AUTHORIZED_PARTIES" doc:"Accepted azp values, comma-separated; empty accepts none where the token carries one"`
	ClerkSecretKey Secret   `env:"CLERK_SECRET_KEY" doc:"Clerk Backend API key (driver clerk)"`
	ClerkAPIURL    string   `env:"CLERK_API_URL" envDefault:"https://api.clerk.com/v1" doc:"Clerk Backend API base"`

	AppScheme     string `env:"APP_SCHEME" envDefault:"https" doc:"Scheme of the three apps in links"`
	ClinicDomain  string `env:"CLINIC_DOMAIN" envDefault:"clinic.localhost:9100" doc:"Parent domain of the Clinic app"`
	PortalDomain  string `env:"PORTAL_DOMAIN" envDefault:"portal.localhost:9200" doc:"Parent domain of the Patient Portal"`
	ConsoleDomain string `env:"CONSOLE_DOMAIN" envDefault:"console.localhost:9300" doc:"Domain of the Console"`
	DNSResolver   string `env:"DNS_RESOLVER" doc:"host:port of the resolver for TXT checks; empty uses the system's"`

	TrustedProxies []string      `env:"TRUSTED_PROXIES" doc:"CIDRs whose X-Forwarded-For is believed; default loopback outside production"`
	LimitsFile     string        `env:"LIMITS_FILE" doc:"JSON file that overrides rate limits"`
	ClockOffset    time.Duration `env:"APP_CLOCK_OFFSET" envDefault:"0s" doc:"Shifts the process clock in tests; refused in production"`
	DrainTimeout   time.Duration `env:"DRAIN_TIMEOUT" envDefault:"12s" doc:"How long draining may take after SIGTERM"`
	DrainNotice    time.Duration `env:"DRAIN_NOTICE" envDefault:"2s" doc:"How long new requests are still served after SIGTERM; longer than the load balancer takes between two looks at /ready"`
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" envDefault:"15s" doc:"Deadline of one request"`
	BodyLimit      int64         `env:"BODY_LIMIT_BYTES" envDefault:"1048576" doc:"Largest JSON body"`
}

// Secret is text that never prints.
type Secret string

// String hides the value.
func (Secret) String() string { return "[redacted]" }

// GoString hides the value.
func (Secret) GoString() string { return "[redacted]" }

// MarshalText hides the value from every encoder.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// Reveal returns the value for the one place that connects with it.
func (s Secret) Reveal() string { return string(s) }

// Load reads environ ("KEY=value" pairs) and answers one error that names every problem.
func Load(environ []string) (Config, error) {
	values := env.ToMap(environ)
	var c Config
	err := env.ParseWithOptions(&c, env.Options{Environment: values})
	problems := parseProblems(err)
	if len(c.TrustedProxies) == 0 && c.Env != Production {
		c.TrustedProxies = []string{"127.0.0.0/8", "::1/128"}
	}
	problems = append(problems, c.check()...)
	if len(problems) > 0 {
		return Config{}, errors.New("configuration: " + strings.Join(problems, "; "))
	}
	return c, nil
}

func parseProblems(err error) []string {
	if err == nil {
		return nil
	}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var out []string
	for _, e := range all.Errors {
		var missing env.VarIsNotSetError
		if errors.As(e, &missing) {
			out = append(out, missing.Key+" is not set")
			continue
		}
		out = append(out, problemOf(e))
	}
	return out
}

// problemOf names the field of a value that does not parse, never the value.
func problemOf(e error) string {
	var parse env.ParseError
	if errors.As(e, &parse) {
		return fmt.Sprintf("%s is not a valid %s", parse.Name, parse.Type)
	}
	return "a value does not parse"
}

func (c Config) check() []string {
	var p []string
	switch c.Env {
	case Development, Test, Production:
	default:
		p = append(p, "APP_ENV must be development, test or production")
	}
	switch c.AuthDriver {
	case "builtin", "clerk", "oidc":
	default:
		p = append(p, "AUTH_DRIVER must be builtin, clerk or oidc")
	}
	if c.AuthDriver == "clerk" && c.ClerkSecretKey == "" {
		p = append(p, "CLERK_SECRET_KEY is not set")
	}
	if c.AuthDriver == "clerk" && c.AuthJWKSURL == "" {
		p = append(p, "AUTH_JWKS_URL is not set")
	}
	for _, cidr := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(cidr); err != nil {
			p = append(p, "TRUSTED_PROXIES holds something that is not a CIDR")
		}
	}
	if c.DrainNotice < 0 || c.DrainNotice >= c.DrainTimeout {
		p = append(p, "DRAIN_NOTICE must be shorter than DRAIN_TIMEOUT")
	}
	if c.Env == Production {
		p = append(p, c.checkProduction()...)
	}
	return p
}
