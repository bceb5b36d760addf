INSERT INTO mfa_tickets (ticket_hash, user_id, app, amr, created_at, expires_at) VALUES
    (sha256('CNRY-{X}-mfa_tickets-ticket_hash'), '{patient}', 'portal', '{pwd}', now(), now() + interval '5 minutes');
