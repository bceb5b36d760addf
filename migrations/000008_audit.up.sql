-- The audit trail: append-only, one hash chain per clinic and one for the platform (organization_id NULL).
-- Rows are hashed and MACed in Go with a key that is not in the database; audit_append accepts only the next link, and
-- takes organization, actor and time from the transaction, never from its arguments.
CREATE TABLE audit_log (
    id               uuid PRIMARY KEY,
    organization_id  uuid REFERENCES organizations (id),
    seq              bigint NOT NULL CHECK (seq > 0),
    occurred_at      timestamptz NOT NULL,
    actor_user_id    uuid,
    actor_role       text,
    actor_kind       text NOT NULL CHECK (actor_kind IN ('user', 'caregiver', 'key', 'system', 'anonymous')),
    action           text NOT NULL CHECK (action ~ '^[a-z_]{2,40}$'),
    entity_type      text NOT NULL CHECK (entity_type ~ '^[a-z_]{2,60}$'),
    entity_id        text CHECK (length(entity_id) <= 100),
    patient_id       uuid,
    changes          jsonb,
    result           text NOT NULL CHECK (result IN ('success', 'denied', 'error')),
    http_status      integer,
    route            text,
    ip               text,
    user_agent_hash  text,
    request_id       text,
    correlation_id   text,
    action_context   text NOT NULL DEFAULT 'normal' CHECK (action_context IN ('normal', 'break_glass', 'impersonation', 'gdpr_operation')),
    break_glass_id   uuid,
    impersonation_id uuid,
    reason           text,
    prev_hash        bytea NOT NULL,
    payload_hash     bytea NOT NULL CHECK (length(payload_hash) = 32),
    row_mac          bytea NOT NULL CHECK (length(row_mac) = 32),
    key_id           text NOT NULL
);
CREATE UNIQUE INDEX audit_log_chain ON audit_log (organization_id, seq) NULLS NOT DISTINCT;
CREATE INDEX audit_log_time ON audit_log (organization_id, occurred_at DESC, id DESC);
CREATE INDEX audit_log_entity ON audit_log (organization_id, entity_type, entity_id);
CREATE INDEX audit_log_request ON audit_log (organization_id, request_id);
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
GRANT SELECT ON audit_log TO restartix_app;
CREATE POLICY audit_log_admin ON audit_log FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('admin', 'system') AND organization_id = (SELECT current_app_org_id()));

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$;
CREATE TRIGGER audit_log_immutable BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The head of each chain, so that the next link is one row read. System class: no grants, functions only.
CREATE TABLE audit_heads (
    organization_id uuid UNIQUE NULLS NOT DISTINCT REFERENCES organizations (id),
    seq             bigint NOT NULL,
    row_mac         bytea NOT NULL
);
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;

-- audit_head takes the chain's lock until commit and answers the link to build on. It is the last lock of a transaction,
-- so writers of one clinic queue here for the length of one insert and a commit. An empty chain starts at seq 0 with 32 zero bytes.
CREATE FUNCTION audit_head(OUT seq bigint, OUT prev_hash bytea, OUT occurred_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    org uuid := current_app_org_id();
BEGIN
    IF current_app_role() IS NULL THEN
        RAISE EXCEPTION 'audit needs a context' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || COALESCE(org::text, 'platform'), 0));
    SELECT h.seq, h.row_mac INTO seq, prev_hash FROM audit_heads h WHERE h.organization_id IS NOT DISTINCT FROM org;
    seq := COALESCE(seq, 0);
    prev_hash := COALESCE(prev_hash, decode(repeat('00', 32), 'hex'));
    occurred_at := now();
END $$;

-- audit_append adds links to the chain of the context's clinic. rows is an array in order of objects with the columns
-- that the caller may choose plus seq, prev_hash, payload_hash, row_mac (hex) and key_id.
CREATE FUNCTION audit_append(rows jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    org  uuid := current_app_org_id();
    head record;
    r    jsonb;
BEGIN
    SELECT * INTO head FROM audit_head();
    FOR r IN SELECT value FROM jsonb_array_elements(rows) WITH ORDINALITY AS t(value, ordinal) ORDER BY ordinal LOOP
        IF (r ->> 'seq')::bigint <> head.seq + 1 OR decode(r ->> 'prev_hash', 'hex') <> head.prev_hash THEN
            RAISE EXCEPTION 'audit chain moved' USING ERRCODE = '40001';
        END IF;
        INSERT INTO audit_log (id, organization_id, seq, occurred_at, actor_user_id, actor_role, actor_kind, action,
            entity_type, entity_id, patient_id, changes, result, http_status, route, ip, user_agent_hash, request_id,
            correlation_id, action_context, break_glass_id, impersonation_id, reason, prev_hash, payload_hash, row_mac, key_id)
        VALUES ((r ->> 'id')::uuid, org, (r ->> 'seq')::bigint, now(), current_app_user_id(), current_app_role(),
            r ->> 'actor_kind', r ->> 'action', r ->> 'entity_type', r ->> 'entity_id', (r ->> 'patient_id')::uuid,
            NULLIF(r -> 'changes', 'null'), r ->> 'result', (r ->> 'http_status')::integer, r ->> 'route', r ->> 'ip',
            r ->> 'user_agent_hash', r ->> 'request_id', r ->> 'correlation_id', r ->> 'action_context',
            (r ->> 'break_glass_id')::uuid, (r ->> 'impersonation_id')::uuid, r ->> 'reason',
            decode(r ->> 'prev_hash', 'hex'), decode(r ->> 'payload_hash', 'hex'), decode(r ->> 'row_mac', 'hex'), r ->> 'key_id');
        head.seq := (r ->> 'seq')::bigint;
        head.prev_hash := decode(r ->> 'row_mac', 'hex');
    END LOOP;
    INSERT INTO audit_heads (organization_id, seq, row_mac) VALUES (org, head.seq, head.prev_hash)
    ON CONFLICT (organization_id) DO UPDATE SET seq = EXCLUDED.seq, row_mac = EXCLUDED.row_mac;
END $$;
GRANT EXECUTE ON FUNCTION audit_head(), audit_append(jsonb) TO restartix_app;

-- Security events (product/08 §7): counted per kind, subject and minute, so that a flood is one row.
CREATE TABLE security_events (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid REFERENCES organizations (id),
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
    severity        text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
    subject         text NOT NULL CHECK (length(subject) <= 200),
    ip              text,
    count           bigint NOT NULL DEFAULT 1,
    window_start    timestamptz NOT NULL,
    last_at         timestamptz NOT NULL,
    last_request_id text,
    acknowledged_at timestamptz,
    acknowledged_by uuid REFERENCES users (id)
);
CREATE UNIQUE INDEX security_events_window ON security_events (organization_id, kind, subject, window_start) NULLS NOT DISTINCT;
CREATE INDEX security_events_recent ON security_events (organization_id, last_at DESC, id DESC);
ALTER TABLE security_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE security_events FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (acknowledged_at, acknowledged_by) ON security_events TO restartix_app;
CREATE POLICY security_events_admin ON security_events FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY security_events_ack ON security_events FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));

-- security_event_record belongs to the context's clinic; subject is an id or a keyed hash, never a name or an address.
CREATE FUNCTION security_event_record(p_kind text, p_severity text, p_subject text, p_ip text, p_request_id text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    INSERT INTO security_events (organization_id, kind, severity, subject, ip, window_start, last_at, last_request_id)
    VALUES (current_app_org_id(), p_kind, p_severity, p_subject, p_ip, date_trunc('minute', clock_timestamp()), clock_timestamp(), p_request_id)
    ON CONFLICT (organization_id, kind, subject, window_start)
    DO UPDATE SET count = security_events.count + 1, last_at = EXCLUDED.last_at, last_request_id = EXCLUDED.last_request_id
    $$;
GRANT EXECUTE ON FUNCTION security_event_record(text, text, text, text, text) TO restartix_app;
