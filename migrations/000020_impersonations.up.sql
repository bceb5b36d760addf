-- Administrators who act as a patient of their clinic. The token is worth nothing without its row: signing in asks for the
-- row with every request, so an ended impersonation is refused at the next one.
CREATE TABLE impersonations (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    actor_user_id   uuid NOT NULL REFERENCES users (id),
    target_user_id  uuid NOT NULL REFERENCES users (id),
    mode            text NOT NULL CHECK (mode IN ('view', 'assist')),
    reason          text NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
    started_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    ended_by        uuid REFERENCES users (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT impersonations_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT impersonations_hour CHECK (expires_at > started_at AND expires_at <= started_at + interval '1 hour')
);
CREATE INDEX impersonations_actor ON impersonations (organization_id, actor_user_id, started_at DESC);
CREATE TRIGGER impersonations_touch BEFORE UPDATE ON impersonations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE impersonations ENABLE ROW LEVEL SECURITY;
ALTER TABLE impersonations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON impersonations TO restartix_app;
CREATE POLICY impersonations_admin_select ON impersonations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY impersonations_admin_insert ON impersonations FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id())
        AND actor_user_id = (SELECT current_app_user_id()));
CREATE POLICY impersonations_admin_end ON impersonations FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
-- The administrator ends it from the portal, where he or she is the patient.
CREATE POLICY impersonations_target_select ON impersonations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND target_user_id = (SELECT current_app_user_id()));
CREATE POLICY impersonations_target_end ON impersonations FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND target_user_id = (SELECT current_app_user_id()))
    WITH CHECK ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND target_user_id = (SELECT current_app_user_id()));
