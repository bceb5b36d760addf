DROP FUNCTION patient_portable_write(uuid, jsonb);
DROP FUNCTION patient_profiles(uuid[]);
CREATE FUNCTION patient_profiles(p_ids uuid[])
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
GRANT EXECUTE ON FUNCTION patient_profiles(uuid[]) TO restartix_app;
REVOKE UPDATE (display_first_name, display_last_name, name_key, contact_email, contact_phone_encrypted, contact_phone_key_version,
    contact_phone_bidx, birth_date, sex, cnp_encrypted, cnp_key_version, cnp_bidx, file_number, status, deleted_at)
    ON patient_org_profiles FROM restartix_app;
DROP INDEX patient_org_profiles_order;
DROP INDEX patient_org_profiles_cnp;
UPDATE patient_org_profiles SET status = 'archived', merged_into = NULL WHERE status = 'merged';
ALTER TABLE patient_org_profiles
    DROP CONSTRAINT patient_org_profiles_cnp_check,
    DROP CONSTRAINT patient_org_profiles_merged_check,
    DROP CONSTRAINT patient_org_profiles_status_check,
    DROP COLUMN name_order,
    DROP COLUMN search_text,
    DROP COLUMN restricted_at,
    DROP COLUMN merged_into,
    DROP COLUMN sharing_consent_id,
    DROP COLUMN cnp_bidx,
    DROP COLUMN cnp_key_version,
    DROP COLUMN cnp_encrypted;
ALTER TABLE patient_org_profiles ADD CONSTRAINT patient_org_profiles_status_check CHECK (status IN ('active', 'archived'));
DROP FUNCTION romanian_order(text);
ALTER TABLE patients
    DROP CONSTRAINT patients_insurance_check,
    DROP CONSTRAINT patients_emergency_phone_check,
    DROP COLUMN insurance_key_version,
    DROP COLUMN insurance_encrypted,
    DROP COLUMN emergency_contact_phone_key_version,
    DROP COLUMN emergency_contact_phone_encrypted,
    DROP COLUMN emergency_contact_name,
    DROP COLUMN chronic_conditions,
    DROP COLUMN allergies,
    DROP COLUMN blood_type,
    DROP COLUMN residence_postal_code,
    DROP COLUMN residence_county,
    DROP COLUMN residence_locality,
    DROP COLUMN residence_line,
    DROP COLUMN occupation;
