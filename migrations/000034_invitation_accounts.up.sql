-- Accounts of the built-in issuer come from an invitation or from the operator. The link of an invitation came by mail, so
-- following it proves the address.

-- signin_invitation is what the page behind the link may know; no row when the link is expired, used, revoked or foreign.
CREATE FUNCTION signin_invitation(p_token_hash bytea, p_now timestamptz)
    RETURNS TABLE (email text, role text, organization_id uuid, organization_name text, organization_slug text, expires_at timestamptz,
        account_exists boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT i.email::text, i.role, o.id, o.name, o.slug::text, i.expires_at,
           EXISTS (SELECT 1 FROM users u WHERE u.email = i.email AND same_mailbox(u.email::text, i.email::text)
               AND (EXISTS (SELECT 1 FROM user_passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM webauthn_credentials w WHERE w.user_id = u.id)))
      FROM staff_invitations i JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
     WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now
    $$;

-- signin_account_make makes or finds the person of an address and ties the issuer's subject to it. NULL when the address is only
-- a look-alike of somebody's (same_mailbox), or belongs to an account that somebody can sign in to without ever having proven it:
-- whoever registered somebody else's address first must not receive that person's memberships. Internal and for the owner: no grant.
CREATE FUNCTION signin_account_make(p_user uuid, p_identity uuid, p_issuer text, p_email text, p_name text, p_locale text, p_now timestamptz) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_known users%ROWTYPE;
BEGIN
    INSERT INTO users (id, email, email_verified_at, name, locale) VALUES (p_user, p_email, p_now, COALESCE(p_name, ''), p_locale)
    ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING;
    SELECT * INTO v_known FROM users u WHERE u.email = p_email::citext FOR UPDATE;
    IF v_known.deleted_at IS NOT NULL OR NOT same_mailbox(v_known.email::text, p_email)
        OR v_known.email_verified_at IS NULL AND EXISTS (SELECT 1 FROM user_identities i WHERE i.user_id = v_known.id) THEN
        RETURN NULL;
    END IF;
    UPDATE users u SET email_verified_at = p_now WHERE u.id = v_known.id AND u.email_verified_at IS NULL;
    INSERT INTO user_identities (id, user_id, issuer, subject) VALUES (p_identity, v_known.id, p_issuer, v_known.id::text)
    ON CONFLICT ON CONSTRAINT user_identities_issuer_subject_key DO NOTHING;
    RETURN v_known.id;
END $$;

-- signin_invitation_accept turns the link into a membership. Somebody without any credential gets the password and may be
-- signed in (fresh); somebody who has one keeps it, becomes a member and signs in as always.
CREATE FUNCTION signin_invitation_accept(p_token_hash bytea, p_user uuid, p_identity uuid, p_issuer text, p_name text, p_locale text,
    p_password_hash text, p_now timestamptz, OUT user_id uuid, OUT fresh boolean, OUT blocked boolean, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_email text;
BEGIN
    SELECT i.email INTO v_email FROM staff_invitations i JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
     WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now FOR UPDATE OF i;
    IF v_email IS NULL THEN
        RETURN;
    END IF;
    user_id := signin_account_make(p_user, p_identity, p_issuer, v_email, p_name, p_locale, p_now);
    IF user_id IS NULL THEN
        RETURN;
    END IF;
    blocked := EXISTS (SELECT 1 FROM users u WHERE u.id = signin_invitation_accept.user_id AND u.blocked_at IS NOT NULL);
    fresh := NOT EXISTS (SELECT 1 FROM user_passwords p WHERE p.user_id = signin_invitation_accept.user_id)
        AND NOT EXISTS (SELECT 1 FROM webauthn_credentials w WHERE w.user_id = signin_invitation_accept.user_id)
        AND NOT EXISTS (SELECT 1 FROM totp_secrets t WHERE t.user_id = signin_invitation_accept.user_id AND t.confirmed_at IS NOT NULL);
    IF fresh AND NOT blocked THEN
        IF p_password_hash IS NULL THEN
            RAISE EXCEPTION 'a new account needs a password' USING ERRCODE = 'RX002';
        END IF;
        PERFORM signin_password_write(user_id, p_password_hash, NULL, p_now);
        UPDATE users u SET name = CASE WHEN u.name = '' THEN COALESCE(p_name, '') ELSE u.name END, locale = COALESCE(p_locale, u.locale)
         WHERE u.id = signin_invitation_accept.user_id;
    END IF;
    IF NOT blocked THEN
        joined := invitations_accept(user_id);
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION signin_invitation(bytea, timestamptz),
    signin_invitation_accept(bytea, uuid, uuid, text, text, text, text, timestamptz) TO restartix_app;
