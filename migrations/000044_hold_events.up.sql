-- What became of every hold on a slot. The holds themselves live in Redis and may be lost; this log is for questions afterwards: why was a
-- time not offered, does one visitor block the calendar. It is append-only (rows only age out) and names nobody: the visitor is a keyed hash of
-- the client id that differs from clinic to clinic. System class: visitors hold slots, so no person's role writes here.
CREATE TABLE hold_events (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    hold_id         uuid NOT NULL,
    service_id      uuid NOT NULL,
    specialist_id   uuid NOT NULL,
    start_at        timestamptz NOT NULL,
    end_at          timestamptz NOT NULL,
    type            text NOT NULL CONSTRAINT hold_events_type_known CHECK (type IN ('held', 'extended', 'released', 'expired', 'booked')),
    client_hash     bytea NOT NULL CONSTRAINT hold_events_client_hash_length CHECK (length(client_hash) = 16),
    at              timestamptz NOT NULL,
    CONSTRAINT hold_events_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT hold_events_service_fk FOREIGN KEY (organization_id, service_id) REFERENCES services (organization_id, id),
    CONSTRAINT hold_events_specialist_fk FOREIGN KEY (organization_id, specialist_id) REFERENCES specialists (organization_id, id),
    CONSTRAINT hold_events_range CHECK (start_at < end_at)
);
CREATE INDEX hold_events_of_specialist ON hold_events (organization_id, specialist_id, start_at);
CREATE INDEX hold_events_of_service ON hold_events (organization_id, service_id);
CREATE TRIGGER hold_events_append_only BEFORE UPDATE ON hold_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hold_events_no_truncate BEFORE TRUNCATE ON hold_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE hold_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE hold_events FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON hold_events TO restartix_app;
CREATE POLICY hold_events_system_read ON hold_events FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY hold_events_system_write ON hold_events FOR INSERT TO restartix_app
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
