-- Licences to practise, as the clinic copied and checked them, and the reminders that were given before they end. expires_on is the first
-- day without the licence. Only the clinic's administrator works with them; the system reads them, because it stops offering times of a
-- specialist whose licence ended.
CREATE TABLE specialist_licences (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    specialist_id   uuid NOT NULL,
    issuer_code     text NOT NULL CONSTRAINT specialist_licences_issuer_format CHECK (issuer_code ~ '^[A-Z]{2,20}$'),
    number          text NOT NULL CONSTRAINT specialist_licences_number_length CHECK (length(number) BETWEEN 1 AND 60),
    issued_on       date,
    expires_on      date NOT NULL,
    -- Who compared the row with the document or the issuer's register. A change of what was compared takes it away.
    verified_by     uuid REFERENCES users (id),
    verified_at     timestamptz,
    deleted_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT specialist_licences_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT specialist_licences_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT specialist_licences_days_order CHECK (issued_on < expires_on),
    CONSTRAINT specialist_licences_verified_whole CHECK ((verified_by IS NULL) = (verified_at IS NULL))
);
CREATE UNIQUE INDEX specialist_licences_number_key ON specialist_licences (organization_id, issuer_code, lower(number)) WHERE deleted_at IS NULL;
CREATE INDEX specialist_licences_of_specialist ON specialist_licences (organization_id, specialist_id, expires_on);
CREATE TRIGGER specialist_licences_touch BEFORE UPDATE ON specialist_licences FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE specialist_licences ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_licences FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (issuer_code, number, issued_on, expires_on, verified_by, verified_at, deleted_at) ON specialist_licences TO restartix_app;
CREATE POLICY specialist_licences_admin ON specialist_licences FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_licences_system ON specialist_licences FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_licences_break_glass ON specialist_licences FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'superadmin' AND organization_id = (SELECT current_app_org_id()) AND (SELECT app_break_glass_active()));

-- One row for each reminder that was given: a licence, the end that it had then, and how many days before it. A renewed licence has another
-- end, so it is reminded of again. The rows make the daily job safe to run as often as it likes.
CREATE TABLE specialist_licence_alerts (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    licence_id      uuid NOT NULL,
    expires_on      date NOT NULL,
    days            integer NOT NULL CONSTRAINT specialist_licence_alerts_days_known CHECK (days IN (60, 30, 7, 0)),
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT specialist_licence_alerts_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT specialist_licence_alerts_licence_fk FOREIGN KEY (organization_id, licence_id) REFERENCES specialist_licences (organization_id, id),
    CONSTRAINT specialist_licence_alerts_once UNIQUE (organization_id, licence_id, expires_on, days)
);
ALTER TABLE specialist_licence_alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE specialist_licence_alerts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON specialist_licence_alerts TO restartix_app;
CREATE POLICY specialist_licence_alerts_system_read ON specialist_licence_alerts FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY specialist_licence_alerts_system_make ON specialist_licence_alerts FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
