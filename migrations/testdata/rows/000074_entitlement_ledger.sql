INSERT INTO entitlement_ledger (id, organization_id, patient_id, patient_service_plan_id, appointment_id, order_id, kind, d_available, d_reserved, d_consumed,
    recognised_minor, currency, effective_on, reason, actor_user_id) VALUES
    ('{id 71}', '{org}', '{id 11}', '{id 66}', NULL, NULL, 'purchase', 10, 0, 0, 0, 'RON', '2026-01-10', NULL, '{support}'),
    ('{id 72}', '{org}', '{id 11}', '{id 66}', '{id 51}', NULL, 'reserve', -1, 1, 0, 0, 'RON', '2026-01-11', NULL, '{support}'),
    ('{id 73}', '{org}', '{id 11}', '{id 66}', NULL, NULL, 'adjust', 1, 0, 0, 0, 'RON', '2026-01-12', 'CNRY-{X}-entitlement_ledger-reason', '{admin}'),
    ('{id 74}', '{org}', '{id 12}', NULL, NULL, '{id 69}', 'product', 0, 0, 0, 19800, 'RON', '2026-01-12', NULL, '{support}');
