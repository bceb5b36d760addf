INSERT INTO booking_links (id, organization_id, appointment_id, token_hash, sent_by, expires_at) VALUES
    ('{id 61}', '{org}', '{id 52}', sha256('CNRY-{X}-booking_links-token_hash'), 'answer', '2026-06-04 07:30Z');
