INSERT INTO products (id, organization_id, name, slug, sku, description, price_minor, currency, vat_code, stock_tracked, stock, published) VALUES
    ('{id 61}', '{org}', 'CNRY-{X}-products-name', 'cnry-{x}-products-slug', 'CNRY-{X}-products-sku', 'CNRY-{X}-products-description', 9900, 'RON', 'S19',
     true, 5, true),
    ('{id 62}', '{org}', 'CNRY-{X}-products-draft', 'cnry-{x}-products-draft', NULL, 'CNRY-{X}-products-draft', 9900, 'RON', NULL, false, 0, false);
