-- The picture of a specialist, which visitors see, and the image of the signature, which stands with the details that only the clinic reads.
-- A specialist changes the own two and nothing else of the row; column rights cannot tell callers of one database role apart, so a
-- function does.
ALTER TABLE specialists ADD COLUMN avatar_file_id uuid,
    ADD CONSTRAINT specialists_avatar_fk FOREIGN KEY (organization_id, avatar_file_id) REFERENCES files (organization_id, id);
ALTER TABLE specialist_details ADD COLUMN signature_file_id uuid,
    ADD CONSTRAINT specialist_details_signature_fk FOREIGN KEY (organization_id, signature_file_id) REFERENCES files (organization_id, id);

-- Whoever changes the own pictures lets go of the ones before, also of those that an administrator uploaded.
CREATE POLICY files_specialist_change ON files FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id()) AND owner_type = 'specialist'
        AND owner_id = (SELECT current_app_specialist_id()))
    WITH CHECK ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id()) AND owner_type = 'specialist'
        AND owner_id = (SELECT current_app_specialist_id()));

-- specialist_set_picture writes one of the two. The picture is the administrator's and the specialist's own to choose; the signature is
-- only ever the specialist's own, whatever role the person acts in. It answers false when the caller may not, or nobody is there.
CREATE FUNCTION specialist_set_picture(p_specialist uuid, p_kind text, p_file uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_own boolean;
BEGIN
    IF current_app_org_id() IS NULL OR COALESCE(current_app_role(), '') NOT IN ('specialist', 'admin') THEN
        RETURN false;
    END IF;
    SELECT d.user_id = current_app_user_id() INTO v_own FROM specialist_details d JOIN specialists s ON s.organization_id = d.organization_id
       AND s.id = d.specialist_id AND s.deleted_at IS NULL
     WHERE d.organization_id = current_app_org_id() AND d.specialist_id = p_specialist FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_kind = 'avatar' AND (COALESCE(v_own, false) OR current_app_role() = 'admin') THEN
        UPDATE specialists SET avatar_file_id = p_file WHERE organization_id = current_app_org_id() AND id = p_specialist;
        RETURN true;
    ELSIF p_kind = 'signature_image' AND COALESCE(v_own, false) THEN
        UPDATE specialist_details SET signature_file_id = p_file WHERE organization_id = current_app_org_id() AND specialist_id = p_specialist;
        UPDATE specialists SET name = name WHERE organization_id = current_app_org_id() AND id = p_specialist; -- the version that callers see
        RETURN true;
    END IF;
    RETURN false;
END $$;
GRANT EXECUTE ON FUNCTION specialist_set_picture(uuid, text, uuid) TO restartix_app;
