INSERT INTO webauthn_ceremonies (id, user_id, kind, app, rp_id, state, created_at, expires_at) VALUES
    ('{id 1}', '{patient}', 'register', 'portal', 'CNRY-{X}-webauthn_ceremonies-rp_id', '{"note": "CNRY-{X}-webauthn_ceremonies-state"}',
     now(), now() + interval '5 minutes');
