INSERT INTO handoff_codes (code_hash, session_id, organization_id, app, expires_at) VALUES
    (sha256('CNRY-{X}-handoff_codes-code_hash'), '{id 1}', '{org}', 'portal', now() + interval '30 seconds');
