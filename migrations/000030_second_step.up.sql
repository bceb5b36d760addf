-- The ticket between the first and the second step of a sign-in: five minutes, five tries, one use. System class.
CREATE TABLE mfa_tickets (
    ticket_hash bytea PRIMARY KEY CHECK (length(ticket_hash) = 32),
    user_id     uuid NOT NULL REFERENCES users (id),
    app         text CHECK (app IN ('clinic', 'portal', 'console')),
    amr         text[] NOT NULL,
    tries       integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX mfa_tickets_expiry ON mfa_tickets (expires_at);
ALTER TABLE mfa_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE mfa_tickets FORCE ROW LEVEL SECURITY;

CREATE FUNCTION signin_ticket_make(p_ticket_hash bytea, p_user uuid, p_app text, p_amr text[], p_now timestamptz, p_expires timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ INSERT INTO mfa_tickets (ticket_hash, user_id, app, amr, created_at, expires_at)
          VALUES (p_ticket_hash, p_user, p_app, p_amr, p_now, p_expires) $$;

-- signin_ticket_try counts one try and answers whose second step this is; no row when the ticket is used up.
CREATE FUNCTION signin_ticket_try(p_ticket_hash bytea, p_now timestamptz)
    RETURNS TABLE (user_id uuid, app text, amr text[], blocked boolean, secret_encrypted bytea, key_version integer, last_step bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH tried AS (
        UPDATE mfa_tickets m SET tries = m.tries + 1
         WHERE m.ticket_hash = p_ticket_hash AND m.used_at IS NULL AND m.expires_at > p_now AND m.tries < 5
        RETURNING m.user_id, m.app, m.amr)
    SELECT d.user_id, d.app, d.amr, u.blocked_at IS NOT NULL, t.secret_encrypted, t.key_version, t.last_step
      FROM tried d JOIN users u ON u.id = d.user_id AND u.deleted_at IS NULL
      LEFT JOIN totp_secrets t ON t.user_id = d.user_id AND t.confirmed_at IS NOT NULL;
END $$;

-- signin_ticket_totp spends the ticket and the code's step together; false when either was spent before.
CREATE FUNCTION signin_ticket_totp(p_ticket_hash bytea, p_step bigint, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_user uuid;
BEGIN
    SELECT m.user_id INTO v_user FROM mfa_tickets m WHERE m.ticket_hash = p_ticket_hash AND m.used_at IS NULL FOR UPDATE;
    UPDATE totp_secrets t SET last_step = p_step
     WHERE t.user_id = v_user AND t.confirmed_at IS NOT NULL AND (t.last_step IS NULL OR t.last_step < p_step);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE mfa_tickets m SET used_at = p_now WHERE m.ticket_hash = p_ticket_hash;
    RETURN true;
END $$;

CREATE FUNCTION signin_ticket_recovery(p_ticket_hash bytea, p_code_hash bytea, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_user uuid;
BEGIN
    SELECT m.user_id INTO v_user FROM mfa_tickets m WHERE m.ticket_hash = p_ticket_hash AND m.used_at IS NULL FOR UPDATE;
    UPDATE recovery_codes r SET used_at = p_now WHERE r.user_id = v_user AND r.code_hash = p_code_hash AND r.used_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE mfa_tickets m SET used_at = p_now WHERE m.ticket_hash = p_ticket_hash;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION signin_ticket_make(bytea, uuid, text, text[], timestamptz, timestamptz), signin_ticket_try(bytea, timestamptz),
    signin_ticket_totp(bytea, bigint, timestamptz), signin_ticket_recovery(bytea, bytea, timestamptz) TO restartix_app;
