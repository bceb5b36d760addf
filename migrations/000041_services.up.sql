-- What the clinic offers, and who offers it at which price and length. Published-catalogue class: a visitor reads what is published
-- and public, a patient what is published. A service without length, price or specialists is legal: it is reached by call-back.
CREATE TABLE services (
    id                uuid PRIMARY KEY,
    organization_id   uuid NOT NULL REFERENCES organizations (id),
    name              text NOT NULL CONSTRAINT services_name_length CHECK (length(name) BETWEEN 1 AND 200),
    slug              text NOT NULL CONSTRAINT services_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    description       text CONSTRAINT services_description_length CHECK (length(description) <= 5000),
    category          text NOT NULL CONSTRAINT services_category_known CHECK (category IN ('consultation', 'therapy', 'examination', 'procedure')),
    specialty_id      uuid,
    duration_min      integer CONSTRAINT services_duration_range CHECK (duration_min BETWEEN 5 AND 480),
    buffer_before_min integer NOT NULL DEFAULT 0 CONSTRAINT services_buffer_before_range CHECK (buffer_before_min BETWEEN 0 AND 120),
    buffer_after_min  integer NOT NULL DEFAULT 0 CONSTRAINT services_buffer_after_range CHECK (buffer_after_min BETWEEN 0 AND 120),
    -- NULL is a price on request, 0 is free.
    base_price_minor  bigint CONSTRAINT services_price_range CHECK (base_price_minor BETWEEN 0 AND 100000000000),
    currency          char(3) NOT NULL CONSTRAINT services_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    modality          text[] NOT NULL CONSTRAINT services_modality_known
                      CHECK (cardinality(modality) BETWEEN 1 AND 4 AND modality <@ ARRAY['in_person', 'video', 'phone', 'home_visit']),
    is_addon          boolean NOT NULL DEFAULT false,
    is_public         boolean NOT NULL DEFAULT false,
    published         boolean NOT NULL DEFAULT false,
    self_book         boolean NOT NULL DEFAULT false,
    room_required     boolean NOT NULL DEFAULT false,
    video_url         text CONSTRAINT services_video_url_format CHECK (video_url ~ '^https://' AND length(video_url) <= 500),
    sort_order        integer NOT NULL DEFAULT 0 CONSTRAINT services_sort_order_range CHECK (sort_order BETWEEN 0 AND 10000),
    deleted_at        timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT services_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT services_specialty_fk FOREIGN KEY (organization_id, specialty_id) REFERENCES specialties (organization_id, id)
);
CREATE UNIQUE INDEX services_slug_key ON services (organization_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX services_in_order ON services (organization_id, sort_order, id) WHERE deleted_at IS NULL;
CREATE INDEX services_of_specialty ON services (organization_id, specialty_id) WHERE specialty_id IS NOT NULL;
CREATE TRIGGER services_touch BEFORE UPDATE ON services FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE services ENABLE ROW LEVEL SECURITY;
ALTER TABLE services FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, slug, description, category, specialty_id, duration_min, buffer_before_min, buffer_after_min,
    base_price_minor, currency, modality, is_addon, is_public, published, self_book, room_required, video_url, sort_order, deleted_at)
    ON services TO restartix_app;
CREATE POLICY services_public ON services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'anonymous' AND organization_id = (SELECT current_app_org_id())
        AND published AND is_public AND deleted_at IS NULL);
CREATE POLICY services_published ON services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND published AND deleted_at IS NULL);
CREATE POLICY services_staff ON services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY services_admin ON services FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY services_break_glass ON services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

CREATE TABLE service_specialists (
    organization_id     uuid NOT NULL REFERENCES organizations (id),
    service_id          uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    priority            integer NOT NULL DEFAULT 50 CONSTRAINT service_specialists_priority_range CHECK (priority BETWEEN 1 AND 100),
    weight              integer NOT NULL DEFAULT 1 CONSTRAINT service_specialists_weight_range CHECK (weight BETWEEN 1 AND 10),
    custom_price_minor  bigint CONSTRAINT service_specialists_price_range CHECK (custom_price_minor BETWEEN 0 AND 100000000000),
    custom_duration_min integer CONSTRAINT service_specialists_duration_range CHECK (custom_duration_min BETWEEN 5 AND 480),
    is_active           boolean NOT NULL DEFAULT true,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    row_version         bigint NOT NULL DEFAULT 1,
    CONSTRAINT service_specialists_pkey PRIMARY KEY (organization_id, service_id, specialist_id),
    CONSTRAINT service_specialists_service_fk FOREIGN KEY (organization_id, service_id) REFERENCES services (organization_id, id),
    CONSTRAINT service_specialists_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id)
);
CREATE INDEX service_specialists_of_specialist ON service_specialists (organization_id, specialist_id);
CREATE TRIGGER service_specialists_touch BEFORE UPDATE ON service_specialists FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE service_specialists ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_specialists FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (priority, weight, custom_price_minor, custom_duration_min, is_active), DELETE ON service_specialists TO restartix_app;
-- A visitor or patient sees an active offer when it sees the service and the specialist: the policies of those tables decide.
CREATE POLICY service_specialists_published ON service_specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('anonymous', 'patient') AND organization_id = (SELECT current_app_org_id()) AND is_active
        AND EXISTS (SELECT 1 FROM services v WHERE v.organization_id = service_specialists.organization_id
            AND v.id = service_specialists.service_id)
        AND EXISTS (SELECT 1 FROM specialists s WHERE s.organization_id = service_specialists.organization_id
            AND s.id = service_specialists.specialist_id));
CREATE POLICY service_specialists_staff ON service_specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_specialists_admin ON service_specialists FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_specialists_break_glass ON service_specialists FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
