INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES
    ('{id 1}', '{org}', '{patient}',    'patient'),
    ('{id 2}', '{org}', '{specialist}', 'specialist'),
    ('{id 3}', '{org}', '{support}',    'customer_support'),
    ('{id 4}', '{org}', '{admin}',      'admin'),
    ('{id 5}', '{org}', '{id 5}',       'patient');
INSERT INTO staff_invitations (id, organization_id, email, role, invited_by, token_hash, expires_at) VALUES
    ('{id 1}', '{org}', 'CNRY-{X}-staff_invitations-email@example.test', 'specialist', '{admin}',
     sha256('CNRY-{X}-staff_invitations-token_hash'), now() + interval '14 days');
-- once
INSERT INTO user_organizations (id, organization_id, user_id, role) VALUES
    ('aaaaaaaa-0000-7000-8000-000000000006', 'aaaaaaaa-0000-7000-8000-000000000000', 'cccccccc-0000-7000-8000-000000000001', 'admin'),
    ('bbbbbbbb-0000-7000-8000-000000000006', 'bbbbbbbb-0000-7000-8000-000000000000', 'cccccccc-0000-7000-8000-000000000001', 'patient');
