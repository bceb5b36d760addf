INSERT INTO tasks (id, organization_id, kind, subject_type, subject_id, title_key, due_at, assignee_id) VALUES
    ('{id 1}', '{org}', 'confirm_by_phone', 'appointment', '{id 90}', 'task.confirm_by_phone', now(), NULL),
    ('{id 2}', '{org}', 'confirm_by_phone', 'appointment', '{id 91}', 'task.confirm_by_phone', now(), '{specialist}');
