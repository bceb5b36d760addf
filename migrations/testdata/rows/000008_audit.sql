INSERT INTO audit_log (id, organization_id, seq, occurred_at, actor_user_id, actor_role, actor_kind, action, entity_type, entity_id,
    changes, result, route, ip, user_agent_hash, request_id, correlation_id, reason, prev_hash, payload_hash, row_mac, key_id) VALUES
    ('{id 1}', '{org}', 1, now(), '{admin}', 'admin', 'user', 'update', 'organization', '{org}',
     '{"name": ["CNRY-{X}-audit_log-changes", null]}', 'success', 'CNRY-{X}-audit_log-route', 'CNRY-{X}-audit_log-ip',
     'CNRY-{X}-audit_log-user_agent_hash', 'CNRY-{X}-audit_log-request_id', 'CNRY-{X}-audit_log-correlation_id',
     'CNRY-{X}-audit_log-reason', decode(repeat('00', 32), 'hex'), sha256('{X}'), sha256('{X}'), 'CNRY-{X}-audit_log-key_id');
INSERT INTO audit_heads (organization_id, seq, row_mac) VALUES ('{org}', 1, sha256('{X}'));
INSERT INTO security_events (id, organization_id, kind, severity, subject, ip, window_start, last_at, last_request_id) VALUES
    ('{id 1}', '{org}', 'token_invalid', 'low', 'CNRY-{X}-security_events-subject', 'CNRY-{X}-security_events-ip',
     now(), now(), 'CNRY-{X}-security_events-last_request_id');
