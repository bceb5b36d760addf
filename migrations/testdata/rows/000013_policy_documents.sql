INSERT INTO policy_documents (id, organization_id, consent_type, version, language_code, title, markdown, content_hash, published_at) VALUES
    ('{id 1}', '{org}', 'terms', 1, 'en', 'CNRY-{X}-policy_documents-title', 'CNRY-{X}-policy_documents-markdown', sha256('{X}'), now()),
    ('{id 2}', '{org}', 'terms', 2, 'en', 'CNRY-{X}-policy_documents-draft', 'CNRY-{X}-policy_documents-draft', sha256('{X}'), NULL);
