INSERT INTO consents (id, organization_id, patient_id, type, status, policy_document_id, policy_version, method, actor_user_id, user_agent, at)
SELECT ids.id, '{org}', '{id 11}', 'marketing', ids.status, d.id, 1, 'checkbox', '{patient}', 'CNRY-{X}-consents-user_agent', now()
  FROM (VALUES ('{id 71}'::uuid, 'granted'), ('{id 72}'::uuid, 'withdrawn')) AS ids (id, status),
       (SELECT id FROM policy_documents WHERE organization_id = '{org}' ORDER BY version, id LIMIT 1) d;
