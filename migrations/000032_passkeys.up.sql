-- The state of a passkey ceremony between its two steps: five minutes, one use. System class.
CREATE TABLE webauthn_ceremonies (
    id         uuid PRIMARY KEY,
    user_id    uuid REFERENCES users (id),
    kind       text NOT NULL CHECK (kind IN ('register', 'login')),
    app        text CHECK (app IN ('clinic', 'portal', 'console')),
    rp_id      text NOT NULL CHECK (length(rp_id) BETWEEN 1 AND 253),
    state      jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT webauthn_ceremonies_user CHECK ((kind = 'register') = (user_id IS NOT NULL))
);
CREATE INDEX webauthn_ceremonies_expiry ON webauthn_ceremonies (expires_at);
ALTER TABLE webauthn_ceremonies ENABLE ROW LEVEL SECURITY;
ALTER TABLE webauthn_ceremonies FORCE ROW LEVEL SECURITY;

-- The ceremony of a signed-in person is that person's; one without a person is a sign-in.
CREATE FUNCTION signin_ceremony_begin(p_id uuid, p_app text, p_rp_id text, p_state jsonb, p_now timestamptz, p_expires timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    INSERT INTO webauthn_ceremonies (id, user_id, kind, app, rp_id, state, created_at, expires_at)
    VALUES (p_id, current_app_user_id(), CASE WHEN current_app_user_id() IS NULL THEN 'login' ELSE 'register' END, p_app, p_rp_id, p_state, p_now, p_expires)
    $$;

CREATE FUNCTION signin_ceremony_take(p_id uuid, p_now timestamptz) RETURNS TABLE (app text, rp_id text, state jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH taken AS (
        DELETE FROM webauthn_ceremonies c WHERE c.id = p_id AND c.user_id IS NOT DISTINCT FROM current_app_user_id()
        RETURNING c.app, c.rp_id, c.state, c.expires_at)
    SELECT t.app, t.rp_id, t.state FROM taken t WHERE t.expires_at > p_now;
END $$;

CREATE FUNCTION signin_passkey(p_rp_id text, p_credential_id bytea)
    RETURNS TABLE (id uuid, user_id uuid, blocked boolean, record_encrypted bytea, key_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT w.id, w.user_id, u.blocked_at IS NOT NULL, w.record_encrypted, w.key_version
      FROM webauthn_credentials w JOIN users u ON u.id = w.user_id AND u.deleted_at IS NULL
     WHERE w.rp_id = p_rp_id AND w.credential_id = p_credential_id
    $$;

-- signin_passkey_used writes the record back: its counter is what shows a copied authenticator.
CREATE FUNCTION signin_passkey_used(p_id uuid, p_record bytea, p_key_version integer, p_now timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ UPDATE webauthn_credentials w SET record_encrypted = p_record, key_version = p_key_version, last_used_at = p_now WHERE w.id = p_id $$;

CREATE FUNCTION signin_my_passkeys() RETURNS TABLE (id uuid, rp_id text, name text, created_at timestamptz, last_used_at timestamptz,
        credential_id bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT w.id, w.rp_id, w.name, w.created_at, w.last_used_at, w.credential_id
      FROM webauthn_credentials w WHERE w.user_id = current_app_user_id() ORDER BY w.created_at, w.id
    $$;

-- signin_my_passkey_add also raises the device that registered the passkey; at most 20 per person. False when full or known.
CREATE FUNCTION signin_my_passkey_add(p_id uuid, p_rp_id text, p_credential_id bytea, p_record bytea, p_key_version integer, p_name text,
    p_session uuid, p_amr text[], p_now timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    me uuid := current_app_user_id();
BEGIN
    IF (SELECT count(*) FROM webauthn_credentials w WHERE w.user_id = me) >= 20 THEN
        RETURN false;
    END IF;
    INSERT INTO webauthn_credentials (id, user_id, rp_id, credential_id, record_encrypted, key_version, name, created_at)
    VALUES (p_id, me, p_rp_id, p_credential_id, p_record, p_key_version, p_name, p_now) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE login_sessions s SET amr = ARRAY(SELECT DISTINCT a FROM unnest(s.amr || p_amr) AS a ORDER BY a)
     WHERE s.id = p_session AND s.user_id = me;
    RETURN true;
END $$;

CREATE FUNCTION signin_my_passkey_remove(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    DELETE FROM webauthn_credentials w WHERE w.id = p_id AND w.user_id = current_app_user_id();
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION signin_ceremony_begin(uuid, text, text, jsonb, timestamptz, timestamptz), signin_ceremony_take(uuid, timestamptz),
    signin_passkey(text, bytea), signin_passkey_used(uuid, bytea, integer, timestamptz), signin_my_passkeys(),
    signin_my_passkey_add(uuid, text, bytea, bytea, integer, text, uuid, text[], timestamptz), signin_my_passkey_remove(uuid) TO restartix_app;
