CREATE OR REPLACE FUNCTION patient_profiles(p_ids uuid[])
    RETURNS TABLE (patient_id uuid, profile_id uuid, first_name text, last_name text, email text, phone_encrypted bytea,
        phone_key_version integer, phone_of text, birth_date date, sex text, withheld boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT o.patient_id, o.id, COALESCE(o.display_first_name, p.first_name), COALESCE(o.display_last_name, p.last_name),
           COALESCE(o.contact_email, CASE WHEN s.open THEN p.email END)::text,
           COALESCE(o.contact_phone_encrypted, CASE WHEN s.open THEN p.phone_encrypted END),
           COALESCE(o.contact_phone_key_version, CASE WHEN s.open THEN p.phone_key_version END),
           CASE WHEN o.contact_phone_encrypted IS NOT NULL THEN 'profile' WHEN s.open AND p.phone_encrypted IS NOT NULL THEN 'patient' END,
           COALESCE(o.birth_date, CASE WHEN s.open THEN p.date_of_birth END),
           CASE WHEN o.sex <> 'unknown' OR NOT s.open THEN o.sex ELSE p.sex END,
           NOT s.open AND (o.contact_email IS NULL AND p.email IS NOT NULL OR o.contact_phone_encrypted IS NULL AND p.phone_encrypted IS NOT NULL
               OR o.birth_date IS NULL AND p.date_of_birth IS NOT NULL)
      FROM patient_org_profiles o
      JOIN patients p ON p.id = o.patient_id
     CROSS JOIN LATERAL (SELECT o.profile_shared OR current_app_role() = 'patient' AS open) s
     WHERE o.organization_id = current_app_org_id() AND o.patient_id = ANY (p_ids)
       AND (current_app_role() IN ('customer_support', 'admin', 'system')
            OR current_app_role() = 'specialist' AND app_linked_patient(o.patient_id)
            OR current_app_role() = 'patient' AND p.user_id = current_app_user_id())
    $$;
DROP POLICY policy_documents_break_glass ON policy_documents;
DROP POLICY tasks_break_glass ON tasks;
