-- Clinics. The table holds the public face only: what a visitor of the clinic's own site may read. Everything else
-- (legal identity, settings) is in organization_settings, because one database role serves every caller and row-level
-- security cannot hide columns.
CREATE TABLE organizations (
    id            uuid PRIMARY KEY,
    slug          citext NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    tagline       text CHECK (length(tagline) <= 300),
    email         text CHECK (length(email) <= 254),
    phone         text CHECK (length(phone) <= 32),
    website       text CHECK (length(website) <= 500),
    address_line  text CHECK (length(address_line) <= 200),
    locality      text CHECK (length(locality) <= 100),
    county        text CHECK (length(county) <= 100),
    postal_code   text CHECK (length(postal_code) <= 16),
    country       char(2) NOT NULL DEFAULT 'RO',
    color_primary text CHECK (color_primary ~ '^#[0-9a-f]{6}$'),
    color_accent  text CHECK (color_accent ~ '^#[0-9a-f]{6}$'),
    language_code text NOT NULL DEFAULT 'en' CHECK (language_code ~ '^[a-z]{2}$'),
    timezone      text NOT NULL DEFAULT 'Europe/Bucharest' CHECK (length(timezone) <= 64),
    currency      char(3) NOT NULL DEFAULT 'RON',
    features      jsonb NOT NULL DEFAULT '{"waitlist": true, "messages": true, "pose_sessions": false}',
    status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'archived')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    row_version   bigint NOT NULL DEFAULT 1,
    CONSTRAINT organizations_slug_key UNIQUE (slug),
    CONSTRAINT organizations_slug_format CHECK (slug::text ~ '^[a-z0-9](-?[a-z0-9])*$' AND length(slug::text) BETWEEN 3 AND 63),
    CONSTRAINT organizations_slug_reserved CHECK (slug::text NOT IN
        ('www', 'api', 'admin', 'console', 'portal', 'clinic', 'app', 'mail', 'static', 'assets'))
);
CREATE TRIGGER organizations_touch BEFORE UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (name, tagline, email, phone, website, address_line, locality, county, postal_code, country,
    color_primary, color_accent, language_code, timezone, currency, features) ON organizations TO restartix_app;
-- A visitor whose clinic is not known yet may look active clinics up; with a clinic it sees that one.
CREATE POLICY organizations_public ON organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) = 'anonymous' AND status = 'active'
        AND id = COALESCE((SELECT current_app_org_id()), id));
CREATE POLICY organizations_own ON organizations FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('patient', 'specialist', 'customer_support', 'admin', 'system')
        AND id = (SELECT current_app_org_id()));
CREATE POLICY organizations_admin_update ON organizations FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND id = (SELECT current_app_org_id()));

ALTER TABLE users ADD CONSTRAINT users_current_organization_fk
    FOREIGN KEY (current_organization_id) REFERENCES organizations (id);

-- What only the clinic itself reads: legal identity and the typed settings of product/01 §2.
CREATE TABLE organization_settings (
    organization_id uuid PRIMARY KEY REFERENCES organizations (id),
    legal_name      text CHECK (length(legal_name) <= 200),
    tax_id          text CHECK (length(tax_id) <= 32),
    settings        jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    row_version     bigint NOT NULL DEFAULT 1
);
CREATE TRIGGER organization_settings_touch BEFORE UPDATE ON organization_settings FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE organization_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_settings FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (legal_name, tax_id, settings) ON organization_settings TO restartix_app;
CREATE POLICY organization_settings_read ON organization_settings FOR SELECT TO restartix_app
    USING ((SELECT current_app_role()) IN ('specialist', 'customer_support', 'admin', 'system')
        AND organization_id = (SELECT current_app_org_id()));
CREATE POLICY organization_settings_update ON organization_settings FOR UPDATE TO restartix_app
    USING ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()))
    WITH CHECK ((SELECT current_app_role()) = 'admin' AND organization_id = (SELECT current_app_org_id()));
