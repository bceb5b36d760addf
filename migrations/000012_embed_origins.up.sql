-- Origins that may show a clinic's booking page in a frame. They stand in the page's own Content-Security-Policy, so they are part of
-- the public face and not of the settings that only staff reads.
ALTER TABLE organizations ADD COLUMN embed_origins text[] NOT NULL DEFAULT '{}'
    CONSTRAINT organizations_embed_origins_count CHECK (cardinality(embed_origins) <= 20);
GRANT UPDATE (embed_origins) ON organizations TO restartix_app;
