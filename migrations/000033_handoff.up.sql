-- One-time codes of the clinic switcher: 30 seconds, bound to the device, the clinic and the app that may redeem them. System class.
CREATE TABLE handoff_codes (
    code_hash       bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    session_id      uuid NOT NULL REFERENCES login_sessions (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    app             text NOT NULL CHECK (app IN ('clinic', 'portal')),
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX handoff_codes_expiry ON handoff_codes (expires_at);
ALTER TABLE handoff_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE handoff_codes FORCE ROW LEVEL SECURITY;

-- signin_handoff_make answers false when the context's person does not belong to the clinic in that app.
CREATE FUNCTION signin_handoff_make(p_code_hash bytea, p_session uuid, p_org uuid, p_app text, p_expires timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    INSERT INTO handoff_codes (code_hash, session_id, organization_id, app, expires_at)
    SELECT p_code_hash, s.id, o.id, p_app, p_expires
      FROM login_sessions s
      JOIN organizations o ON o.id = p_org AND o.status = 'active'
     WHERE s.id = p_session AND s.user_id = current_app_user_id() AND s.revoked_at IS NULL
       AND EXISTS (SELECT 1 FROM user_organizations m WHERE m.user_id = s.user_id AND m.organization_id = o.id AND m.status = 'active'
                     AND (m.role = 'patient') = (p_app = 'portal'));
    RETURN FOUND;
END $$;

-- signin_handoff_redeem gives the device one more chain of refresh tokens, for the host that redeems.
CREATE FUNCTION signin_handoff_redeem(p_code_hash bytea, p_org uuid, p_app text, p_token_hash bytea, p_now timestamptz, p_expires timestamptz,
    OUT user_id uuid, OUT session_id uuid, OUT amr text[])
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_session uuid;
BEGIN
    UPDATE handoff_codes h SET used_at = p_now
     WHERE h.code_hash = p_code_hash AND h.organization_id = p_org AND h.app = p_app AND h.used_at IS NULL AND h.expires_at > p_now
    RETURNING h.session_id INTO v_session;
    SELECT s.user_id, s.id, s.amr INTO user_id, session_id, amr
      FROM login_sessions s JOIN users u ON u.id = s.user_id AND u.blocked_at IS NULL AND u.deleted_at IS NULL
     WHERE s.id = v_session AND s.revoked_at IS NULL FOR UPDATE OF s;
    IF session_id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO refresh_tokens (token_hash, session_id, issued_at, expires_at) VALUES (p_token_hash, session_id, p_now, p_expires);
    UPDATE login_sessions s SET last_used_at = p_now, expires_at = GREATEST(s.expires_at, p_expires) WHERE s.id = v_session;
END $$;
GRANT EXECUTE ON FUNCTION signin_handoff_make(bytea, uuid, uuid, text, timestamptz),
    signin_handoff_redeem(bytea, uuid, text, bytea, timestamptz, timestamptz) TO restartix_app;
