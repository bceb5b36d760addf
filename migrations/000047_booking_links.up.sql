-- The links with which a booker without an account looks at the own booking: one for the answer of the booking, one for each mail. Only
-- the hash is kept; the link itself is with the booker.
CREATE TABLE booking_links (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    appointment_id  uuid NOT NULL,
    token_hash      bytea NOT NULL CHECK (length(token_hash) = 32),
    sent_by         text NOT NULL CHECK (sent_by IN ('answer', 'mail')),
    expires_at      timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT booking_links_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT booking_links_appointment_fkey FOREIGN KEY (organization_id, appointment_id) REFERENCES appointments (organization_id, id)
);
CREATE UNIQUE INDEX booking_links_token ON booking_links (organization_id, token_hash);
CREATE INDEX booking_links_appointment ON booking_links (organization_id, appointment_id);
ALTER TABLE booking_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE booking_links FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON booking_links TO restartix_app;
CREATE POLICY booking_links_system_read ON booking_links FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY booking_links_system_make ON booking_links FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
