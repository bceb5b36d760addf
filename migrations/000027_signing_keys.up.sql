-- Keys of the built-in issuer. Two purposes with keys of their own, so that an impersonation token can never be taken for
-- a login. The private part is sealed with keys that are not in the database. Platform class: the owner alone.
CREATE TABLE signing_keys (
    id                    text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{16,64}$'),
    purpose               text NOT NULL CHECK (purpose IN ('access', 'impersonation')),
    public_key            bytea NOT NULL,
    private_key_encrypted bytea NOT NULL,
    key_version           integer NOT NULL,
    published_at          timestamptz NOT NULL,
    signs_from            timestamptz,
    signs_until           timestamptz,
    created_at            timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_keys_order CHECK (signs_until IS NULL OR signs_from IS NOT NULL)
);
-- One key signs and one waits, published long enough that every cache knows it before its first token.
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (purpose) WHERE signs_from IS NOT NULL AND signs_until IS NULL;
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (purpose) WHERE signs_from IS NULL;
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
