INSERT INTO patient_product_orders (id, organization_id, patient_id, product_id, patient_service_plan_id, quantity, price_minor, currency, source, status,
    address, tracking, status_at) VALUES
    ('{id 68}', '{org}', '{id 11}', '{id 61}', '{id 66}', 1, 0, 'RON', 'bundle', 'pending', 'CNRY-{X}-patient_product_orders-address',
     'CNRY-{X}-patient_product_orders-tracking', now()),
    ('{id 69}', '{org}', '{id 12}', '{id 61}', NULL, 2, 9900, 'RON', 'standalone', 'delivered', NULL, NULL, now());
