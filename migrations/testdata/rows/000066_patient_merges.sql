INSERT INTO patient_merges (id, organization_id, from_patient_id, into_patient_id, moved, from_account_state, from_status, merged_at, merged_by,
    undo_until, undone_at) VALUES
    ('{id 51}', '{org}', '{id 12}', '{id 11}', '{"appointments": []}', 'none', 'active', now() - interval '9 days', '{admin}', now() - interval '2 days', now());
