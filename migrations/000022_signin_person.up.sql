-- Signing in, second edition: break-glass grants and impersonations are part of who somebody is, and an e-mail address links
-- accounts only when it is the same address. citext compares after folding in the database's locale, where the Kelvin sign
-- equals k: good for refusing twins (users_email_key), dangerous for recognising a person.

-- same_mailbox compares two addresses without regard to the case of ASCII letters and to nothing else.
CREATE FUNCTION same_mailbox(a text, b text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT lower(a COLLATE "C") = lower(b COLLATE "C") $$;
GRANT EXECUTE ON FUNCTION same_mailbox(text, text) TO restartix_app;

DROP FUNCTION signin_principal(text, text, uuid);
-- signin_principal answers who a verified token belongs to and what that person is in one clinic (or none). It is read on
-- every request, so a block, a lost membership, a suspended clinic or an ended grant counts at the next one. p_now is the process
-- clock; app_break_glass_active asks the database's again. to_join tells that an open invitation waits for the person.
CREATE FUNCTION signin_principal(p_issuer text, p_subject text, p_org uuid, p_now timestamptz)
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

-- signin_impersonated answers the patient whom a live impersonation acts as, in the clinic of the impersonation and as a patient
-- only, whatever else that person is. No row: ended, expired, not these two people, an administrator who no longer is one, or a
-- person who no longer is a patient there.
CREATE FUNCTION signin_impersonated(p_impersonation uuid, p_actor uuid, p_target uuid, p_now timestamptz)
    RETURNS TABLE (user_id uuid, email text, blocked boolean, organization_id uuid, organization_status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.id, u.email::text, u.blocked_at IS NOT NULL, o.id, o.status
      FROM impersonations i
      JOIN users u ON u.id = i.target_user_id AND u.deleted_at IS NULL
      JOIN users a ON a.id = i.actor_user_id AND a.deleted_at IS NULL AND a.blocked_at IS NULL
      JOIN organizations o ON o.id = i.organization_id
     WHERE i.id = p_impersonation AND i.actor_user_id = p_actor AND i.target_user_id = p_target
       AND i.ended_at IS NULL AND i.expires_at > p_now
       AND EXISTS (SELECT 1 FROM user_organizations m WHERE m.organization_id = i.organization_id
           AND m.user_id = i.actor_user_id AND m.role = 'admin' AND m.status = 'active')
       AND EXISTS (SELECT 1 FROM user_organizations m WHERE m.organization_id = i.organization_id
           AND m.user_id = i.target_user_id AND m.role = 'patient' AND m.status = 'active')
    $$;

-- user_provision makes the person of a first valid token, once, however many requests arrive together. An identity is tied to
-- an existing account only when the address is verified, byte for byte the account's, and the account's own address was verified
-- too (or nobody can sign in to it): whoever registered somebody else's address first must not receive that person's sign-in.
-- Everything else is refused with SQLSTATE RX001. Open invitations of a verified e-mail become memberships in the
-- same transaction; their clinics are answered so that the caller writes the audit rows and events.
CREATE OR REPLACE FUNCTION user_provision(p_user uuid, p_identity uuid, p_issuer text, p_subject text, p_email text, p_verified boolean, p_name text, p_amr text[],
    OUT user_id uuid, OUT created boolean, OUT linked boolean, OUT joined jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_user  uuid;
    v_known users%ROWTYPE;
BEGIN
    created := false;
    linked := false;
    joined := '[]';
    SELECT i.user_id INTO v_user FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject;
    IF v_user IS NULL THEN
        INSERT INTO users (id, email, email_verified_at, name, last_activity_at)
        VALUES (p_user, p_email, CASE WHEN p_verified THEN now() END, COALESCE(p_name, ''), now())
        ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING;
        created := FOUND;
        SELECT * INTO v_known FROM users u WHERE u.email = p_email::citext FOR UPDATE;
        v_user := v_known.id;
        IF NOT created AND NOT EXISTS (SELECT 1 FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject) THEN
            IF NOT p_verified OR v_known.email::text <> p_email OR v_known.deleted_at IS NOT NULL
                OR v_known.email_verified_at IS NULL AND EXISTS (SELECT 1 FROM user_identities i WHERE i.user_id = v_user) THEN
                RAISE EXCEPTION 'e-mail in use' USING ERRCODE = 'RX001';
            END IF;
            linked := true;
        END IF;
        INSERT INTO user_identities (id, user_id, issuer, subject, amr, last_login_at)
        VALUES (p_identity, v_user, p_issuer, p_subject, COALESCE(p_amr, '{}'), now())
        ON CONFLICT ON CONSTRAINT user_identities_issuer_subject_key DO NOTHING;
        IF NOT FOUND THEN
            linked := false;
            SELECT i.user_id INTO v_user FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject;
        END IF;
    END IF;
    IF p_verified THEN
        UPDATE users SET email_verified_at = now()
         WHERE users.id = v_user AND users.email_verified_at IS NULL AND users.email::text = p_email;
        joined := invitations_accept(v_user);
    END IF;
    user_id := v_user;
END $$;

-- invitations_accept turns the open invitations of a person's verified e-mail into memberships. Internal: no grant.
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

-- signin_join accepts the open invitations of somebody who is known already.
CREATE FUNCTION signin_join(p_issuer text, p_subject text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ SELECT invitations_accept(i.user_id) FROM user_identities i WHERE i.issuer = p_issuer AND i.subject = p_subject $$;

GRANT EXECUTE ON FUNCTION signin_principal(text, text, uuid, timestamptz), signin_impersonated(uuid, uuid, uuid, timestamptz),
    signin_join(text, text) TO restartix_app;
