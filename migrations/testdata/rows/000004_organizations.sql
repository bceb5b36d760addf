INSERT INTO organizations (id, slug, name, tagline, email, phone, website, address_line, locality, county, postal_code) VALUES
    ('{org}', 'cnry-{x}-organizations-slug', 'CNRY-{X}-organizations-name', 'CNRY-{X}-organizations-tagline',
     'CNRY-{X}-organizations-email', 'CNRY-{X}-organizations-phone', 'CNRY-{X}-organizations-website',
     'CNRY-{X}-organizations-address_line', 'CNRY-{X}-organizations-locality', 'CNRY-{X}-organizations-county', 'CNRY-{X}');
INSERT INTO organization_settings (organization_id, legal_name, tax_id, settings) VALUES
    ('{org}', 'CNRY-{X}-organization_settings-legal_name', 'CNRY-{X}-tax_id', '{"note": "CNRY-{X}-organization_settings-settings"}');
UPDATE users SET current_organization_id = '{org}' WHERE id::text LIKE '{mark}-%';
