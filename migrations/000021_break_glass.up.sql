-- Emergency access of a platform operator to one clinic. Opening writes the row, the clinic's audit row and the clinic's mail in
-- one transaction on the owner pool; afterwards the policies below let role superadmin read, and only read, while the grant lives.
-- Secrets (integrations, access keys) have no such policy.
CREATE TABLE break_glass_grants (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    actor_user_id   uuid NOT NULL REFERENCES users (id),
    -- The clinic may know who it was; the operator's own row is not visible to it.
    actor_name      text NOT NULL CHECK (length(actor_name) BETWEEN 1 AND 254),
    reason          text NOT NULL CHECK (length(reason) BETWEEN 20 AND 500),
    ttl_minutes     integer NOT NULL CHECK (ttl_minutes BETWEEN 1 AND 60),
    opened_at       timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    ended_by        uuid REFERENCES users (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT break_glass_grants_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT break_glass_grants_ttl CHECK (expires_at = opened_at + make_interval(mins => ttl_minutes))
);
CREATE INDEX break_glass_grants_recent ON break_glass_grants (organization_id, opened_at DESC, id DESC);
CREATE INDEX break_glass_grants_opened ON break_glass_grants (opened_at DESC, id DESC);
CREATE INDEX break_glass_grants_live ON break_glass_grants (actor_user_id, organization_id, expires_at) WHERE ended_at IS NULL;
CREATE TRIGGER break_glass_grants_touch BEFORE UPDATE ON break_glass_grants FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE break_glass_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE break_glass_grants FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (ended_at, ended_by) ON break_glass_grants TO restartix_app;
CREATE POLICY break_glass_grants_read ON break_glass_grants FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('admin', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY break_glass_grants_end ON break_glass_grants FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));

-- app_break_glass_active tells whether the context's person holds a live grant for the context's clinic. It reads the
-- database's clock, so no process can stretch a grant. Every policy for role superadmin on a clinic's table asks it.
CREATE FUNCTION app_break_glass_active() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM break_glass_grants g
           WHERE g.actor_user_id = current_app_user_id() AND g.organization_id = current_app_org_id()
             AND g.ended_at IS NULL AND g.expires_at > now()) $$;
GRANT EXECUTE ON FUNCTION app_break_glass_active() TO restartix_app;

CREATE POLICY organizations_break_glass ON organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY organization_settings_break_glass ON organization_settings FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY organization_domains_break_glass ON organization_domains FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY user_organizations_break_glass ON user_organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY users_break_glass ON users FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND (SELECT app_break_glass_active()) AND id IN
        (SELECT m.user_id FROM user_organizations m WHERE m.organization_id = (SELECT current_app_org_id())));
CREATE POLICY staff_invitations_break_glass ON staff_invitations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY impersonations_break_glass ON impersonations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY audit_log_break_glass ON audit_log FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY security_events_break_glass ON security_events FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
