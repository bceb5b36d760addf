package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// weak are words that give away a password somebody meant to change.
func weak() []string {
	return []string{"", "password", "postgres", "secret", "changeme", "restartix", "admin", "dev", "test"}
}

// checkProduction refuses what is fine on a developer's machine and a breach anywhere else (figure E-7).
func (c Config) checkProduction() []string {
	var p []string
	for name, raw := range map[string]Secret{
		"DATABASE_URL": c.DatabaseURL, "DATABASE_ADMIN_URL": c.DatabaseAdminURL, "DATABASE_JOBS_URL": c.DatabaseJobsURL,
	} {
		if raw != "" {
			p = append(p, checkDatabase(name, raw.Reveal())...)
		}
	}
	p = append(p, c.checkRedis()...)
	if c.ClockOffset != 0 {
		p = append(p, "APP_CLOCK_OFFSET is refused in production")
	}
	if c.AppScheme != "https" {
		p = append(p, "APP_SCHEME must be https in production")
	}
	for name, raw := range map[string]string{
		"AUTH_ISSUER": c.AuthIssuer, "AUTH_JWKS_URL": c.AuthJWKSURL, "CLERK_API_URL": c.ClerkAPIURL, "S3_ENDPOINT": c.S3Endpoint,
	} {
		if raw != "" && !strings.HasPrefix(raw, "https://") {
			p = append(p, name+" must be an https address in production")
		}
	}
	if c.AnchorFile == "" {
		p = append(p, "AUDIT_ANCHOR_FILE is not set")
	}
	if slices.Contains(weak(), c.S3SecretKey.Reveal()) || len(c.S3SecretKey) < 16 {
		p = append(p, "S3_SECRET_KEY is too weak for production")
	}
	p = append(p, c.checkMail()...)
	for _, cidr := range c.TrustedProxies {
		if prefix, err := netip.ParsePrefix(cidr); err == nil && prefix.Bits() == 0 {
			p = append(p, "TRUSTED_PROXIES may not trust everybody")
		}
	}
	slices.Sort(p)
	return p
}

func checkDatabase(name, raw string) []string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return []string{name + " must be a URL with a user"}
	}
	var p []string
	if u.Query().Get("sslmode") != "verify-full" {
		p = append(p, name+" must use sslmode=verify-full in production")
	}
	if password, _ := u.User.Password(); slices.Contains(weak(), password) || len(password) < 12 {
		p = append(p, name+" has a password that is too weak for production")
	}
	return p
}

func (c Config) checkRedis() []string {
	if c.RedisURL == "" {
		return nil
	}
	u, err := url.Parse(c.RedisURL.Reveal())
	if err != nil || u.Scheme != "rediss" {
		return []string{"REDIS_URL must be a rediss:// address in production"}
	}
	if password, _ := u.User.Password(); slices.Contains(weak(), password) {
		return []string{"REDIS_URL needs a password in production"}
	}
	return nil
}

func (c Config) checkMail() []string {
	if c.SMTPURL == "" {
		return nil
	}
	u, err := url.Parse(c.SMTPURL.Reveal())
	if err != nil || (u.Scheme != "smtps" && u.Query().Get("tls") != "required") {
		return []string{"SMTP_URL must be smtps:// or carry tls=required in production"}
	}
	return nil
}
