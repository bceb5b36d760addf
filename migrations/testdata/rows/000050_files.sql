INSERT INTO files (id, organization_id, purpose, filename, content_type, upload_size, upload_sha256, detected_type, size, sha256, storage_key,
    status, owner_type, owner_id, uploaded_by, expires_unconfirmed_at, confirmed_at) VALUES
    ('{id 1}', '{org}', 'avatar', 'CNRY-{X}-files-filename', 'image/png', 10, decode(repeat('00', 32), 'hex'), 'image/png', 10,
     decode(repeat('00', 32), 'hex'), 'org/{org}/avatar/2026/11/{id 1}', 'ready', 'specialist', '{id 1}', '{admin}', now() + interval '1 day', now()),
    ('{id 2}', '{org}', 'licence_scan', 'CNRY-{X}-files-filename', 'application/pdf', 10, decode(repeat('00', 32), 'hex'), NULL, NULL,
     NULL, 'org/{org}/licence_scan/2026/11/{id 2}', 'pending', NULL, NULL, '{admin}', now() + interval '1 day', NULL),
    ('{id 3}', '{org}', 'signature_image', 'CNRY-{X}-files-filename', 'image/png', 10, decode(repeat('00', 32), 'hex'), NULL, NULL,
     NULL, 'org/{org}/signature_image/2026/11/{id 3}', 'pending', NULL, NULL, '{specialist}', now() + interval '1 day', NULL);
