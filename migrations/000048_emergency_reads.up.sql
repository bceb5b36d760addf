-- What emergency access still could not read: tasks, policies, and the patients of the clinic. An operator sees what the clinic itself wrote
-- about a patient, and nothing of the portable person: that row belongs to the person, who shared it with the clinic at most.
CREATE POLICY tasks_break_glass ON tasks FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
CREATE POLICY policy_documents_break_glass ON policy_documents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- patient_profiles is the only way in which a clinic reads a person: the clinic's own entry first, else the portable value when the person
-- shares it, else nothing and withheld. Names are always shown to the clinic; an operator gets the clinic's entries alone, names included. The
-- person sees everything of the own. phone_of tells whose phone it is, because the two are sealed in different places.
CREATE OR REPLACE FUNCTION patient_profiles(p_ids uuid[])
    RETURNS TABLE (patient_id uuid, profile_id uuid, first_name text, last_name text, email text, phone_encrypted bytea,
        phone_key_version integer, phone_of text, birth_date date, sex text, withheld boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT o.patient_id, o.id,
           COALESCE(o.display_first_name, CASE WHEN s.named THEN p.first_name END),
           COALESCE(o.display_last_name, CASE WHEN s.named THEN p.last_name END),
           COALESCE(o.contact_email, CASE WHEN s.open THEN p.email END)::text,
           COALESCE(o.contact_phone_encrypted, CASE WHEN s.open THEN p.phone_encrypted END),
           COALESCE(o.contact_phone_key_version, CASE WHEN s.open THEN p.phone_key_version END),
           CASE WHEN o.contact_phone_encrypted IS NOT NULL THEN 'profile' WHEN s.open AND p.phone_encrypted IS NOT NULL THEN 'patient' END,
           COALESCE(o.birth_date, CASE WHEN s.open THEN p.date_of_birth END),
           CASE WHEN o.sex <> 'unknown' OR NOT s.open THEN o.sex ELSE p.sex END,
           NOT s.named AND (o.display_first_name IS NULL OR o.display_last_name IS NULL)
               OR NOT s.open AND (o.contact_email IS NULL AND p.email IS NOT NULL
                   OR o.contact_phone_encrypted IS NULL AND p.phone_encrypted IS NOT NULL
                   OR o.birth_date IS NULL AND p.date_of_birth IS NOT NULL)
      FROM patient_org_profiles o
      JOIN patients p ON p.id = o.patient_id
     CROSS JOIN LATERAL (SELECT current_app_role() <> 'superadmin' AS named,
            current_app_role() = 'patient' OR o.profile_shared AND current_app_role() <> 'superadmin' AS open) s
     WHERE o.organization_id = current_app_org_id() AND o.patient_id = ANY (p_ids)
       AND (current_app_role() IN ('customer_support', 'admin', 'system')
            OR current_app_role() = 'specialist' AND app_linked_patient(o.patient_id)
            OR current_app_role() = 'patient' AND p.user_id = current_app_user_id()
            OR current_app_role() = 'superadmin' AND (SELECT app_break_glass_active()))
    $$;
