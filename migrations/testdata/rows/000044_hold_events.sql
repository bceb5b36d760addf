INSERT INTO hold_events (id, organization_id, hold_id, service_id, specialist_id, start_at, end_at, type, client_hash, at) VALUES
    ('{id 1}', '{org}', '{id 1}', '{id 1}', '{id 1}', '2026-05-04 07:00+00', '2026-05-04 07:30+00', 'held', decode(md5('{X}'), 'hex'), now()),
    ('{id 2}', '{org}', '{id 1}', '{id 1}', '{id 1}', '2026-05-04 07:00+00', '2026-05-04 07:30+00', 'expired', decode(md5('{X}'), 'hex'), now());
