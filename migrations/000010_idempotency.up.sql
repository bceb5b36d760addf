-- Answers of keyed requests, kept 24 hours. Written in the request's own transaction; the stored body is sealed, because
-- an answer may hold health data. System class: functions only.
CREATE TABLE idempotency_keys (
    organization_id uuid,
    actor           text NOT NULL CHECK (length(actor) <= 120),
    route           text NOT NULL CHECK (length(route) <= 200),
    key_hash        bytea NOT NULL CHECK (length(key_hash) = 32),
    request_hash    bytea NOT NULL CHECK (length(request_hash) = 32),
    status          integer,
    response        bytea,
    response_etag   text,
    key_version     integer,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_keys_key UNIQUE NULLS NOT DISTINCT (organization_id, actor, route, key_hash)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;

-- idempotency_begin claims the key for the context's clinic and actor. state: 'new', 'replay' or 'mismatch'. A twin in flight makes the
-- insert wait; the caller's lock_timeout of 5 s then answers 409. The actor of a signed-in person is the context's user;
-- p_client names a visitor and is ignored otherwise.
CREATE FUNCTION idempotency_begin(p_route text, p_client text, p_key_hash bytea, p_request_hash bytea,
    OUT state text, OUT status integer, OUT response bytea, OUT response_etag text, OUT key_version integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s'
    AS $$
DECLARE
    org   uuid := current_app_org_id();
    who   text := COALESCE('user:' || current_app_user_id()::text, p_client);
    found_request bytea;
BEGIN
    IF current_app_role() IS NULL THEN
        RAISE EXCEPTION 'idempotency needs a context' USING ERRCODE = '42501';
    END IF;
    DELETE FROM idempotency_keys k WHERE k.organization_id IS NOT DISTINCT FROM org AND k.actor = who AND k.route = p_route
       AND k.key_hash = p_key_hash AND k.created_at < now() - interval '24 hours';
    INSERT INTO idempotency_keys (organization_id, actor, route, key_hash, request_hash)
    VALUES (org, who, p_route, p_key_hash, p_request_hash) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        state := 'new';
        RETURN;
    END IF;
    SELECT k.request_hash, k.status, k.response, k.response_etag, k.key_version
      INTO found_request, status, response, response_etag, key_version
      FROM idempotency_keys k WHERE k.organization_id IS NOT DISTINCT FROM org AND k.actor = who AND k.route = p_route AND k.key_hash = p_key_hash;
    state := CASE WHEN found_request = p_request_hash THEN 'replay' ELSE 'mismatch' END;
END $$;

CREATE FUNCTION idempotency_finish(p_route text, p_client text, p_key_hash bytea, p_status integer, p_response bytea,
    p_etag text, p_key_version integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
    UPDATE idempotency_keys SET status = p_status, response = p_response, response_etag = p_etag, key_version = p_key_version
     WHERE organization_id IS NOT DISTINCT FROM current_app_org_id()
       AND actor = COALESCE('user:' || current_app_user_id()::text, p_client) AND route = p_route AND key_hash = p_key_hash
       AND status IS NULL
    $$;
GRANT EXECUTE ON FUNCTION idempotency_begin(text, text, bytea, bytea),
    idempotency_finish(text, text, bytea, integer, bytea, text, integer) TO restartix_app;
