INSERT INTO appointments (id, organization_id, reference, patient_id, guest_contact_id, contact_name, contact_phone_encrypted, contact_phone_key_version,
    contact_email, specialist_id, service_id, modality, note, start_at, end_at, timezone, status, price_minor, currency, price_source, duration_min, source,
    cancel_until, cancel_reason) VALUES
    ('{id 51}', '{org}', 'AAAAAAA1', '{id 11}', NULL, 'CNRY-{X}-appointments-contact_name', 'CNRY-{X}-appointments-contact_phone_encrypted', 1,
     'CNRY-{X}-appointments-contact_email@example.test', '{id 1}', '{id 1}', 'in_person', 'CNRY-{X}-appointments-note', '2026-05-04 07:00Z', '2026-05-04 07:30Z',
     'Europe/Bucharest', 'upcoming', 20000, 'RON', 'service', 30, 'staff', '2026-05-03 07:00Z', NULL),
    ('{id 52}', '{org}', 'AAAAAAA2', NULL, '{id 31}', 'CNRY-{X}-appointments-contact_name', 'CNRY-{X}-appointments-contact_phone_encrypted', 1,
     NULL, '{id 2}', '{id 2}', 'video', 'CNRY-{X}-appointments-note', '2026-05-04 07:00Z', '2026-05-04 07:30Z',
     'Europe/Bucharest', 'booked', NULL, 'RON', 'service', 30, 'public', '2026-05-03 07:00Z', 'CNRY-{X}-appointments-cancel_reason');
