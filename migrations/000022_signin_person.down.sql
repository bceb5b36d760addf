DROP FUNCTION signin_join(text, text);
DROP FUNCTION signin_impersonated(uuid, uuid, uuid, timestamptz);
DROP FUNCTION signin_principal(text, text, uuid, timestamptz);
DROP FUNCTION invitations_accept(uuid);
DROP FUNCTION user_provision(uuid, uuid, text, text, text, boolean, text, text[]);
DROP FUNCTION same_mailbox(text, text);

-- The functions as 000011 made them.
CREATE FUNCTION signin_principal(p_issuer text, p_subject text, p_org uuid)
    RETURNS TABLE (user_id uuid, email text, email_verified boolean, name text, locale text, platform_role text, blocked boolean,
        current_organization_id uuid, organization_id uuid, organization_status text, mfa_required boolean, roles text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.id, u.email::text, u.email_verified_at IS NOT NULL, u.name, u.locale, u.platform_role, u.blocked_at IS NOT NULL,
           u.current_organization_id, o.id, o.status,
           COALESCE((SELECT s.settings ->> 'mfa_policy' = 'required' FROM organization_settings s WHERE s.organization_id = o.id), false),
           COALESCE((SELECT array_agg(m.role ORDER BY m.role) FROM user_organizations m
                      WHERE m.user_id = u.id AND m.organization_id = o.id AND m.status = 'active'), '{}')
      FROM user_identities i
      JOIN users u ON u.id = i.user_id AND u.deleted_at IS NULL
      LEFT JOIN organizations o ON o.id = COALESCE(p_org, u.current_organization_id)
     WHERE i.issuer = p_issuer AND i.subject = p_subject
    $$;

-- user_provision makes the person of a first valid token, once, however many requests arrive together. A verified e-mail that is
-- known links the new identity; an unverified one is refused with SQLSTATE RX001. Open invitations of a verified e-mail
-- become memberships in the same transaction; their clinics are answered so that the caller writes the audit rows and events.
CREATE FUNCTION user_provision(p_user uuid, p_identity uuid, p_issuer text, p_subject text, p_email text, p_verified boolean, p_name text, p_amr text[],
    OUT user_id uuid, OUT created boolean, OUT linked boolean, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_user uuid;
BEGIN
    created := false;
    linked := false;
    joined := '[]';
    SELECT i.user_id INTO v_user FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject;
    IF v_user IS NULL THEN
        INSERT INTO users (id, email, email_verified_at, name)
        VALUES (p_user, p_email, CASE WHEN p_verified THEN now() END, COALESCE(p_name, ''))
        ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING;
        created := FOUND;
        SELECT u.id INTO v_user FROM users u WHERE u.email = p_email::citext FOR UPDATE;
        IF NOT created AND NOT EXISTS (SELECT 1 FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject) THEN
            IF NOT p_verified THEN
                RAISE EXCEPTION 'e-mail in use' USING ERRCODE = 'RX001';
            END IF;
            linked := true;
        END IF;
        INSERT INTO user_identities (id, user_id, issuer, subject, amr)
        VALUES (p_identity, v_user, p_issuer, p_subject, COALESCE(p_amr, '{}'))
        ON CONFLICT ON CONSTRAINT user_identities_issuer_subject_key DO NOTHING;
        IF NOT FOUND THEN
            SELECT i.user_id INTO v_user FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject;
            linked := false;
        END IF;
    END IF;
    IF p_verified THEN
        UPDATE users SET email_verified_at = COALESCE(users.email_verified_at, now()) WHERE users.id = v_user AND users.email_verified_at IS NULL;
        joined := invitations_accept(v_user);
    END IF;
    user_id := v_user;
END $$;

-- invitations_accept turns the open invitations of a person's verified e-mail into memberships. Internal: no grant.
CREATE FUNCTION invitations_accept(p_user uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    inv    record;
    result jsonb := '[]';
    member uuid;
BEGIN
    FOR inv IN
        SELECT s.id, s.organization_id, s.role FROM staff_invitations s
          JOIN users u ON u.id = p_user AND u.email = s.email AND u.email_verified_at IS NOT NULL
         WHERE s.accepted_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > now()
         ORDER BY s.id FOR UPDATE OF s
    LOOP
        INSERT INTO user_organizations (id, organization_id, user_id, role)
        VALUES (gen_random_uuid(), inv.organization_id, p_user, inv.role)
        ON CONFLICT DO NOTHING RETURNING id INTO member;
        UPDATE staff_invitations SET accepted_at = now() WHERE id = inv.id;
        UPDATE users SET current_organization_id = COALESCE(current_organization_id, inv.organization_id) WHERE id = p_user;
        result := result || jsonb_build_object('organization_id', inv.organization_id, 'invitation_id', inv.id,
            'membership_id', member, 'role', inv.role);
        member := NULL;
    END LOOP;
    RETURN result;
END $$;

GRANT EXECUTE ON FUNCTION signin_principal(text, text, uuid),
    user_provision(uuid, uuid, text, text, text, boolean, text, text[]) TO restartix_app;
