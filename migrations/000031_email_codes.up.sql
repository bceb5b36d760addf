-- Secrets that travel by mail: a sign-in code (6 digits, 10 minutes, 5 tries), a link that resets the password, a link that
-- proves the address. The row is made by the request without any secret; the job that sends the mail makes the secret and
-- stores its keyed hash, so no secret waits in the queue. An unknown address gets a row too, without a person, so that the
-- request costs the same. System class.
CREATE TABLE email_codes (
    id              uuid PRIMARY KEY,
    user_id         uuid REFERENCES users (id),
    purpose         text NOT NULL CHECK (purpose IN ('sign_in', 'reset', 'verify')),
    app             text CHECK (app IN ('clinic', 'portal', 'console')),
    organization_id uuid REFERENCES organizations (id),
    code_hash       bytea CHECK (length(code_hash) = 32),
    tries           integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE UNIQUE INDEX email_codes_hash ON email_codes (code_hash) WHERE code_hash IS NOT NULL AND purpose <> 'sign_in';
CREATE INDEX email_codes_user ON email_codes (user_id, purpose, created_at DESC);
CREATE INDEX email_codes_expiry ON email_codes (expires_at);
ALTER TABLE email_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_codes FORCE ROW LEVEL SECURITY;

-- signin_code_request: the clinic is kept only when the person belongs to it; it decides the host of the link in the mail.
CREATE FUNCTION signin_code_request(p_id uuid, p_email text, p_purpose text, p_app text, p_org uuid, p_now timestamptz, p_expires timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_user uuid;
    v_org  uuid;
BEGIN
    SELECT u.id, u.current_organization_id INTO v_user, v_org FROM users u
     WHERE u.email = p_email::citext AND u.deleted_at IS NULL AND u.blocked_at IS NULL;
    SELECT COALESCE((SELECT m.organization_id FROM user_organizations m WHERE m.user_id = v_user AND m.organization_id = p_org LIMIT 1), v_org) INTO v_org;
    INSERT INTO email_codes (id, user_id, purpose, app, organization_id, created_at, expires_at)
    VALUES (p_id, v_user, p_purpose, p_app, v_org, p_now, p_expires);
END $$;

-- signin_code_owner: whose secret is about to be made. No row: nobody to send to, used, or too late.
CREATE FUNCTION signin_code_owner(p_id uuid, p_now timestamptz) RETURNS TABLE (user_id uuid, purpose text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT c.user_id, c.purpose FROM email_codes c JOIN users u ON u.id = c.user_id AND u.deleted_at IS NULL AND u.blocked_at IS NULL
     WHERE c.id = p_id AND c.used_at IS NULL AND c.expires_at > p_now
    $$;

-- signin_code_prepare stores the hash of the secret that is about to be sent, ends earlier ones of the same purpose and
-- answers the recipient. No row: nobody to send to, used, or too late.
CREATE FUNCTION signin_code_prepare(p_id uuid, p_code_hash bytea, p_now timestamptz)
    RETURNS TABLE (user_id uuid, email text, name text, locale text, purpose text, app text, organization_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH sent AS (
        UPDATE email_codes c SET code_hash = p_code_hash, tries = 0
         WHERE c.id = p_id AND c.user_id IS NOT NULL AND c.used_at IS NULL AND c.expires_at > p_now
        RETURNING c.user_id, c.purpose, c.app, c.organization_id),
    ended AS (
        UPDATE email_codes c SET used_at = p_now FROM sent s
         WHERE c.user_id = s.user_id AND c.purpose = s.purpose AND c.id <> p_id AND c.used_at IS NULL)
    SELECT s.user_id, u.email::text, u.name, u.locale, s.purpose, s.app, s.organization_id
      FROM sent s JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL AND u.blocked_at IS NULL;
END $$;

-- signin_code_check counts a try at the person's newest sign-in code and spends it when it fits; the address is thereby proven.
CREATE FUNCTION signin_code_check(p_email text, p_code_hash bytea, p_now timestamptz, OUT user_id uuid, OUT totp boolean, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_code email_codes;
BEGIN
    SELECT c.* INTO v_code FROM email_codes c JOIN users u ON u.id = c.user_id
     WHERE u.email = p_email::citext AND u.deleted_at IS NULL AND c.purpose = 'sign_in' AND c.code_hash IS NOT NULL
     ORDER BY c.created_at DESC, c.id DESC LIMIT 1 FOR UPDATE OF c;
    IF v_code.id IS NULL OR v_code.used_at IS NOT NULL OR v_code.expires_at <= p_now OR v_code.tries >= 5 THEN
        RETURN;
    END IF;
    IF v_code.code_hash <> p_code_hash THEN
        UPDATE email_codes c SET tries = c.tries + 1 WHERE c.id = v_code.id;
        RETURN;
    END IF;
    UPDATE email_codes c SET used_at = p_now WHERE c.id = v_code.id;
    user_id := v_code.user_id;
    totp := EXISTS (SELECT 1 FROM totp_secrets t WHERE t.user_id = v_code.user_id AND t.confirmed_at IS NOT NULL);
    UPDATE users u SET email_verified_at = p_now WHERE u.id = v_code.user_id AND u.email_verified_at IS NULL;
    joined := invitations_accept(v_code.user_id);
END $$;

-- signin_password_reset and signin_email_verify spend the link of a mail.
CREATE FUNCTION signin_link_use(p_code_hash bytea, p_purpose text, p_now timestamptz) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    UPDATE email_codes c SET used_at = p_now
      FROM users u WHERE c.code_hash = p_code_hash AND c.purpose = p_purpose AND c.used_at IS NULL AND c.expires_at > p_now
       AND u.id = c.user_id AND u.deleted_at IS NULL AND u.blocked_at IS NULL
    RETURNING c.user_id
    $$;

CREATE FUNCTION signin_password_reset(p_code_hash bytea, p_password_hash text, p_now timestamptz, OUT user_id uuid, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    user_id := signin_link_use(p_code_hash, 'reset', p_now);
    IF user_id IS NULL THEN
        RETURN;
    END IF;
    PERFORM signin_password_write(user_id, p_password_hash, NULL, p_now);
    UPDATE users u SET email_verified_at = p_now WHERE u.id = signin_password_reset.user_id AND u.email_verified_at IS NULL;
    joined := invitations_accept(user_id);
END $$;

CREATE FUNCTION signin_email_verify(p_code_hash bytea, p_now timestamptz, OUT user_id uuid, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    user_id := signin_link_use(p_code_hash, 'verify', p_now);
    IF user_id IS NULL THEN
        RETURN;
    END IF;
    UPDATE users u SET email_verified_at = p_now WHERE u.id = signin_email_verify.user_id AND u.email_verified_at IS NULL;
    joined := invitations_accept(user_id);
END $$;

-- signin_notice_to answers where a security notice goes, always the person's own address, and what device it is about.
CREATE FUNCTION signin_notice_to(p_user uuid, p_session uuid)
    RETURNS TABLE (email text, name text, locale text, agent text, app text, organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.email::text, u.name, u.locale, s.agent, s.app, u.current_organization_id
      FROM users u LEFT JOIN login_sessions s ON s.id = p_session AND s.user_id = u.id
     WHERE u.id = p_user AND u.deleted_at IS NULL
    $$;

GRANT EXECUTE ON FUNCTION signin_code_request(uuid, text, text, text, uuid, timestamptz, timestamptz), signin_code_owner(uuid, timestamptz),
    signin_code_prepare(uuid, bytea, timestamptz), signin_code_check(text, bytea, timestamptz), signin_password_reset(bytea, text, timestamptz), signin_email_verify(bytea, timestamptz),
    signin_notice_to(uuid, uuid) TO restartix_app;
