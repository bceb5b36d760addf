INSERT INTO signing_keys (id, purpose, public_key, private_key_encrypted, key_version, published_at) VALUES
    ('{mark}-signing-key-0001', CASE '{x}' WHEN 'a' THEN 'access' ELSE 'impersonation' END, 'CNRY-{X}-signing_keys-public_key',
     'CNRY-{X}-signing_keys-private_key_encrypted', 1, now());
