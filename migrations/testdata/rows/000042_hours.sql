INSERT INTO specialist_hours (id, organization_id, specialist_id, weekday, start_local, end_local) VALUES
    ('{id 1}', '{org}', '{id 1}', 1, 540, 720), ('{id 2}', '{org}', '{id 1}', 1, 720, 780), ('{id 3}', '{org}', '{id 2}', 2, 1320, 1440);
INSERT INTO specialist_date_overrides (id, organization_id, specialist_id, date, available, ranges, reason) VALUES
    ('{id 1}', '{org}', '{id 1}', '2026-05-04', true, '[{"start": "10:00", "end": "12:00"}]', 'CNRY-{X}-specialist_date_overrides-reason'),
    ('{id 2}', '{org}', '{id 2}', '2026-05-04', false, '[]', 'CNRY-{X}-specialist_date_overrides-reason');
