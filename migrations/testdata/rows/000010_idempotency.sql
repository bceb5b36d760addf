INSERT INTO idempotency_keys (organization_id, actor, route, key_hash, request_hash, status, response, response_etag, key_version) VALUES
    ('{org}', 'CNRY-{X}-idempotency_keys-actor-{admin}', 'CNRY-{X}-idempotency_keys-route', sha256('{X}'), sha256('{X}'), 200,
     'CNRY-{X}-idempotency_keys-response', 'CNRY-{X}-idempotency_keys-response_etag', 1);
