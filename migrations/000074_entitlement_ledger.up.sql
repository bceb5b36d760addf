-- The book of what patients bought and used. What is left is the sum of the rows, so a row is never changed and never removed, not even by
-- the owner of the database. patient_id is who it was when the row was written: when two patients become one, the plan, the order or the
-- visit moves, and the row is read through it.
CREATE TABLE entitlement_ledger (
    id                      uuid PRIMARY KEY,
    organization_id         uuid NOT NULL REFERENCES organizations (id),
    -- Order of writing; ids of one instant do not tell.
    seq                     bigint GENERATED ALWAYS AS IDENTITY,
    patient_id              uuid NOT NULL REFERENCES patients (id),
    patient_service_plan_id uuid,
    appointment_id          uuid,
    order_id                uuid,
    kind                    text NOT NULL CONSTRAINT entitlement_ledger_kind_known CHECK (kind IN
                            ('purchase', 'reserve', 'consume', 'release', 'expire', 'period', 'visit', 'product', 'adjust', 'reversal', 'refund')),
    -- A visit that is undone and done again counts its attempts.
    attempt                 integer NOT NULL DEFAULT 0 CONSTRAINT entitlement_ledger_attempt_range CHECK (attempt >= 0),
    d_available             integer NOT NULL DEFAULT 0,
    d_reserved              integer NOT NULL DEFAULT 0,
    d_consumed              integer NOT NULL DEFAULT 0,
    recognised_minor        bigint NOT NULL DEFAULT 0,
    currency                char(3) NOT NULL CONSTRAINT entitlement_ledger_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    effective_on            date NOT NULL,
    reason                  text CONSTRAINT entitlement_ledger_reason_length CHECK (length(reason) BETWEEN 10 AND 500),
    reverses_entry_id       uuid,
    actor_user_id           uuid REFERENCES users (id),
    created_at              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT entitlement_ledger_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT entitlement_ledger_plan_fkey FOREIGN KEY (organization_id, patient_service_plan_id)
        REFERENCES patient_service_plans (organization_id, id),
    CONSTRAINT entitlement_ledger_appointment_fkey FOREIGN KEY (organization_id, appointment_id) REFERENCES appointments (organization_id, id),
    CONSTRAINT entitlement_ledger_order_fkey FOREIGN KEY (organization_id, order_id) REFERENCES patient_product_orders (organization_id, id),
    CONSTRAINT entitlement_ledger_reverses_fkey FOREIGN KEY (organization_id, reverses_entry_id) REFERENCES entitlement_ledger (organization_id, id),
    CONSTRAINT entitlement_ledger_once UNIQUE (organization_id, kind, appointment_id, attempt),
    CONSTRAINT entitlement_ledger_about CHECK (num_nonnulls(patient_service_plan_id, appointment_id, order_id) >= 1),
    CONSTRAINT entitlement_ledger_shape CHECK (
        CASE kind
            WHEN 'purchase' THEN d_available >= 0 AND d_reserved = 0 AND d_consumed = 0 AND recognised_minor = 0
            WHEN 'reserve' THEN d_reserved > 0 AND d_available = -d_reserved AND d_consumed = 0 AND recognised_minor = 0
            WHEN 'consume' THEN d_consumed > 0 AND d_reserved = -d_consumed AND d_available = 0 AND recognised_minor >= 0
            WHEN 'release' THEN d_available > 0 AND d_reserved = -d_available AND d_consumed = 0 AND recognised_minor = 0
            WHEN 'expire' THEN d_available < 0 AND d_reserved = 0 AND d_consumed = 0 AND recognised_minor >= 0
            WHEN 'refund' THEN d_available = 0 AND d_reserved = 0 AND d_consumed = 0 AND recognised_minor < 0 AND reason IS NOT NULL
            WHEN 'adjust' THEN reason IS NOT NULL
            WHEN 'reversal' THEN reason IS NOT NULL AND reverses_entry_id IS NOT NULL
            ELSE d_available = 0 AND d_reserved = 0 AND d_consumed = 0 AND recognised_minor >= 0
        END)
);
CREATE UNIQUE INDEX entitlement_ledger_one_purchase ON entitlement_ledger (organization_id, patient_service_plan_id) WHERE kind = 'purchase';
CREATE UNIQUE INDEX entitlement_ledger_one_period ON entitlement_ledger (organization_id, patient_service_plan_id, effective_on) WHERE kind = 'period';
CREATE UNIQUE INDEX entitlement_ledger_one_product ON entitlement_ledger (organization_id, order_id) WHERE kind = 'product';
CREATE UNIQUE INDEX entitlement_ledger_one_reversal ON entitlement_ledger (organization_id, reverses_entry_id) WHERE kind = 'reversal';
CREATE INDEX entitlement_ledger_of_plan ON entitlement_ledger (organization_id, patient_service_plan_id, seq);
CREATE INDEX entitlement_ledger_of_appointment ON entitlement_ledger (organization_id, appointment_id);
CREATE INDEX entitlement_ledger_of_order ON entitlement_ledger (organization_id, order_id);
CREATE INDEX entitlement_ledger_of_patient ON entitlement_ledger (patient_id);

-- The sum of a plan's rows is never below nothing. The plan's row is the queue: whoever writes a row waits for it here, whatever the
-- program did before, and counts after that.
CREATE FUNCTION entitlement_ledger_fold() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    owner     uuid;
    available bigint;
    reserved  bigint;
    consumed  bigint;
BEGIN
    IF NEW.patient_service_plan_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT patient_id INTO owner FROM patient_service_plans
     WHERE organization_id = NEW.organization_id AND id = NEW.patient_service_plan_id FOR UPDATE;
    IF owner IS DISTINCT FROM NEW.patient_id THEN
        RAISE EXCEPTION 'the plan is of another patient' USING ERRCODE = '23514', CONSTRAINT = 'entitlement_ledger_patient';
    END IF;
    SELECT COALESCE(sum(d_available), 0) + NEW.d_available, COALESCE(sum(d_reserved), 0) + NEW.d_reserved,
           COALESCE(sum(d_consumed), 0) + NEW.d_consumed
      INTO available, reserved, consumed FROM entitlement_ledger
     WHERE organization_id = NEW.organization_id AND patient_service_plan_id = NEW.patient_service_plan_id;
    IF available < 0 OR reserved < 0 OR consumed < 0 THEN
        RAISE EXCEPTION 'the sum of a plan is never below nothing' USING ERRCODE = '23514', CONSTRAINT = 'entitlement_ledger_fold';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entitlement_ledger_fold BEFORE INSERT ON entitlement_ledger FOR EACH ROW EXECUTE FUNCTION entitlement_ledger_fold();
CREATE TRIGGER entitlement_ledger_immutable BEFORE UPDATE OR DELETE ON entitlement_ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_ledger_no_truncate BEFORE TRUNCATE ON entitlement_ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE entitlement_ledger ENABLE ALWAYS TRIGGER entitlement_ledger_fold;
ALTER TABLE entitlement_ledger ENABLE ALWAYS TRIGGER entitlement_ledger_immutable;
ALTER TABLE entitlement_ledger ENABLE ALWAYS TRIGGER entitlement_ledger_no_truncate;

ALTER TABLE entitlement_ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE entitlement_ledger FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT (id, organization_id, patient_id, patient_service_plan_id, appointment_id, order_id, kind, attempt, d_available, d_reserved,
    d_consumed, recognised_minor, currency, effective_on, reason, reverses_entry_id, actor_user_id, created_at) ON entitlement_ledger TO restartix_app;
CREATE POLICY entitlement_ledger_staff_read ON entitlement_ledger FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin', 'system') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY entitlement_ledger_write ON entitlement_ledger FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin', 'system') AND organization_id = (SELECT current_app_org_id()));
-- A specialist and a patient see the rows of the plans that they see.
CREATE POLICY entitlement_ledger_of_seen_plan ON entitlement_ledger FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'patient') AND organization_id = (SELECT current_app_org_id())
        AND EXISTS (SELECT 1 FROM patient_service_plans p WHERE p.organization_id = entitlement_ledger.organization_id
            AND p.id = entitlement_ledger.patient_service_plan_id));
CREATE POLICY entitlement_ledger_break_glass ON entitlement_ledger FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
