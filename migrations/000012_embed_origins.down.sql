ALTER TABLE organizations DROP COLUMN embed_origins;
