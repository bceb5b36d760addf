-- What is sold at once for more than one visit: a number of sessions, a time of access, or both; with things that come along.
-- Published-catalogue class. The shape of each type is held here: no statement makes a package of sessions without a number.
CREATE TABLE service_plans (
    id                uuid PRIMARY KEY,
    organization_id   uuid NOT NULL REFERENCES organizations (id),
    name              text NOT NULL CONSTRAINT service_plans_name_length CHECK (length(name) BETWEEN 1 AND 200),
    slug              text NOT NULL CONSTRAINT service_plans_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    description       text CONSTRAINT service_plans_description_length CHECK (length(description) <= 5000),
    type              text NOT NULL CONSTRAINT service_plans_type_known CHECK (type IN ('session_based', 'time_based', 'hybrid')),
    price_minor       bigint NOT NULL CONSTRAINT service_plans_price_range CHECK (price_minor BETWEEN 0 AND 100000000000),
    currency          char(3) NOT NULL CONSTRAINT service_plans_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    session_count     integer CONSTRAINT service_plans_session_count_range CHECK (session_count BETWEEN 1 AND 1000),
    -- Days in which the sessions are to be used, the first included; NULL is without end.
    validity_days     integer CONSTRAINT service_plans_validity_range CHECK (validity_days BETWEEN 1 AND 3650),
    window_months     integer CONSTRAINT service_plans_window_range CHECK (window_months BETWEEN 1 AND 120),
    telerehab_access  boolean NOT NULL DEFAULT false,
    library_access    boolean NOT NULL DEFAULT false,
    -- How much of the price the sessions earn; the rest is earned by the passing of time.
    session_share_pct integer NOT NULL CONSTRAINT service_plans_share_range CHECK (session_share_pct BETWEEN 0 AND 100),
    status            text NOT NULL DEFAULT 'draft' CONSTRAINT service_plans_status_known CHECK (status IN ('draft', 'published', 'archived')),
    is_public         boolean NOT NULL DEFAULT false,
    deleted_at        timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT service_plans_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT service_plans_shape CHECK (
        CASE type
            WHEN 'session_based' THEN session_count IS NOT NULL AND window_months IS NULL AND session_share_pct = 100
            WHEN 'time_based' THEN session_count IS NULL AND validity_days IS NULL AND window_months IS NOT NULL AND session_share_pct = 0
            ELSE session_count IS NOT NULL AND window_months IS NOT NULL
        END)
);
CREATE UNIQUE INDEX service_plans_slug_key ON service_plans (organization_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX service_plans_by_name ON service_plans (organization_id, name, id) WHERE deleted_at IS NULL;
CREATE TRIGGER service_plans_touch BEFORE UPDATE ON service_plans FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE service_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_plans FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, slug, description, type, price_minor, currency, session_count, validity_days, window_months,
    telerehab_access, library_access, session_share_pct, status, is_public, deleted_at) ON service_plans TO restartix_app;
CREATE POLICY service_plans_public ON service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'anonymous' AND organization_id = (SELECT current_app_org_id())
        AND status = 'published' AND is_public AND deleted_at IS NULL);
CREATE POLICY service_plans_published ON service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND status = 'published' AND deleted_at IS NULL);
CREATE POLICY service_plans_staff ON service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plans_admin ON service_plans FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plans_break_glass ON service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

CREATE TABLE service_plan_services (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    service_plan_id uuid NOT NULL,
    service_id      uuid NOT NULL,
    -- Sessions that one visit uses up.
    credits         integer NOT NULL DEFAULT 1 CONSTRAINT service_plan_services_credits_range CHECK (credits BETWEEN 1 AND 10),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT service_plan_services_pkey PRIMARY KEY (organization_id, service_plan_id, service_id),
    CONSTRAINT service_plan_services_plan_fk FOREIGN KEY (organization_id, service_plan_id) REFERENCES service_plans (organization_id, id),
    CONSTRAINT service_plan_services_service_fk FOREIGN KEY (organization_id, service_id) REFERENCES services (organization_id, id)
);
CREATE INDEX service_plan_services_of_service ON service_plan_services (organization_id, service_id);
CREATE TRIGGER service_plan_services_touch BEFORE UPDATE ON service_plan_services FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE service_plan_services ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_plan_services FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (credits), DELETE ON service_plan_services TO restartix_app;
-- A visitor or patient sees what a plan holds when it sees the plan and the service.
CREATE POLICY service_plan_services_published ON service_plan_services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('anonymous', 'patient') AND organization_id = (SELECT current_app_org_id())
        AND EXISTS (SELECT 1 FROM service_plans p WHERE p.organization_id = service_plan_services.organization_id
            AND p.id = service_plan_services.service_plan_id)
        AND EXISTS (SELECT 1 FROM services v WHERE v.organization_id = service_plan_services.organization_id
            AND v.id = service_plan_services.service_id));
CREATE POLICY service_plan_services_staff ON service_plan_services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plan_services_admin ON service_plan_services FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plan_services_break_glass ON service_plan_services FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

CREATE TABLE service_plan_products (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    service_plan_id uuid NOT NULL,
    product_id      uuid NOT NULL,
    quantity        integer NOT NULL DEFAULT 1 CONSTRAINT service_plan_products_quantity_range CHECK (quantity BETWEEN 1 AND 100),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT service_plan_products_pkey PRIMARY KEY (organization_id, service_plan_id, product_id),
    CONSTRAINT service_plan_products_plan_fk FOREIGN KEY (organization_id, service_plan_id) REFERENCES service_plans (organization_id, id),
    CONSTRAINT service_plan_products_product_fk FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id)
);
CREATE INDEX service_plan_products_of_product ON service_plan_products (organization_id, product_id);
CREATE TRIGGER service_plan_products_touch BEFORE UPDATE ON service_plan_products FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE service_plan_products ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_plan_products FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (quantity), DELETE ON service_plan_products TO restartix_app;
CREATE POLICY service_plan_products_published ON service_plan_products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND EXISTS (SELECT 1 FROM service_plans p WHERE p.organization_id = service_plan_products.organization_id
            AND p.id = service_plan_products.service_plan_id)
        AND EXISTS (SELECT 1 FROM products q WHERE q.organization_id = service_plan_products.organization_id
            AND q.id = service_plan_products.product_id));
CREATE POLICY service_plan_products_staff ON service_plan_products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plan_products_admin ON service_plan_products FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY service_plan_products_break_glass ON service_plan_products FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
