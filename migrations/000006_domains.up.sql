-- Custom domains of a clinic. Several clinics may hold a pending claim on one domain; the first to prove it by a TXT
-- record wins, and only then is the domain unique over the platform (a declared global).
CREATE TABLE organization_domains (
    id                 uuid PRIMARY KEY,
    organization_id    uuid NOT NULL REFERENCES organizations (id),
    domain             text NOT NULL CHECK (domain = lower(domain) AND length(domain) BETWEEN 4 AND 253),
    app                text NOT NULL CHECK (app IN ('clinic', 'portal')),
    verification_token text NOT NULL CHECK (verification_token ~ '^[0-9a-f]{32}$'),
    status             text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'verified', 'failed')),
    verified_at        timestamptz,
    last_checked_at    timestamptz,
    claim_expires_at   timestamptz NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    row_version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT organization_domains_claim_key UNIQUE (organization_id, domain),
    CONSTRAINT organization_domains_org_id_key UNIQUE (organization_id, id),
    CONSTRAINT organization_domains_verified_when CHECK ((status = 'verified') = (verified_at IS NOT NULL))
);
CREATE UNIQUE INDEX organization_domains_verified ON organization_domains (domain) WHERE status = 'verified';
CREATE TRIGGER organization_domains_touch BEFORE UPDATE ON organization_domains FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE organization_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_domains FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (status, verified_at, last_checked_at), DELETE ON organization_domains TO restartix_app;
CREATE POLICY organization_domains_public ON organization_domains FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'anonymous' AND status = 'verified'
        AND organization_id = COALESCE((SELECT current_app_org_id()), organization_id));
CREATE POLICY organization_domains_read ON organization_domains FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY organization_domains_recheck ON organization_domains FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'system' AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY organization_domains_admin ON organization_domains FOR ALL TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
