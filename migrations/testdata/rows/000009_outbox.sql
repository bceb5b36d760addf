INSERT INTO outbox_events (id, organization_id, type, aggregate_type, aggregate_id, aggregate_seq, actor_type, actor_id, data, correlation_id) VALUES
    ('{id 1}', '{org}', 'member.invited', 'CNRY-{X}-outbox_events-aggregate_type', '{id 1}', 1, 'user', '{admin}',
     '{"note": "CNRY-{X}-outbox_events-data"}', 'CNRY-{X}-outbox_events-correlation_id');
INSERT INTO event_consumers (event_id, consumer) VALUES ('{id 1}', 'CNRY-{X}-event_consumers-consumer');
