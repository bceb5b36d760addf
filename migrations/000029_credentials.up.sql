-- What people prove themselves with: a password, a code app, recovery codes, passkeys. System class: no grant on any of
-- them; the functions below touch one person's rows. Secrets are hashed, keyed-hashed or sealed before they come here.
CREATE TABLE user_passwords (
    user_id       uuid PRIMARY KEY REFERENCES users (id),
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    changed_at    timestamptz NOT NULL
);
ALTER TABLE user_passwords ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_passwords FORCE ROW LEVEL SECURITY;

-- last_step is the newest 30-second step whose code was accepted: no code is accepted twice, nor an older one after it.
CREATE TABLE totp_secrets (
    user_id          uuid PRIMARY KEY REFERENCES users (id),
    secret_encrypted bytea NOT NULL,
    key_version      integer NOT NULL,
    created_at       timestamptz NOT NULL,
    confirmed_at     timestamptz,
    last_step        bigint
);
ALTER TABLE totp_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp_secrets FORCE ROW LEVEL SECURITY;

CREATE TABLE recovery_codes (
    user_id    uuid NOT NULL REFERENCES users (id),
    code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    CONSTRAINT recovery_codes_key PRIMARY KEY (user_id, code_hash)
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;

-- The record is sealed as a whole: whoever can write to the database still cannot plant a key of his own.
CREATE TABLE webauthn_credentials (
    id               uuid PRIMARY KEY,
    user_id          uuid NOT NULL REFERENCES users (id),
    rp_id            text NOT NULL CHECK (length(rp_id) BETWEEN 1 AND 253),
    credential_id    bytea NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    record_encrypted bytea NOT NULL,
    key_version      integer NOT NULL,
    name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at       timestamptz NOT NULL,
    last_used_at     timestamptz,
    CONSTRAINT webauthn_credentials_key UNIQUE (rp_id, credential_id)
);
CREATE INDEX webauthn_credentials_user ON webauthn_credentials (user_id);
ALTER TABLE webauthn_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE webauthn_credentials FORCE ROW LEVEL SECURITY;

-- signin_account is what a sign-in with an e-mail needs to know about one person.
CREATE FUNCTION signin_account(p_email text)
    RETURNS TABLE (user_id uuid, password_hash text, email_verified boolean, blocked boolean, totp boolean, passkeys integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.id, p.password_hash, u.email_verified_at IS NOT NULL, u.blocked_at IS NOT NULL,
           EXISTS (SELECT 1 FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           (SELECT count(*) FROM webauthn_credentials w WHERE w.user_id = u.id)::integer
      FROM users u LEFT JOIN user_passwords p ON p.user_id = u.id
     WHERE u.email = p_email::citext AND u.deleted_at IS NULL
    $$;

-- signin_my_credentials tells the context's person what is set up; the hash is for the password question of a change.
CREATE FUNCTION signin_my_credentials()
    RETURNS TABLE (email text, name text, password_hash text, secret_encrypted bytea, key_version integer, confirmed boolean,
        last_step bigint, recovery_codes_left integer, passkeys integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.email::text, u.name, p.password_hash, t.secret_encrypted, t.key_version, t.confirmed_at IS NOT NULL, t.last_step,
           (SELECT count(*) FROM recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL)::integer,
           (SELECT count(*) FROM webauthn_credentials w WHERE w.user_id = u.id)::integer
      FROM users u LEFT JOIN user_passwords p ON p.user_id = u.id LEFT JOIN totp_secrets t ON t.user_id = u.id
     WHERE u.id = current_app_user_id()
    $$;

-- signin_password_write stores a password and ends the devices that were signed in with the old one, but for p_keep.
-- Internal: no grant.
CREATE FUNCTION signin_password_write(p_user uuid, p_hash text, p_keep uuid, p_now timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    INSERT INTO user_passwords (user_id, password_hash, changed_at) VALUES (p_user, p_hash, p_now)
    ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash, changed_at = EXCLUDED.changed_at;
    UPDATE login_sessions s SET revoked_at = p_now, revoked_reason = 'password_changed'
     WHERE s.user_id = p_user AND s.revoked_at IS NULL AND (p_keep IS NULL OR s.id <> p_keep)
    $$;

CREATE FUNCTION signin_my_password_change(p_hash text, p_keep uuid, p_now timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ SELECT signin_password_write(current_app_user_id(), p_hash, p_keep, p_now) WHERE current_app_user_id() IS NOT NULL $$;

-- signin_my_totp_begin keeps a secret that is not confirmed yet; it answers false when a confirmed one is there.
CREATE FUNCTION signin_my_totp_begin(p_secret bytea, p_key_version integer, p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    INSERT INTO totp_secrets AS t (user_id, secret_encrypted, key_version, created_at)
    VALUES (current_app_user_id(), p_secret, p_key_version, p_now)
    ON CONFLICT (user_id) DO UPDATE
       SET secret_encrypted = EXCLUDED.secret_encrypted, key_version = EXCLUDED.key_version, created_at = EXCLUDED.created_at
     WHERE t.confirmed_at IS NULL;
    RETURN FOUND;
END $$;

-- signin_my_totp_activate confirms the secret with its first code, replaces the recovery codes and raises the device that
-- did it to the second factor. False when there was nothing to confirm.
CREATE FUNCTION signin_my_totp_activate(p_step bigint, p_codes bytea[], p_session uuid, p_amr text[], p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    me uuid := current_app_user_id();
BEGIN
    UPDATE totp_secrets t SET confirmed_at = p_now, last_step = p_step WHERE t.user_id = me AND t.confirmed_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM recovery_codes r WHERE r.user_id = me;
    INSERT INTO recovery_codes (user_id, code_hash, created_at) SELECT me, c, p_now FROM unnest(p_codes) AS c;
    UPDATE login_sessions s SET amr = ARRAY(SELECT DISTINCT a FROM unnest(s.amr || p_amr) AS a ORDER BY a)
     WHERE s.id = p_session AND s.user_id = me;
    RETURN true;
END $$;

CREATE FUNCTION signin_my_totp_disable() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    me uuid := current_app_user_id();
BEGIN
    DELETE FROM totp_secrets t WHERE t.user_id = me;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM recovery_codes r WHERE r.user_id = me;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION signin_account(text), signin_my_credentials(), signin_my_password_change(text, uuid, timestamptz),
    signin_my_totp_begin(bytea, integer, timestamptz), signin_my_totp_activate(bigint, bytea[], uuid, text[], timestamptz),
    signin_my_totp_disable() TO restartix_app;
