-- Keys of other services that a clinic lets us use (sealed), and keys that call our API (hashed).
CREATE TABLE organization_integrations (
    id                uuid PRIMARY KEY,
    organization_id   uuid NOT NULL REFERENCES organizations (id),
    service           text NOT NULL CHECK (service ~ '^[a-z][a-z0-9_]{1,30}$'),
    api_key_encrypted bytea NOT NULL,
    key_version       integer NOT NULL,
    last4             text NOT NULL CHECK (length(last4) <= 4),
    created_by        uuid REFERENCES users (id),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    row_version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT organization_integrations_service_key UNIQUE (organization_id, service),
    CONSTRAINT organization_integrations_org_id_key UNIQUE (organization_id, id)
);
CREATE TRIGGER organization_integrations_touch BEFORE UPDATE ON organization_integrations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE organization_integrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_integrations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (api_key_encrypted, key_version, last4), DELETE ON organization_integrations TO restartix_app;
CREATE POLICY organization_integrations_admin ON organization_integrations FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY organization_integrations_system ON organization_integrations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));

CREATE TABLE access_keys (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix          text NOT NULL CHECK (prefix ~ '^[a-z0-9]{12}$'),
    secret_hash     bytea NOT NULL CHECK (length(secret_hash) = 32),
    scopes          text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 50),
    allowed_cidrs   cidr[] NOT NULL DEFAULT '{}',
    expires_at      timestamptz,
    last_used_at    timestamptz,
    revoked_at      timestamptz,
    created_by      uuid REFERENCES users (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT access_keys_prefix_key UNIQUE (prefix),
    CONSTRAINT access_keys_org_id_key UNIQUE (organization_id, id)
);
CREATE TRIGGER access_keys_touch BEFORE UPDATE ON access_keys FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE access_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_keys FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON access_keys TO restartix_app;
CREATE POLICY access_keys_admin ON access_keys FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));

-- Called without a context when a request carries an access key: one key by its public prefix, with the clinic's state.
CREATE FUNCTION signin_access_key(p_prefix text)
    RETURNS TABLE (id uuid, organization_id uuid, secret_hash bytea, scopes text[], allowed_cidrs cidr[])
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    AS $$
BEGIN
    UPDATE access_keys k SET last_used_at = now()
     WHERE k.prefix = p_prefix AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
    RETURN QUERY
    SELECT k.id, k.organization_id, k.secret_hash, k.scopes, k.allowed_cidrs
      FROM access_keys k JOIN organizations o ON o.id = k.organization_id
     WHERE k.prefix = p_prefix AND k.revoked_at IS NULL AND o.status = 'active'
       AND (k.expires_at IS NULL OR k.expires_at > now());
END $$;
GRANT EXECUTE ON FUNCTION signin_access_key(text) TO restartix_app;
