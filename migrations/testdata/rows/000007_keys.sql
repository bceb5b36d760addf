INSERT INTO organization_integrations (id, organization_id, service, api_key_encrypted, key_version, last4, created_by) VALUES
    ('{id 1}', '{org}', 'sms', 'CNRY-{X}-organization_integrations-api_key_encrypted', 1, '12{x}{x}', '{admin}');
INSERT INTO access_keys (id, organization_id, name, prefix, secret_hash, scopes, created_by) VALUES
    ('{id 1}', '{org}', 'CNRY-{X}-access_keys-name', 'cnry{x}access1', sha256('CNRY-{X}-access_keys-secret_hash'),
     '{CNRY-{X}-access_keys-scopes}', '{admin}');
