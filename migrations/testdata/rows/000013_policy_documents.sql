INSERT INTO policy_documents (id, organization_id, consent_type, version, language_code, title, markdown, content_hash, published_at) VALUES
    ('{id 1}', '{org}', 'marketing', 1, 'ro', 'CNRY-{X}-policy_documents-title', 'CNRY-{X}-policy_documents-markdown', sha256('CNRY-{X}-1'), now()),
    ('{id 2}', '{org}', 'marketing', 2, 'ro', 'CNRY-{X}-policy_documents-title', 'CNRY-{X}-policy_documents-markdown', sha256('CNRY-{X}-2'), NULL);
