-- Devices that are signed in, and the refresh tokens of each: a token is used once and replaced; a second use ends the
-- whole device. A device may hold several chains of tokens, one for each host that it was handed over to.
CREATE TABLE login_sessions (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users (id),
    app            text CHECK (app IN ('clinic', 'portal', 'console')),
    amr            text[] NOT NULL,
    agent          text NOT NULL CHECK (length(agent) <= 60),
    ip             text CHECK (length(ip) <= 60),
    created_at     timestamptz NOT NULL,
    last_used_at   timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoked_reason text CHECK (revoked_reason IN ('signed_out', 'signed_out_elsewhere', 'refresh_reuse', 'password_changed', 'blocked')),
    CONSTRAINT login_sessions_revoked CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);
CREATE INDEX login_sessions_user ON login_sessions (user_id, last_used_at DESC);
ALTER TABLE login_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_sessions FORCE ROW LEVEL SECURITY;
GRANT SELECT (id, user_id, app, agent, ip, created_at, last_used_at, expires_at, revoked_at) ON login_sessions TO restartix_app;
CREATE POLICY login_sessions_own ON login_sessions FOR SELECT TO restartix_app
    USING (user_id = (SELECT current_app_user_id()) AND (SELECT current_app_org_id()) IS NULL);

-- System class: functions only.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES login_sessions (id) ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;

-- login_session_active is asked with every request, so that a device that was signed out is refused at the next one.
CREATE FUNCTION login_session_active(p_session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM login_sessions s WHERE s.id = p_session AND s.revoked_at IS NULL) $$;

-- signin_session_start opens a device for a person whose proof the caller has checked. The identity row ties the issuer's
-- subject to the person; it is repeated here so that a changed issuer name heals at the next sign-in. new_device tells
-- that the person was signed in before, but never with this kind of device.
CREATE FUNCTION signin_session_start(p_session uuid, p_user uuid, p_identity uuid, p_issuer text, p_app text, p_amr text[],
    p_agent text, p_ip text, p_token_hash bytea, p_now timestamptz, p_expires timestamptz, OUT new_device boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    new_device := EXISTS (SELECT 1 FROM login_sessions s WHERE s.user_id = p_user)
        AND NOT EXISTS (SELECT 1 FROM login_sessions s WHERE s.user_id = p_user AND s.agent = p_agent);
    INSERT INTO user_identities (id, user_id, issuer, subject, amr, last_login_at)
    VALUES (p_identity, p_user, p_issuer, p_user::text, p_amr, p_now)
    ON CONFLICT ON CONSTRAINT user_identities_issuer_subject_key DO UPDATE SET amr = EXCLUDED.amr, last_login_at = EXCLUDED.last_login_at;
    INSERT INTO login_sessions (id, user_id, app, amr, agent, ip, created_at, last_used_at, expires_at)
    VALUES (p_session, p_user, p_app, p_amr, p_agent, p_ip, p_now, p_now, p_expires);
    INSERT INTO refresh_tokens (token_hash, session_id, issued_at, expires_at) VALUES (p_token_hash, p_session, p_now, p_expires);
END $$;

-- signin_refresh replaces a token by the next. state: ok, refused, blocked, or reused, which has ended the device. The device's
-- row is locked first, so of two uses at once the second sees the first.
CREATE FUNCTION signin_refresh(p_token_hash bytea, p_next_hash bytea, p_ip text, p_now timestamptz, p_expires timestamptz,
    OUT state text, OUT user_id uuid, OUT session_id uuid, OUT amr text[])
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_session login_sessions;
    v_token   refresh_tokens;
BEGIN
    state := 'refused';
    SELECT s.* INTO v_session FROM refresh_tokens t JOIN login_sessions s ON s.id = t.session_id
     WHERE t.token_hash = p_token_hash FOR UPDATE OF s;
    IF v_session.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO v_token FROM refresh_tokens t WHERE t.token_hash = p_token_hash;
    user_id := v_session.user_id;
    session_id := v_session.id;
    amr := v_session.amr;
    IF v_token.used_at IS NOT NULL THEN
        state := 'reused';
        UPDATE login_sessions s SET revoked_at = p_now, revoked_reason = 'refresh_reuse' WHERE s.id = v_session.id AND s.revoked_at IS NULL;
    ELSIF v_session.revoked_at IS NOT NULL OR v_token.expires_at <= p_now THEN
        state := 'refused';
    ELSIF EXISTS (SELECT 1 FROM users u WHERE u.id = v_session.user_id AND (u.blocked_at IS NOT NULL OR u.deleted_at IS NOT NULL)) THEN
        state := 'blocked';
    ELSE
        state := 'ok';
        UPDATE refresh_tokens t SET used_at = p_now WHERE t.token_hash = p_token_hash;
        INSERT INTO refresh_tokens (token_hash, session_id, issued_at, expires_at) VALUES (p_next_hash, v_session.id, p_now, p_expires);
        UPDATE login_sessions s SET last_used_at = p_now, ip = p_ip, expires_at = p_expires WHERE s.id = v_session.id;
    END IF;
END $$;

-- signin_sign_out ends the device of a refresh token, used or not, and answers it; NULL when there is none to end.
CREATE FUNCTION signin_sign_out(p_token_hash bytea, p_now timestamptz, OUT user_id uuid, OUT session_id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    UPDATE login_sessions s SET revoked_at = p_now, revoked_reason = 'signed_out'
      FROM refresh_tokens t WHERE t.token_hash = p_token_hash AND s.id = t.session_id AND s.revoked_at IS NULL
    RETURNING s.user_id, s.id
    $$;

-- signin_my_sessions_end ends devices of the context's person: one (p_session), or all but p_keep (NULL keeps none).
CREATE FUNCTION signin_my_sessions_end(p_session uuid, p_keep uuid, p_reason text, p_now timestamptz) RETURNS SETOF uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    UPDATE login_sessions s SET revoked_at = p_now, revoked_reason = p_reason
     WHERE s.user_id = current_app_user_id() AND s.revoked_at IS NULL
       AND (p_session IS NULL OR s.id = p_session) AND (p_keep IS NULL OR s.id <> p_keep)
    RETURNING s.id
    $$;

-- signin_sessions_end ends all devices of one person. Internal and for the owner: no grant.
CREATE FUNCTION signin_sessions_end(p_user uuid, p_reason text, p_now timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ UPDATE login_sessions s SET revoked_at = p_now, revoked_reason = p_reason WHERE s.user_id = p_user AND s.revoked_at IS NULL $$;

GRANT EXECUTE ON FUNCTION login_session_active(uuid),
    signin_session_start(uuid, uuid, uuid, text, text, text[], text, text, bytea, timestamptz, timestamptz),
    signin_refresh(bytea, bytea, text, timestamptz, timestamptz), signin_sign_out(bytea, timestamptz),
    signin_my_sessions_end(uuid, uuid, text, timestamptz) TO restartix_app;
