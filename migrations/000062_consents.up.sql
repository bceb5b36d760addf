-- What a patient agreed to at one clinic, and took back. A row is a fact and never changes: the newest of a type decides. Only the patient it
-- speaks of may be re-pointed, when two rows of one person become one.
CREATE TABLE consent_types (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    type            text NOT NULL CHECK (type ~ '^[a-z_]{3,40}$'),
    legal_basis     text NOT NULL CHECK (legal_basis IN ('contract', 'information_duty', 'informed_consent', 'consent', 'explicit_consent')),
    method          text NOT NULL CHECK (method IN ('checkbox', 'drawn')),
    withdrawable    boolean NOT NULL,
    -- Types that fall with this one.
    dependents      text[] NOT NULL DEFAULT '{}',
    sort_order      integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT consent_types_type_key UNIQUE (organization_id, type),
    CONSTRAINT consent_types_org_id_key UNIQUE (organization_id, id)
);
CREATE TRIGGER consent_types_touch BEFORE UPDATE ON consent_types FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE consent_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_types FORCE ROW LEVEL SECURITY;
GRANT SELECT ON consent_types TO restartix_app;
CREATE POLICY consent_types_read ON consent_types FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin', 'system')
        AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY consent_types_break_glass ON consent_types FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- Every clinic has the nine types from its first moment, whoever makes it. Internal: no grant.
CREATE FUNCTION consent_types_make(p_org uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    INSERT INTO consent_types (id, organization_id, type, legal_basis, method, withdrawable, dependents, sort_order)
    SELECT gen_random_uuid(), p_org, t.* FROM (VALUES
        ('terms_of_service', 'contract', 'checkbox', false, '{}'::text[], 10),
        ('privacy_notice', 'information_duty', 'checkbox', false, '{}', 20),
        ('telerehab_informed_consent', 'informed_consent', 'drawn', true, '{pose_data}', 30),
        ('profile_sharing', 'consent', 'checkbox', true, '{}', 40),
        ('video_recording', 'consent', 'drawn', true, '{}', 50),
        ('marketing', 'consent', 'checkbox', true, '{}', 60),
        ('analytics', 'consent', 'checkbox', true, '{}', 70),
        ('pose_data', 'explicit_consent', 'checkbox', true, '{}', 80),
        ('sms_reminders', 'consent', 'checkbox', true, '{}', 90)) AS t
    ON CONFLICT ON CONSTRAINT consent_types_type_key DO NOTHING
    $$;
CREATE FUNCTION consent_types_seed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ BEGIN PERFORM consent_types_make(NEW.id); RETURN NULL; END $$;
CREATE TRIGGER organizations_consent_types AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION consent_types_seed();
SELECT consent_types_make(o.id) FROM organizations o;

CREATE TABLE consents (
    id                 uuid PRIMARY KEY,
    organization_id    uuid NOT NULL REFERENCES organizations (id),
    patient_id         uuid NOT NULL,
    type               text NOT NULL,
    status             text NOT NULL CHECK (status IN ('granted', 'withdrawn')),
    -- The text that was agreed to, by version and language.
    policy_document_id uuid,
    policy_version     integer CHECK (policy_version > 0),
    method             text NOT NULL CHECK (method IN ('checkbox', 'drawn')),
    actor_user_id      uuid REFERENCES users (id),
    actor_relation     text NOT NULL DEFAULT 'self' CHECK (actor_relation IN ('self', 'parent', 'child', 'spouse', 'guardian', 'other')),
    ip                 inet,
    user_agent         text CHECK (length(user_agent) <= 500),
    -- The withdrawal that took this one with it.
    caused_by          uuid,
    at                 timestamptz NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consents_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT consents_patient_fkey FOREIGN KEY (organization_id, patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE,
    CONSTRAINT consents_type_fkey FOREIGN KEY (organization_id, type) REFERENCES consent_types (organization_id, type),
    CONSTRAINT consents_policy_fkey FOREIGN KEY (organization_id, policy_document_id) REFERENCES policy_documents (organization_id, id),
    CONSTRAINT consents_cause_fkey FOREIGN KEY (organization_id, caused_by) REFERENCES consents (organization_id, id),
    CONSTRAINT consents_granted_check CHECK (status <> 'granted' OR policy_document_id IS NOT NULL AND policy_version IS NOT NULL)
);
CREATE INDEX consents_newest ON consents (organization_id, patient_id, type, at DESC, id DESC);
CREATE INDEX consents_list ON consents (organization_id, at DESC, id DESC);

CREATE FUNCTION consents_frozen() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'patient_id' = to_jsonb(NEW) - 'patient_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'consents is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER consents_immutable BEFORE UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION consents_frozen();
CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON consents TO restartix_app;
CREATE POLICY consents_staff ON consents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY consents_break_glass ON consents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY consents_own ON consents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));
CREATE POLICY consents_own_add ON consents FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND actor_user_id = (SELECT current_app_user_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));

ALTER TABLE patient_org_profiles ADD CONSTRAINT patient_org_profiles_sharing_fkey
    FOREIGN KEY (organization_id, sharing_consent_id) REFERENCES consents (organization_id, id);

-- patient_share opens or closes the portable record to the context's clinic: the person's own decision, and nobody else's. It answers the
-- patient when something changed.
CREATE FUNCTION patient_share(p_shared boolean, p_consent uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_patient uuid;
BEGIN
    UPDATE patient_org_profiles o SET profile_shared = p_shared, sharing_consent_id = p_consent
      FROM patients p
     WHERE current_app_role() = 'patient' AND o.organization_id = current_app_org_id() AND p.id = o.patient_id
       AND p.user_id = current_app_user_id() AND o.profile_shared IS DISTINCT FROM p_shared
    RETURNING o.patient_id INTO v_patient;
    RETURN v_patient;
END $$;
GRANT EXECUTE ON FUNCTION patient_share(boolean, uuid) TO restartix_app;
