-- Facts and the work that follows from them, written in the transaction that made them true.
CREATE TABLE outbox_events (
    id              uuid PRIMARY KEY,
    organization_id uuid REFERENCES organizations (id),
    type            text NOT NULL CHECK (type ~ '^[a-z_]+\.[a-z_]+$'),
    schema_version  integer NOT NULL DEFAULT 1,
    aggregate_type  text NOT NULL,
    aggregate_id    uuid NOT NULL,
    aggregate_seq   bigint NOT NULL,
    actor_type      text NOT NULL CHECK (actor_type IN ('user', 'system', 'anonymous', 'key')),
    actor_id        uuid,
    occurred_at     timestamptz NOT NULL DEFAULT now(),
    data            jsonb NOT NULL DEFAULT '{}',
    correlation_id  text,
    causation_id    uuid,
    depth           integer NOT NULL DEFAULT 0 CHECK (depth BETWEEN 0 AND 16)
);
CREATE UNIQUE INDEX outbox_events_order ON outbox_events (organization_id, aggregate_id, aggregate_seq) NULLS NOT DISTINCT;
CREATE INDEX outbox_events_time ON outbox_events (organization_id, occurred_at, id);
ALTER TABLE outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_events FORCE ROW LEVEL SECURITY;

-- Which listener has already seen which event: delivery is at least once, effects are once.
CREATE TABLE event_consumers (
    event_id     uuid NOT NULL REFERENCES outbox_events (id) ON DELETE CASCADE,
    consumer     text NOT NULL CHECK (length(consumer) <= 100),
    processed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (event_id, consumer)
);
ALTER TABLE event_consumers ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_consumers FORCE ROW LEVEL SECURITY;

-- outbox_append records a fact of the context's clinic by the context's actor and answers its place in the aggregate.
CREATE FUNCTION outbox_append(p_id uuid, p_type text, p_aggregate_type text, p_aggregate_id uuid, p_data jsonb,
    p_correlation_id text, p_causation_id uuid, p_depth integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
DECLARE
    org  uuid := current_app_org_id();
    place bigint;
BEGIN
    IF current_app_role() IS NULL THEN
        RAISE EXCEPTION 'an event needs a context' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('outbox:' || p_aggregate_id::text, 0));
    SELECT COALESCE(max(aggregate_seq), 0) + 1 INTO place FROM outbox_events
     WHERE organization_id IS NOT DISTINCT FROM org AND aggregate_id = p_aggregate_id;
    INSERT INTO outbox_events (id, organization_id, type, aggregate_type, aggregate_id, aggregate_seq, actor_type, actor_id,
        data, correlation_id, causation_id, depth)
    VALUES (p_id, org, p_type, p_aggregate_type, p_aggregate_id, place,
        CASE current_app_role() WHEN 'system' THEN 'system' WHEN 'anonymous' THEN 'anonymous' ELSE 'user' END,
        current_app_user_id(), p_data, p_correlation_id, p_causation_id, p_depth);
    RETURN place;
END $$;

-- outbox_read gives a listener of the context's clinic one event; outbox_done marks it and answers false when it was done before.
CREATE FUNCTION outbox_read(p_id uuid) RETURNS SETOF outbox_events
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$ SELECT * FROM outbox_events WHERE id = p_id AND organization_id IS NOT DISTINCT FROM current_app_org_id()
          AND current_app_role() = 'system' $$;

CREATE FUNCTION outbox_done(p_id uuid, p_consumer text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF current_app_role() IS DISTINCT FROM 'system' OR NOT EXISTS (SELECT 1 FROM outbox_events
        WHERE id = p_id AND organization_id IS NOT DISTINCT FROM current_app_org_id()) THEN
        RAISE EXCEPTION 'not an event of this context' USING ERRCODE = '42501';
    END IF;
    INSERT INTO event_consumers (event_id, consumer) VALUES (p_id, p_consumer) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- The durable queue lives in its own schema under its own login; job.Migrate creates its tables as the owner.
CREATE SCHEMA river;
GRANT USAGE ON SCHEMA river TO restartix_jobs;
ALTER DEFAULT PRIVILEGES IN SCHEMA river GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO restartix_jobs;
ALTER DEFAULT PRIVILEGES IN SCHEMA river GRANT USAGE, SELECT ON SEQUENCES TO restartix_jobs;
ALTER DEFAULT PRIVILEGES IN SCHEMA river GRANT EXECUTE ON FUNCTIONS TO restartix_jobs;

-- job_enqueue is the only way from a clinic's transaction into the queue. The clinic is taken from the context; arguments
-- are a flat object of ids, enums and numbers.
CREATE FUNCTION job_enqueue(p_kind text, p_args jsonb, p_queue text, p_scheduled_at timestamptz, p_max_attempts integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    IF current_app_role() IS NULL THEN
        RAISE EXCEPTION 'a job needs a context' USING ERRCODE = '42501';
    END IF;
    IF EXISTS (SELECT 1 FROM jsonb_each(p_args) WHERE jsonb_typeof(value) IN ('object', 'array'))
       OR length(p_args::text) > 2000 THEN
        RAISE EXCEPTION 'job arguments are ids, enums and numbers' USING ERRCODE = '22023';
    END IF;
    INSERT INTO river.river_job (kind, args, queue, scheduled_at, max_attempts, state, priority, metadata)
    VALUES (p_kind, p_args || jsonb_build_object('organization_id', current_app_org_id()), p_queue,
        COALESCE(p_scheduled_at, now()), p_max_attempts,
        CASE WHEN p_scheduled_at > now() THEN 'scheduled' ELSE 'available' END::river.river_job_state, 1, '{}');
    PERFORM pg_notify('river.river_insert', json_build_object('queue', p_queue)::text);
END $$;

GRANT EXECUTE ON FUNCTION outbox_append(uuid, text, text, uuid, jsonb, text, uuid, integer),
    outbox_read(uuid), outbox_done(uuid, text), job_enqueue(text, jsonb, text, timestamptz, integer) TO restartix_app;
