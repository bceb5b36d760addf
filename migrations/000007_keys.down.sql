DROP FUNCTION signin_access_key(text);
DROP TABLE access_keys;
DROP TABLE organization_integrations;
