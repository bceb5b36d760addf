-- Who provides care: specialties of the clinic and its specialists. A specialist's row holds the public face only: one database role
-- serves every caller and row-level security cannot hide columns, so the login, the contact and the stamp stand in
-- specialist_details, which visitors and patients never reach. Removed rows stay, because past visits keep their names.
CREATE TABLE specialties (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    title           text NOT NULL CONSTRAINT specialties_title_length CHECK (length(title) BETWEEN 1 AND 120),
    slug            text NOT NULL CONSTRAINT specialties_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    description     text CONSTRAINT specialties_description_length CHECK (length(description) <= 5000),
    sort_order      integer NOT NULL DEFAULT 0 CONSTRAINT specialties_sort_order_range CHECK (sort_order BETWEEN 0 AND 10000),
    active          boolean NOT NULL DEFAULT true,
    deleted_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT specialties_org_id_key UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX specialties_slug_key ON specialties (organization_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX specialties_in_order ON specialties (organization_id, sort_order, id) WHERE deleted_at IS NULL;
CREATE TRIGGER specialties_touch BEFORE UPDATE ON specialties FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE specialties ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialties FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (title, slug, description, sort_order, active, deleted_at) ON specialties TO restartix_app;
CREATE POLICY specialties_published ON specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('anonymous', 'patient') AND organization_id = (SELECT current_app_org_id())
        AND active AND deleted_at IS NULL);
CREATE POLICY specialties_staff ON specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialties_admin ON specialties FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialties_break_glass ON specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- The public face. A specialist without a time zone is not offered to the public; staff may still book.
CREATE TABLE specialists (
    id                  uuid PRIMARY KEY,
    organization_id     uuid NOT NULL REFERENCES organizations (id),
    name                text NOT NULL CONSTRAINT specialists_name_length CHECK (length(name) BETWEEN 1 AND 200),
    title               text CONSTRAINT specialists_title_length CHECK (length(title) <= 120),
    description         text CONSTRAINT specialists_description_length CHECK (length(description) <= 5000),
    slug                text NOT NULL CONSTRAINT specialists_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    scheduling_timezone text CONSTRAINT specialists_timezone_length CHECK (length(scheduling_timezone) BETWEEN 1 AND 64),
    scheduling_active   boolean NOT NULL DEFAULT true,
    buffer_before_min   integer NOT NULL DEFAULT 0 CONSTRAINT specialists_buffer_before_range CHECK (buffer_before_min BETWEEN 0 AND 120),
    buffer_after_min    integer NOT NULL DEFAULT 0 CONSTRAINT specialists_buffer_after_range CHECK (buffer_after_min BETWEEN 0 AND 120),
    colour              text CONSTRAINT specialists_colour_format CHECK (colour ~ '^#[0-9a-f]{6}$'),
    deleted_at          timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    row_version         bigint NOT NULL DEFAULT 1,
    CONSTRAINT specialists_org_id_key UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX specialists_slug_key ON specialists (organization_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX specialists_by_name ON specialists (organization_id, name, id) WHERE deleted_at IS NULL;
CREATE TRIGGER specialists_touch BEFORE UPDATE ON specialists FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE specialists ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialists FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, title, description, slug, scheduling_timezone, scheduling_active, buffer_before_min, buffer_after_min,
    colour, deleted_at) ON specialists TO restartix_app;
CREATE POLICY specialists_public ON specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'anonymous' AND organization_id = (SELECT current_app_org_id())
        AND scheduling_active AND deleted_at IS NULL);
-- A patient reads removed specialists too: a past visit still says with whom it was. Lists leave them out.
CREATE POLICY specialists_members ON specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'system')
        AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialists_admin ON specialists FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialists_break_glass ON specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- What only the clinic itself reads of a specialist; one row each. user_id links the login, so that a specialist finds the own
-- hours and visits; removing the specialist takes the link away.
CREATE TABLE specialist_details (
    organization_id   uuid NOT NULL REFERENCES organizations (id),
    specialist_id     uuid NOT NULL,
    user_id           uuid REFERENCES users (id),
    email             text CONSTRAINT specialist_details_email_length CHECK (length(email) <= 254),
    phone_encrypted   bytea,
    phone_key_version integer,
    stamp_number      text CONSTRAINT specialist_details_stamp_length CHECK (length(stamp_number) <= 120),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT specialist_details_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT specialist_details_phone_whole CHECK ((phone_encrypted IS NULL) = (phone_key_version IS NULL)),
    CONSTRAINT specialist_details_pkey PRIMARY KEY (organization_id, specialist_id),
    CONSTRAINT specialist_details_user_key UNIQUE (organization_id, user_id)
);
CREATE TRIGGER specialist_details_touch BEFORE UPDATE ON specialist_details FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE specialist_details ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_details FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (user_id, email, phone_encrypted, phone_key_version, stamp_number) ON specialist_details TO restartix_app;
CREATE POLICY specialist_details_staff ON specialist_details FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_details_admin ON specialist_details FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_details_break_glass ON specialist_details FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- current_app_specialist_id is the specialist that the context's person is linked with in the context's clinic, or NULL. It reads with
-- the caller's own rights. Policies of "own specialist" compare with it: specialist_id = (SELECT current_app_specialist_id()).
CREATE FUNCTION current_app_specialist_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT d.specialist_id FROM specialist_details d
           WHERE d.organization_id = current_app_org_id() AND d.user_id = current_app_user_id() $$;
GRANT EXECUTE ON FUNCTION current_app_specialist_id() TO restartix_app;

CREATE TABLE specialist_specialties (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    specialist_id   uuid NOT NULL,
    specialty_id    uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT specialist_specialties_pkey PRIMARY KEY (organization_id, specialist_id, specialty_id),
    CONSTRAINT specialist_specialties_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT specialist_specialties_specialty_fk FOREIGN KEY (organization_id, specialty_id) REFERENCES specialties (organization_id, id)
);
CREATE INDEX specialist_specialties_of_specialty ON specialist_specialties (organization_id, specialty_id);
ALTER TABLE specialist_specialties ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_specialties FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON specialist_specialties TO restartix_app;
-- A visitor or patient sees a pair when it sees both ends: the policies of those tables decide.
CREATE POLICY specialist_specialties_published ON specialist_specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('anonymous', 'patient') AND organization_id = (SELECT current_app_org_id())
        AND EXISTS (SELECT 1 FROM specialists s WHERE s.organization_id = specialist_specialties.organization_id
            AND s.id = specialist_specialties.specialist_id)
        AND EXISTS (SELECT 1 FROM specialties y WHERE y.organization_id = specialist_specialties.organization_id
            AND y.id = specialist_specialties.specialty_id));
CREATE POLICY specialist_specialties_staff ON specialist_specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_specialties_admin ON specialist_specialties FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_specialties_break_glass ON specialist_specialties FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
