INSERT INTO service_plans (id, organization_id, name, slug, description, type, price_minor, currency, session_count, validity_days, window_months,
    telerehab_access, session_share_pct, status, is_public) VALUES
    ('{id 63}', '{org}', 'CNRY-{X}-service_plans-name', 'cnry-{x}-plans-slug', 'CNRY-{X}-service_plans-description', 'session_based', 100000, 'RON', 10,
     180, NULL, false, 100, 'published', true),
    ('{id 64}', '{org}', 'CNRY-{X}-service_plans-member', 'cnry-{x}-plans-member', 'CNRY-{X}-service_plans-member', 'hybrid', 60000, 'RON', 6,
     NULL, 3, true, 50, 'published', false),
    ('{id 65}', '{org}', 'CNRY-{X}-service_plans-draft', 'cnry-{x}-plans-draft', 'CNRY-{X}-service_plans-draft', 'time_based', 30000, 'RON', NULL,
     NULL, 1, true, 0, 'draft', true);
INSERT INTO service_plan_services (organization_id, service_plan_id, service_id, credits) VALUES
    ('{org}', '{id 63}', '{id 1}', 1), ('{org}', '{id 64}', '{id 2}', 2), ('{org}', '{id 65}', '{id 3}', 1);
INSERT INTO service_plan_products (organization_id, service_plan_id, product_id, quantity) VALUES
    ('{org}', '{id 63}', '{id 61}', 1), ('{org}', '{id 65}', '{id 62}', 2);
