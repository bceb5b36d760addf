package devstack

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// given marks a service that the environment provides, in the column of sources.
const given = "from the environment"

// platformEnv is what the Core API knows beside its services.
func (u *up) platformEnv() map[string]string {
	p := u.opts.Ports
	keys := filepath.Join(u.opts.Data, "keys")
	env := map[string]string{}
	for _, name := range u.opts.CoreVariables {
		if value, ok := u.opts.Env[name]; ok {
			env[name] = value
		}
	}
	maps.Copy(env, map[string]string{
		"APP_ENV":        "development",
		"APP_SCHEME":     "http",
		"DRAIN_NOTICE":   "0s", // nobody balances a load here, and Ctrl-C should not take longer than it must
		"API_ADDR":       address(p.API),
		"TELEMETRY_ADDR": address(p.Telemetry),
		"SEAL_KEYS":      filepath.Join(keys, "seal.json"),
		"AUDIT_KEYS":     filepath.Join(keys, "audit.json"),
	})
	maps.Copy(env, u.domains())
	return env
}

// domains are the parent domains of the three apps, each with its port.
func (u *up) domains() map[string]string {
	p := u.opts.Ports
	return map[string]string{
		"CLINIC_DOMAIN":  "clinic.localhost:" + strconv.Itoa(p.Clinic),
		"PORTAL_DOMAIN":  "portal.localhost:" + strconv.Itoa(p.Portal),
		"CONSOLE_DOMAIN": "console.localhost:" + strconv.Itoa(p.Console),
	}
}

func (u *up) upPostgres(ctx context.Context) (row, map[string]string, error) {
	shown := row{name: "PostgreSQL", source: given}
	urls, ok, err := givenDatabase(u.opts.Env)
	if err != nil {
		return shown, nil, err
	}
	if !ok {
		c, found, err := u.startCluster(ctx, u.opts.Ports.Postgres, []string{"shared_buffers=128MB", "max_connections=100"})
		if err != nil {
			return shown, nil, err
		}
		shown.source = found.source
		if urls.admin, err = ensureOwner(ctx, c.superuserURL(), u.secret.password("postgres owner")); err != nil {
			return shown, nil, err
		}
	}
	if urls, err = ensureRoles(ctx, urls, u.secret); err != nil {
		return shown, nil, err
	}
	shown.url = withoutLogin(urls.admin)
	return shown, map[string]string{
		"DATABASE_URL": urls.app, "DATABASE_ADMIN_URL": urls.admin, "DATABASE_JOBS_URL": urls.jobs,
	}, nil
}

func (u *up) upRedis(ctx context.Context) (row, map[string]string, error) {
	address := u.opts.Env["REDIS_URL"]
	shown := row{name: "Redis", source: given}
	if address == "" {
		port := u.opts.Ports.Redis
		source, err := u.startRedis(ctx, port, false, true)
		if err != nil {
			return shown, nil, err
		}
		shown.source, address = source, redisURL(port)
	}
	shown.url = withoutLogin(address)
	return shown, map[string]string{"REDIS_URL": address}, nil
}

func redisURL(port int) string { return "redis://" + address(port) + "/0" }

func (u *up) upS3(ctx context.Context) (row, map[string]string, error) {
	shown := row{name: "S3", source: given}
	names := []string{"S3_ENDPOINT", "S3_REGION", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"}
	if u.opts.Env["S3_ENDPOINT"] != "" {
		env, missing := map[string]string{}, []string{}
		for _, name := range names {
			if env[name] = u.opts.Env[name]; env[name] == "" {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			return shown, nil, fmt.Errorf("S3_ENDPOINT is set, so these are needed too: %s", strings.Join(missing, ", "))
		}
		shown.url = withoutLogin(env["S3_ENDPOINT"])
		return shown, env, nil
	}
	g, err := u.startS3(ctx, u.opts.Ports.S3)
	if err != nil {
		return shown, nil, err
	}
	domains := u.domains()
	origins := []string{"http://*." + domains["CLINIC_DOMAIN"], "http://*." + domains["PORTAL_DOMAIN"], "http://" + domains["CONSOLE_DOMAIN"]}
	if err := g.makeBucket(ctx, origins); err != nil {
		return shown, nil, err
	}
	shown.url, shown.source = g.endpoint, "in-process versitygw"
	return shown, map[string]string{
		"S3_ENDPOINT": g.endpoint, "S3_REGION": s3Region, "S3_BUCKET": s3Bucket,
		"S3_ACCESS_KEY": s3Access, "S3_SECRET_KEY": g.secretKey,
	}, nil
}

func (u *up) upMail(ctx context.Context) (row, map[string]string, error) {
	env := map[string]string{"SMTP_URL": u.opts.Env["SMTP_URL"], "MAIL_FROM": u.opts.Env["MAIL_FROM"]}
	if env["MAIL_FROM"] == "" {
		env["MAIL_FROM"] = "RestartiX <no-reply@restartix.localhost>"
	}
	if env["SMTP_URL"] != "" {
		return row{name: "Mail", source: given, url: withoutLogin(env["SMTP_URL"])}, env, nil
	}
	p := u.opts.Ports
	if err := u.startInbox(ctx, p.SMTP, p.Inbox); err != nil {
		return row{}, nil, err
	}
	env["SMTP_URL"] = "smtp://" + address(p.SMTP)
	return row{name: "Mail inbox", source: "in-process go-smtp", url: "http://" + address(p.Inbox)}, env, nil
}

// withoutLogin is a URL as it may be shown.
func withoutLogin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(not a URL)"
	}
	u.User, u.RawQuery = nil, ""
	return u.String()
}
