-- What is known about a patient. The portable half (patients) belongs to the person: it follows them to every clinic and is shown to one
-- only while they share it there. The other half is what the clinic itself entered. What identifies somebody to the state or to an insurer
-- is sealed; the index of the personal number means nothing in another clinic.
ALTER TABLE patients
    ADD COLUMN occupation                    text CHECK (length(occupation) BETWEEN 1 AND 120),
    ADD COLUMN residence_line                text CHECK (length(residence_line) BETWEEN 1 AND 200),
    ADD COLUMN residence_locality            text CHECK (length(residence_locality) BETWEEN 1 AND 100),
    ADD COLUMN residence_county              text CHECK (length(residence_county) BETWEEN 1 AND 60),
    ADD COLUMN residence_postal_code         text CHECK (residence_postal_code ~ '^[0-9]{6}$'),
    ADD COLUMN blood_type                    text CHECK (blood_type IN ('0+', '0-', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-')),
    ADD COLUMN allergies                     text[] NOT NULL DEFAULT '{}' CHECK (cardinality(allergies) <= 50),
    ADD COLUMN chronic_conditions            text[] NOT NULL DEFAULT '{}' CHECK (cardinality(chronic_conditions) <= 50),
    ADD COLUMN emergency_contact_name        text CHECK (length(emergency_contact_name) BETWEEN 1 AND 200),
    ADD COLUMN emergency_contact_phone_encrypted   bytea,
    ADD COLUMN emergency_contact_phone_key_version integer,
    -- The whole list of insurance entries as one sealed value: kind, insurer and number are of no use apart, and are never searched.
    ADD COLUMN insurance_encrypted           bytea,
    ADD COLUMN insurance_key_version         integer,
    ADD CONSTRAINT patients_emergency_phone_check
        CHECK ((emergency_contact_phone_encrypted IS NULL) = (emergency_contact_phone_key_version IS NULL)),
    ADD CONSTRAINT patients_insurance_check CHECK ((insurance_encrypted IS NULL) = (insurance_key_version IS NULL));

-- romanian_order makes a text whose order by bytes is the Romanian alphabet: a ă â, i î, s ș, t ț, each letter after the whole of the one
-- before it. The database's own collations differ between servers, and an index over one of them can break with a new library.
CREATE FUNCTION romanian_order(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT replace(replace(replace(replace(replace(
        translate(p_text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘȚÁÀÄÅÉÈÊËÍÌÏÓÒÖŐÔÚÙÜŰÇÑáàäåéèêëíìïóòöőôúùüűçñ-''',
                          'abcdefghijklmnopqrstuvwxyzăâîșțaaaaeeeeiiiooooouuuucnaaaaeeeeiiiooooouuuucn  '),
        'ă', 'a~'), 'â', 'a~~'), 'î', 'i~'), 'ș', 's~'), 'ț', 't~')
    $$;
GRANT EXECUTE ON FUNCTION romanian_order(text) TO restartix_app;

ALTER TABLE patient_org_profiles DROP CONSTRAINT patient_org_profiles_status_check;
ALTER TABLE patient_org_profiles
    ADD COLUMN cnp_encrypted      bytea,
    ADD COLUMN cnp_key_version    integer,
    ADD COLUMN cnp_bidx           bytea CHECK (length(cnp_bidx) = 32),
    ADD COLUMN sharing_consent_id uuid,
    ADD COLUMN merged_into        uuid,
    ADD COLUMN restricted_at      timestamptz,
    -- What a search looks into, and what the list is ordered by.
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (name_key || ' ' || COALESCE(lower(contact_email::text), '')) STORED,
    ADD COLUMN name_order  text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (romanian_order(COALESCE(display_last_name || ' ' || display_first_name, name_key))) STORED,
    ADD CONSTRAINT patient_org_profiles_status_check CHECK (status IN ('active', 'archived', 'merged')),
    ADD CONSTRAINT patient_org_profiles_merged_check CHECK ((status = 'merged') = (merged_into IS NOT NULL) AND merged_into <> patient_id),
    ADD CONSTRAINT patient_org_profiles_cnp_check CHECK ((cnp_encrypted IS NULL) = (cnp_key_version IS NULL)
        AND (cnp_encrypted IS NULL) = (cnp_bidx IS NULL));
CREATE INDEX patient_org_profiles_cnp ON patient_org_profiles (organization_id, cnp_bidx) WHERE cnp_bidx IS NOT NULL;
CREATE INDEX patient_org_profiles_order ON patient_org_profiles (organization_id, name_order, id) WHERE deleted_at IS NULL;
GRANT UPDATE (display_first_name, display_last_name, name_key, contact_email, contact_phone_encrypted, contact_phone_key_version,
    contact_phone_bidx, birth_date, sex, cnp_encrypted, cnp_key_version, cnp_bidx, file_number, status, deleted_at)
    ON patient_org_profiles TO restartix_app;

-- patient_profiles is the only way in which a clinic reads a person: the clinic's own entry first, else the portable value when the person
-- shares it, else nothing, and the name of the field in withheld_fields. A person without an account has nobody but the clinic that wrote
-- the record, so that clinic reads all of it. Names are always shown to the clinic; an operator gets the clinic's entries alone, names
-- included. The person sees everything of the own. phone_of tells whose phone it is, because the two are sealed in different places.
DROP FUNCTION patient_profiles(uuid[]);
CREATE FUNCTION patient_profiles(p_ids uuid[])
    RETURNS TABLE (patient_id uuid, profile_id uuid, first_name text, last_name text, email text, phone_encrypted bytea,
        phone_key_version integer, phone_of text, birth_date date, sex text, cnp_encrypted bytea, cnp_key_version integer,
        occupation text, residence_line text, residence_locality text, residence_county text, residence_postal_code text, blood_type text,
        allergies text[], chronic_conditions text[], emergency_contact_name text, emergency_contact_phone_encrypted bytea,
        emergency_contact_phone_key_version integer, insurance_encrypted bytea, insurance_key_version integer, locale text,
        withheld boolean, withheld_fields text[], portable_editable boolean)
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
           o.cnp_encrypted, o.cnp_key_version,
           CASE WHEN s.open THEN p.occupation END, CASE WHEN s.open THEN p.residence_line END,
           CASE WHEN s.open THEN p.residence_locality END, CASE WHEN s.open THEN p.residence_county END,
           CASE WHEN s.open THEN p.residence_postal_code END, CASE WHEN s.open THEN p.blood_type END,
           CASE WHEN s.open THEN p.allergies END, CASE WHEN s.open THEN p.chronic_conditions END,
           CASE WHEN s.open THEN p.emergency_contact_name END, CASE WHEN s.open THEN p.emergency_contact_phone_encrypted END,
           CASE WHEN s.open THEN p.emergency_contact_phone_key_version END, CASE WHEN s.open THEN p.insurance_encrypted END,
           CASE WHEN s.open THEN p.insurance_key_version END, CASE WHEN s.open THEN p.locale END,
           cardinality(w.fields) > 0, w.fields, s.alone
      FROM patient_org_profiles o
      JOIN patients p ON p.id = o.patient_id
     CROSS JOIN LATERAL (SELECT current_app_role() AS role, p.user_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM patient_org_profiles x WHERE x.patient_id = p.id AND x.organization_id <> o.organization_id) AS alone) c
     CROSS JOIN LATERAL (SELECT c.role <> 'superadmin' AS named, c.alone,
            c.role = 'patient' OR (o.profile_shared OR c.alone) AND c.role <> 'superadmin' AS open) s
     CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
            CASE WHEN NOT s.named AND o.display_first_name IS NULL THEN 'first_name' END,
            CASE WHEN NOT s.named AND o.display_last_name IS NULL THEN 'last_name' END,
            CASE WHEN NOT s.open AND o.contact_email IS NULL AND p.email IS NOT NULL THEN 'email' END,
            CASE WHEN NOT s.open AND o.contact_phone_encrypted IS NULL AND p.phone_encrypted IS NOT NULL THEN 'phone' END,
            CASE WHEN NOT s.open AND o.birth_date IS NULL AND p.date_of_birth IS NOT NULL THEN 'birth_date' END,
            CASE WHEN NOT s.open AND o.sex = 'unknown' AND p.sex <> 'unknown' THEN 'sex' END,
            CASE WHEN NOT s.open AND p.occupation IS NOT NULL THEN 'occupation' END,
            CASE WHEN NOT s.open AND COALESCE(p.residence_line, p.residence_locality, p.residence_county, p.residence_postal_code) IS NOT NULL
                 THEN 'residence' END,
            CASE WHEN NOT s.open AND p.blood_type IS NOT NULL THEN 'blood_type' END,
            CASE WHEN NOT s.open AND p.allergies <> '{}' THEN 'allergies' END,
            CASE WHEN NOT s.open AND p.chronic_conditions <> '{}' THEN 'chronic_conditions' END,
            CASE WHEN NOT s.open AND p.emergency_contact_name IS NOT NULL THEN 'emergency_contact_name' END,
            CASE WHEN NOT s.open AND p.emergency_contact_phone_encrypted IS NOT NULL THEN 'emergency_contact_phone' END,
            CASE WHEN NOT s.open AND p.insurance_encrypted IS NOT NULL THEN 'insurance_entries' END], NULL) AS fields) w
     WHERE o.organization_id = current_app_org_id() AND o.patient_id = ANY (p_ids)
       AND (c.role IN ('customer_support', 'admin', 'system')
            OR c.role = 'specialist' AND app_linked_patient(o.patient_id)
            OR c.role = 'patient' AND p.user_id = current_app_user_id()
            OR c.role = 'superadmin' AND (SELECT app_break_glass_active()))
    $$;
GRANT EXECUTE ON FUNCTION patient_profiles(uuid[]) TO restartix_app;

-- patient_portable_write changes the portable half and answers whether it did: for the person, and for the only clinic that knows a person
-- without an account. Members of p_values are columns by name; absent ones stay; the owner and the id are not among them.
CREATE FUNCTION patient_portable_write(p_id uuid, p_values jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    UPDATE patients p SET (first_name, last_name, date_of_birth, sex, phone_encrypted, phone_key_version, email, locale, occupation,
            residence_line, residence_locality, residence_county, residence_postal_code, blood_type, allergies, chronic_conditions,
            emergency_contact_name, emergency_contact_phone_encrypted, emergency_contact_phone_key_version, insurance_encrypted,
            insurance_key_version)
        = (SELECT r.first_name, r.last_name, r.date_of_birth, r.sex, r.phone_encrypted, r.phone_key_version, r.email, r.locale, r.occupation,
                  r.residence_line, r.residence_locality, r.residence_county, r.residence_postal_code, r.blood_type, r.allergies,
                  r.chronic_conditions, r.emergency_contact_name, r.emergency_contact_phone_encrypted,
                  r.emergency_contact_phone_key_version, r.insurance_encrypted, r.insurance_key_version
             FROM jsonb_populate_record(p, p_values) r)
     WHERE p.id = p_id AND (
           current_app_role() = 'patient' AND p.user_id = current_app_user_id()
        OR current_app_role() IN ('customer_support', 'admin') AND p.user_id IS NULL
           AND EXISTS (SELECT 1 FROM patient_org_profiles o
                        WHERE o.organization_id = current_app_org_id() AND o.patient_id = p.id AND o.deleted_at IS NULL)
           AND NOT EXISTS (SELECT 1 FROM patient_org_profiles x WHERE x.patient_id = p.id AND x.organization_id <> current_app_org_id()));
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION patient_portable_write(uuid, jsonb) TO restartix_app;
