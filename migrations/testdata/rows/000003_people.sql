INSERT INTO users (id, email, email_verified_at, name, locale, blocked_reason) VALUES
    ('{patient}',    'CNRY-{X}-users-email-1@example.test', now(), 'CNRY-{X}-users-name', 'ro', NULL),
    ('{specialist}', 'CNRY-{X}-users-email-2@example.test', now(), 'CNRY-{X}-users-name', 'ro', NULL),
    ('{support}',    'CNRY-{X}-users-email-3@example.test', now(), 'CNRY-{X}-users-name', 'en', NULL),
    ('{admin}',      'CNRY-{X}-users-email-4@example.test', now(), 'CNRY-{X}-users-name', 'en', NULL),
    ('{id 5}',       'CNRY-{X}-users-email-5@example.test', now(), 'CNRY-{X}-users-name', NULL, 'CNRY-{X}-users-blocked_reason');
INSERT INTO user_identities (id, user_id, issuer, subject, amr) VALUES
    ('{id 1}', '{patient}',    'CNRY-{X}-user_identities-issuer', 'CNRY-{X}-user_identities-subject-1', '{pwd}'),
    ('{id 2}', '{specialist}', 'CNRY-{X}-user_identities-issuer', 'CNRY-{X}-user_identities-subject-2', '{pwd}'),
    ('{id 3}', '{support}',    'CNRY-{X}-user_identities-issuer', 'CNRY-{X}-user_identities-subject-3', '{pwd}'),
    ('{id 4}', '{admin}',      'CNRY-{X}-user_identities-issuer', 'CNRY-{X}-user_identities-subject-4', '{pwd,otp}');
-- once
INSERT INTO users (id, email, email_verified_at, name) VALUES
    ('cccccccc-0000-7000-8000-000000000001', 'shared@example.test', now(), 'Admin of A, patient of B');
