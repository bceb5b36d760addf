DROP TABLE organization_settings;
ALTER TABLE users DROP CONSTRAINT users_current_organization_fk;
DROP TABLE organizations;
