INSERT INTO signing_keys (id, purpose, public_key, private_key_encrypted, key_version, published_at, signs_from, signs_until) VALUES
    ('{mark}-signing-key', 'access', 'CNRY-{X}-signing_keys-public_key', 'CNRY-{X}-signing_keys-private_key_encrypted', 1, now(), now(), now());
