-- Who belongs to which clinic, as what. A person may be a patient and hold one staff role in the same clinic.
CREATE TABLE user_organizations (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    user_id         uuid NOT NULL REFERENCES users (id),
    role            text NOT NULL CHECK (role IN ('patient', 'specialist', 'customer_support', 'admin')),
    status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT user_organizations_member_key UNIQUE (organization_id, user_id, role),
    CONSTRAINT user_organizations_org_id_key UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX user_organizations_one_staff_role ON user_organizations (organization_id, user_id) WHERE role <> 'patient';
CREATE INDEX user_organizations_user ON user_organizations (user_id);
CREATE TRIGGER user_organizations_touch BEFORE UPDATE ON user_organizations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE user_organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_organizations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (role, status), DELETE ON user_organizations TO restartix_app;
CREATE POLICY user_organizations_self ON user_organizations FOR SELECT TO restartix_app
    USING (user_id = (SELECT current_app_user_id())
        AND organization_id = COALESCE((SELECT current_app_org_id()), organization_id));
CREATE POLICY user_organizations_admin ON user_organizations FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY user_organizations_system ON user_organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));

-- The last admin of a clinic cannot be demoted, suspended or removed: the constraint trigger is deferred so that a
-- transaction may swap admins, and it locks the clinic's row so that two removals at once see each other.
CREATE FUNCTION keep_last_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF OLD.role = 'admin' AND OLD.status = 'active' THEN
        PERFORM 1 FROM organizations WHERE id = OLD.organization_id FOR UPDATE;
        IF NOT EXISTS (SELECT 1 FROM user_organizations
                       WHERE organization_id = OLD.organization_id AND role = 'admin' AND status = 'active') THEN
            RAISE EXCEPTION 'the last admin of a clinic stays' USING ERRCODE = '23514', CONSTRAINT = 'user_organizations_last_admin';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER user_organizations_last_admin AFTER UPDATE OR DELETE ON user_organizations
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION keep_last_admin();

-- A person without a clinic in the context sees the clinics that he or she belongs to (GET /v1/me).
CREATE POLICY organizations_mine ON organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_org_id()) IS NULL AND id IN
        (SELECT m.organization_id FROM user_organizations m WHERE m.user_id = (SELECT current_app_user_id())));

-- Admins, and the clinic's own jobs, see the people of their clinic.
CREATE POLICY users_of_clinic ON users FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('admin', 'system') AND id IN
        (SELECT m.user_id FROM user_organizations m WHERE m.organization_id = (SELECT current_app_org_id())));

-- Invitations of staff. The token is a secret of the mail; only its hash is kept.
CREATE TABLE staff_invitations (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    email           citext NOT NULL CHECK (length(email::text) <= 254),
    role            text NOT NULL CHECK (role IN ('specialist', 'customer_support', 'admin')),
    locale          text NOT NULL DEFAULT 'en' CHECK (locale IN ('ro', 'en')),
    invited_by      uuid REFERENCES users (id),
    token_hash      bytea NOT NULL CHECK (length(token_hash) = 32),
    expires_at      timestamptz NOT NULL,
    accepted_at     timestamptz,
    revoked_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT staff_invitations_org_id_key UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX staff_invitations_one_open ON staff_invitations (organization_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX staff_invitations_email ON staff_invitations (email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX staff_invitations_token ON staff_invitations (token_hash);
CREATE TRIGGER staff_invitations_touch BEFORE UPDATE ON staff_invitations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE staff_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_invitations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (token_hash, expires_at, revoked_at) ON staff_invitations TO restartix_app;
CREATE POLICY staff_invitations_admin ON staff_invitations FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY staff_invitations_system ON staff_invitations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY staff_invitations_system_token ON staff_invitations FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
