-- Nothing of a sign-in is kept longer than it is needed: spent and expired secrets go after a day, ended devices after 90.
CREATE FUNCTION signin_sweep(p_now timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    DELETE FROM mfa_tickets WHERE expires_at < p_now - interval '1 day';
    DELETE FROM email_codes WHERE expires_at < p_now - interval '1 day';
    DELETE FROM webauthn_ceremonies WHERE expires_at < p_now - interval '1 day';
    DELETE FROM handoff_codes WHERE expires_at < p_now - interval '1 day';
    DELETE FROM refresh_tokens WHERE expires_at < p_now - interval '1 day';
    DELETE FROM login_sessions WHERE LEAST(expires_at, COALESCE(revoked_at, expires_at)) < p_now - interval '90 days'
    $$;
GRANT EXECUTE ON FUNCTION signin_sweep(timestamptz) TO restartix_app;
