-- Who does a task and by when: the staff may change both. Whoever writes a row, a function of the database included, the screens hear of it.
GRANT UPDATE (due_at) ON tasks TO restartix_app;
CREATE INDEX tasks_assignee ON tasks (organization_id, assignee_id, state, due_at, id);
CREATE INDEX tasks_created ON tasks (organization_id, created_at DESC, id);

-- task_assignees are the people of the context's clinic who may be given a task. It exists because only an administrator reads members, and
-- gives the staff nothing but a name and a role.
CREATE FUNCTION task_assignees() RETURNS TABLE (user_id uuid, name text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT u.id, COALESCE(NULLIF(u.name, ''), u.email::text), m.role
      FROM user_organizations m JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL AND u.blocked_at IS NULL
     WHERE m.organization_id = current_app_org_id() AND m.status = 'active' AND m.role <> 'patient'
       AND current_app_role() IN ('specialist', 'customer_support', 'admin', 'system')
    $$;
GRANT EXECUTE ON FUNCTION task_assignees() TO restartix_app;

-- tasks_told puts one job into the queue for every row that is made or changed, so that no writer can forget to tell. The clinic is the
-- row's own, because a task may be made while no clinic is in the context (an invitation accepted at sign-in).
CREATE FUNCTION tasks_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF to_regclass('river.river_job') IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO river.river_job (kind, args, queue, scheduled_at, max_attempts, state, priority, metadata)
    VALUES ('live.task', jsonb_strip_nulls(jsonb_build_object('organization_id', NEW.organization_id, 'task_id', NEW.id,
        'subject_type', NEW.subject_type, 'subject_id', NEW.subject_id, 'assignee_id', NEW.assignee_id,
        'former_id', CASE WHEN TG_OP = 'UPDATE' THEN OLD.assignee_id END)), 'default', now(), 3, 'available', 1, '{}');
    PERFORM pg_notify('river.river_insert', json_build_object('queue', 'default')::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_told AFTER INSERT OR UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION tasks_told();
