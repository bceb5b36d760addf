-- What was sold to a patient: a copy of the plan as it was, so that a later change of the plan changes nothing that was bought. How many
-- sessions are left is not written here: it is the sum of the ledger.
CREATE TABLE patient_service_plans (
    id                uuid PRIMARY KEY,
    organization_id   uuid NOT NULL REFERENCES organizations (id),
    patient_id        uuid NOT NULL,
    service_plan_id   uuid NOT NULL,
    name              text NOT NULL CONSTRAINT patient_service_plans_name_length CHECK (length(name) BETWEEN 1 AND 200),
    type              text NOT NULL CONSTRAINT patient_service_plans_type_known CHECK (type IN ('session_based', 'time_based', 'hybrid')),
    price_minor       bigint NOT NULL CONSTRAINT patient_service_plans_price_range CHECK (price_minor BETWEEN 0 AND 100000000000),
    -- The plan's price on that day; another one was paid for a reason.
    list_price_minor  bigint NOT NULL CONSTRAINT patient_service_plans_list_price_range CHECK (list_price_minor BETWEEN 0 AND 100000000000),
    price_reason      text CONSTRAINT patient_service_plans_price_reason_length CHECK (length(price_reason) BETWEEN 10 AND 500),
    currency          char(3) NOT NULL CONSTRAINT patient_service_plans_currency_format CHECK (currency ~ '^[A-Z]{3}$'),
    session_count     integer CONSTRAINT patient_service_plans_session_count_range CHECK (session_count BETWEEN 1 AND 1000),
    session_share_pct integer NOT NULL CONSTRAINT patient_service_plans_share_range CHECK (session_share_pct BETWEEN 0 AND 100),
    telerehab_access  boolean NOT NULL,
    library_access    boolean NOT NULL,
    -- Services that the sessions pay for: [{"service_id", "credits"}].
    covered           jsonb NOT NULL DEFAULT '[]' CONSTRAINT patient_service_plans_covered_list CHECK (jsonb_typeof(covered) = 'array'),
    -- Days of the clinic, both ends included; NULL is without end.
    starts_on         date NOT NULL,
    access_ends_on    date CONSTRAINT patient_service_plans_access_order CHECK (access_ends_on >= starts_on),
    credits_expire_on date CONSTRAINT patient_service_plans_expiry_order CHECK (credits_expire_on >= starts_on),
    status            text NOT NULL DEFAULT 'active'
                      CONSTRAINT patient_service_plans_status_known CHECK (status IN ('active', 'exhausted', 'expired', 'cancelled')),
    sold_by           uuid REFERENCES users (id),
    cancelled_at      timestamptz,
    cancel_reason     text CONSTRAINT patient_service_plans_cancel_reason_length CHECK (length(cancel_reason) BETWEEN 10 AND 500),
    -- The last day whose midnight was worked off, and the days before the end of which the patient was warned (14, then 3).
    rolled_on         date NOT NULL,
    warned_days       integer,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT patient_service_plans_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT patient_service_plans_patient_fkey FOREIGN KEY (organization_id, patient_id)
        REFERENCES patient_org_profiles (organization_id, patient_id) ON UPDATE CASCADE,
    CONSTRAINT patient_service_plans_plan_fkey FOREIGN KEY (organization_id, service_plan_id) REFERENCES service_plans (organization_id, id),
    CONSTRAINT patient_service_plans_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT patient_service_plans_reason_check CHECK (price_minor = list_price_minor OR price_reason IS NOT NULL),
    CONSTRAINT patient_service_plans_shape CHECK (
        CASE type
            WHEN 'session_based' THEN session_count IS NOT NULL AND access_ends_on IS NULL
            WHEN 'time_based' THEN session_count IS NULL AND credits_expire_on IS NULL AND access_ends_on IS NOT NULL
            ELSE session_count IS NOT NULL AND access_ends_on IS NOT NULL
        END)
);
CREATE INDEX patient_service_plans_of_patient ON patient_service_plans (organization_id, patient_id, created_at DESC, id);
CREATE INDEX patient_service_plans_of_plan ON patient_service_plans (organization_id, service_plan_id);
CREATE INDEX patient_service_plans_due ON patient_service_plans (rolled_on) WHERE status = 'active';
CREATE TRIGGER patient_service_plans_touch BEFORE UPDATE ON patient_service_plans FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE patient_service_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_service_plans FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (status, cancelled_at, cancel_reason, rolled_on, warned_days) ON patient_service_plans TO restartix_app;
CREATE POLICY patient_service_plans_staff ON patient_service_plans FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('customer_support', 'admin') AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_service_plans_linked ON patient_service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'specialist' AND organization_id = (SELECT current_app_org_id()) AND app_linked_patient(patient_id));
CREATE POLICY patient_service_plans_own ON patient_service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'patient' AND organization_id = (SELECT current_app_org_id())
        AND patient_id IN (SELECT p.id FROM patients p WHERE p.user_id = (SELECT current_app_user_id())));
CREATE POLICY patient_service_plans_system_read ON patient_service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
-- The midnight job.
CREATE POLICY patient_service_plans_system_roll ON patient_service_plans FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY patient_service_plans_break_glass ON patient_service_plans FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));
