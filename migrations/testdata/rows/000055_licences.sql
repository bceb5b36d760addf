INSERT INTO specialist_licences (id, organization_id, specialist_id, issuer_code, number, issued_on, expires_on, verified_by, verified_at) VALUES
    ('{id 1}', '{org}', '{id 1}', 'CFZRO', 'CNRY-{X}-specialist_licences-number', '2025-05-12', '2026-05-12', '{admin}', now()),
    ('{id 2}', '{org}', '{id 2}', 'CMR', 'CNRY-{X}-specialist_licences-number', NULL, '2027-01-01', NULL, NULL);
INSERT INTO specialist_licence_alerts (id, organization_id, licence_id, expires_on, days) VALUES
    ('{id 1}', '{org}', '{id 1}', '2026-05-12', 60), ('{id 2}', '{org}', '{id 1}', '2026-05-12', 30);
