INSERT INTO impersonations (id, organization_id, actor_user_id, target_user_id, mode, reason, started_at, expires_at) VALUES
    ('{id 1}', '{org}', '{admin}', '{patient}', 'view', 'CNRY-{X}-impersonations-reason', now(), now() + interval '1 hour');
