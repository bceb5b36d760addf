-- Members and the people of the platform.

-- member_add makes the owner of an address a member of the context's clinic and answers who that is; no row when nobody has that
-- address verified. It exists because an administrator sees the people of the own clinic only, and must not learn more about
-- anybody else than this answer.
CREATE FUNCTION member_add(p_membership uuid, p_email text, p_role text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_user uuid;
BEGIN
    IF current_app_role() IS DISTINCT FROM 'admin' OR current_app_org_id() IS NULL THEN
        RAISE EXCEPTION 'an administrator of a clinic adds members' USING ERRCODE = '42501';
    END IF;
    SELECT u.id INTO v_user FROM users u
     WHERE u.email = p_email::citext AND same_mailbox(u.email::text, p_email)
       AND u.email_verified_at IS NOT NULL AND u.deleted_at IS NULL;
    IF v_user IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO user_organizations (id, organization_id, user_id, role)
    VALUES (p_membership, current_app_org_id(), v_user, p_role);
    UPDATE users SET current_organization_id = current_app_org_id() WHERE id = v_user AND current_organization_id IS NULL;
    RETURN v_user;
END $$;
GRANT EXECUTE ON FUNCTION member_add(uuid, text, text) TO restartix_app;

-- Orders of the lists.
CREATE INDEX user_organizations_joined ON user_organizations (organization_id, created_at DESC, id);
CREATE INDEX staff_invitations_created ON staff_invitations (organization_id, created_at DESC, id);
CREATE INDEX users_created ON users (created_at DESC, id);
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_activity ON users (last_activity_at DESC NULLS LAST, id);

-- Reading the trail by person; the newest rows come first and are paged by number.
CREATE INDEX audit_log_actor ON audit_log (organization_id, actor_user_id, seq DESC);
CREATE INDEX security_events_started ON security_events (organization_id, window_start DESC, id DESC);
