-- People who sign in. A person is not owned by a clinic; memberships (000005) tie people to clinics.
-- Platform class: no organization_id. A person sees the own row; admins see the people of their clinic (policy in 000005).
CREATE TABLE users (
    id                      uuid PRIMARY KEY,
    email                   citext NOT NULL,
    email_verified_at       timestamptz,
    name                    text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
    locale                  text CHECK (locale IN ('ro', 'en')),
    platform_role           text CHECK (platform_role = 'superadmin'),
    blocked_at              timestamptz,
    blocked_reason          text CHECK (length(blocked_reason) <= 500),
    current_organization_id uuid,
    last_activity_at        timestamptz,
    deleted_at              timestamptz,
    created_at              timestamptz NOT NULL DEFAULT now(),
    updated_at              timestamptz NOT NULL DEFAULT now(),
    row_version             bigint NOT NULL DEFAULT 1,
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_format CHECK (length(email::text) <= 254 AND email::text LIKE '%_@_%')
);
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_row();
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (name, locale, current_organization_id) ON users TO restartix_app;
CREATE POLICY users_self_select ON users FOR SELECT TO restartix_app
    USING (id = (SELECT current_app_user_id()));
CREATE POLICY users_self_update ON users FOR UPDATE TO restartix_app
    USING (id = (SELECT current_app_user_id()))
    WITH CHECK (id = (SELECT current_app_user_id()));

-- One person may come from several issuers; issuer and subject together are the key of a sign-in.
CREATE TABLE user_identities (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES users (id),
    issuer        text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject       text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    amr           text[] NOT NULL DEFAULT '{}',
    last_login_at timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_identities_issuer_subject_key UNIQUE (issuer, subject)
);
CREATE INDEX user_identities_user ON user_identities (user_id);
ALTER TABLE user_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_identities FORCE ROW LEVEL SECURITY;
GRANT SELECT ON user_identities TO restartix_app;
CREATE POLICY user_identities_self ON user_identities FOR SELECT TO restartix_app
    USING (user_id = (SELECT current_app_user_id()));
