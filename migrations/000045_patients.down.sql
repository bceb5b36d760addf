CREATE OR REPLACE FUNCTION signin_invitation(p_token_hash bytea, p_now timestamptz)
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

CREATE OR REPLACE FUNCTION signin_invitation_accept(p_token_hash bytea, p_user uuid, p_identity uuid, p_issuer text, p_name text, p_locale text,
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

CREATE OR REPLACE FUNCTION invitations_accept(p_user uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    inv    record;
    result jsonb := '[]';
    member uuid;
BEGIN
    FOR inv IN
        SELECT s.id, s.organization_id, s.role FROM staff_invitations s
          JOIN users u ON u.id = p_user AND u.email = s.email AND same_mailbox(u.email::text, s.email::text) AND u.email_verified_at IS NOT NULL
          JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
         WHERE s.accepted_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > now()
         ORDER BY s.organization_id, s.id FOR UPDATE OF s
    LOOP
        member := NULL;
        INSERT INTO user_organizations (id, organization_id, user_id, role)
        VALUES (gen_random_uuid(), inv.organization_id, p_user, inv.role)
        ON CONFLICT DO NOTHING RETURNING id INTO member;
        UPDATE staff_invitations SET accepted_at = now() WHERE id = inv.id;
        UPDATE users SET current_organization_id = COALESCE(current_organization_id, inv.organization_id) WHERE id = p_user;
        result := result || jsonb_build_object('organization_id', inv.organization_id, 'invitation_id', inv.id,
            'membership_id', member, 'role', inv.role);
    END LOOP;
    RETURN result;
END $$;

CREATE OR REPLACE FUNCTION signin_principal(p_issuer text, p_subject text, p_org uuid, p_now timestamptz)
    RETURNS TABLE (user_id uuid, email text, email_verified boolean, platform_role text, blocked boolean, organization_id uuid,
        organization_status text, mfa_required boolean, roles text[], break_glass_id uuid, to_join boolean, seen_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.id, u.email::text, u.email_verified_at IS NOT NULL, u.platform_role, u.blocked_at IS NOT NULL, o.id, o.status,
           COALESCE((SELECT s.settings ->> 'mfa_policy' = 'required' FROM organization_settings s WHERE s.organization_id = o.id), false),
           COALESCE((SELECT array_agg(m.role ORDER BY m.role) FROM user_organizations m
                      WHERE m.user_id = u.id AND m.organization_id = o.id AND m.status = 'active'), '{}'),
           CASE WHEN u.platform_role = 'superadmin' THEN
               (SELECT g.id FROM break_glass_grants g WHERE g.actor_user_id = u.id AND g.organization_id = o.id
                   AND g.ended_at IS NULL AND g.expires_at > p_now ORDER BY g.expires_at DESC, g.id LIMIT 1) END,
           u.email_verified_at IS NOT NULL AND EXISTS (SELECT 1 FROM staff_invitations s
               WHERE s.email = u.email AND same_mailbox(s.email::text, u.email::text)
                 AND s.accepted_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > p_now),
           u.last_activity_at
      FROM user_identities i
      JOIN users u ON u.id = i.user_id AND u.deleted_at IS NULL
      LEFT JOIN organizations o ON o.id = COALESCE(p_org, u.current_organization_id)
     WHERE i.issuer = p_issuer AND i.subject = p_subject
    $$;

DROP FUNCTION patient_invitations_accept(uuid);
DROP FUNCTION signin_patient_invitation(bytea, timestamptz);
DROP TABLE patient_invitations;
DROP TABLE guest_contacts;
DROP FUNCTION patient_make(uuid, text, text, text, bytea, integer, text);
DROP TABLE patient_org_profiles;
DROP TABLE patients;
