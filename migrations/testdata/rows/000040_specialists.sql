INSERT INTO specialties (id, organization_id, title, slug, description, active) VALUES
    ('{id 1}', '{org}', 'CNRY-{X}-specialties-title', 'cnry-{x}-specialties-slug', 'CNRY-{X}-specialties-description', true),
    ('{id 2}', '{org}', 'CNRY-{X}-specialties-hidden', 'cnry-{x}-specialties-hidden', 'CNRY-{X}-specialties-hidden', false);
INSERT INTO specialists (id, organization_id, name, title, description, slug, scheduling_timezone, scheduling_active) VALUES
    ('{id 1}', '{org}', 'CNRY-{X}-specialists-name', 'CNRY-{X}-specialists-title', 'CNRY-{X}-specialists-description',
     'cnry-{x}-specialists-slug', 'Europe/Bucharest', true),
    ('{id 2}', '{org}', 'CNRY-{X}-specialists-hidden', 'CNRY-{X}-specialists-hidden', 'CNRY-{X}-specialists-hidden',
     'cnry-{x}-specialists-hidden', NULL, false);
INSERT INTO specialist_details (specialist_id, organization_id, user_id, email, phone_encrypted, phone_key_version, stamp_number) VALUES
    ('{id 1}', '{org}', '{specialist}', 'CNRY-{X}-specialist_details-email', 'CNRY-{X}-specialist_details-phone_encrypted', 1,
     'CNRY-{X}-specialist_details-stamp_number'),
    ('{id 2}', '{org}', NULL, 'CNRY-{X}-specialist_details-email', NULL, NULL, 'CNRY-{X}-specialist_details-stamp_number');
INSERT INTO specialist_specialties (organization_id, specialist_id, specialty_id) VALUES
    ('{org}', '{id 1}', '{id 1}'), ('{org}', '{id 2}', '{id 2}');
