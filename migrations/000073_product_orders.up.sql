-- Things that a patient bought, alone or with a plan, and how far they are. The states of product/02 §6 stand once more under everything:
-- no statement, whoever sends it, moves an order along a way that is not there.
CREATE TABLE patient_product_orders (
    id                      uuid PRIMARY KEY,
    organization_id         uuid NOT NULL REFERENCES organizations (id),
    patient_id              uuid NOT NULL,
    product_id              uuid NOT NULL,
    patient_service_plan_id uuid,
    quantity                integer NOT NULL CONSTRAINT patient_product_orders_quantity_range CHECK (quantity BETWEEN 1 AND 1000),
    -- Of one piece, on the day of the order; what comes with a plan is paid with the plan.
    price_minor             bigint NOT NULL CONSTRAINT patient_product_orders_price_range CHECK (price_minor BETWEEN 0 AND 100000000000),
    currency                char(3) NOT NULL CONSTRAINT patient_product_orders_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    source                  text NOT NULL CONSTRAINT patient_product_orders_source_known CHECK (source IN ('bundle', 'standalone')),
    status                  text NOT NULL DEFAULT 'pending' CONSTRAINT patient_product_orders_status_known
                            CHECK (status IN ('pending', 'prepared', 'shipped', 'delivered', 'handed_over', 'cancelled', 'returned')),
    address                 text CONSTRAINT patient_product_orders_address_length CHECK (length(address) <= 500),
    tracking                text CONSTRAINT patient_product_orders_tracking_length CHECK (length(tracking) <= 100),
    status_at               timestamptz NOT NULL,
    created_at              timestamptz NOT NULL DEFAULT now(),
    updated_at              timestamptz NOT NULL DEFAULT now(),
    row_version             bigint NOT NULL DEFAULT 1,
    CONSTRAINT patient_product_orders_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT patient_product_orders_patient_fkey FOREIGN KEY (organization_id, patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE,
    CONSTRAINT patient_product_orders_product_fkey FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id),
    CONSTRAINT patient_product_orders_plan_fkey FOREIGN KEY (organization_id, patient_service_plan_id)
        REFERENCES patient_service_plans (organization_id, id),
    CONSTRAINT patient_product_orders_source_check CHECK ((source = 'bundle') = (patient_service_plan_id IS NOT NULL))
);
CREATE INDEX patient_product_orders_created ON patient_product_orders (organization_id, created_at DESC, id);
CREATE INDEX patient_product_orders_status ON patient_product_orders (organization_id, status, created_at, id);
CREATE INDEX patient_product_orders_of_patient ON patient_product_orders (organization_id, patient_id);
CREATE INDEX patient_product_orders_of_product ON patient_product_orders (organization_id, product_id);
CREATE INDEX patient_product_orders_of_plan ON patient_product_orders (organization_id, patient_service_plan_id);
CREATE TRIGGER patient_product_orders_touch BEFORE UPDATE ON patient_product_orders FOR EACH ROW EXECUTE FUNCTION touch_row();

CREATE FUNCTION patient_product_orders_way() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('pending', 'prepared'), ('prepared', 'shipped'), ('shipped', 'delivered'), ('prepared', 'handed_over'),
        ('pending', 'cancelled'), ('prepared', 'cancelled'), ('delivered', 'returned'), ('handed_over', 'returned')) THEN
        RAISE EXCEPTION 'an order does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = '23514', CONSTRAINT = 'patient_product_orders_way';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER patient_product_orders_way BEFORE UPDATE OF status ON patient_product_orders FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION patient_product_orders_way();

ALTER TABLE patient_product_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_product_orders FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (status, status_at, tracking, address) ON patient_product_orders TO restartix_app;
CREATE POLICY patient_product_orders_staff ON patient_product_orders FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_product_orders_own ON patient_product_orders FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));
CREATE POLICY patient_product_orders_system ON patient_product_orders FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_product_orders_break_glass ON patient_product_orders FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
