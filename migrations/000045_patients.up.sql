-- Who receives care. A person is portable and belongs to nobody's clinic (patients); what one clinic entered about the person stays with
-- that clinic (patient_org_profiles), and every other row of a clinic points at the profile. A visitor who books is a guest: only the
-- clinic's staff makes a patient of a guest. Phone numbers are sealed; a keyed index per clinic finds them.
CREATE TABLE patients (
    id                uuid PRIMARY KEY,
    user_id           uuid REFERENCES users (id),
    first_name        text NOT NULL CHECK (length(first_name) BETWEEN 1 AND 100),
    last_name         text NOT NULL CHECK (length(last_name) BETWEEN 1 AND 100),
    date_of_birth     date,
    sex               text NOT NULL DEFAULT 'unknown' CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    phone_encrypted   bytea,
    phone_key_version integer,
    email             citext CHECK (length(email::text) <= 254),
    locale            text NOT NULL DEFAULT 'ro' CHECK (locale IN ('ro', 'en')),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT patients_user_id_key UNIQUE (user_id),
    CONSTRAINT patients_phone_check CHECK ((phone_encrypted IS NULL) = (phone_key_version IS NULL))
);
CREATE TRIGGER patients_touch BEFORE UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE patients FORCE ROW LEVEL SECURITY;
GRANT SELECT ON patients TO restartix_app;
-- The person alone. Staff reads through patient_profiles(), which withholds what was not shared.
CREATE POLICY patients_own ON patients FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND user_id = (SELECT current_app_user_id()));

CREATE TABLE patient_org_profiles (
    id                        uuid PRIMARY KEY,
    organization_id           uuid NOT NULL REFERENCES organizations (id),
    patient_id                uuid NOT NULL REFERENCES patients (id),
    display_first_name        text CHECK (length(display_first_name) BETWEEN 1 AND 100),
    display_last_name         text CHECK (length(display_last_name) BETWEEN 1 AND 100),
    name_key                  text NOT NULL CHECK (length(name_key) <= 250),
    contact_email             citext CHECK (length(contact_email::text) <= 254),
    contact_phone_encrypted   bytea,
    contact_phone_key_version integer,
    contact_phone_bidx        bytea CHECK (length(contact_phone_bidx) = 32),
    birth_date                date,
    sex                       text NOT NULL DEFAULT 'unknown' CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    file_number               text NOT NULL CHECK (length(file_number) BETWEEN 1 AND 40),
    source                    text NOT NULL CHECK (source IN ('public_booking', 'staff', 'self_signup', 'import')),
    account_state             text NOT NULL DEFAULT 'none' CHECK (account_state IN ('none', 'invited', 'active')),
    profile_shared            boolean NOT NULL DEFAULT false,
    status                    text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    deleted_at                timestamptz,
    created_at                timestamptz NOT NULL DEFAULT now(),
    updated_at                timestamptz NOT NULL DEFAULT now(),
    row_version               bigint NOT NULL DEFAULT 1,
    CONSTRAINT patient_org_profiles_patient_key UNIQUE (organization_id, patient_id),
    CONSTRAINT patient_org_profiles_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT patient_org_profiles_file_number_key UNIQUE (organization_id, file_number),
    CONSTRAINT patient_org_profiles_phone_check CHECK ((contact_phone_encrypted IS NULL) = (contact_phone_key_version IS NULL)
        AND (contact_phone_encrypted IS NULL) = (contact_phone_bidx IS NULL))
);
CREATE INDEX patient_org_profiles_phone ON patient_org_profiles (organization_id, contact_phone_bidx);
CREATE INDEX patient_org_profiles_name ON patient_org_profiles (organization_id, name_key, id);
CREATE INDEX patient_org_profiles_created ON patient_org_profiles (organization_id, created_at DESC, id);
CREATE INDEX patient_org_profiles_patient ON patient_org_profiles (patient_id);
CREATE TRIGGER patient_org_profiles_touch BEFORE UPDATE ON patient_org_profiles FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE patient_org_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_org_profiles FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (account_state) ON patient_org_profiles TO restartix_app;
CREATE POLICY patient_org_profiles_staff ON patient_org_profiles FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_org_profiles_own ON patient_org_profiles FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));
CREATE POLICY patient_org_profiles_system ON patient_org_profiles FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_org_profiles_break_glass ON patient_org_profiles FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- patient_make adds the portable half of a patient whom the clinic's staff enters. Staff has no policy on patients: it writes the row here
-- and reads it through patient_profiles().
CREATE FUNCTION patient_make(p_id uuid, p_first_name text, p_last_name text, p_email text, p_phone bytea, p_key_version integer, p_locale text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF current_app_org_id() IS NULL OR current_app_role() IS NULL OR current_app_role() NOT IN ('customer_support', 'admin') THEN
        RAISE EXCEPTION 'the staff of a clinic adds patients' USING ERRCODE = '42501';
    END IF;
    INSERT INTO patients (id, first_name, last_name, email, phone_encrypted, phone_key_version, locale)
    VALUES (p_id, p_first_name, p_last_name, p_email, p_phone, p_key_version, p_locale);
END $$;
GRANT EXECUTE ON FUNCTION patient_make(uuid, text, text, text, bytea, integer, text) TO restartix_app;

CREATE TABLE guest_contacts (
    id                   uuid PRIMARY KEY,
    organization_id      uuid NOT NULL REFERENCES organizations (id),
    first_name           text NOT NULL CHECK (length(first_name) BETWEEN 1 AND 100),
    last_name            text NOT NULL CHECK (length(last_name) BETWEEN 1 AND 100),
    name_key             text NOT NULL CHECK (length(name_key) <= 250),
    phone_encrypted      bytea NOT NULL,
    phone_key_version    integer NOT NULL,
    phone_bidx           bytea NOT NULL CHECK (length(phone_bidx) = 32),
    email                citext CHECK (length(email::text) <= 254),
    locale               text NOT NULL DEFAULT 'ro' CHECK (locale IN ('ro', 'en')),
    -- The same phone number under another name: somebody books for somebody else, or mistyped.
    possible_duplicate   boolean NOT NULL DEFAULT false,
    converted_patient_id uuid,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    row_version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT guest_contacts_person_key UNIQUE (organization_id, phone_bidx, name_key),
    CONSTRAINT guest_contacts_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT guest_contacts_patient_fkey FOREIGN KEY (organization_id, converted_patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE
);
CREATE TRIGGER guest_contacts_touch BEFORE UPDATE ON guest_contacts FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE guest_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE guest_contacts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (converted_patient_id) ON guest_contacts TO restartix_app;
CREATE POLICY guest_contacts_staff_read ON guest_contacts FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY guest_contacts_staff_convert ON guest_contacts FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY guest_contacts_system_read ON guest_contacts FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY guest_contacts_system_make ON guest_contacts FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));

CREATE TABLE patient_invitations (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    patient_id      uuid NOT NULL,
    email           citext NOT NULL CHECK (length(email::text) <= 254),
    locale          text NOT NULL DEFAULT 'ro' CHECK (locale IN ('ro', 'en')),
    invited_by      uuid REFERENCES users (id),
    token_hash      bytea NOT NULL CHECK (length(token_hash) = 32),
    expires_at      timestamptz NOT NULL,
    accepted_at     timestamptz,
    revoked_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT patient_invitations_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT patient_invitations_patient_fkey FOREIGN KEY (organization_id, patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX patient_invitations_one_open ON patient_invitations (organization_id, patient_id)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX patient_invitations_email ON patient_invitations (email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX patient_invitations_token ON patient_invitations (token_hash);
CREATE TRIGGER patient_invitations_touch BEFORE UPDATE ON patient_invitations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE patient_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_invitations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (token_hash, revoked_at) ON patient_invitations TO restartix_app;
CREATE POLICY patient_invitations_staff ON patient_invitations FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_invitations_system ON patient_invitations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_invitations_system_token ON patient_invitations FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));

-- signin_patient_invitation is what the page behind a patient's link may know, also when the link is spent.
CREATE FUNCTION signin_patient_invitation(p_token_hash bytea, p_now timestamptz)
    RETURNS TABLE (email text, organization_id uuid, organization_name text, organization_slug text, expires_at timestamptz, state text, account_exists boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT i.email::text, o.id, o.name, o.slug::text, i.expires_at,
           CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL OR i.expires_at <= p_now THEN 'expired' ELSE 'open' END,
           EXISTS (SELECT 1 FROM users u WHERE u.email = i.email AND same_mailbox(u.email::text, i.email::text)
               AND (EXISTS (SELECT 1 FROM user_passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM webauthn_credentials w WHERE w.user_id = u.id)))
      FROM patient_invitations i JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
     WHERE i.token_hash = p_token_hash
    $$;
GRANT EXECUTE ON FUNCTION signin_patient_invitation(bytea, timestamptz) TO restartix_app;

-- patient_invitations_accept ties the patients whom clinics invited at a person's verified address to that person. A person is one
-- patient everywhere: whoever is a patient of another clinic already keeps that row, and this clinic's profile moves to it with everything
-- that points at the profile. Somebody who is a patient of this very clinic under another row is not merged in silence: the invitation
-- ends and the staff gets a task. Internal: no grant.
CREATE FUNCTION patient_invitations_accept(p_user uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    inv     record;
    result  jsonb := '[]';
    v_own   uuid;
    v_owner uuid;
    member  uuid;
BEGIN
    FOR inv IN
        SELECT i.id, i.organization_id, i.patient_id FROM patient_invitations i
          JOIN users u ON u.id = p_user AND u.email = i.email AND same_mailbox(u.email::text, i.email::text) AND u.email_verified_at IS NOT NULL
          JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
         WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
         ORDER BY i.organization_id, i.id FOR UPDATE OF i
    LOOP
        SELECT p.id INTO v_own FROM patients p WHERE p.user_id = p_user;
        SELECT p.user_id INTO v_owner FROM patients p WHERE p.id = inv.patient_id FOR UPDATE;
        IF v_owner IS NOT NULL AND v_owner <> p_user OR v_own <> inv.patient_id AND EXISTS (
            SELECT 1 FROM patient_org_profiles x WHERE x.organization_id = inv.organization_id AND x.patient_id = v_own) THEN
            UPDATE patient_invitations SET revoked_at = now() WHERE id = inv.id;
            UPDATE patient_org_profiles SET account_state = CASE WHEN v_owner IS NULL THEN 'none' ELSE 'active' END
             WHERE organization_id = inv.organization_id AND patient_id = inv.patient_id;
            INSERT INTO tasks (id, organization_id, kind, subject_type, subject_id, title_key)
            VALUES (gen_random_uuid(), inv.organization_id, 'merge_patients', 'patient', inv.patient_id, 'task.merge_patients')
            ON CONFLICT DO NOTHING;
            CONTINUE;
        END IF;
        IF v_own IS NULL THEN
            UPDATE patients SET user_id = p_user WHERE id = inv.patient_id;
        ELSIF v_own <> inv.patient_id THEN
            UPDATE patient_org_profiles SET patient_id = v_own
             WHERE organization_id = inv.organization_id AND patient_id = inv.patient_id;
            DELETE FROM patients p WHERE p.id = inv.patient_id AND NOT EXISTS (SELECT 1 FROM patient_org_profiles x WHERE x.patient_id = p.id);
        END IF;
        v_own := COALESCE(v_own, inv.patient_id);
        UPDATE patient_org_profiles SET account_state = 'active' WHERE organization_id = inv.organization_id AND patient_id = v_own;
        UPDATE patient_invitations SET accepted_at = now() WHERE id = inv.id;
        member := NULL;
        INSERT INTO user_organizations (id, organization_id, user_id, role)
        VALUES (gen_random_uuid(), inv.organization_id, p_user, 'patient')
        ON CONFLICT DO NOTHING RETURNING id INTO member;
        UPDATE users SET current_organization_id = COALESCE(current_organization_id, inv.organization_id) WHERE id = p_user;
        result := result || jsonb_build_object('organization_id', inv.organization_id, 'invitation_id', inv.id,
            'membership_id', member, 'role', 'patient', 'patient_id', v_own, 'previous_patient_id', inv.patient_id);
    END LOOP;
    RETURN result;
END $$;

-- The road of an invited colleague is the road of an invited patient: the same page, the same acceptance, the same joining at the
-- first login. The four functions below differ from their earlier form by patient_invitations alone.
CREATE OR REPLACE FUNCTION signin_invitation(p_token_hash bytea, p_now timestamptz)
    RETURNS TABLE (email text, role text, organization_id uuid, organization_name text, organization_slug text, expires_at timestamptz,
        account_exists boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT i.email::text, i.role, o.id, o.name, o.slug::text, i.expires_at,
           EXISTS (SELECT 1 FROM users u WHERE u.email = i.email AND same_mailbox(u.email::text, i.email::text)
               AND (EXISTS (SELECT 1 FROM user_passwords p WHERE p.user_id = u.id) OR EXISTS (SELECT 1 FROM webauthn_credentials w WHERE w.user_id = u.id)))
      FROM (SELECT s.email, s.role, s.organization_id, s.token_hash, s.expires_at, s.accepted_at, s.revoked_at FROM staff_invitations s
            UNION ALL
            SELECT p.email, 'patient', p.organization_id, p.token_hash, p.expires_at, p.accepted_at, p.revoked_at FROM patient_invitations p) i
      JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
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
        SELECT i.email INTO v_email FROM patient_invitations i JOIN organizations o ON o.id = i.organization_id AND o.status = 'active'
         WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now FOR UPDATE OF i;
    END IF;
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
    RETURN result || patient_invitations_accept(p_user);
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
           u.email_verified_at IS NOT NULL AND (EXISTS (SELECT 1 FROM staff_invitations s
               WHERE s.email = u.email AND same_mailbox(s.email::text, u.email::text)
                 AND s.accepted_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > p_now)
               OR EXISTS (SELECT 1 FROM patient_invitations s
               WHERE s.email = u.email AND same_mailbox(s.email::text, u.email::text)
                 AND s.accepted_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > p_now)),
           u.last_activity_at
      FROM user_identities i
      JOIN users u ON u.id = i.user_id AND u.deleted_at IS NULL
      LEFT JOIN organizations o ON o.id = COALESCE(p_org, u.current_organization_id)
     WHERE i.issuer = p_issuer AND i.subject = p_subject
    $$;
