-- What a clinic tells its patients and asks them to agree to: terms, privacy notice, consents; one row per kind, version and
-- language. Published-catalogue class: a visitor reads what is published, and what is published never changes, because consents refer
-- to its version. Writing comes with the endpoints that publish; until then the owner writes version 1 when a clinic is made.
CREATE TABLE policy_documents (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    consent_type    text NOT NULL CHECK (consent_type ~ '^[a-z_]{3,40}$'),
    version         integer NOT NULL CHECK (version > 0),
    language_code   text NOT NULL CHECK (language_code ~ '^[a-z]{2}$'),
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    markdown        text NOT NULL CHECK (length(markdown) BETWEEN 1 AND 50000),
    content_hash    bytea NOT NULL CHECK (length(content_hash) = 32),
    requires_resign boolean NOT NULL DEFAULT false,
    published_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT policy_documents_version_key UNIQUE (organization_id, consent_type, version, language_code),
    CONSTRAINT policy_documents_org_id_key UNIQUE (organization_id, id)
);
CREATE TRIGGER policy_documents_touch BEFORE UPDATE ON policy_documents FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER policy_documents_immutable BEFORE UPDATE OR DELETE ON policy_documents
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_documents_no_truncate BEFORE TRUNCATE ON policy_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE policy_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_documents FORCE ROW LEVEL SECURITY;
GRANT SELECT ON policy_documents TO restartix_app;
CREATE POLICY policy_documents_published ON policy_documents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('anonymous', 'patient')
        AND organization_id = (SELECT current_app_org_id()) AND published_at IS NOT NULL);
CREATE POLICY policy_documents_staff ON policy_documents FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'admin', 'system')
        AND organization_id = (SELECT current_app_org_id()));
