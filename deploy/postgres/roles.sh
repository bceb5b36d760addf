#!/bin/sh
# The database and the three logins of the platform, for a server of which we hold the superuser. Every step can be
# repeated. The owner migrates and passes row security; the other two own nothing and are bound by it.
# Needs: POSTGRES_USER (superuser), OWNER_PASSWORD, APP_PASSWORD, JOBS_PASSWORD.
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}" "${JOBS_PASSWORD:?}"

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" --set jobs_password="$JOBS_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE restartix' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restartix') \gexec
SELECT 'CREATE ROLE restartix_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restartix_app') \gexec
SELECT 'CREATE ROLE restartix_jobs' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restartix_jobs') \gexec
ALTER ROLE restartix LOGIN NOSUPERUSER BYPASSRLS CREATEROLE PASSWORD :'owner_password';
ALTER ROLE restartix_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'app_password';
ALTER ROLE restartix_jobs LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD :'jobs_password';
GRANT restartix_app, restartix_jobs TO restartix WITH ADMIN OPTION;
SELECT 'CREATE DATABASE restartix OWNER restartix' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'restartix') \gexec
SQL
