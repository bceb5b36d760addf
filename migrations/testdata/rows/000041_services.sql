INSERT INTO services (id, organization_id, name, slug, description, category, specialty_id, duration_min, base_price_minor, currency, modality,
    is_public, published) VALUES
    ('{id 1}', '{org}', 'CNRY-{X}-services-name', 'cnry-{x}-services-slug', 'CNRY-{X}-services-description', 'therapy', '{id 1}', 30, 20000,
     'RON', '{in_person}', true, true),
    ('{id 2}', '{org}', 'CNRY-{X}-services-member', 'cnry-{x}-services-member', 'CNRY-{X}-services-member', 'therapy', NULL, 30, 20000,
     'RON', '{video}', false, true),
    ('{id 3}', '{org}', 'CNRY-{X}-services-draft', 'cnry-{x}-services-draft', 'CNRY-{X}-services-draft', 'therapy', NULL, NULL, NULL,
     'RON', '{phone}', true, false);
INSERT INTO service_specialists (organization_id, service_id, specialist_id, custom_price_minor) VALUES
    ('{org}', '{id 1}', '{id 1}', 15000), ('{org}', '{id 2}', '{id 1}', NULL), ('{org}', '{id 3}', '{id 1}', NULL);
