INSERT INTO login_sessions (id, user_id, app, amr, agent, ip, created_at, last_used_at, expires_at) VALUES
    ('{id 1}', '{patient}', 'portal', '{pwd}', 'CNRY-{X}-login_sessions-agent', 'CNRY-{X}-login_sessions-ip', now(), now(), now() + interval '30 days');
INSERT INTO refresh_tokens (token_hash, session_id, issued_at, expires_at) VALUES
    (sha256('CNRY-{X}-refresh_tokens-token_hash'), '{id 1}', now(), now() + interval '30 days');
