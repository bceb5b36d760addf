INSERT INTO patient_service_plans (id, organization_id, patient_id, service_plan_id, name, type, price_minor, list_price_minor, price_reason, currency,
    session_count, session_share_pct, telerehab_access, library_access, covered, starts_on, access_ends_on, credits_expire_on, status, sold_by,
    cancelled_at, cancel_reason, rolled_on) VALUES
    ('{id 66}', '{org}', '{id 11}', '{id 63}', 'CNRY-{X}-patient_service_plans-name', 'session_based', 90000, 100000, 'CNRY-{X}-patient_service_plans-price_reason',
     'RON', 10, 100, false, false, '[]', '2026-01-10', NULL, '2026-07-08', 'active', '{support}', NULL, NULL, '2026-01-10'),
    ('{id 67}', '{org}', '{id 12}', '{id 64}', 'CNRY-{X}-patient_service_plans-name', 'hybrid', 60000, 60000, NULL,
     'RON', 6, 50, true, false, '[]', '2026-01-10', '2026-04-09', NULL, 'cancelled', '{support}', now(), 'CNRY-{X}-patient_service_plans-cancel_reason', '2026-01-10');
