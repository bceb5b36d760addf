-- Work that a person of the clinic has to do: call a guest, look at two rows that may be one patient. A task names its subject and never
-- copies it: what is said about a person stays in that person's rows.
CREATE TABLE tasks (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
    subject_type    text NOT NULL CHECK (subject_type ~ '^[a-z_]{3,40}$'),
    subject_id      uuid NOT NULL,
    title_key       text NOT NULL CHECK (title_key ~ '^[a-z_.]{3,80}$'),
    due_at          timestamptz,
    assignee_id     uuid REFERENCES users (id),
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    closed_at       timestamptz,
    closed_by       uuid REFERENCES users (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT tasks_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT tasks_closed_check CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
-- One open task of a kind about one thing: what asks for it twice gets the first.
CREATE UNIQUE INDEX tasks_one_open ON tasks (organization_id, kind, subject_id) WHERE state = 'open';
CREATE INDEX tasks_due ON tasks (organization_id, state, due_at, id);
CREATE INDEX tasks_subject ON tasks (organization_id, subject_id);
CREATE TRIGGER tasks_touch BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (assignee_id, state, closed_at, closed_by) ON tasks TO restartix_app;
CREATE POLICY tasks_staff ON tasks FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY tasks_specialist_read ON tasks FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND assignee_id = (SELECT current_app_user_id()));
CREATE POLICY tasks_specialist_close ON tasks FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND assignee_id = (SELECT current_app_user_id()))
    WITH CHECK ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND assignee_id = (SELECT current_app_user_id()));
-- Public use cases and listeners make tasks and close those whose subject is settled.
CREATE POLICY tasks_system_read ON tasks FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY tasks_system_make ON tasks FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY tasks_system_close ON tasks FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
