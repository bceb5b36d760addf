INSERT INTO break_glass_grants (id, organization_id, actor_user_id, actor_name, reason, ttl_minutes, opened_at, expires_at) VALUES
    ('{id 1}', '{org}', '{admin}', 'CNRY-{X}-break_glass_grants-actor_name', 'CNRY-{X}-break_glass_grants-reason', 60, now(), now() + interval '60 minutes');
