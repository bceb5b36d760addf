INSERT INTO email_codes (id, user_id, purpose, app, organization_id, code_hash, created_at, expires_at) VALUES
    ('{id 1}', '{patient}', 'reset', 'portal', '{org}', sha256('CNRY-{X}-email_codes-code_hash'), now(), now() + interval '10 minutes');
