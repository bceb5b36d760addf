-- The visit, from booked to done. A guest's booking is a row in state booked without a patient. Times are instants; what was agreed (price,
-- length, buffers) is copied when the row is made. The two exclusion constraints are the truth about double booking: whatever the
-- engine offered and whatever a hold promised, nobody overlaps a specialist's busy time or a patient's own visits.
CREATE TABLE appointments (
    id                        uuid PRIMARY KEY,
    organization_id           uuid NOT NULL REFERENCES organizations (id),
    reference                 text NOT NULL CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
    patient_id                uuid,
    guest_contact_id          uuid,
    contact_name              text CHECK (length(contact_name) <= 201),
    contact_phone_encrypted   bytea,
    contact_phone_key_version integer,
    contact_email             citext CHECK (length(contact_email::text) <= 254),
    locale                    text NOT NULL DEFAULT 'ro' CHECK (locale IN ('ro', 'en')),
    specialist_id             uuid NOT NULL,
    service_id                uuid,
    modality                  text NOT NULL CHECK (modality IN ('in_person', 'video', 'phone', 'home_visit')),
    note                      text CHECK (length(note) <= 1000),
    start_at                  timestamptz NOT NULL,
    end_at                    timestamptz NOT NULL,
    timezone                  text NOT NULL CHECK (length(timezone) BETWEEN 1 AND 64),
    buffer_before_min         integer NOT NULL DEFAULT 0 CHECK (buffer_before_min BETWEEN 0 AND 240),
    buffer_after_min          integer NOT NULL DEFAULT 0 CHECK (buffer_after_min BETWEEN 0 AND 240),
    slot_range                tstzrange GENERATED ALWAYS AS (tstzrange(start_at, end_at)) STORED,
    -- Through UTC: a timestamptz minus an interval depends on the session's zone and may not stand in a generated column.
    busy_range                tstzrange GENERATED ALWAYS AS (tstzrange(
        (start_at AT TIME ZONE 'UTC' - make_interval(mins => buffer_before_min)) AT TIME ZONE 'UTC',
        (end_at AT TIME ZONE 'UTC' + make_interval(mins => buffer_after_min)) AT TIME ZONE 'UTC')) STORED,
    status                    text NOT NULL CHECK (status IN ('booked', 'upcoming', 'confirmed', 'inprogress', 'done', 'cancelled', 'noshow')),
    price_minor               bigint CHECK (price_minor BETWEEN 0 AND 100000000000),
    currency                  char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    price_source              text NOT NULL CHECK (price_source IN ('calendar', 'specialist', 'service', 'plan', 'manual')),
    duration_min              integer NOT NULL CHECK (duration_min BETWEEN 5 AND 480),
    source                    text NOT NULL CHECK (source IN ('public', 'staff', 'portal', 'waitlist', 'series', 'import')),
    assignment                jsonb,
    -- The version of the privacy notice that the booker was shown; absent when staff booked.
    privacy_policy_version    integer CHECK (privacy_policy_version > 0),
    -- Until when the patient may cancel, as agreed at booking: a later change of the clinic's rule does not take it back.
    cancel_until              timestamptz NOT NULL,
    confirmed_at              timestamptz,
    confirmed_by              uuid REFERENCES users (id),
    confirmed_on_behalf       boolean NOT NULL DEFAULT false,
    cancelled_at              timestamptz,
    cancelled_by              uuid REFERENCES users (id),
    cancel_initiator          text CHECK (cancel_initiator IN ('patient', 'clinic', 'system')),
    cancel_reason             text CHECK (length(cancel_reason) <= 500),
    late                      boolean NOT NULL DEFAULT false,
    deleted_at                timestamptz,
    created_at                timestamptz NOT NULL DEFAULT now(),
    updated_at                timestamptz NOT NULL DEFAULT now(),
    row_version               bigint NOT NULL DEFAULT 1,
    CONSTRAINT appointments_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT appointments_reference_key UNIQUE (organization_id, reference),
    CONSTRAINT appointments_times_check CHECK (start_at < end_at),
    CONSTRAINT appointments_patient_check CHECK (patient_id IS NOT NULL OR status IN ('booked', 'cancelled')),
    CONSTRAINT appointments_phone_check CHECK ((contact_phone_encrypted IS NULL) = (contact_phone_key_version IS NULL)),
    CONSTRAINT appointments_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT appointments_deleted_check CHECK (deleted_at IS NULL OR status IN ('booked', 'cancelled')),
    CONSTRAINT appointments_patient_fkey FOREIGN KEY (organization_id, patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE,
    CONSTRAINT appointments_guest_fkey FOREIGN KEY (organization_id, guest_contact_id) REFERENCES guest_contacts (organization_id, id),
    CONSTRAINT appointments_specialist_fkey FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT appointments_service_fkey FOREIGN KEY (organization_id, service_id) REFERENCES services (organization_id, id),
    CONSTRAINT appointments_specialist_no_overlap EXCLUDE USING gist (organization_id WITH =, specialist_id WITH =, busy_range WITH &&)
        WHERE (status IN ('booked', 'upcoming', 'confirmed', 'inprogress', 'done') AND deleted_at IS NULL),
    CONSTRAINT appointments_patient_no_overlap EXCLUDE USING gist (organization_id WITH =, patient_id WITH =, slot_range WITH &&)
        WHERE (status IN ('booked', 'upcoming', 'confirmed', 'inprogress') AND deleted_at IS NULL)
);
CREATE INDEX appointments_start ON appointments (organization_id, start_at, id);
CREATE INDEX appointments_specialist ON appointments (organization_id, specialist_id, start_at);
CREATE INDEX appointments_patient ON appointments (organization_id, patient_id, start_at);
CREATE INDEX appointments_created ON appointments (organization_id, created_at DESC, id);
CREATE INDEX appointments_guest ON appointments (organization_id, guest_contact_id);
CREATE TRIGGER appointments_touch BEFORE UPDATE ON appointments FOR EACH ROW EXECUTE FUNCTION touch_row();

-- The states of product/03 §5 once more, under everything: no statement, whoever sends it, moves a visit along a way that is not there.
CREATE FUNCTION appointments_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('booked', 'upcoming'), ('booked', 'cancelled'), ('upcoming', 'confirmed'), ('upcoming', 'inprogress'), ('confirmed', 'inprogress'),
        ('inprogress', 'done'), ('upcoming', 'cancelled'), ('confirmed', 'cancelled'), ('upcoming', 'noshow'), ('confirmed', 'noshow'),
        ('noshow', 'upcoming'), ('noshow', 'inprogress')) THEN
        RAISE EXCEPTION 'a visit does not go from % to %', OLD.status, NEW.status USING ERRCODE = '23514', CONSTRAINT = 'appointments_transition';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointments_transition BEFORE UPDATE OF status ON appointments FOR EACH ROW EXECUTE FUNCTION appointments_guard();

ALTER TABLE appointments ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointments FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (status, patient_id, confirmed_at, confirmed_by, confirmed_on_behalf, cancelled_at, cancelled_by,
    cancel_initiator, cancel_reason, late) ON appointments TO restartix_app;
CREATE POLICY appointments_staff ON appointments FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY appointments_specialist ON appointments FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id())
        AND specialist_id = (SELECT current_app_specialist_id()));
CREATE POLICY appointments_own ON appointments FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));
-- A patient confirms and cancels, nothing else.
CREATE POLICY appointments_own_answer ON appointments FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())))
    WITH CHECK ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id()))
        AND status IN ('confirmed', 'cancelled'));
CREATE POLICY appointments_system_read ON appointments FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY appointments_system_book ON appointments FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()) AND status = 'booked');
CREATE POLICY appointments_break_glass ON appointments FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- app_linked_patient tells whether the context's specialist has a visit with the patient that was not cancelled. Losing the last one takes
-- the patient out of sight at the next request.
CREATE FUNCTION app_linked_patient(p_patient uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    SELECT current_app_role() = 'specialist' AND EXISTS (
        SELECT 1 FROM appointments a WHERE a.organization_id = current_app_org_id() AND a.patient_id = p_patient
           AND a.specialist_id = current_app_specialist_id() AND a.status <> 'cancelled' AND a.deleted_at IS NULL)
    $$;
GRANT EXECUTE ON FUNCTION app_linked_patient(uuid) TO restartix_app;
CREATE POLICY patient_org_profiles_linked ON patient_org_profiles FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id()) AND app_linked_patient(patient_id));

-- patient_profiles is the only way in which a clinic reads a person: the clinic's own entry first, else the portable value when the person
-- shares it, else nothing and withheld. Names are always shown. The person sees everything of the own. phone_of tells whose phone it
-- is, because the two are sealed in different places.
CREATE FUNCTION patient_profiles(p_ids uuid[])
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
GRANT EXECUTE ON FUNCTION patient_profiles(uuid[]) TO restartix_app;
