package devstack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// The three logins of the platform. The owner migrates and holds the tables; the other two own nothing and are bound by
// row security.
const (
	ownerRole = "restartix"
	appRole   = "restartix_app"
	jobsRole  = "restartix_jobs"
)

// databaseURLs are the logins that the Core API needs.
type databaseURLs struct{ app, admin, jobs string }

// ensureOwner makes the owner and its database on a server of which we hold the superuser, and answers the owner's URL.
// It changes nothing when that URL already works.
func ensureOwner(ctx context.Context, superuserURL, password string) (string, error) {
	ownerURL, err := withLogin(superuserURL, ownerRole, password, ownerRole)
	if err != nil {
		return "", err
	}
	if canLogin(ctx, ownerURL) == nil {
		return ownerURL, nil
	}
	conn, err := pgx.Connect(ctx, superuserURL)
	if err != nil {
		return "", fmt.Errorf("reaching the database as its superuser: %w", err)
	}
	defer conn.Close(ctx)
	if err := ensureLogin(ctx, conn, ownerRole, password, "BYPASSRLS CREATEROLE"); err != nil {
		return "", err
	}
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, ownerRole).Scan(&exists); err != nil {
		return "", fmt.Errorf("looking for the database %s: %w", ownerRole, err)
	}
	if !exists {
		statement := fmt.Sprintf("CREATE DATABASE %s OWNER %s", quote(ownerRole), quote(ownerRole))
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("creating the database %s: %w", ownerRole, err)
		}
	}
	return ownerURL, nil
}

// ensureRoles completes given: with the owner's URL it makes the two bound logins, unless their URLs are given too.
// Their passwords are derived from the owner's, or from fallback when its URL holds none, so that every checkout that
// uses the same server agrees on them. It refuses an owner that row security binds and a login that it does not bind.
func ensureRoles(ctx context.Context, given databaseURLs, fallback secret) (databaseURLs, error) {
	conn, err := pgx.Connect(ctx, given.admin)
	if err != nil {
		return given, fmt.Errorf("reaching the database as its owner: %w", err)
	}
	defer conn.Close(ctx)
	owner := conn.Config().User
	if free, err := bypassesRowSecurity(ctx, conn, owner); err != nil {
		return given, err
	} else if !free {
		return given, fmt.Errorf("the owner %s is bound by row security, so it cannot run the platform: run ALTER ROLE %s BYPASSRLS as a superuser", owner, quote(owner))
	}
	key := []byte(conn.Config().Password)
	if len(key) == 0 {
		key = fallback
	}
	for _, role := range []struct {
		name string
		url  *string
	}{{appRole, &given.app}, {jobsRole, &given.jobs}} {
		if *role.url == "" {
			password := rolePassword(key, role.name)
			if *role.url, err = withLogin(given.admin, role.name, password, ""); err != nil {
				return given, err
			}
			if canLogin(ctx, *role.url) != nil {
				if err := ensureLogin(ctx, conn, role.name, password, ""); err != nil {
					return given, err
				}
			}
		}
		if err := checkBound(ctx, *role.url); err != nil {
			return given, err
		}
	}
	return given, nil
}

func rolePassword(key []byte, role string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("login of " + role))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}

// checkBound refuses a login that row security would not bind: with it every clinic could read every other.
func checkBound(ctx context.Context, roleURL string) error {
	conn, err := pgx.Connect(ctx, roleURL)
	if err != nil {
		return fmt.Errorf("logging in to the database: %w", err)
	}
	defer conn.Close(ctx)
	free, err := bypassesRowSecurity(ctx, conn, conn.Config().User)
	if err != nil {
		return err
	}
	if free {
		return fmt.Errorf("the login %s is not bound by row security: run ALTER ROLE %[2]s NOSUPERUSER NOBYPASSRLS", conn.Config().User, quote(conn.Config().User))
	}
	return nil
}

func bypassesRowSecurity(ctx context.Context, conn *pgx.Conn, role string) (bool, error) {
	var free bool
	err := conn.QueryRow(ctx, `SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1`, role).Scan(&free)
	if err != nil {
		return false, fmt.Errorf("reading the rights of %s: %w", role, err)
	}
	return free, nil
}

// ensureLogin creates the role or, when it exists, gives it the password. The statement cannot take arguments, so the
// server itself quotes them.
func ensureLogin(ctx context.Context, conn *pgx.Conn, role, password, attributes string) error {
	var statement string
	err := conn.QueryRow(ctx, `
		SELECT format(
			CASE WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1::text)
				THEN 'ALTER ROLE %I LOGIN PASSWORD %L ' ELSE 'CREATE ROLE %I LOGIN PASSWORD %L ' END || $3::text, $1, $2::text)`,
		role, password, attributes).Scan(&statement)
	if err == nil {
		_, err = conn.Exec(ctx, statement)
	}
	if err != nil {
		return fmt.Errorf("making the login %s: %w", role, err)
	}
	return nil
}

// givenDatabase reads the URLs of the environment. A DATABASE_URL alone is taken for the owner's; ok is false when
// there is none.
func givenDatabase(env map[string]string) (urls databaseURLs, ok bool, err error) {
	urls = databaseURLs{app: env["DATABASE_URL"], admin: env["DATABASE_ADMIN_URL"], jobs: env["DATABASE_JOBS_URL"]}
	if urls == (databaseURLs{}) {
		return urls, false, nil
	}
	if urls.admin == "" && urls.jobs == "" {
		urls.admin, urls.app = urls.app, ""
	}
	if urls.admin == "" {
		return urls, false, errors.New("set DATABASE_ADMIN_URL too: the owner's login is needed to migrate")
	}
	return urls, true, nil
}

// withLogin answers the URL with another login and, unless database is empty, another database.
func withLogin(base, role, password, database string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" {
		return "", errors.New("the database must be given as a URL: postgres://user:password@host:port/name")
	}
	u.User = url.UserPassword(role, password)
	if database != "" {
		u.Path = "/" + database
	}
	return u.String(), nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
