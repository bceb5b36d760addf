-- Searching a clinic's patients. A condition like name LIKE '%pop%' may not run before row-level security has chosen the rows, because LIKE
-- is not leakproof: with policies alone every search reads the whole clinic. So the index is asked inside a function that chooses the rows
-- by the same rule as the policies, and answers ids only.
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX patient_org_profiles_search ON patient_org_profiles USING gin (organization_id, search_text gin_trgm_ops) WHERE deleted_at IS NULL;

-- patient_search answers the patients of the context's clinic whom the caller may see and who match all words (longest first, as LIKE
-- patterns), or the index of a phone number, or a whole file number; an empty filter does not narrow. Merged ones live on in another.
CREATE FUNCTION patient_search(p_words text[], p_phone bytea, p_number text, p_status text, p_account text, p_source text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    v_org  uuid := current_app_org_id();
    v_role text := current_app_role();
BEGIN
    IF v_org IS NULL OR v_role IS NULL OR NOT (v_role IN ('specialist', 'customer_support', 'admin', 'patient', 'system')
        OR v_role = 'superadmin' AND app_break_glass_active()) THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT f.patient_id FROM (
            SELECT o.patient_id, o.status, o.account_state, o.source FROM patient_org_profiles o
             WHERE o.organization_id = v_org AND o.deleted_at IS NULL AND cardinality(p_words) > 0
               AND o.search_text LIKE p_words[1] AND o.search_text LIKE ALL (p_words)
            UNION
            SELECT o.patient_id, o.status, o.account_state, o.source FROM patient_org_profiles o
             WHERE o.organization_id = v_org AND o.deleted_at IS NULL AND o.contact_phone_bidx = p_phone
            UNION
            SELECT o.patient_id, o.status, o.account_state, o.source FROM patient_org_profiles o
             WHERE o.organization_id = v_org AND o.deleted_at IS NULL AND o.file_number = p_number) f
         WHERE f.status <> 'merged' AND (p_status = '' OR f.status = p_status) AND (p_account = '' OR f.account_state = p_account)
           AND (p_source = '' OR f.source = p_source)
           AND (v_role IN ('customer_support', 'admin', 'superadmin', 'system')
            OR v_role = 'specialist' AND app_linked_patient(f.patient_id)
            OR v_role = 'patient' AND EXISTS (SELECT 1 FROM patients p WHERE p.id = f.patient_id AND p.user_id = current_app_user_id()));
END $$;
GRANT EXECUTE ON FUNCTION patient_search(text[], bytea, text, text, text, text) TO restartix_app;

-- patient_lookup is what a specialist may ask who has no visit with the person yet: id and name, ten at most, and only where the clinic has
-- switched it on.
CREATE FUNCTION patient_lookup(p_words text[]) RETURNS TABLE (patient_id uuid, first_name text, last_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT o.patient_id, COALESCE(o.display_first_name, p.first_name), COALESCE(o.display_last_name, p.last_name)
      FROM patient_org_profiles o JOIN patients p ON p.id = o.patient_id
     WHERE o.organization_id = current_app_org_id() AND o.deleted_at IS NULL AND o.status = 'active' AND current_app_role() = 'specialist'
       AND (SELECT s.settings ->> 'specialist_patient_lookup' = 'true' FROM organization_settings s
             WHERE s.organization_id = current_app_org_id())
       AND cardinality(p_words) > 0 AND o.name_key LIKE ALL (p_words) AND o.search_text LIKE p_words[1]
     ORDER BY o.name_order, o.id LIMIT 10
    $$;
GRANT EXECUTE ON FUNCTION patient_lookup(text[]) TO restartix_app;
